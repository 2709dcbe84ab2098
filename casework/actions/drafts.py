"""Drafts of complaints: begun, continued with a code, and sent once. A draft is not yet a case and leaves no entry."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.actions import evidence, intake
from casework.exceptions import Invalid
from casework.models import Case, Draft
from casework.models.kept_files import keep
from casework.permissions import Complainant
from casework.vocabulary import EvidenceKind

CODE_LENGTH = 16
"""Characters of a code to come back: 16 of 5 bits are 80 bits."""
MOST_FILES = 20


def _digest(code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"redress/draft/v1\0" + code.encode(), sha256).hexdigest()


def begin(language: str) -> tuple[Draft, str]:
    """Begin a draft and return it with the code to come back, which is not kept."""
    code = intake.read_code("".join(secrets.choice(intake.ALPHABET) for _ in range(CODE_LENGTH)))
    return Draft.objects.create(code_digest=_digest(code), language=language), code


def continue_with(code: str) -> Draft | None:
    """Return the draft that a code opens, unless it has run out or was sent."""
    return Draft.objects.alive().filter(code_digest=_digest(intake.read_code(code)), case=None).first()


def new_code(draft: Draft) -> str:
    """Give the draft a new code to come back, and return it; the old one opens nothing any more."""
    code = intake.read_code("".join(secrets.choice(intake.ALPHABET) for _ in range(CODE_LENGTH)))
    draft.code_digest = _digest(code)
    draft.save(update_fields=["code_digest"])
    return code


def answer(draft: Draft, answers: dict[str, Any]) -> None:
    """Keep the answers of one question."""
    draft.answers.update(answers)
    draft.changed_at = timezone.now()
    draft.save(update_fields=["answers", "changed_at"])


def add_file(draft: Draft, chunks: Iterable[bytes], name: str, description: str = "") -> None:
    """Keep a file with the draft. Raises Invalid for a file that is not taken, and for one too many."""
    if len(draft.files) >= MOST_FILES:
        raise Invalid(
            _("You have added %(most)d files. Send the complaint; you can add more afterwards.") % {"most": MOST_FILES},
            field="file",
        )
    digest, size, media_type = keep(chunks, name)
    if any(file["sha256"] == digest for file in draft.files):
        raise Invalid(_("“%(name)s” has been added already.") % {"name": name}, field="file")
    draft.files.append(
        {
            "sha256": digest,
            "size": size,
            "media_type": media_type,
            "name": Path(name).name[:200],
            "description": description,
        }
    )
    draft.changed_at = timezone.now()
    draft.save(update_fields=["files", "changed_at"])


def remove_file(draft: Draft, sha256: str) -> None:
    """Take a file out of the draft."""
    draft.files = [file for file in draft.files if file["sha256"] != sha256]
    draft.changed_at = timezone.now()
    draft.save(update_fields=["files", "changed_at"])


def kind_of(media_type: str) -> EvidenceKind:
    """Return what a file from the public is taken for."""
    if media_type.startswith("image/"):
        return EvidenceKind.PHOTO
    if media_type.startswith(("video/", "audio/")):
        return EvidenceKind.THIRD_PARTY_VIDEO
    return EvidenceKind.DOCUMENT


@transaction.atomic
def send(draft: Draft, filing: intake.Filing) -> intake.Receipt | Case:
    """File the draft as a complaint and return its receipt; a draft that was sent before gives back its case.

    The answers are cleared in the same transaction: from now on the case alone holds them.
    """
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.case is not None:
        return locked.case
    receipt = intake.receive(filing)
    for file in locked.files:
        evidence.add_kept_file(
            case=receipt.case,
            kind=kind_of(file["media_type"]),
            title=file["description"] or file["name"],
            filename=file["name"],
            sha256=file["sha256"],
            size=file["size"],
            media_type=file["media_type"],
            by=Complainant(receipt.case),
        )
    locked.case, locked.answers, locked.files = receipt.case, {}, []
    locked.save(update_fields=["case", "answers", "files"])
    return receipt


def discard_old() -> int:
    """Delete the drafts that have run out, and return how many."""
    gone = Draft.objects.exclude(pk__in=Draft.objects.alive())
    return gone.delete()[0]
