"""What the office is warned of without being asked: limits that run out (CH-3.11), and letters that reach nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from casework import clocks
from casework.actions import acts, notices
from casework.models import Case, CaseClock, Dispatch
from casework.permissions import SYSTEM
from casework.states import State
from casework.vocabulary import CaseRole, Clock, LetterWay

RESPONSIBLE = {
    State.RECEIVED: CaseRole.INTAKE,
    State.INTAKE_REVIEW: CaseRole.INTAKE,
    State.INVESTIGATION: CaseRole.INVESTIGATOR,
    State.BOARD_REFERRED: CaseRole.BOARD_CHAIR,
    State.BOARD_REVIEW: CaseRole.BOARD_CHAIR,
    State.CHIEF_DECISION: CaseRole.CHIEF,
    State.DISPOSITION_ISSUED: CaseRole.RECORDS_OFFICER,
}
"""Who is warned of a limit beside the supervisors, by the state of the case."""

ASKS_NOBODY = (Clock.RECONSIDERATION_WINDOW,)
UNSENT_AFTER = timedelta(days=3)
"""How long the mail that tells of a letter may fail, or a printed letter wait, before the office is warned."""


def warn_of_limits() -> int:
    """Warn of each running limit that has passed another warning of the rules, once for each, and return how many.

    The day on which it is due is the last of them. What has been late for longer than notices.OLD_NEWS is left alone.
    """
    today = clocks.today()
    running = CaseClock.objects.running().exclude(code__in=ASKS_NOBODY).filter(case__source=None)
    due = running.filter(due_on__gte=today - notices.OLD_NEWS, warned_at__lt=clocks.WHOLE)
    warned = 0
    for pk in due.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            warned += _warn_of_limit(pk)
    return warned


def _warn_of_limit(pk: int) -> int:
    clock = CaseClock.objects.running().select_for_update(of=("self",)).select_related("case").filter(pk=pk).first()
    if clock is None:
        return 0
    today = clocks.today()
    passed = max((mark for mark in clocks.warnings_on(today) if mark <= clocks.reading(clock, today).share), default=0)
    if passed <= clock.warned_at:
        return 0
    clock.warned_at = passed
    clock.save(update_fields=["warned_at"])
    facts = {"clock": clock.code, "passed": passed, "due_on": clock.due_on.isoformat()}
    _tell(clock.case, "clock.warned", facts, RESPONSIBLE.get(State(clock.case.state), CaseRole.SUPERVISOR))
    return 1


def warn_of_letters() -> int:
    """Warn once of each letter that came back, waits to be mailed, or whose mail does not go, and return how many."""
    today = clocks.today()
    later = Dispatch.objects.filter(letter=OuterRef("letter"), pk__gt=OuterRef("pk"))
    old = Q(on__lte=today - UNSENT_AFTER)
    reaches_nobody = (
        Q(returned_on__isnull=False)
        | Q(old, pk__in=Dispatch.objects.to_print().values("pk"))
        | Q(old, way=LetterWay.EMAIL, mailed_at=None, delivered_on=None)
    )
    young = Q(on__gte=today - notices.OLD_NEWS)
    waiting = Dispatch.objects.filter(reaches_nobody, young, ~Exists(later), warned_on=None)
    found = list(waiting.order_by("pk").values_list("pk", flat=True))
    for pk in found:
        with transaction.atomic():
            dispatch = Dispatch.objects.select_for_update(of=("self",)).select_related("letter__case").get(pk=pk)
            dispatch.warned_on = today
            dispatch.save(update_fields=["warned_on"])
            facts = {"letter": dispatch.letter_id, "code": dispatch.letter.code, "way": dispatch.way}
            _tell(dispatch.letter.case, "letter.undelivered", facts, CaseRole.RECORDS_OFFICER)
    return len(found)


def _tell(case: Case, action: str, facts: dict[str, Any], role: CaseRole) -> None:
    on = clocks.today()
    empowers = acts.authority("clock", "overall", on) if "clock" in facts else acts.authority("act", "send_letter", on)
    entry = acts.record(action, case=case, by=SYSTEM, perm="", on=on, sections=[empowers], facts=facts)
    notices.tell(entry, case=case, roles=[role, CaseRole.SUPERVISOR], by=SYSTEM, on=on)
