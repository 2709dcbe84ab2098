"""Time stamps of checkpoints (RFC 3161): an authority outside says when it saw one, by a clock that is not ours.

What is stamped is the signed note, to the byte, as `/log/checkpoint/SIZE` hands it out.
"""

from __future__ import annotations

import hashlib
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db.models import OuterRef, Subquery
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from audit.log import newest_checkpoint
from audit.models import Checkpoint, TimeStamp

PATIENCE_SECONDS = 30
LONGEST_ANSWER = 100_000


class NotStamped(RuntimeError):
    """There is no good time stamp of this checkpoint; the message says why."""


def stamp_newest() -> TimeStamp | None:
    """Have the newest checkpoint stamped by the authority of AUDIT_TIME_STAMP_URL, and keep its answer.

    Returns None where no authority is set, nothing is signed yet, or the newest checkpoint has its stamp. Raises
    NotStamped when the authority does not answer, or not with a stamp that the certificates of AUDIT_TIME_STAMP_ROOTS
    vouch for; the next call tries again.
    """
    newest = newest_checkpoint()
    if not settings.AUDIT_TIME_STAMP_URL or newest is None or TimeStamp.objects.filter(size=newest.size).exists():
        return None
    note = newest.note.encode()
    question = TimestampRequestBuilder(data=note, hash_algorithm=HashAlgorithm.SHA256).build()
    answer = _ask(settings.AUDIT_TIME_STAMP_URL, question.as_bytes())
    roots = trusted_roots()
    if not roots:
        raise NotStamped("AUDIT_TIME_STAMP_ROOTS names no certificate of the authority, so its stamps prove nothing.")
    authority, moment = read_stamp(answer, note, roots, question)
    made, _ = TimeStamp.objects.get_or_create(
        size=newest.size, defaults={"authority": authority, "answer": answer, "stamped_at": moment}
    )
    return made


def _ask(address: str, question: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query"}
    if not address.startswith(("https://", "http://")):
        raise NotStamped("AUDIT_TIME_STAMP_URL must be an address of the web.")
    request = urllib.request.Request(address, data=question, headers=headers)  # noqa: S310 - of the web, see above
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310 - of the web
            answer: bytes = response.read(LONGEST_ANSWER)
    except (OSError, HTTPException, ValueError) as error:
        raise NotStamped(f"The authority at {address} did not answer: {error}") from error
    return answer


def trusted_roots() -> list[x509.Certificate]:
    """Return the certificates that are trusted to vouch for authorities; raise NotStamped if they cannot be read."""
    path = settings.AUDIT_TIME_STAMP_ROOTS
    try:
        return x509.load_pem_x509_certificates(Path(path).read_bytes()) if path else []
    except (OSError, ValueError) as error:
        raise NotStamped(f"The certificates in {path} (AUDIT_TIME_STAMP_ROOTS) cannot be read: {error}") from error


def read_stamp(
    answer: bytes, stamped: bytes, roots: list[x509.Certificate], question: TimeStampRequest | None = None
) -> tuple[str, datetime]:
    """Return who stamped these bytes and when; raise NotStamped if the answer (DER) is no good stamp of them.

    Without `roots` the signature is not checked, only what was stamped. With `question` the answer must be one to it.
    """
    try:
        response = decode_timestamp_response(answer)
        if roots:
            builder = VerifierBuilder(roots=roots)
            verifier = (builder.nonce(question.nonce) if question and question.nonce else builder).build()
            verifier.verify_message(response, stamped)
        elif response.tst_info.message_imprint.message != hashlib.sha256(stamped).digest():
            raise NotStamped("The time stamp is of something else.")
        return _signer(response), response.tst_info.gen_time.astimezone(UTC)
    except (ValueError, VerificationError) as error:
        raise NotStamped(f"The time stamp is not good: {error}") from error


def _signer(response: TimeStampResponse) -> str:
    """Return the name on the certificate that the stamp was signed with."""
    (signed_by,) = response.signed_data.signer_infos
    for encoded in response.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(encoded)
        if (certificate.issuer, certificate.serial_number) == (signed_by.issuer, signed_by.serial_number):
            return certificate.subject.rfc4514_string()
    raise NotStamped("The time stamp does not bear the certificate that it was signed with.")


def damaged() -> Iterator[tuple[int, str]]:
    """Yield the size and a sentence for each stamp that is not, or no longer, one of its checkpoint."""
    note = Checkpoint.objects.filter(size=OuterRef("size")).values("note")
    stamps = TimeStamp.objects.order_by("size").annotate(note=Subquery(note))
    try:
        roots = trusted_roots()
    except NotStamped as error:
        yield 0, str(error)
        return
    for stamp in stamps.iterator(chunk_size=200):
        try:
            said = read_stamp(bytes(stamp.answer), (stamp.note or "").encode(), roots)
        except NotStamped as error:
            yield stamp.size, f"The time stamp of checkpoint {stamp.size} is not one of it: {error}"
            continue
        if said != (stamp.authority, stamp.stamped_at):
            yield stamp.size, f"The time stamp of checkpoint {stamp.size} does not say what stands beside it."
