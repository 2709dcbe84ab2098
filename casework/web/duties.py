"""What waits for someone outside the cases: drafts of the policy, reviews, changes asked for, training, reading."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from casework.actions.recommendations import waiting_for
from casework.models import Officer
from casework.permissions import own_entry, training_permissions
from casework.recommending import ROLES as RECOMMENDING_ROLES
from casework.reporting.compliance import unread
from casework.training_vocabulary import TRAINING_ROLES, TrainingPerm
from casework.web import words
from policy_rules.models import ChapterVersion, Comment, PanelRecommendation
from policy_rules.permissions import may, permissions_on
from policy_rules.reviews import binding_chapters, mark_of
from policy_rules.roles import ROLES as POLICY_ROLES
from policy_rules.roles import PolicyPerm
from policy_rules.states import DRAFTS, State


@dataclass(frozen=True)
class Duty:
    """One thing that waits: what it is about, in which language that is written, what is to be done, and by when."""

    title: str
    language: str
    url: str
    step: str | Promise
    due: words.Due | None = None


def duties_of(user: User, roles: Collection[str], today: date) -> list[Duty]:
    """Return what waits for this person, who holds these roles, outside the cases, by kind."""
    kinds = [_drafts, _reviews] if not POLICY_ROLES.keys().isdisjoint(roles) else []
    kinds += [_changes_asked_for] if not RECOMMENDING_ROLES.keys().isdisjoint(roles) else []
    kinds += [_panel] if not TRAINING_ROLES.keys().isdisjoint(roles) else []
    return [duty for kind in (*kinds, _reading) for duty in kind(user, today)]


def work_outside_cases(roles: Collection[str]) -> bool:
    """Say whether these roles give their holder work that is not in a case."""
    return not (POLICY_ROLES.keys() | TRAINING_ROLES.keys()).isdisjoint(roles)


def _drafts(user: User, today: date) -> Iterator[Duty]:
    drafts = ChapterVersion.objects.filter(state__in=DRAFTS, chapter__manual__governs=True)
    unanswered = Comment.objects.filter(docket__version__in=drafts).unanswered().order_by()
    waiting = dict(unanswered.values_list("docket__version").annotate(Count("pk")))
    for version in drafts.select_related("chapter__manual"):
        step = _draft_step(version, permissions_on(user, version), waiting.get(version.pk, 0), today)
        if step is None:
            continue
        closes = version.comment_closes_on if version.state == State.PUBLIC_COMMENT else None
        yield Duty(
            title=f"{version.chapter.number} {version.chapter.title} {version.version}",
            language=version.chapter.manual.language,
            url=reverse("policy_office:version", args=[version.chapter.code, version.version]),
            step=step,
            due=words.due(closes, today) if closes and closes >= today else None,
        )


def _draft_step(version: ChapterVersion, held: frozenset[str], unanswered: int, today: date) -> str | None:
    """Return what someone with these permissions does next with a draft; None where it waits for others."""
    is_over = version.comment_closes_on is not None and version.comment_closes_on < today
    if version.state == State.DRAFTING and PolicyPerm.DRAFT in held:
        return _("Draft it, and send it to legal review")
    if version.state == State.LEGAL_REVIEW and PolicyPerm.REVIEW_LEGALLY in held:
        return _("Review it for the law")
    if version.state == State.PUBLIC_COMMENT and is_over and PolicyPerm.CLOSE_COMMENT in held:
        return _("Close the comment period")
    if unanswered and PolicyPerm.ANSWER_COMMENTS in held:
        return ngettext(
            "%(n)d comment waits for an answer", "%(n)d comments wait for an answer", unanswered
        ) % {"n": unanswered}  # fmt: skip
    if version.state == State.COMMENT_DISPOSITION and not unanswered and PolicyPerm.ADOPT in held:
        return _("Every comment is answered: adopt it, or not")
    return None


def _reviews(user: User, today: date) -> Iterator[Duty]:
    if not may(user, PolicyPerm.REVIEW):
        return
    for chapter, review in binding_chapters(today):
        if review.due is not None and mark_of(review):
            yield Duty(
                title=f"{chapter.number} {chapter.title}",
                language=chapter.manual.language,
                url=reverse("policy_figures:review", args=[chapter.code]),
                step=_("Yearly review"),
                due=words.due(review.due, today),
            )


def _changes_asked_for(user: User, today: date) -> Iterator[Duty]:
    for row in waiting_for(user).order_by("answer_due_on", "pk"):
        yield Duty(
            title=str(row),
            language=row.language,
            url=reverse("staff:recommendation", args=[row.number]),
            step=row.get_state_display(),
            due=words.due(row.due_on, today) if row.due_on else None,
        )


def _panel(user: User, today: date) -> Iterator[Duty]:
    if TrainingPerm.KEEP_PANEL not in training_permissions(user):
        return
    for row in PanelRecommendation.objects.filter(answer="").select_related("course__manual"):
        yield Duty(
            title=f"{row.course.code} {row.course.title}, {row.number}",
            language=row.course.manual.language,
            url=reverse("training:answer", args=[row.pk]),
            step=_("Answer what the curriculum panel recommends"),
            due=words.due(row.answer_due_on, today),
        )


def _reading(user: User, today: date) -> Iterator[Duty]:
    officer = own_entry(user)
    if officer is None:
        return
    for version, members in unread(Officer.objects.filter(pk=officer.pk)):
        if members:
            yield Duty(
                title=f"{version.chapter.number} {version.chapter.title} {version.version}",
                language=version.chapter.manual.language,
                url=reverse("training:mine"),
                step=_("Read it, and confirm that you have"),
            )
