"""The outcome letter's golden texts: what a PDF reader gets out of it, one sentence a line.

Written anew, when the wording is meant to change, by ``python -m tests.casework.documents.golden`` from the root.
"""

import os
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def one_sentence_a_line(pages):
    """Return the words of the pages with a line for each sentence and a ruled line between pages."""
    return "\n--\n".join(re.sub(r"(?<=[.:;?]) ", "\n", page) for page in pages) + "\n"


def path(level, language):
    return FOLDER / f"outcome_{level}_{language}.txt"


def text_of(level, language):
    """Return the text of the outcome letter's file at this level."""
    from casework.documents.letters import compose
    from tests.casework.documents import pdf, samples

    letter = compose(
        samples.outcome(level), language=language, envelope=samples.ENVELOPE, withheld=samples.withheld(level)
    )
    return one_sentence_a_line(pdf.pages(letter.pdf()))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    FOLDER.mkdir(exist_ok=True)
    for level in ("L0", "L1", "L2", "L3"):
        for language in ("en", "es"):
            path(level, language).write_text(text_of(level, language))
