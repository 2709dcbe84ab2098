"""Acts on the log itself: it is checked, and the details behind an entry are opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts.models import RoleCode, User
from audit import log
from audit.models import Checkpoint, Detail, Entry
from audit.verify import last_verified, verify
from casework import replay_noted
from casework.actions.acts import acting, authority
from casework.actions.progress import telling
from casework.clocks import today
from casework.exceptions import Invalid, NotPermitted
from casework.models import LogVerification, Wall
from casework.permissions import readable_entries
from casework.vocabulary import Perm
from policy_rules import citations

VERIFY = "casework.verify_log"
"""The job that carries out a check; see casework.tasks."""
ALARM = "casework.alarm_auditors"
"""The job that mails the auditors what a check found."""
CHECKERS = frozenset({RoleCode.AUDITOR, RoleCode.POLICY_ANALYST, RoleCode.SYSTEM_ADMINISTRATOR})
"""The roles of the office that see how the log stands and may have it checked; a check shows no case."""
MOST_CODES = 50

logger = structlog.get_logger(__name__)


def require_checker(by: User) -> str:
    """Return the role in which the person looks after the log; raises NotPermitted where they have none."""
    held = by.role_codes() if by.is_active and not by.is_superuser else frozenset()
    for role in (RoleCode.AUDITOR, RoleCode.SYSTEM_ADMINISTRATOR, RoleCode.POLICY_ANALYST):
        if role in held:
            return role
    raise NotPermitted(_("see how the log stands"))


def ask_for_check(*, by: User, incremental: bool = False) -> LogVerification:
    """Have the log checked by the worker, and return the check; one that is under way is not begun again.

    An incremental one reads only what came since the log was last found whole.
    """
    require_checker(by)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [VERIFY])
        running = LogVerification.objects.under_way().first()
        if running is not None:
            return running
        check = LogVerification.objects.create(asked_by=by, incremental=incremental)
        app.configure_task(VERIFY, lock=VERIFY).defer(check=check.pk)
        return check


def carry_out(check: LogVerification) -> LogVerification:
    """Check the log, keep what was found, record it, and alarm the auditors where something is wrong.

    A check that breaks off keeps the error and alarms them too; the error is raised.
    """
    check.started_at = check.told_at = timezone.now()
    check.save(update_fields=["started_at", "told_at"])
    try:
        with telling(check) as progress:
            report = verify(since=last_verified() if check.incremental else None, progress=progress)
    except Exception as error:
        check.error = repr(error)
        _finish(check, size=0, root="", codes=["not_finished"])
        raise
    check.entries, check.pending = report.entries, report.pending
    check.size, check.root, check.read_from = report.size, report.root, report.read_from
    check.faults = [vars(fault) for fault in report.faults]
    codes = sorted({fault.code for fault in report.faults})[:MOST_CODES]
    _finish(check, size=report.size, root=report.root, codes=codes)
    return check


def faults_for(check: LogVerification, by: User) -> list[dict[str, Any]]:
    """Return the faults of a check as the person may read them; for many checks see `fault_reader`."""
    return fault_reader(by)(check)


def fault_reader(by: User) -> Callable[[LogVerification], list[dict[str, Any]]]:
    """Return what gives the faults of a check to the person: what each is about is told to auditors alone.

    An auditor is told of every case but those that they are kept out of.
    """
    is_auditor = RoleCode.AUDITOR in by.role_codes()
    walls = Wall.objects.filter(user=by).values_list("case__number", flat=True)
    walled = {f"case:{number}" for number in walls} if is_auditor else frozenset()

    def told(subject: str) -> str:
        return subject if is_auditor and subject not in walled else ""

    return lambda check: [{**fault, "subject": told(fault["subject"])} for fault in check.faults]


def _finish(check: LogVerification, *, size: int, root: str, codes: list[str]) -> None:
    with transaction.atomic():
        check.finished_at = check.told_at = timezone.now()
        check.doing, check.done, check.total = "", 0, 0
        check.save()
        asked_by = check.asked_by
        facts: dict[str, Any] = {"size": size, "faults": len(check.faults), "codes": codes}
        if root:
            facts["root"] = root
        if check.read_from:
            facts["read_from"] = check.read_from
        if not codes:
            facts |= {"checkpoints": Checkpoint.objects.filter(size__lte=size).count(), **replay_noted.noted()}
        log.record(
            "log.verified",
            actor=asked_by.reference if asked_by else "system",
            role=_role_of(asked_by),
            subject=f"log:{settings.AUDIT_ORIGIN}",
            facts=facts,
        )
        if codes:
            logger.error("log_check_found_faults", check=check.pk, codes=codes)
            app.configure_task(ALARM).defer(check=check.pk)


def _role_of(person: User | None) -> str:
    if person is None:
        return "system"
    try:
        return str(require_checker(person))
    except NotPermitted:
        return "none"


def open_detail(*, entry: Entry, reason: str, by: User) -> Detail:
    """Open the prose and personal values behind an entry; the opening is an entry of its own (CH-12.5).

    An auditor alone may. Raises NotPermitted, and Invalid where no reason is given or nothing is kept.
    """
    if RoleCode.AUDITOR not in by.role_codes() or not readable_entries(by).filter(pk=entry.pk).exists():
        raise NotPermitted(_("open the details behind an entry"))
    if not reason.strip():
        raise Invalid(_("Say why you need the details."), field="reason")
    detail = Detail.objects.filter(entry=entry).first()
    if detail is None:
        raise Invalid(_("Nothing is kept behind this entry."), field="reason")
    facts, objects = {"entry": entry.pk}, [f"detail:{entry.commitment}"]
    kind, _colon, number = entry.subject.partition(":")
    if kind == "case":
        with acting("audit_sample", case=number, by=by, perm=Perm.VIEW_AUDIT) as act:
            act.record(
                "log.detail_opened", facts=facts, objects=objects, detail={"reason": reason.strip()}, substance=False
            )
        return detail
    with transaction.atomic():
        citations.record(
            "log.detail_opened",
            authority("act", "audit_sample", today()),
            actor=by.reference,
            role=RoleCode.AUDITOR.value,
            subject=entry.subject,
            objects=objects,
            facts=facts,
            detail={"reason": reason.strip()},
        )
    return detail
