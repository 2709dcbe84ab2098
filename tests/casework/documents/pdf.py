"""What tests read out of a PDF: its words, its fonts, its metadata, and whether it keeps the rules of PDF/UA-1."""

import re
from io import BytesIO

import page
from pypdf import PdfReader

NAMES_OUR_FONTS = re.compile(r"/[A-Z]{6}\+Redress-(Sans|Serif)(-Semi-Bold)?")


def faults(data):
    """Return what breaks PDF/UA-1. The profile is named: without it an untagged file raises instead of failing."""
    report = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1)
    return [] if report.is_compliant else report.failures


def pages(data):
    """Return the words of each page, white space evened out."""
    return [" ".join(one.extract_text().split()) for one in PdfReader(BytesIO(data)).pages]


def fonts(data):
    """Return the name of every font that the file embeds."""
    document = PdfReader(BytesIO(data))
    objects = (document.get_object(number) for number in range(1, document.trailer["/Size"]))
    return {one["/FontName"] for one in objects if isinstance(one, dict) and one.get("/Type") == "/FontDescriptor"}


def metadata(data):
    """Return the file's own description of itself, as one string: the information dictionary and the XMP packet."""
    document = PdfReader(BytesIO(data))
    packet = document.trailer["/Root"]["/Metadata"].get_data().decode()
    return f"{dict(document.metadata)} {packet}"


def language(data):
    """Return the language that a screen reader is told."""
    return PdfReader(BytesIO(data)).trailer["/Root"]["/Lang"]
