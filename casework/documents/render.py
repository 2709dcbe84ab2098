"""Turns a template into a PDF/UA-1 file: the only place that knows WeasyPrint.

The file is tagged for screen readers, embeds its own fonts, fetches nothing, bears no date and no name in its metadata,
and is the same byte for byte whenever template, context and language are the same. Write templates with the text
escaped as Django does by default: nothing a person typed may become markup.
"""

from __future__ import annotations

import atexit
import base64
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import font_source_sans_pro
import font_source_serif_pro
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

SANS, SERIF = "Redress Sans", "Redress Serif"
"""Names under which the fonts are embedded; unlike those of any font of the host, so that a fallback shows."""

FONTS = (
    (SANS, 400, font_source_sans_pro.font_files_otf["SourceSansPro"]),
    (SANS, 600, font_source_sans_pro.font_files_otf["SourceSansProSemibold"]),
    (SERIF, 400, font_source_serif_pro.font_files_otf["SourceSerifPro"]),
    (SERIF, 600, font_source_serif_pro.font_files_otf["SourceSerifProSemibold"]),
)

PANGO_COMMAND = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

LARGEST_MARKUP = 1_000_000
"""Characters of markup that one file may hold, about 400 pages; longer records are made in volumes."""


class PdfError(Exception):
    """A PDF could not be made."""


class PdfUnavailable(PdfError):
    """Pango, the library that sets the text, is missing here. The message says how to install it."""


class DocumentTooLarge(PdfError):
    """The markup is longer than `LARGEST_MARKUP`."""


class ForeignAddress(PdfError):
    """The template refers to something outside itself; pictures and fonts must be data: addresses."""


def render_pdf(template: str, context: Mapping[str, Any], *, language: str, title: str) -> bytes:
    """Return the PDF/UA-1 file of a template of a whole HTML page.

    `language` is a language code such as ``es`` and `title` the name a reader's program shows; neither it nor the file
    may name a person. The template finds both in its context and must use them. Takes about 0.05 s a letter; call
    from a job for anything that may be long.

    Raises `PdfUnavailable`, `DocumentTooLarge` or `ForeignAddress`.
    """
    with override(language):
        markup = render_to_string(template, {**context, "language": language, "title": title})
    if len(markup) > LARGEST_MARKUP:
        raise DocumentTooLarge(
            f"{template} makes {len(markup):,} characters of markup; at most {LARGEST_MARKUP:,} fit in one file. "
            "Make it in volumes."
        )
    engine = _engine()
    with _one_at_a_time:
        return engine.pdf(markup)


def why_unavailable() -> str | Promise:
    """Return the sentence that tells why this machine makes no PDF, empty if it makes them."""
    try:
        _engine()
    except PdfUnavailable:
        return _("This computer cannot make PDF files: the Pango library is missing. Use the page for printing.")
    return ""


_one_at_a_time = threading.Lock()
"""Pango's font map is shared, because loading the fonts takes eight times as long as setting a letter."""


@cache
def _engine() -> _Engine:
    return _Engine()


atexit.register(_engine.cache_clear)  # the fonts lie in a temporary folder, which is removed while Python still can


class _Engine:
    """WeasyPrint with our fonts and style sheet loaded, and no way out to files or network."""

    def __init__(self) -> None:
        try:
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import FatalURLFetchingError, URLFetcher
        except OSError as error:
            raise PdfUnavailable(
                f"Pango, which sets the text of PDF files, is not installed. Run: {PANGO_COMMAND}"
            ) from error

        class OnlyData(URLFetcher):
            """Fetches data: addresses. Anything else stops the work: WeasyPrint would leave it out in silence."""

            def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
                if not url.startswith("data:"):
                    raise FatalURLFetchingError(url)
                return super().fetch(url, headers)

        self._html, self._fatal = weasyprint.HTML, FatalURLFetchingError
        self._fetcher = OnlyData(allowed_protocols={"data"}, allow_redirects=False)
        self._fonts = FontConfiguration()
        style = "\n".join([*_font_faces(), Path(__file__).with_name("document.css").read_text()])
        self._style = weasyprint.CSS(string=style, font_config=self._fonts, url_fetcher=self._fetcher)

    def pdf(self, markup: str) -> bytes:
        try:
            page = self._html(string=markup, url_fetcher=self._fetcher)
            return page.write_pdf(stylesheets=[self._style], font_config=self._fonts, pdf_variant="pdf/ua-1")
        except self._fatal as error:
            raise ForeignAddress(f"A document may not fetch {str(error)[:200]}: use a data: address.") from None


def _font_faces() -> Iterator[str]:
    """Yield one rule for each font, as a data: address, since the fetcher would drop a file: address in silence."""
    for family, weight, path in FONTS:
        data = base64.b64encode(Path(path).read_bytes()).decode()
        yield (
            f"@font-face {{ font-family: '{family}'; font-weight: {weight}; src: url(data:font/otf;base64,{data}) }}"
        )
