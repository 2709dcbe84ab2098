"""Bytes kept under their SHA-256: evidence as it was given, letters as they were sent. Nothing is written twice."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from pathlib import Path

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _

from casework.exceptions import Invalid

LARGEST = 100 * 1024 * 1024
"""Bytes that one uploaded file may have."""

ACCEPTED = {
    "application/pdf": ".pdf",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/x-m4a": ".m4a",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/plain": ".txt",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/x-msvideo": ".avi",
}
"""Media types taken from the public and the staff alike, by what the bytes are and not by what the name says."""


def stored_path(sha256: str) -> Path:
    """Return where the bytes of this digest are kept."""
    return Path(settings.MEDIA_ROOT) / "sha256" / sha256[:2] / sha256


def media_type_of(head: bytes, name: str) -> str:
    """Return the media type that the first bytes show; raises Invalid for one that is not taken."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        found = []
    types = {match.mime_type for match in found}
    for media_type in ACCEPTED:
        if media_type in types:
            return media_type
    if name.lower().endswith(".txt"):
        try:
            head.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return "text/plain"
    raise Invalid(
        _("“%(name)s” is not a photo, a video, a sound recording, a PDF or a text file that we can open.")
        % {"name": name},
        field="file",
    )


def keep(chunks: Iterable[bytes], name: str) -> tuple[str, int, str]:
    """Keep bytes under their SHA-256 and return digest, size and media type. Raises Invalid for what is not taken.

    The same bytes are kept once; a file that exists is never written again.
    """
    root = Path(settings.MEDIA_ROOT) / "sha256"
    root.mkdir(parents=True, exist_ok=True)
    digest, size, head = hashlib.sha256(), 0, b""
    with tempfile.NamedTemporaryFile(dir=root, delete=False) as file:
        temporary = Path(file.name)
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise Invalid(
                        _("“%(name)s” is larger than %(limit)d MB. Send a shorter part, or bring it to us.")
                        % {"name": name, "limit": LARGEST // (1024 * 1024)},
                        field="file",
                    )
                head = head or chunk[:4096]
                digest.update(chunk)
                file.write(chunk)
            if not size:
                raise Invalid(_("“%(name)s” is empty. Choose another file.") % {"name": name}, field="file")
            media_type = media_type_of(head, name)
        except BaseException:
            temporary.unlink()
            raise
    final = stored_path(digest.hexdigest())
    final.parent.mkdir(exist_ok=True)
    temporary.chmod(0o440)
    temporary.replace(final)
    return digest.hexdigest(), size, media_type


def keep_bytes(data: bytes) -> tuple[str, int]:
    """Keep bytes of our own making under their SHA-256, once; return digest and size."""
    sha256 = hashlib.sha256(data).hexdigest()
    final = stored_path(sha256)
    final.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=final.parent, delete=False) as file:
        file.write(data)
    temporary = Path(file.name)
    temporary.chmod(0o440)
    temporary.replace(final)
    return sha256, len(data)
