"""Every word that people read is in the Spanish catalogue, and the catalogue holds nothing else."""

import re
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command

ROOT = settings.BASE_DIR
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def catalogue(folder: Path, language: str) -> Catalog:
    with (folder / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(catalogue: Catalog) -> dict[tuple[str, str | None], Message]:
    return {(_words(message.id)[0], message.context): message for message in catalogue if message.id}


def _words(value) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@pytest.fixture(scope="module")
def gathered(tmp_path_factory) -> Path:
    """A copy of the program, whose catalogue was gathered anew from its words."""
    if shutil.which("xgettext") is None:
        pytest.skip("needs xgettext: install Debian's gettext")
    copy = tmp_path_factory.mktemp("words") / "redress"
    ignored = shutil.ignore_patterns(".*", "var", "tests", "benchmarks", "docs", "static", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=ignored)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        patch.setattr(settings, "LOCALE_PATHS", [])
        call_command("makemessages", locale=LANGUAGES, no_obsolete=True, no_location=True, verbosity=0)
    return copy


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_the_program_is_in_the_catalogue(gathered, language):
    missing = messages(catalogue(gathered, language)).keys() - messages(catalogue(ROOT, language)).keys()
    assert not missing, "Run makemessages (CONTRIBUTING.md) and translate these."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_no_message_that_nobody_says(gathered, language):
    assert messages(catalogue(ROOT, language)).keys() <= messages(catalogue(gathered, language)).keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_none_is_a_guess(language):
    unfinished = [
        message.id
        for message in messages(catalogue(ROOT, language)).values()
        if message.fuzzy or not all(_words(message.string))
    ]
    assert unfinished == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_names_the_same_values(language):
    def names(words: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)[sd]|\{(\w+)\}|(%s|%d)", words))

    wrong = [
        message.id
        for message in messages(catalogue(ROOT, language)).values()
        for words in _words(message.string)
        if names(words) != names(_words(message.id)[-1])
    ]
    assert wrong == []


def test_spanish_speaks_to_people_as_usted():
    familiar = re.compile(r"\b(tú|tus?|ti|contigo|tuy[oa]s?|vosotros|vuestr[oa]s?)\b", re.IGNORECASE)
    slips = [
        words
        for message in messages(catalogue(ROOT, "es")).values()
        for words in _words(message.string)
        if familiar.search(words)
    ]
    assert slips == []
