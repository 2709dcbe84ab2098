"""Signed checkpoints: C2SP tlog-checkpoint bodies in C2SP signed notes. Knows no database.

A note is a text, an empty line, and signature lines. A line by a key the reader does not know is passed over, so that
witnesses and further signature schemes (ML-DSA-44) can be added without asking older readers.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.merkle import HASH_LENGTH

ED25519 = 0x01
"""Signature type of a plain Ed25519 signature over the text (C2SP signed-note)."""
ED25519_COSIGNATURE = 0x04
"""Signature type of an Ed25519 signature over the text and a time in seconds (C2SP tlog-cosignature)."""
ED25519_KEY_LENGTH = 32
KEY_ID_LENGTH = 4
MOST_SIGNATURES = 100
LONGEST_NOTE = 1_000_000

_NAME = re.compile(r"[^\s+]+")
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<value>[A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


def is_name(text: str) -> bool:
    """Say whether a log or a witness can bear this name."""
    return bool(_NAME.fullmatch(text))


class NoteError(ValueError):
    """The note, checkpoint or key is malformed, or no signature on it is good; the message says which."""


def decode(text: str, what: str) -> bytes:
    """Return what is written in base64, in the one usual form of it; `what` names it in the NoteError otherwise."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"{what} is not base64.") from error
    if encode(value) != text:
        raise NoteError(f"{what} is written in an unusual form of base64, so it was changed.")
    return value


def encode(value: bytes) -> str:
    """Return the bytes in base64."""
    return base64.b64encode(value).decode()


@dataclass(frozen=True)
class TreeHead:
    """The statement that the log `origin` has `size` entries and that the root over them is `root`."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> TreeHead:
        """Read the signed lines; lines after the third are extensions and are passed over. Raises NoteError."""
        lines = text.split("\n")
        if lines.pop() or not all(lines) or len(lines) < len(("origin", "size", "root")):
            raise NoteError("A checkpoint has three full lines: origin, size, root.")
        origin, size, root = lines[:3]
        if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size):
            raise NoteError(f"{size!r} is no size of a log.")
        head = cls(origin, int(size), decode(root, "The root"))
        if len(head.root) != HASH_LENGTH:
            raise NoteError("The root must have 32 bytes.")
        return head


@dataclass(frozen=True)
class Verifier:
    """A public key with the name and signature type it is used for."""

    name: str
    type: int
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that begin each signature by this key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.key).digest()[:KEY_ID_LENGTH]

    @property
    def text(self) -> str:
        """The key in one line, `name+id+key`, as other transparency-log programs read it."""
        return f"{self.name}+{self.key_id.hex()}+{encode(bytes([self.type]) + self.key)}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read a key written by `text`; raise NoteError if it is malformed or of a type this module cannot check."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        value = decode(encoded, "The key")
        if (
            not _NAME.fullmatch(name)
            or len(value) != 1 + ED25519_KEY_LENGTH
            or value[0] not in {ED25519, ED25519_COSIGNATURE}
        ):
            raise NoteError("The key must have the form name+id+base64 and be an Ed25519 key.")
        verifier = cls(name, value[0], value[1:])
        if verifier.key_id.hex() != key_id:
            raise NoteError(f"The key id is {key_id}, but the key gives {verifier.key_id.hex()}: it was mistyped.")
        return verifier

    def check(self, text: str, signature: bytes) -> datetime | None:
        """Return when the text was signed, None where the type holds no time; raise NoteError on a bad signature."""
        signed, moment = text.encode(), None
        if self.type == ED25519_COSIGNATURE:
            seconds = int.from_bytes(signature[:8], "big")
            signed, signature = _with_time(text, seconds), signature[8:]
            try:
                moment = datetime.fromtimestamp(seconds, UTC)
            except (ValueError, OverflowError, OSError) as error:
                raise NoteError(f"The time in the signature of {self.name} is impossible.") from error
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, signed)
        except (InvalidSignature, ValueError) as error:
            raise NoteError(f"The signature of {self.name} is not good for this text.") from error
        return moment


def _with_time(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


class Signer(Protocol):
    """What can add a signature line to a note."""

    def sign(self, text: str) -> str:
        """Return the signature line, with its line end."""


@dataclass(frozen=True)
class Ed25519Signer:
    """Signs under `name` with the Ed25519 key made from 32 secret bytes.

    With `moment` the signature also states that time, in whole seconds (C2SP tlog-cosignature).
    """

    name: str
    seed: bytes
    moment: datetime | None = None

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return Verifier(self.name, ED25519_COSIGNATURE if self.moment else ED25519, public)

    def sign(self, text: str) -> str:
        """Return the signature line, with its line end."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        if self.moment:
            seconds = int(self.moment.timestamp())
            signature = seconds.to_bytes(8, "big") + key.sign(_with_time(text, seconds))
        else:
            signature = key.sign(text.encode())
        return f"— {self.name} {encode(self.verifier.key_id + signature)}\n"


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """Return the note of `text` with one signature line by each signer."""
    return text + "\n" + "".join(signer.sign(text) for signer in signers)


@dataclass(frozen=True)
class OpenedNote:
    """A note at least one of whose signatures is good: its text, who signed it, and when where the signature says."""

    text: str
    signed_by: dict[Verifier, datetime | None]


def open_note(note: str, verifiers: Sequence[Verifier]) -> OpenedNote:
    """Check the note against the keys known and return its text.

    Raises NoteError when the note is malformed, when a known key's signature is bad, or when no known key signed it.
    """
    text, separator, lines = note.rpartition("\n\n")
    text += "\n"
    if len(note) > LONGEST_NOTE or not separator or not lines.endswith("\n") or _CONTROL.search(note):
        raise NoteError("A signed note is a text, an empty line and signature lines, without control characters.")
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signed_by: dict[Verifier, datetime | None] = {}
    signatures = lines[:-1].split("\n")
    if len(signatures) > MOST_SIGNATURES:
        raise NoteError(f"The note has more than {MOST_SIGNATURES} signatures.")
    for line in signatures:
        match = _SIGNATURE.fullmatch(line)
        if not match:
            raise NoteError(f"{line!r} is no signature line.")
        value = decode(match["value"], "A signature")
        if len(value) <= KEY_ID_LENGTH:
            raise NoteError("A signature is too short.")
        verifier = known.get((match["name"], value[:KEY_ID_LENGTH]))
        if verifier and verifier not in signed_by:
            signed_by[verifier] = verifier.check(text, value[KEY_ID_LENGTH:])
    if not signed_by:
        raise NoteError("No key known here signed the note.")
    return OpenedNote(text, signed_by)
