"""How an act on the manual is recorded: one entry under the section in force that empowers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import log
from audit.models import Entry
from moves.carrying import is_carrying_over
from moves.exceptions import Refused
from moves.refusals import Refusal
from policy_rules import citations
from policy_rules.models import ChapterVersion, SectionVersion
from policy_rules.permissions import Actor, role_for
from policy_rules.rules import NoAuthority, authority_for


def authority(name: str, on: date) -> SectionVersion:
    """Return the section that empowers a step in the life of a policy; raises Refused where the manual has none."""
    try:
        return authority_for("policy_move", name, on=on)
    except NoAuthority as missing:
        sentence = _("No section of the policy manual in force on %(day)s empowers this.") % {"day": on.isoformat()}
        raise Refused([Refusal("no_authority", sentence)]) from missing


def day_of(on: date | None) -> tuple[date, list[Refusal]]:
    """Return the day of an act, and why it cannot be taken: only a history that is loaded has days of its own."""
    today = timezone.localdate()
    if on is None or on == today or (is_carrying_over() and on < today):
        return on or today, []
    return on, [Refusal("not_today", _("A step is entered on the day it is taken."), field="on")]


def record(
    action: str,
    *,
    version: ChapterVersion,
    by: Actor,
    perm: str,
    section: SectionVersion,
    on: date | None = None,
    facts: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
    objects: Sequence[str] = (),
) -> Entry:
    """Write one entry about a chapter's version, with its citation; it says the day of the act where that is past."""
    stated = {key: value for key, value in (facts or {}).items() if value not in ("", None)}
    if on is not None and on != timezone.localdate():
        stated["on"] = on.isoformat()
    if is_carrying_over():
        stated["carried_over"] = True
    return citations.record(
        action,
        section,
        actor=by.reference,
        role=role_for(by, perm),
        subject=version.chapter.reference,
        objects=[version.reference, *objects],
        facts=stated,
        detail={key: value for key, value in (detail or {}).items() if value} or None,
    )


def refuse(version: ChapterVersion, by: Actor, name: str, codes: Sequence[str]) -> None:
    """Record, in a transaction of its own, that an act was asked for and refused."""
    with transaction.atomic():
        log.record(
            "policy.refused",
            actor=by.reference,
            role="none",
            subject=version.chapter.reference,
            objects=[version.reference] if version.version else [],
            facts={"act": name, "codes": list(codes)},
        )
