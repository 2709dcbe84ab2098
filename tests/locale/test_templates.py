"""No template holds words of its own: what people read passes through translation."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR / "templates"
SPOKEN_ATTRIBUTES = re.compile(r'\b(?:aria-label|title|alt|placeholder|data-done|content)="([^"]*)"')
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
CODE = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<(script|style|pre|code)\b.*?</\1>", re.DOTALL)
CLASS_NAMES = re.compile(r"{% block \w+_class %}.*?{% endblock %}")
SAME_IN_EVERY_LANGUAGE = re.compile(
    r"Redress|TTY|PDF|CSV|JSONL?|utf-8|width=device-width, initial-scale=1|light dark|&\w+;"
)


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.html")), ids=lambda path: str(path.relative_to(ROOT)))
def test_all_its_words_are_translated(path: Path):
    text = CODE.sub("", TRANSLATED.sub("", CLASS_NAMES.sub("", path.read_text())))
    spoken = SPOKEN_ATTRIBUTES.findall(text) + re.sub(r"<[^>]*>", "\n", text).split("\n")
    assert [words.strip() for words in spoken if re.search(r"[^\W\d_]", SAME_IN_EVERY_LANGUAGE.sub("", words))] == []
