"""How hard a text is to read, by the published formulas, with syllables counted by their vowels.

English: Flesch and Kincaid's grade (1975). Spanish: the ease of Fernández Huerta (1959), from 0 hard to 100 easy.
"""

import re

SENTENCE_END = re.compile(r"(?<=[.:;?!])\s+|\n\n+|\n(?=- |\d+\. )")
WORD = re.compile(r"[^\W\d_]+")


def _sentences(text):
    return [part for part in SENTENCE_END.split(text) if WORD.search(part)]


def _english_syllables(word):
    word = re.sub(r"(?<![aeiouyl])e[ds]?$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def _spanish_syllables(word):
    strong = r"[aeoáéíóú]"
    word = re.sub(rf"(?<={strong})[iuü]|[iuü](?={strong})", "", word.lower().replace("qu", "q").replace("gue", "ge"))
    return max(1, len(re.findall(r"[aeiouáéíóúüy](?!$)|[aeiouáéíóúü]$", word)))


def english_grade(text):
    words, sentences = WORD.findall(text), _sentences(text)
    syllables = sum(map(_english_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def spanish_ease(text):
    words, sentences = WORD.findall(text), _sentences(text)
    syllables = sum(map(_spanish_syllables, words))
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / len(sentences)
