"""The public log as pages: a printed seal compared with it, and the check of receipts. Nothing that is sent is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from audit import cosignatures, keys, proofs, verify_receipt
from audit.log import newest_checkpoint
from audit.models import Checkpoint, Cosignature, Leaf, TimeStamp
from audit.outside import compare_with_outside
from audit.reopening import reopenings

ON_ONE_PAGE = 25
MOST_FILES = 10
LARGEST_REQUEST = 2_000_000
"""Bytes that are read of one request; more than Django keeps in memory would go through a temporary file."""
SHORTEST_SEAL = 16
"""Hexadecimal digits of a root that must be given: as many as the foot of a printed page shows."""
_HEX = re.compile(r"[0-9a-f]*")
_OUTCOMES = {
    verify_receipt.PROVED: (_lazy("Proved"), "good"),
    verify_receipt.FALSE: (_lazy("False"), "bad"),
    verify_receipt.UNREADABLE: (_lazy("Cannot be read"), "bad"),
    verify_receipt.IN_PART: (_lazy("Proved in part"), "warn"),
}


def _hexadecimal(text: str) -> str:
    """Return hexadecimal digits without the spaces between their groups; raise ValidationError for anything else."""
    digits = "".join(text.lower().split())
    if not _HEX.fullmatch(digits):
        raise forms.ValidationError(_("Write only the digits 0 to 9 and the letters a to f."))
    return digits


class CountField(forms.IntegerField):
    """A whole number as it is printed, with the separators of any language."""

    def to_python(self, value: Any) -> int | None:
        """Return the number."""
        return super().to_python(re.sub(r"(?<=\d)[\s.,\u202f\u00a0](?=\d{3})", "", str(value or "")))


class SealForm(forms.Form):
    """The seal on a letter or receipt: the log's size and root; a receipt also names an entry's place and digest."""

    size = CountField(
        label=_lazy("Number of entries"),
        min_value=1,
        max_value=2**62,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    root = forms.CharField(
        label=_lazy("Seal"),
        max_length=100,
        help_text=_lazy("The groups of digits and letters, or as many of them as were printed."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    index = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)
    leaf = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def clean_root(self) -> str:
        """Return the digits of the root, as many as were printed."""
        digits = _hexadecimal(self.cleaned_data["root"])
        if len(digits) < SHORTEST_SEAL:
            words = ngettext("Write at least %(n)s digit.", "Write at least %(n)s digits.", SHORTEST_SEAL)
            raise forms.ValidationError(words % {"n": SHORTEST_SEAL})
        return digits

    def clean_leaf(self) -> str:
        """Return the digits of the entry's digest."""
        return _hexadecimal(self.cleaned_data["leaf"])


@never_cache
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the newest seal of the log, and compare one that was printed with the log as it is."""
    form = SealForm(request.GET if "size" in request.GET or "root" in request.GET else None)
    newest = newest_checkpoint()
    plain, _timed = keys.verifiers()
    page = {
        "form": form,
        "newest": newest,
        "stamp": TimeStamp.objects.defer("answer").order_by("-size").first(),
        "key": plain.text,
        "origin": settings.AUDIT_ORIGIN,
        "reopenings": list(reopenings()),
        "address": request.build_absolute_uri(request.path).rstrip("/"),
        "compared": _compared(form.cleaned_data, newest.size if newest else 0) if form.is_valid() else None,
    }
    return render(request, "log/front.html", page)


def _compared(seal: dict[str, Any], size: int) -> dict[str, Any]:
    """Return how a printed seal stands to the log: "agrees", "differs", "too_new" or "damaged"; and an entry on it."""
    entry = {"index": seal["index"], "entry": ""}
    if seal["size"] > size:
        return {**entry, "verdict": "too_new", "size": seal["size"]}
    try:
        root = proofs.root_at(seal["size"]).hex()
    except proofs.DamagedLogError:
        return {**entry, "verdict": "damaged", "size": seal["size"]}
    agrees = root.startswith(seal["root"])
    if agrees and seal["index"] is not None and seal["leaf"]:
        placed = Leaf.objects.filter(position=seal["index"], position__lt=seal["size"]).first()
        entry["entry"] = "there" if placed and bytes(placed.leaf_hash).hex() == seal["leaf"] else "not_there"
    return {**entry, "verdict": "agrees" if agrees else "differs", "size": seal["size"], "root": root}


@never_cache
@require_safe
def checkpoint_list(request: HttpRequest) -> HttpResponse:
    """Show every checkpoint that was signed, the newest first, where they are kept, and which witnesses saw them."""
    page = Paginator(Checkpoint.objects.order_by("-size"), ON_ONE_PAGE).get_page(request.GET.get("page"))
    seen: dict[int, list[cosignatures.Seen]] = {signed.size: [] for signed in page}
    for one in cosignatures.seen(Cosignature.objects.filter(size__in=seen).order_by("size", "key")):
        seen[one.size].append(one)
    stamps = TimeStamp.objects.defer("answer").in_bulk(list(seen))
    shown = {
        "page": page,
        "rows": [
            {"checkpoint": signed, "seen": seen[signed.size], "stamp": stamps.get(signed.size)} for signed in page
        ],
        "stamped": TimeStamp.objects.count(),
        "outside": compare_with_outside(),
        "witnesses": cosignatures.standing(),
    }
    return render(request, "log/checkpoint_list.html", shown)


class SeveralFiles(forms.FileInput):
    """A control for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files, or none; cleaned to a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files; raise ValidationError for more than are checked at once."""
        given = [file for file in data or [] if file]
        if len(given) > MOST_FILES:
            words = ngettext("Give at most %(n)s file at once.", "Give at most %(n)s files at once.", MOST_FILES)
            raise forms.ValidationError(words % {"n": MOST_FILES})
        return given


def _pasted(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    plain = {"rows": rows, "spellcheck": "false", "autocomplete": "off"}
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs=plain))


class VerifyForm(forms.Form):
    """What is to be checked, the log's key, and a checkpoint from elsewhere; each as a file or pasted."""

    receipts = FilesField(
        label=_lazy("Files to check"),
        required=False,
        help_text=_lazy("Receipts, signed checkpoints, or proofs between two checkpoints."),
    )
    text = _pasted(_lazy("Or paste one"), 5)
    key_file = forms.FileField(
        label=_lazy("The log’s key, from a place you trust"),
        required=False,
        help_text=_lazy("A copy that you kept or that somebody else gave you. It is never taken from the receipt."),
    )
    key = _pasted(_lazy("Or paste the key"), 2)
    kept_file = forms.FileField(label=_lazy("A checkpoint that you kept, to compare"), required=False)
    kept = _pasted(_lazy("Or paste the checkpoint"), 3)
    sent_file = forms.FileField(
        label=_lazy("The file that a receipt is of, to compare"),
        required=False,
        help_text=_lazy("What you added to your complaint, or a letter that you got. The program takes larger ones."),
    )

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError where there is nothing to check."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not given["receipts"] and not given["text"].strip():
            self.add_error("receipts", _("Choose a file, or paste a receipt below."))
        return given

    def results(self) -> Iterable[dict[str, Any]]:
        """Yield what was and was not proved of each file, in the reader's language."""
        given = self.cleaned_data
        for file in given["receipts"]:
            yield self._result(file.name, file.read())
        if given["text"].strip():
            yield self._result(_("The pasted text"), _lines(given["text"]))

    def _result(self, name: str, content: bytes) -> dict[str, Any]:
        language = "es" if (get_language() or "").startswith("es") else "en"
        try:
            key, kept = (self._beside(part).decode() for part in ("key", "kept"))
            sent = self._digest_of_sent()
            code, lines = verify_receipt.check(content.decode(), key, kept, language, sent)  # type: ignore[no-untyped-call]
        except UnicodeDecodeError:
            reason = verify_receipt.REASONS[language]["not_utf8"]
            code = verify_receipt.UNREADABLE
            lines = [verify_receipt.WORDS[language]["unreadable"].format(reason=reason)]
        words, kind = _OUTCOMES[code]
        return {"name": name, "words": words, "kind": kind, "lines": lines}

    def _digest_of_sent(self) -> str:
        file = self.cleaned_data["sent_file"]
        if not file:
            return ""
        file.seek(0)
        return hashlib.sha256(file.read()).hexdigest()

    def _beside(self, part: str) -> bytes:
        file = self.cleaned_data[f"{part}_file"]
        if file:
            file.seek(0)
            return bytes(file.read())
        return _lines(self.cleaned_data[part])


def _lines(pasted: str) -> bytes:
    """Return pasted text with the line ends of the file it came from; a browser sends others, and drops the last."""
    text = pasted.replace("\r\n", "\n").strip()
    return f"{text}\n".encode() if text else b""


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check receipts and checkpoints as verify_receipt.py does.

    Nothing is kept: no cookie is needed or set, so the form bears no token, and a request is read in memory alone.
    """
    page: dict[str, Any] = {"form": VerifyForm()}
    status = HTTPStatus.OK
    if request.method == "POST" and int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_REQUEST:
        page["too_large"], status = True, HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    elif request.method == "POST":
        page["form"] = form = VerifyForm(request.POST, request.FILES)
        page["results"] = list(form.results()) if form.is_valid() else []
    return render(request, "log/verify.html", page, status=status)
