"""How an act of training is carried out: permission first, under the section that empowers it, with one entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from audit.models import Entry
from casework.actions.acts import authority
from casework.clocks import today
from casework.exceptions import Invalid, NotPermitted
from casework.permissions import training_permissions, training_role
from casework.training_vocabulary import TrainingPerm
from moves.carrying import is_carrying_over
from policy_rules import citations
from policy_rules.models import Manual, SectionVersion


@dataclass
class TrainingAct:
    """One act under way: who acts in which role, on which day, under which section, and its entry once recorded."""

    by: User
    role: str
    on: date
    authority: SectionVersion
    entry: Entry | None = field(default=None)

    def record(
        self,
        action: str,
        *,
        subject: str,
        facts: Mapping[str, Any] | None = None,
        detail: Mapping[str, Any] | None = None,
        objects: Sequence[str] = (),
        sections: Sequence[SectionVersion] = (),
    ) -> Entry:
        """Record the act, with the section that empowers it and those that it is about."""
        stated = {key: value for key, value in (facts or {}).items() if value not in ("", None)}
        if is_carrying_over():
            stated["carried_over"] = True
        self.entry = citations.record(
            action,
            self.authority,
            *sections,
            actor=self.by.reference,
            role=self.role,
            subject=subject,
            objects=objects,
            facts=stated,
            detail={key: value for key, value in (detail or {}).items() if value} or None,
        )
        return self.entry


@contextmanager
def training(
    name: str, *, by: User, perm: TrainingPerm | None, role: str = "", on: date | None = None
) -> Iterator[TrainingAct]:
    """Open an act of the manual's `authorities.acts`; `perm` None is for what every member does for themself.

    Acts are entered on the day they are taken; only a history that is carried over names its own day. Raises
    NotPermitted (recorded), or Refused where no section in force empowers the act. The body must record.
    """
    if perm is not None and perm not in training_permissions(by):
        refuse(by, name)
        raise NotPermitted(str(perm.label))
    with transaction.atomic():
        day = on if on is not None and is_carrying_over() else today()
        act = TrainingAct(by, role or training_role(by, perm), day, authority("act", name, day))
        yield act
        if act.entry is None:
            raise RuntimeError(f"The act {name!r} was not recorded.")


def refuse(by: User, name: str) -> None:
    """Record, in a transaction of its own, that an act was asked for and refused."""
    with transaction.atomic():
        log.record(
            "training.refused",
            actor=by.reference,
            role="none",
            subject="list:training",
            facts={"act": name, "codes": ["not_permitted"]},
        )


def governing_manual() -> Manual:
    """Return the manual whose courses are kept; raises Invalid where none governs yet."""
    manual = Manual.objects.filter(governs=True).first()
    if manual is None:
        raise Invalid(_("No manual has been published yet."))
    return manual


def stated(value: str, sentence: str, field_name: str) -> str:
    """Return what was written, without space around it; raises Invalid where nothing was."""
    if not value.strip():
        raise Invalid(sentence, field_name)
    return value.strip()
