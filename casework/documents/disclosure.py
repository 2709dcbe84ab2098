"""What the reader of a letter may not learn, and the search for it in the letter's words (CH-8.2, CH-2.9).

The words of a template cannot tell of a case, so two searches suffice: full names, telephone numbers and addresses are
looked for in the whole letter; single names, badges and the words of findings and discipline in the prose that a
person wrote, where alone they can slip in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from casework.vocabulary import FINDING_LABELS, OUTCOME_LABELS

SHORTEST_NAME = 3
"""Letters; shorter parts of a name are initials and particles."""

SHORTEST_NUMBER = 7
"""Digits; anything shorter is not a telephone number."""


class ContentBreach(ValueError):
    """A letter would tell its reader what the reader may not learn; `found` has a sentence for each such thing."""

    def __init__(self, found: list[str]) -> None:
        self.found = found
        super().__init__(" ".join(found))


TELLTALE: tuple[str | Promise, ...] = (_("suspended"), _("suspension"), _("demoted"))
"""Words of discipline besides the names of the outcomes."""


@dataclass(frozen=True, kw_only=True)
class Prose:
    """Words that a person wrote about the case, and their language."""

    text: str
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """What one reader may not learn of one case. An institution's name is withheld whole: its words are everyone's."""

    names: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    findings: bool = False
    discipline: bool = False


def breaches(letter: str, facts: object, withheld: Withheld) -> list[str]:
    """Return a sentence for each thing that the letter tells and its reader may not learn.

    `letter` is the whole letter as plain text, `facts` the dataclass it was made from.
    """
    whole, written = _plain(letter), [_plain(prose.text) for prose in _prose_in(facts)]
    told = [name for name in withheld.names if _has_words(whole, name) or _has_part(written, name)]
    told += [name for name in withheld.institutions if _has_words(whole, name)]
    told += [badge for badge in withheld.badges if any(_has_words(text, badge) for text in written)]
    told += [contact for contact in withheld.contacts if _has_contact(whole, contact)]
    words: set[str] = set()
    if withheld.findings:
        words |= _in_every_language([*(code.replace("_", " ") for code in FINDING_LABELS), *FINDING_LABELS.values()])
    if withheld.discipline:
        words |= _in_every_language([*OUTCOME_LABELS.values(), *TELLTALE])
    told += [word for word in sorted(words) if any(_has_words(text, word) for text in written)]
    return [gettext("This letter may not say “%s”. Take it out or write it in other words.") % one for one in told]


def _prose_in(value: Any) -> Iterator[Prose]:
    if isinstance(value, Prose):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _prose_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _prose_in(item)


def _plain(text: str) -> str:
    """Return the text without case, accents and the differences of white space."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())


def _has_words(text: str, words: str) -> bool:
    return bool(words) and re.search(rf"(?<!\w){re.escape(_plain(words))}(?!\w)", text) is not None


def _has_part(written: list[str], name: str) -> bool:
    parts = [part for part in re.split(r"[\s\-.]+", name) if len(part) >= SHORTEST_NAME]
    return any(_has_words(text, part) for text in written for part in parts)


def _has_contact(text: str, contact: str) -> bool:
    digits = re.sub(r"\D", "", contact)
    if len(digits) >= SHORTEST_NUMBER and not re.search(r"[^\W\d_]", contact):
        return re.search(r"(?<!\d)" + r"[^\w]{0,2}".join(digits) + r"(?!\d)", text) is not None
    return bool(contact) and _plain(contact) in text


def _in_every_language(words: Iterable[str | Promise]) -> set[str]:
    """Return the words in each language of the office: a person may write in any of them."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {str(word) for word in words}
    return found
