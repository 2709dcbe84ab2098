"""How an act on the manual is recorded: one entry under the section in force that empowers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from audit.models import Entry
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


def record(
    action: str,
    *,
    version: ChapterVersion,
    by: Actor,
    perm: str,
    section: SectionVersion,
    facts: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
    objects: Sequence[str] = (),
) -> Entry:
    """Write one entry about a chapter's version, with its citation."""
    entry = log.record(
        action,
        actor=by.reference,
        role=role_for(by, perm),
        subject=version.chapter.reference,
        objects=[version.reference, *objects],
        basis=citations.basis(section),
        facts={key: value for key, value in (facts or {}).items() if value not in ("", None)},
        detail={key: value for key, value in (detail or {}).items() if value} or None,
    )
    citations.cite(entry, section)
    return entry


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
