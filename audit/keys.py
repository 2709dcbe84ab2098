"""The name and key under which this installation signs its checkpoints, from the settings."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from audit.checkpoint import ED25519_KEY_LENGTH, Ed25519Signer, Verifier


def _seed() -> bytes:
    try:
        seed = base64.urlsafe_b64decode(settings.AUDIT_SIGNING_KEY.strip().rstrip("=") + "=")
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != ED25519_KEY_LENGTH:
        raise ImproperlyConfigured(
            "AUDIT_SIGNING_KEY must be 32 random bytes in URL-safe base64. Make one with: "
            'python -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return seed


def signers(moment: datetime, origin: str = "") -> list[Ed25519Signer]:
    """Return the signers of a checkpoint: one that any reader of signed notes checks, and one that states `moment`.

    `origin` is the name of the log, that of the setting where it is left out.
    """
    seed, name = _seed(), origin or settings.AUDIT_ORIGIN
    return [Ed25519Signer(name, seed), Ed25519Signer(name, seed, moment)]


def verifiers(origin: str = "") -> tuple[Verifier, Verifier]:
    """Return the public keys of the log: the plain one, and the one whose signatures state a time.

    `origin` is an earlier name of the log (audit.reopening), where they are not those of now.
    """
    plain, timed = signers(datetime.fromtimestamp(0, UTC), origin)
    return plain.verifier, timed.verifier
