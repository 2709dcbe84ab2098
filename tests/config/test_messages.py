import gettext
import os

import pytest

from config import messages

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Case"
msgstr "{translation}"
"""


@pytest.fixture
def catalogue(tmp_path):
    path = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE.format(translation="Caso"), encoding="utf-8")
    return path


def spanish(folder, text):
    return gettext.translation("django", folder, ["es"]).gettext(text)


def test_a_new_catalogue_is_compiled(tmp_path, catalogue):
    assert messages.compile_stale(tmp_path) == [catalogue]
    assert spanish(tmp_path, "Case") == "Caso"


def test_a_changed_catalogue_is_compiled_again(tmp_path, catalogue):
    messages.compile_stale(tmp_path)
    catalogue.write_text(CATALOGUE.format(translation="Expediente"), encoding="utf-8")
    os.utime(catalogue, (4e9, 4e9))
    assert messages.compile_stale(tmp_path) == [catalogue]
    gettext._translations.clear()
    assert spanish(tmp_path, "Case") == "Expediente"


def test_an_unchanged_catalogue_is_left_alone(tmp_path, catalogue):
    messages.compile_stale(tmp_path)
    os.utime(catalogue, (0, 0))
    assert messages.compile_stale(tmp_path) == []


def test_a_fuzzy_translation_is_not_shown(tmp_path, catalogue):
    catalogue.write_text(catalogue.read_text().replace('msgid "Case"', '#, fuzzy\nmsgid "Case"'))
    messages.compile_stale(tmp_path)
    assert spanish(tmp_path, "Case") == "Case"
