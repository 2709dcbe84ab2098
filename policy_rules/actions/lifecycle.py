"""The one door to the state of a chapter's version: `perform`, and the questions it asks."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from datetime import date
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moves.exceptions import Refused
from moves.models import Proposal
from moves.perform import Attempt, Process
from moves.refusals import Refusal
from moves.table import Move
from policy_rules.actions import acts, consultation
from policy_rules.actions.copying import copy_texts
from policy_rules.actions.translating import translations_of
from policy_rules.drafted_rules import newest_set
from policy_rules.exporters.plain import Adoption, plain_of
from policy_rules.importers.checks import check
from policy_rules.importers.document import ManualDocument
from policy_rules.importers.problems import ImportRefused
from policy_rules.importers.yaml_format import document_of
from policy_rules.models import Chapter, ChapterVersion
from policy_rules.permissions import REDRESS, Actor, permissions_on, role_for
from policy_rules.publishing import end_version, publish
from policy_rules.reviews import after_review
from policy_rules.rules import NoRulesInForce, rules_on
from policy_rules.states import BINDING, DRAFTS, State

TOMORROW = datetime.timedelta(days=1)


class LifecycleProcess(Process[ChapterVersion, Actor, Proposal]):
    """The table of moves at work on the versions of chapters."""

    model: ClassVar[type[ChapterVersion]] = ChapterVersion

    def permissions(self, by: Actor, subject: ChapterVersion) -> Collection[str]:
        return permissions_on(by, subject)

    def lock(self, subject: ChapterVersion) -> ChapterVersion:
        return (
            ChapterVersion.objects.select_for_update(of=["self"]).select_related("chapter__manual").get(pk=subject.pk)
        )

    def day(self, subject: ChapterVersion, by: Actor, on: date | None) -> tuple[date, list[Refusal]]:
        """A step in the life of a policy takes place on the day it is entered."""
        return acts.day_of(on)

    def revision(self, subject: ChapterVersion) -> int:
        return subject.revision

    def further(
        self, row: Move, subject: ChapterVersion, by: Actor, given: dict[str, Any] | None, day: date
    ) -> list[Refusal]:
        ask = _FURTHER.get(row.name)
        return ask(subject, given, day) if ask else []

    def carry_out(self, attempt: Attempt[ChapterVersion, Actor, Proposal]) -> None:
        version, move, on = attempt.subject, attempt.move, attempt.on
        section = acts.authority(move.name, on)
        version.revision += 1
        if version.pk is None:
            version.version = attempt.stated["version"]
            version.save()
            copy_texts(version)
        elif move.name == "adopt":
            _publish(version, attempt, on)
        elif move.name == "end_review":
            told = {"outcome": attempt.stated["outcome"], "report": attempt.stated["report"]}
            version.chapter.annexes = after_review(version.chapter, on, **told)
            version.chapter.save(update_fields=["annexes"])
        elif move.name == "rescind":
            end_version(version, attempt.stated["last_day"])
        if move.name == "open_for_comment":
            version.published_on = on
            consultation.open_docket(version, on)
        version.save(update_fields=["state", "revision", "docket", "comment_closes_on", "published_on"])
        acts.record(
            f"policy.{move.name}",
            version=version,
            by=attempt.by,
            perm=move.permission,
            section=section,
            on=on,
            facts={"from": attempt.source, "to": version.state, **attempt.facts},
            detail=attempt.detail,
        )

    def record_proposal(self, attempt: Attempt[ChapterVersion, Actor, Proposal]) -> Proposal:
        raise NotImplementedError("No move in the life of a policy takes a second person.")

    def record_refusal(self, attempt: Attempt[ChapterVersion, Actor, Proposal], refusals: list[Refusal]) -> None:
        acts.refuse(attempt.subject, attempt.by, attempt.move.name, [refusal.code for refusal in refusals])


def as_adopted(version: ChapterVersion, effective_from: date, *, change_note: str = "") -> ManualDocument:
    """Return the whole manual as it will stand once the draft is in force from a day, to be checked and published."""
    adoption = Adoption(
        version=version,
        adopted_on=timezone.localdate(),
        adopted_by=version.chapter.adopter,
        effective_from=effective_from,
        change_note=change_note,
    )
    return document_of(plain_of(version.chapter.manual, adoption), version.reference)


def faults(version: ChapterVersion, effective_from: date | None = None) -> list[str]:
    """Return why the manual would not hold together with this draft, each with its place; nothing where it would."""
    newest = version.chapter.versions.filter(effective__isnull=False).order_by("effective").last()
    rules = newest_set(version.chapter.manual) if version.draft_rules.exists() else None
    known = [row.effective_from for row in (newest, rules) if row is not None and row.effective_from]
    earliest = max([timezone.localdate(), *known]) + TOMORROW
    try:
        check(as_adopted(version, effective_from or earliest))
    except ImportRefused as refused:
        return [f"{problem.path}: {problem.message}" for problem in refused.problems]
    return []


def _holds_together(version: ChapterVersion, given: dict[str, Any] | None, _day: date) -> list[Refusal]:
    found = faults(version, (given or {}).get("effective_from"))
    return [Refusal("does_not_hold_together", _("The draft does not hold together."), tuple(found))] if found else []


def _no_other_draft(version: ChapterVersion, given: dict[str, Any] | None, _day: date) -> list[Refusal]:
    refusals = []
    if other := version.chapter.versions.filter(state__in=DRAFTS).first():
        sentence = _("Version %(version)s of this chapter is being drafted already.") % {"version": other.version}
        refusals.append(Refusal("drafted_already", sentence))
    if version.chapter.versions.filter(version=(given or {}).get("version")).exists():
        refusals.append(Refusal("taken", _("This chapter has a version of that number."), field="version"))
    return refusals


def _long_enough(_version: ChapterVersion, given: dict[str, Any] | None, day: date) -> list[Refusal]:
    closes = (given or {}).get("closes")
    if closes is None:
        return []
    try:
        least = rules_on(day).clock(consultation.COMMENT_CLOCK)
    except NoRulesInForce:
        return []
    if closes >= day + datetime.timedelta(days=least.duration):
        return []
    told = {"days": least.duration, "section": least.section}
    sentence = _("A draft is open for at least %(days)s days (%(section)s).") % told
    return [Refusal("comment_too_short", sentence, field="closes")]


def _docket_is_free(version: ChapterVersion, given: dict[str, Any] | None, day: date) -> list[Refusal]:
    refusals = _long_enough(version, given, day)
    if (code := (given or {}).get("docket")) is not None and (wrong := consultation.wrong_code(code)):
        refusals.append(Refusal("docket_name", wrong, field="docket"))
    return refusals


def _can_begin(version: ChapterVersion, given: dict[str, Any] | None, day: date) -> list[Refusal]:
    refusals = []
    if (first := (given or {}).get("effective_from")) is not None:
        newest = version.chapter.versions.filter(effective__isnull=False).order_by("effective").last()
        if first <= day:
            refusals.append(
                Refusal("not_in_future", _("Choose a first day that lies in the future."), field="effective_from")
            )
        elif newest is not None and first <= newest.effective_from:
            sentence = _("Version %(version)s begins on %(day)s; a later one begins after it.")
            told = {"version": newest.version, "day": str(newest.effective_from)}
            refusals.append(Refusal("before_another", sentence % told, field="effective_from"))
        refusals += _rules_can_begin(version, first)
    return [*consultation.reasons_against_adoption(version, day), *(refusals or _holds_together(version, given, day))]


def _rules_can_begin(version: ChapterVersion, first: date) -> list[Refusal]:
    newest = newest_set(version.chapter.manual)
    if newest is None or newest.effective_from < first or not version.draft_rules.exists():
        return []
    sentence = _("Rules were adopted that apply from %(day)s; those of this draft begin after them.")
    return [
        Refusal("before_other_rules", sentence % {"day": newest.effective_from.isoformat()}, field="effective_from")
    ]


def _can_end(version: ChapterVersion, given: dict[str, Any] | None, day: date) -> list[Refusal]:
    refusals = []
    if version.effective_to is not None:
        sentence = _("Its last day is set already: %(day)s.") % {"day": version.effective_to.isoformat()}
        refusals.append(Refusal("end_is_set", sentence))
    if (last := (given or {}).get("last_day")) is not None and last < day:
        sentence = _("What was in force on a day that has passed stays so. Choose today or later.")
        refusals.append(Refusal("in_the_past", sentence, field="last_day"))
    return refusals


_FURTHER: dict[str, Callable[[ChapterVersion, dict[str, Any] | None, date], list[Refusal]]] = {
    "begin_drafting": _no_other_draft,
    "send_to_legal_review": _holds_together,
    "open_for_comment": _docket_is_free,
    "adopt": _can_begin,
    "rescind": _can_end,
}


def _publish(version: ChapterVersion, attempt: Attempt[ChapterVersion, Actor, Proposal], on: date) -> None:
    document = as_adopted(version, attempt.stated["effective_from"], change_note=attempt.stated["change_note"])
    try:
        publish(
            document,
            translations_of(version),
            actor=attempt.by.reference,
            role=role_for(attempt.by, attempt.move.permission),
            adopting=version,
        )
    except ImportRefused as refused:
        named = tuple(f"{problem.path}: {problem.message}" for problem in refused.problems)
        raise Refused([Refusal("does_not_hold_together", _("The draft does not hold together."), named)]) from refused


PROCESS = LifecycleProcess()


def begin(chapter: Chapter, *, by: Actor, version: str, trigger: str, on: date | None = None) -> ChapterVersion:
    """Begin a draft of a chapter from its texts in force; raises Refused with every reason."""
    with transaction.atomic():
        chapter = Chapter.objects.select_for_update(of=["self"]).select_related("manual").get(pk=chapter.pk)
        return PROCESS.perform(
            "begin_drafting", ChapterVersion(chapter=chapter), by=by, version=version, trigger=trigger, on=on
        )


def perform(name: str, version: ChapterVersion, *, by: Actor, **stated: Any) -> ChapterVersion:
    """Make a move and return the version as it now is; raises Refused, after recording it, with every reason."""
    return PROCESS.perform(name, version, by=by, **stated)


def keep_days() -> list[ChapterVersion]:
    """Make the moves whose day has come: what was adopted comes into force, and what has ended is superseded.

    Which text binds follows from the days alone, so that a day on which this did not run changes nothing but the state.
    """
    today = timezone.localdate()
    due = [
        *(("supersede", row) for row in ChapterVersion.objects.filter(state__in=BINDING) if _has_ended(row, today)),
        *(
            ("bring_into_force", row)
            for row in ChapterVersion.objects.filter(state=State.ADOPTED, effective__contains=today)
        ),
    ]
    return [perform(name, row, by=REDRESS) for name, row in due]


def _has_ended(version: ChapterVersion, day: date) -> bool:
    return version.effective_to is not None and version.effective_to < day
