"""Filing: a complaint is recorded in the complainant's own words and has a number and a tracking code at once."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from casework.actions.moves import perform
from casework.clocks import today
from casework.exceptions import Invalid
from casework.models import Case, CaseOfficer, CaseSequence, Identity, Party
from casework.models.people import officer_label
from casework.permissions import Actor, Complainant
from casework.vocabulary import Channel, Confidentiality, OfficerPart, PartyKind, Relation

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_ALPHABET = ALPHABET + "*~$=U"
"""Crockford's base 32 and its check symbols (modulo 37): no letter looks like a digit."""

GROUP = 4
CODE_LENGTH = 11
LONGEST_DESCRIPTION = 500
"""Characters of an officer's description in the case; the whole of it is in the details of the entry."""
SECRET_LENGTH = 20
"""Characters of a secret before its check symbol: 20 of 5 bits are 100 bits."""


def _check_symbol(body: str, alphabet: str = CHECK_ALPHABET) -> str:
    value = 0
    for character in body:
        value = value * len(ALPHABET) + ALPHABET.index(character)
    return alphabet[value % len(alphabet)]


def _grouped(text: str) -> str:
    return "-".join(text[index : index + GROUP] for index in range(0, len(text), GROUP))


def new_tracking_code() -> str:
    """Return a readable public handle such as ``7KQ4-93FM-X2TD``; the last character checks the others."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return _grouped(body + _check_symbol(body, ALPHABET))


def new_secret() -> str:
    """Return a 100-bit secret in five groups of four and a check symbol."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    return _grouped(body) + _check_symbol(body)


def read_code(typed: str) -> str:
    """Return a code or secret as it was issued, from however it was typed: small letters, spaces, O for 0, I for 1."""
    plain = "".join(typed.upper().split()).replace("-", "").replace("O", "0").replace("I", "1").replace("L", "1")
    if len(plain) == SECRET_LENGTH + 1:
        return _grouped(plain[:-1]) + plain[-1]
    return _grouped(plain)


def secret_digest(secret: str) -> str:
    """Return what is kept of a secret: an HMAC-SHA-256 under the installation's key."""
    return hmac.new(settings.SECRET_KEY.encode(), b"redress/secret/v1\0" + secret.encode(), sha256).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """What the person who files gets once: the case, its tracking code, and the secret, which is not kept."""

    case: Case
    tracking_code: str
    secret: str


@dataclass(frozen=True)
class Filing:
    """A complaint as it is filed. Nothing but the narrative is required (domain practice: any form is accepted)."""

    narrative: str
    channel: str = Channel.WEB_FORM
    relation: str = Relation.UNKNOWN
    confidentiality: str = Confidentiality.ANONYMOUS
    language: str = "en"
    desired_outcome: str = ""
    title: str = ""
    incident_from: date | None = None
    incident_to: date | None = None
    incident_time: str = ""
    place: str = ""
    district: str = ""
    needs: str = ""
    board_requested: bool = False
    officers: tuple[str, ...] = ()
    """Descriptions of officers who are not identified yet."""
    identity: dict[str, Any] = field(default_factory=dict)

    def stated(self) -> dict[str, Any]:
        """Return what the entry is made with, so that a receipt proves all of it: everything but who files."""
        days = [day.isoformat() for day in (self.incident_from, self.incident_to) if day]
        return {
            "narrative": self.narrative,
            "incident": " ".join(["/".join(dict.fromkeys(days)), self.incident_time]).strip(),
            "place": self.place,
            "officers": "\n".join(self.officers),
            "desired_outcome": self.desired_outcome,
            "board_requested": self.board_requested,
        }


def _read(filing: Filing) -> None:
    if not filing.narrative.strip():
        raise Invalid(_("Tell us what happened. A sentence is enough."), field="narrative")
    if filing.incident_to and filing.incident_from and filing.incident_to < filing.incident_from:
        raise Invalid(_("The last day lies before the first."), field="incident_to")
    if filing.incident_from and filing.incident_from > today():
        raise Invalid(_("The day of the event lies in the future."), field="incident_from")
    for name, choices in (
        ("channel", Channel),
        ("relation", Relation),
        ("confidentiality", Confidentiality),
    ):
        if getattr(filing, name) not in choices.values:
            raise Invalid(_("Choose one of the answers."), field=name)
    if filing.confidentiality == Confidentiality.ANONYMOUS and filing.identity.get("name"):
        raise Invalid(_("An anonymous complaint carries no name. Leave it out, or choose another way."), field="name")


@transaction.atomic
def receive(filing: Filing, *, by: Actor | None = None, on: date | None = None) -> Receipt:
    """Record a complaint (move T1, CH-2.6) and return its receipt.

    `by` is the member of the office who records it; without one the complainant files it themselves. Raises Invalid
    with the field and what to write, or Refused.
    """
    _read(filing)
    day = on or today()
    case = Case(
        number=CaseSequence.next_number(day.year),
        received_on=day,
        channel=filing.channel,
        relation=filing.relation,
        confidentiality=filing.confidentiality,
        language=filing.language,
        narrative=filing.narrative,
        desired_outcome=filing.desired_outcome,
        title=filing.title,
        incident_from=filing.incident_from,
        incident_to=filing.incident_to or filing.incident_from,
        incident_time=filing.incident_time,
        place=filing.place,
        district=filing.district,
        board_requested=filing.board_requested,
        recorded_by=by if isinstance(by, User) else None,
        tracking_code=new_tracking_code(),
    )
    secret = new_secret()
    case.secret_digest = secret_digest(secret)
    case = perform("receive", case=case, by=by or Complainant(case), on=on, **filing.stated())
    party = Party.objects.create(
        case=case,
        kind=PartyKind.COMPLAINANT,
        alias="Complainant",
        confidentiality=filing.confidentiality,
        language=filing.language,
        needs=filing.needs,
    )
    for index, description in enumerate(filing.officers):
        CaseOfficer.objects.create(
            case=case,
            label=officer_label(index),
            part=OfficerPart.SUBJECT,
            description=description[:LONGEST_DESCRIPTION],
        )
    if filing.identity:
        Identity.objects.create(party=party, **filing.identity)
    return Receipt(case, case.tracking_code or "", secret)


@transaction.atomic
def open_by_code(code: str, secret: str) -> Case | None:
    """Return the case that a tracking code and its secret open, or None after recording the wrong attempt."""
    case = find_by_code(code, secret)
    if case is None:
        log.record("tracking.refused", actor="public", role="none", subject="portal:tracking")
    return case


def find_by_code(code: str, secret: str) -> Case | None:
    """Return the case that a tracking code and its secret open together, or None; both are compared in full."""
    case = Case.objects.filter(tracking_code=read_code(code)).first()
    given = secret_digest(read_code(secret))
    if case is None or not hmac.compare_digest(case.secret_digest, given):
        return None
    return case
