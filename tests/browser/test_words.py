"""Words of the public pages in the table: no English on a Spanish page."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.db import transaction

from tests.browser.pages import Page, pages
from tests.permissions import scenes  # noqa: F401  the scenes enter themselves
from tests.permissions.routes import LANGUAGE
from tests.permissions.visitors import Scene, Stage, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
PUBLIC = [page for page in pages() if not page.send and page.address.startswith(f"/{LANGUAGE}/")]
LANGUAGES = [code for code, _name in settings.LANGUAGES]

ENGLISH = re.compile(
    r"\b(the|and|of|to|is|are|was|were|be|been|you|your|we|our|us|they|their|it|its|this|that|these|for|with|from|by|at"
    r"|on|or|not|what|when|where|who|which|how|why|can|will|must|may|any|each|all|has|have|had|do|does|did|if|than|then"
    r"|there|here|more|other|after|before|under|about|into|out|only|yes)\b",
    re.IGNORECASE,
)
SAME_IN_BOTH = re.compile(
    r"Redress|TTY|PDF|CSV|JSON|WCAG|Harrow Bend|Roberts Park Annex, 40 Mill Race Street|Roberts Park Gym|Southeast"
    r"|Deaf Neighbors Network|DE-INIT|CH-BOARD|Hmong|Error:|Neutral|No\b|Total"
    r"|Auditor|[A-Z0-9]{4}(?:-[A-Z0-9]{4,5})+|\b[A-Z]{2,3}-M?\d+(\.\d+)*(-[a-z])?\b|\b[A-Z]{2,3}$|\b[0-9a-f]{8}\b"
)
"""Names, codes of sections, digests, and words that are written alike in both languages."""
NOT_OURS = {"blockquote", "q", "textarea", "code", "pre", "script", "style"}
"""What stands in these was said by a person, or is for a machine."""
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-done", "data-label")


class Words(HTMLParser):
    """Gathers the words of a page that stand in the page's own language."""

    VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

    def __init__(self, page: str, language: str) -> None:
        super().__init__()
        self.language, self.found = language, set()
        self._open: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        foreign = values.get("lang", self.language) != self.language or tag in NOT_OURS
        foreign = foreign or bool(self._open and self._open[-1][1])
        if not foreign:
            self._keep(*(values[name] for name in SPOKEN if values.get(name)))
        if tag not in self.VOID:
            self._open.append((tag, foreign))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not (self._open and self._open[-1][1]):
            self._keep(data)

    def _keep(self, *words: str) -> None:
        self.found |= {" ".join(text.split()) for text in words} - {""}


@pytest.fixture(autouse=True)
def checkpoint_folder() -> None:
    """The scene has a store of its own, which lasts as long as it does."""


def read(page: Page, stage: Callable[..., Stage]) -> dict[str, Words]:
    """Open a page in each language as the table says, leaving no trace."""
    standing = stage(page.scene)
    visitor = standing.scene.visitors.get(page.visitor) or standing.people[page.visitor]
    with transaction.atomic():
        found = {language: _open(page, language, standing.scene, visitor) for language in LANGUAGES}
        transaction.set_rollback(True)
    return found


def _open(page: Page, language: str, scene: Scene, visitor: Visitor) -> Words:
    client = visitor.client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    path = page.address.replace(LANGUAGE, language)
    for name, value in scene.parameters.items():
        path = path.replace(f"<{name}>", str(value))
    return Words(client.get(path + page.query).text, language)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=str(page), marks=pytest.mark.xdist_group(f"words {page.scene}"))
        for page in sorted(PUBLIC, key=lambda page: page.scene)
    ],
)
def test_a_spanish_page_says_nothing_in_english(page: Page, stage):
    words = read(page, stage)
    spanish, english = words["es"].found, words["en"].found
    assert [words for words in spanish if ENGLISH.search(words)] == []
    alike = [words for words in spanish & english if re.search(r"[^\W\d_]{2}", SAME_IN_BOTH.sub("", words))]
    assert alike == []
