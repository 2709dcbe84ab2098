"""How an act is carried out: under a row lock, on a day that can be taken, under its authority, with one log entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from audit.models import Entry
from casework.clocks import today
from casework.exceptions import NotPermitted, Refused
from casework.models import Case
from casework.permissions import SYSTEM, Actor, access_case, permissions_of, role_for
from casework.vocabulary import Perm
from moves.carrying import is_carrying_over
from moves.refusals import Refusal
from policy_rules import citations
from policy_rules.models import SectionVersion
from policy_rules.rules import NoAuthority, NoRulesInForce, authority_for


def day_of(case: Case, by: Actor, on: date | None) -> tuple[date, list[Refusal]]:
    """Return the day of an act, and why that day cannot be taken.

    It never lies in the future or before the case's last act; an earlier day than today needs its own permission.
    """
    now = today()
    if on is None or on == now:
        return now, []
    if on > now:
        return on, [Refusal("in_the_future", _("The day lies in the future."), field="on")]
    if case.last_act_on is not None and on < case.last_act_on:
        sentence = _("The last act in this case was on %(day)s; an act cannot lie before it.")
        return on, [Refusal("before_last_act", sentence % {"day": case.last_act_on.isoformat()}, field="on")]
    if not is_carrying_over() and by is not SYSTEM and Perm.BACKDATE not in permissions_of(by, case):
        return on, [Refusal("may_not_backdate", _("You may not enter an act under an earlier day."), field="on")]
    return on, []


def authority(kind: Literal["move", "clock", "act"], name: str, on: date) -> SectionVersion:
    """Return the section version that empowers an act on that day; raises Refused where the manual has none."""
    try:
        return authority_for(kind, name, on=on)
    except (NoAuthority, NoRulesInForce) as missing:
        sentence = _("No section of the policy manual in force on %(day)s empowers this.") % {"day": on.isoformat()}
        raise Refused([Refusal("no_authority", sentence)]) from missing


def record(
    action: str,
    *,
    case: Case,
    by: Actor,
    perm: str,
    on: date,
    sections: Sequence[SectionVersion],
    facts: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
    objects: Sequence[str] = (),
    role: str = "",
) -> Entry:
    """Write one entry about a case, with its citations; the sections stand in the leaf and in the index."""
    stated = {key: value for key, value in (facts or {}).items() if value not in ("", None)}
    if on != today():
        stated["on"] = on.isoformat()
    if is_carrying_over():
        stated["carried_over"] = True
    return citations.record(
        action,
        *sections,
        actor=by.reference,
        role=role or role_for(by, case, perm),
        subject=case.reference,
        objects=objects,
        facts=stated,
        detail={key: value for key, value in (detail or {}).items() if value} or None,
    )


@dataclass
class Act:
    """One act under way: the locked case, the day, the authority, and the entry once it is recorded."""

    name: str
    case: Case
    by: Actor
    perm: Perm
    on: date
    authority: SectionVersion
    entry: Entry | None = field(default=None)

    def record(
        self,
        action: str,
        *,
        facts: Mapping[str, Any] | None = None,
        detail: Mapping[str, Any] | None = None,
        objects: Sequence[str] = (),
        sections: Sequence[SectionVersion] = (),
        substance: bool = True,
    ) -> Entry:
        """Record the act. With `substance` the case's revision rises, so that open proposals must be made again."""
        self.entry = record(
            action,
            case=self.case,
            by=self.by,
            perm=self.perm,
            on=self.on,
            sections=[self.authority, *sections],
            facts=facts,
            detail=detail,
            objects=objects,
        )
        self.case.last_act_on = max(self.on, self.case.last_act_on)
        self.case.revision += int(substance)
        self.case.save(update_fields=["last_act_on", "revision"])
        return self.entry


def refuse(case: Case | str, by: Actor, name: str, codes: Sequence[str]) -> None:
    """Record, in a transaction of its own, that an act was asked for and refused."""
    number = case if isinstance(case, str) else case.number
    with transaction.atomic():
        log.record(
            "act.refused",
            actor=by.reference,
            role="none",
            subject=f"case:{number}",
            facts={"act": name, "codes": list(codes)},
        )


def turn_away(number: str, by: User) -> None:
    """Record that somebody signed in asked for a case that is not open to them; to them there is no such case.

    Whoever tries numbers one after the other is so found among those who are often refused (CH-10.2).
    """
    with transaction.atomic():
        if Case.objects.filter(number=number).exclude(pk__in=Case.objects.visible_to(by)).exists():
            log.record("case.refused", actor=by.reference, role="none", subject=f"case:{number}")


@contextmanager
def acting(name: str, *, case: Case | str, by: Actor, perm: Perm, on: date | None = None) -> Iterator[Act]:
    """Open an act of the manual's `authorities.acts`: permission, lock, day and authority first.

    Raises CaseNotFound, NotPermitted (recorded), or Refused with the reasons against the day. The body must record.
    """
    try:
        with transaction.atomic():
            locked = access_case(by, case, perm, lock=True)
            day, refusals = day_of(locked, by, on)
            if refusals:
                raise Refused(refusals)
            act = Act(name, locked, by, perm, day, authority("act", name, day))
            yield act
            if act.entry is None:
                raise RuntimeError(f"The act {name!r} was not recorded.")
    except NotPermitted:
        refuse(case, by, name, ["not_permitted"])
        raise
