"""People and officers in a case, and the sealed panel with a person's identity."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from casework.actions.acts import acting
from casework.actions.assignments import wall_off_named_officers
from casework.exceptions import Invalid, NotPermitted
from casework.models import Case, CaseOfficer, Identity, Officer, Party
from casework.models.people import officer_label
from casework.permissions import Actor, permissions_of
from casework.vocabulary import Confidentiality, OfficerPart, PartyKind, Perm


def add_party(
    *,
    case: Case | str,
    kind: str,
    by: Actor,
    confidentiality: str = Confidentiality.NAMED,
    language: str = "en",
    needs: str = "",
    identity: dict[str, Any] | None = None,
    on: date | None = None,
) -> Party:
    """Add a civilian under an alias; who they are goes into the sealed panel (CH-2.9)."""
    with acting("set_confidentiality", case=case, by=by, perm=Perm.ADD_PERSON, on=on) as act:
        if kind not in PartyKind.values:
            raise Invalid(_("Choose what the person is in the case."), field="kind")
        if confidentiality not in Confidentiality.values:
            raise Invalid(_("Choose how far the name may be known."), field="confidentiality")
        label = str(PartyKind(kind).label)
        count = act.case.parties.filter(kind=kind).count() + 1
        alias = label if kind == PartyKind.COMPLAINANT and count == 1 else f"{label} {count}"
        party = Party.objects.create(
            case=act.case, kind=kind, alias=alias, confidentiality=confidentiality, language=language, needs=needs
        )
        if identity:
            Identity.objects.create(party=party, **identity)
        act.record(
            "party.added",
            facts={"kind": kind, "party": party.pk, "confidentiality": confidentiality},
            detail={"alias": alias, **(identity or {})},
        )
        return party


def add_officer(
    *,
    case: Case | str,
    by: Actor,
    badge: str = "",
    description: str = "",
    part: str = OfficerPart.SUBJECT,
    on: date | None = None,
) -> CaseOfficer:
    """Add an officer by badge, with the details as they are today, or an unidentified one by description.

    A user who is that officer is kept out of the case from this moment.
    """
    with acting("frame_allegation", case=case, by=by, perm=Perm.ADD_PERSON, on=on) as act:
        if part not in OfficerPart.values:
            raise Invalid(_("Choose what the officer is in the case."), field="part")
        if not badge and not description.strip():
            raise Invalid(_("Give a badge number, or describe the officer."), field="description")
        officer = None
        if badge:
            officer = Officer.objects.filter(badge=badge).first()
            if officer is None:
                raise Invalid(
                    _("No officer with badge %(badge)s is in the register.") % {"badge": badge}, field="badge"
                )
            if act.case.officers.filter(officer=officer).exists():
                raise Invalid(_("This officer is in the case already."), field="badge")
        added = CaseOfficer.objects.create(
            case=act.case,
            officer=officer,
            label=officer_label(act.case.officers.count()),
            part=part,
            badge=officer.badge if officer else "",
            name=officer.name if officer else "",
            rank=officer.rank if officer else "",
            unit=officer.unit if officer else "",
            description=description,
        )
        act.record(
            "officer.added",
            facts={"officer": added.pk, "part": part, "identified": officer is not None},
            detail={"badge": added.badge, "name": added.name, "description": description},
        )
        if officer is not None:
            wall_off_named_officers(act.case, officer.badge, act.on)
        return added


def identify_officer(*, case: Case | str, officer: CaseOfficer, badge: str, by: Actor, on: date | None = None) -> None:
    """Say who an officer known only by description is; the description stays."""
    with acting("frame_allegation", case=case, by=by, perm=Perm.ADD_PERSON, on=on) as act:
        known = Officer.objects.filter(badge=badge).first()
        if known is None:
            raise Invalid(_("No officer with badge %(badge)s is in the register.") % {"badge": badge}, field="badge")
        if officer.is_identified or officer.case_id != act.case.pk:
            raise Invalid(_("This officer is identified already."), field="badge")
        if act.case.officers.filter(officer=known).exists():
            raise Invalid(_("This officer is in the case already."), field="badge")
        officer.officer, officer.badge, officer.name = known, known.badge, known.name
        officer.rank, officer.unit = known.rank, known.unit
        officer.save(update_fields=["officer", "badge", "name", "rank", "unit"])
        act.record("officer.identified", facts={"officer": officer.pk}, detail={"badge": badge, "name": known.name})
        wall_off_named_officers(act.case, badge, act.on)


def open_identity(*, case: Case | str, party: Party, reason: str, by: Actor) -> Identity:
    """Open the sealed panel with a person's name and contact; the opening and its reason are recorded (CH-2.9).

    A confidential identity needs a permission of its own. Raises Invalid where nothing is kept.
    """
    with acting("set_confidentiality", case=case, by=by, perm=Perm.OPEN_CONTACT) as act:
        if not reason.strip():
            raise Invalid(_("Say why you need the contact details."), field="reason")
        if party.case_id != act.case.pk:
            raise Invalid(_("This person is not in the case."), field="party")
        if party.confidentiality == Confidentiality.CONFIDENTIAL and Perm.OPEN_IDENTITY not in permissions_of(
            by, act.case
        ):
            raise NotPermitted(Perm.OPEN_IDENTITY.label)
        identity = Identity.objects.filter(party=party).first()
        if identity is None:
            raise Invalid(_("No name or contact was left."), field="party")
        act.record("identity.opened", facts={"party": party.pk}, detail={"reason": reason}, substance=False)
        return identity
