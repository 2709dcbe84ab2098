"""The record of a case is held while a lawsuit, an audit, an appeal or a request needs it (CH-11.2)."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from casework.actions.acts import acting
from casework.exceptions import Invalid, Refused
from casework.models import Case, Hold
from casework.vocabulary import HoldGround, Perm
from moves.refusals import Refusal

ACT = "hold"


def set_hold(*, case: Case | str, ground: str, matter: str, by: User, on: date | None = None) -> Hold:
    """Hold the record of a case. `matter` says which lawsuit, audit, appeal or request it is.

    Raises Invalid with the field, also where the record is held for that matter already.
    """
    with acting(ACT, case=case, by=by, perm=Perm.HOLD, on=on) as act:
        if ground not in HoldGround.values:
            raise Invalid(_("Choose one of the grounds."), field="ground")
        if not matter.strip():
            raise Invalid(_("Say which lawsuit, audit, appeal or request it is."), field="matter")
        hold, created = Hold.objects.get_or_create(
            case=act.case,
            ground=ground,
            matter=matter.strip(),
            lifted_on=None,
            defaults={"set_by": by, "set_on": act.on},
        )
        if not created:
            raise Invalid(_("The record is held for this matter already."), field="matter")
        act.record("hold.set", facts=_facts(hold), detail={"matter": hold.matter}, substance=False)
        return hold


def lift_hold(*, hold: Hold, reason: str, by: User, on: date | None = None) -> Hold:
    """Lift a hold. Raises Invalid where no reason is given, and where it was lifted already."""
    with acting(ACT, case=hold.case, by=by, perm=Perm.HOLD, on=on) as act:
        locked = Hold.objects.select_for_update().get(pk=hold.pk)
        if not reason.strip():
            raise Invalid(_("Say why the hold is no longer needed."), field="reason")
        if not locked.stands:
            raise Invalid(_("This hold was lifted already."))
        if act.on < locked.set_on:
            raise Invalid(_("A hold cannot be lifted before it was set."), field="on")
        locked.lifted_by, locked.lifted_on, locked.lifted_because = by, act.on, reason.strip()
        locked.save(update_fields=["lifted_by", "lifted_on", "lifted_because"])
        act.record("hold.lifted", facts=_facts(locked), detail={"reason": locked.lifted_because}, substance=False)
        return locked


def _facts(hold: Hold) -> dict[str, object]:
    return {"hold": hold.pk, "ground": hold.ground}


def refuse_while_held(case: Case) -> None:
    """Raise Refused while the record is held, with who holds it, since when and for what; the case must be locked."""
    standing = case.holds.standing().select_related("set_by")
    if refusals := [Refusal("held", sentence_of(hold), place="holds") for hold in standing]:
        raise Refused(refusals)


def sentence_of(hold: Hold) -> str:
    """Return in one sentence that the record is held, by whom, since when and for what."""
    return _("%(name)s holds the record since %(day)s: %(ground)s, %(matter)s. Nothing goes until that is lifted.") % {
        "name": hold.set_by,
        "day": date_format(hold.set_on),
        "ground": hold.get_ground_display(),
        "matter": hold.matter,
    }
