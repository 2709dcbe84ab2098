"""The log for everyone, as C2SP tlog-tiles lays it out: checkpoint, tiles of hashes, and key. Never an entry's text.

Nothing here knows who asks. A tile shows only what the newest checkpoint covers, and checkpoints come on a fixed beat,
so that when something appears tells nothing about when it was done.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from audit import keys, merkle, proofs, receipts, verify_receipt
from audit.cosignatures import NotTaken, cosigned, take
from audit.log import newest_checkpoint
from audit.models import Checkpoint, TimeStamp
from audit.reopening import reopenings
from audit.tiles import tile_place

MINUTE = "public, max-age=60"
HOUR = "public, max-age=3600"
FOR_EVER = "public, max-age=31536000, immutable"
"""A tile of a given width never changes."""
_PLACE = re.compile(r"(?P<groups>(?:x\d{3}/)*)(?P<last>\d{3})(?:\.p/(?P<width>[1-9]\d{0,2}))?")
_LONGEST_PLACE = 40
LONGEST_COSIGNED = 20_000
"""Bytes of a cosigned checkpoint that is taken: far more than a hundred signatures."""


def _answer(content: str | bytes, kind: str, caching: str) -> HttpResponse:
    """Return an answer that anyone may keep and any page may read."""
    headers = {"Cache-Control": caching, "Access-Control-Allow-Origin": "*"}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """Hand out the newest signed note, with the cosignatures of the witnesses that have seen it."""
    newest = newest_checkpoint()
    if newest is None:
        raise Http404
    one_beat = f"public, max-age={max(round(settings.AUDIT_BEAT_SECONDS), 1)}"
    return _answer(cosigned(newest), "text/plain; charset=utf-8", one_beat)


@require_safe
def checkpoint_of(_request: HttpRequest, size: int) -> HttpResponse:
    """Hand out the note that was signed at that size, to the byte: what its time stamp is of."""
    signed = Checkpoint.objects.filter(size=size).first() if size < 2**63 else None
    if signed is None:
        raise Http404
    return _answer(signed.note, "text/plain; charset=utf-8", FOR_EVER)


@require_safe
def stamp(_request: HttpRequest, size: int) -> HttpResponse:
    """Hand out the time stamp of the checkpoint of that size, as the authority gave it (RFC 3161, DER)."""
    kept = TimeStamp.objects.filter(size=size).first() if size < 2**63 else None
    if kept is None:
        raise Http404
    return _answer(bytes(kept.answer), "application/timestamp-reply", FOR_EVER)


@csrf_exempt
@require_POST
def cosignatures(request: HttpRequest) -> HttpResponse:
    """Take a checkpoint that a witness known here has cosigned; the signature alone says who sends it."""
    try:
        if int(request.headers.get("Content-Length") or 0) > LONGEST_COSIGNED:
            raise NotTaken(f"A cosigned checkpoint has at most {LONGEST_COSIGNED} bytes.")
        count = take(request.read(LONGEST_COSIGNED).decode())
    except (NotTaken, ValueError) as refusal:
        return HttpResponse(f"{refusal}\n", status=400, content_type="text/plain; charset=utf-8")
    return HttpResponse(f"{count}\n", content_type="text/plain; charset=utf-8")


@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """Hand out the log's public keys, a line each: the plain one, and the one whose signatures state a time.

    Below stand those of the names that the log had before, for receipts and checkpoints that were signed under them.
    """
    names = [settings.AUDIT_ORIGIN, *(reopening.before for reopening in reopenings())]
    lines = [f"{verifier.text}\n" for name in names for verifier in keys.verifiers(name)]
    return _answer("".join(lines), "text/plain; charset=utf-8", HOUR)


@require_safe
def since(_request: HttpRequest, size: int) -> HttpResponse:
    """Hand out the proof that the log only grew since it signed a checkpoint of that size."""
    old = Checkpoint.objects.filter(size=size).first() if size < 2**63 else None
    if old is None:
        raise Http404
    return _answer(receipts.as_json(receipts.growth_since(old)), "application/json", MINUTE)


@require_safe
def verifier(_request: HttpRequest) -> HttpResponse:
    """Hand out the program that checks receipts offline."""
    return _answer(Path(verify_receipt.__file__).read_bytes(), "text/x-python; charset=utf-8", HOUR)


@require_safe
def tile(_request: HttpRequest, level: int, place: str) -> HttpResponse:
    """Hand out the hashes of a tile, 32 bytes each; `place` is its number in groups of three digits, then its width."""
    index, width = _read(place)
    newest = newest_checkpoint()
    try:
        hashes = proofs.tile(level, index, width, newest.size if newest else 0)
    except merkle.ProofError as missing:
        raise Http404 from missing
    return _answer(b"".join(hashes), "application/octet-stream", FOR_EVER)


def _read(place: str) -> tuple[int, int]:
    """Return the number and width that the address of a tile names; raise Http404 for any other way to write them."""
    found = _PLACE.fullmatch(place) if len(place) <= _LONGEST_PLACE and place.isascii() else None
    if found is None:
        raise Http404
    index = int(found["groups"].replace("x", "").replace("/", "") + found["last"])
    width = int(found["width"] or merkle.TILE_WIDTH)
    if place != tile_place(index, width):
        raise Http404
    return index, width
