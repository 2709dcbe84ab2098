import builtins
import hashlib
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from casework.documents import render
from casework.documents.render import (
    LARGEST_MARKUP,
    DocumentTooLarge,
    ForeignAddress,
    PdfUnavailable,
    render_pdf,
    why_unavailable,
)
from tests.casework.documents import pdf

SHEET = """<!doctype html><html lang="{{ language }}"><head><title>{{ title }}</title></head>
<body data-reference="Case 7" data-page="Page" data-of="of"><h1>{{ title }}</h1><p>{{ said }}</p></body></html>"""


@pytest.fixture
def write_template(tmp_path, settings):
    """Return a function that writes a template and gives back its name."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def write(text):
        (tmp_path / "sheet.html").write_text(text)
        return "sheet.html"

    return write


@pytest.fixture
def sheet(write_template):
    return write_template(SHEET)


def make(template, said="Nothing was lost.", language="en"):
    return render_pdf(template, {"said": said}, language=language, title="A record")


def test_it_makes_a_file_that_a_screen_reader_can_read(sheet):
    made = make(sheet, language="es")
    assert pdf.faults(made) == []
    assert pdf.language(made) == "es"
    assert "Nothing was lost." in pdf.pages(made)[0]


def test_it_embeds_our_fonts_and_no_font_of_the_host_also_in_the_margin(sheet):
    made = make(sheet)
    assert "Page 1 of 1" in pdf.pages(made)[0]
    assert pdf.fonts(made)
    assert all(pdf.NAMES_OUR_FONTS.fullmatch(name) for name in pdf.fonts(made))


def test_the_same_words_give_the_same_bytes_whatever_was_made_between(sheet):
    first = make(sheet)
    make(sheet, said="Something else, with other signs: ½ ñ €")
    assert make(sheet) == first


def test_another_process_gives_the_same_bytes(sheet, tmp_path):
    program = (
        "import django; django.setup();"
        "from django.conf import settings; settings.TEMPLATES[0]['DIRS'] = [__import__('sys').argv[1]];"
        "from casework.documents.render import render_pdf; import hashlib;"
        "made = render_pdf('sheet.html', {'said': 'Nothing was lost.'}, language='en', title='A record');"
        "print(hashlib.sha256(made).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONHASHSEED": "7"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.strip() == hashlib.sha256(make(sheet)).hexdigest()


def test_it_leaves_no_fonts_behind_when_the_process_ends(sheet, tmp_path):
    program = "import django; django.setup(); from casework.documents.render import why_unavailable; why_unavailable()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "TMPDIR": str(tmp_path)},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stderr == ""
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith("weasyprint")] == []


def test_the_metadata_hold_the_title_and_neither_date_nor_author(sheet):
    described = pdf.metadata(make(sheet))
    assert "A record" in described
    for unwanted in ("CreateDate", "CreationDate", "ModDate", "creator", "Author"):
        assert unwanted not in described


def test_what_a_person_typed_stays_text_however_deep_it_nests(sheet):
    bomb = "<div>" * 5_000
    assert "<div>" in pdf.pages(make(sheet, said=bomb))[0]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/picture.png", "file:///etc/hostname"])
def test_it_fetches_nothing(write_template, address):
    template = write_template(f'<html lang="en"><title>x</title><body><img alt="a" src="{address}"></body></html>')
    with pytest.raises(ForeignAddress, match="data: address"):
        make(template)


def test_it_refuses_a_document_that_is_too_long_for_one_file(sheet):
    with pytest.raises(DocumentTooLarge, match="in volumes"):
        make(sheet, said="a" * LARGEST_MARKUP)


def test_weasyprint_finds_nothing_to_complain_of(sheet, caplog):
    caplog.set_level(logging.WARNING, logger="weasyprint")
    make(sheet)
    assert caplog.messages == []


class TestWithoutPango:
    @pytest.fixture(autouse=True)
    def _without_pango(self, monkeypatch):
        imported = builtins.__import__

        def refuse(name, *args, **kwargs):
            if name.startswith("weasyprint"):
                raise OSError("cannot load library 'libpango-1.0-0'")
            return imported(name, *args, **kwargs)

        render._engine.cache_clear()
        monkeypatch.setattr(builtins, "__import__", refuse)
        yield
        render._engine.cache_clear()

    def test_it_says_which_command_to_run(self, sheet):
        with pytest.raises(PdfUnavailable, match="apt-get install"):
            make(sheet)

    def test_pages_can_tell_why_there_is_no_pdf(self):
        assert "Pango" in str(why_unavailable())


def test_pages_offer_pdf_files_where_pango_is_there():
    assert why_unavailable() == ""


def test_every_document_bears_the_mark_of_the_log_at_its_foot():
    """What becomes a PDF names its case or subject at the foot; beside it stands the newest checkpoint."""
    folder = Path(__file__).resolve().parents[3] / "templates" / "documents"
    sheets = {path.name: path.read_text() for path in folder.glob("*.html") if "data-page=" in path.read_text()}
    assert {"letter_sheet.html", "receipt.html", "policy_manual.html"} <= sheets.keys()
    assert [name for name, text in sheets.items() if "checkpoint.short" not in text.split("data-page=")[0]] == []


def test_every_document_bears_the_whole_seal_with_its_code():
    """A letter has them in its article; any other document in the part that all share, a receipt in its own."""
    folder = Path(__file__).resolve().parents[3] / "templates" / "documents"
    sheets = {path.name: path.read_text() for path in folder.glob("*.html") if "data-page=" in path.read_text()}
    bearing = {name for name, text in sheets.items() if "documents/_seal.html" in text}
    assert sheets.keys() - bearing == {"letter_sheet.html", "receipt.html"}
    for part in ("_seal.html", "_letter.html", "receipt.html"):
        words = (folder / part).read_text()
        assert 'class="qr' in words
        assert "checkpoint.groups" in words
