"""Keeping a docket: it opens with the draft, says what is asked, lasts as long as the manual says, and has sessions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moves.exceptions import Invalid, Refused
from moves.refusals import Refusal
from policy_rules.actions import acts
from policy_rules.canonical import digest
from policy_rules.draft_reading import rules_by_section, texts_in
from policy_rules.importers.checks import CODE
from policy_rules.models import ChapterVersion, Docket, DraftSection, HeardText, ListeningSession
from policy_rules.permissions import Actor, permissions_on
from policy_rules.roles import PolicyPerm
from policy_rules.rules import NoRulesInForce, rules_on
from policy_rules.states import PUBLIC_DRAFTS, State

COMMENT_CLOCK = "public_comment"
HEARING, ANSWERING = "open_for_comment", "answer_comment"
"""The steps whose sections empower hearing the public, and answering it."""
RESERVED = frozenset({"find", "sessions.ics"})
"""Names that addresses use beside those of dockets."""
NAMED = 20
"""Comments that a refusal names one by one."""
LAST_MINUTE = datetime.time(23, 59, 59)


def wrong_code(code: str) -> str:
    """Say what is wrong with the name of a new docket; "" where nothing is."""
    if not CODE.fullmatch(code):
        return _("A code is made of at most 40 letters, digits, dots and hyphens.")
    if code in RESERVED or Docket.objects.filter(code=code).exists():
        return _("There is a docket of this name already. Choose another name.")
    return ""


def open_docket(version: ChapterVersion, on: date) -> Docket:
    """Open the docket of a draft that is opened for comment, in the same transaction, until its last day ends."""
    now = timezone.now()
    docket = Docket.objects.create(
        version=version,
        code=version.docket,
        opened_at=now if on == timezone.localdate() else moment(on, datetime.time()),
        closes_at=moment(version.comment_closes_on or on, LAST_MINUTE, "closes"),
    )
    keep_texts(docket, [code for code, _name in settings.LANGUAGES])
    return docket


def keep_texts(docket: Docket, languages: Sequence[str]) -> None:
    """Keep what the draft says now as what the public is asked about, in each language that has its words."""
    HeardText.objects.bulk_create(
        [text for language in languages for text in _texts_to_keep(docket, language)],
        update_conflicts=True,
        unique_fields=["docket", "code", "language"],
        update_fields=["title", "text", "is_retired", "elements", "rules", "digest"],
    )


def _texts_to_keep(docket: Docket, language: str) -> Iterator[HeardText]:
    is_own = language == docket.version.chapter.manual.language
    rules = rules_by_section(docket.version) if is_own else {}
    for code, text in texts_in(docket.version, language).items():
        if text.text.language == language:
            yield HeardText(
                docket=docket,
                code=code,
                language=language,
                title=text.title.text,
                text=text.text.text,
                is_retired=text.row.is_retired,
                elements=[element.text for element in text.elements],
                rules=rules.get(code, {}) if is_own else None,
                digest=digest_of(text.row) if is_own else "",
            )


def digest_of(row: DraftSection) -> str:
    """Return the digest of a section as it is drafted now."""
    version = row.version
    return digest(row.stated.canonical(manual=version.chapter.manual.code, section=row.code, version=version.version))


def moment(day: date, time: datetime.time, field: str = "") -> datetime.datetime:
    """Return a time of day in the agency's time zone; raises Invalid about a field for a year out of all reach."""
    if not datetime.MINYEAR < day.year < datetime.MAXYEAR:
        raise Invalid(_("Check the year."), field)
    return timezone.make_aware(datetime.datetime.combine(day, time))


def reasons_against_adoption(version: ChapterVersion, day: date) -> list[Refusal]:
    """Return why the public has not been heard and answered as the manual says; nothing where it has."""
    docket = Docket.objects.filter(version=version).first()
    if docket is None:
        return [Refusal("not_heard", _("The public has not been asked about this draft."))]
    refusals = []
    if open_comments := docket.comments.unanswered().count():
        sentence = ngettext("%(n)s comment has no answer yet.", "%(n)s comments have no answer yet.", open_comments) % {
            "n": open_comments
        }
        named = docket.comments.unanswered().select_related("docket")[:NAMED]
        refusals.append(Refusal("comments_unanswered", sentence, tuple(comment.receipt for comment in named)))
    try:
        rules = rules_on(day)
    except NoRulesInForce:
        return refusals
    least = rules.clock(COMMENT_CLOCK)
    if docket.days < least.duration:
        told = {"days": least.duration, "section": least.section}
        sentence = _("A draft is open for at least %(days)s days (%(section)s).") % told
        refusals.append(Refusal("comment_too_short", sentence))
    held, wanted = sum(session.was_held for session in docket.sessions.all()), rules.least_listening_sessions
    if held < wanted:
        told = {"n": wanted, "held": held, "section": least.section}
        sentence = ngettext(
            "At least %(n)s listening session is held before adoption, and who came is counted (%(section)s).",
            "At least %(n)s listening sessions are held before adoption, and who came is counted (%(section)s).",
            wanted,
        )
        refusals.append(Refusal("no_listening_session", sentence % told))
    return refusals


def describe(
    docket: Docket,
    *,
    by: Actor,
    title: str,
    title_es: str,
    summary: str,
    summary_es: str,
    on: date | None = None,
) -> Docket:
    """Say, in both languages, what the docket is about and what the public is asked. Raises Invalid and Refused."""
    with keeping(docket, by, PolicyPerm.KEEP_DOCKET, "describe_docket", on=on) as kept:
        stated = {"title": title, "title_es": title_es, "summary": summary, "summary_es": summary_es}
        for name, value in stated.items():
            if not value.strip():
                raise Invalid(_("Write this in both languages: a draft is heard in each of them."), name)
            setattr(kept, name, value.strip())
        kept.save(update_fields=[*stated])
        record("policy.docket_described", docket=kept, by=by, perm=PolicyPerm.KEEP_DOCKET, detail=stated, on=on)
        return kept


def extend(docket: Docket, *, by: Actor, closes: date, reason: str) -> Docket:
    """Give the public more time. Raises Invalid for a day that is not later, and Refused."""
    with keeping(docket, by, PolicyPerm.CLOSE_COMMENT, "extend_comment", (State.PUBLIC_COMMENT,)) as kept:
        if closes <= max(timezone.localdate(kept.closes_at), timezone.localdate() - datetime.timedelta(days=1)):
            raise Invalid(_("Choose a later day than the one on which it closes now."), "closes")
        if not reason.strip():
            raise Invalid(_("Say why more time is given."), "reason")
        kept.closes_at = moment(closes, LAST_MINUTE, "closes")
        kept.save(update_fields=["closes_at"])
        kept.version.comment_closes_on = closes
        kept.version.revision += 1
        kept.version.save(update_fields=["comment_closes_on", "revision"])
        facts, detail = {"closes": closes.isoformat()}, {"reason": reason.strip()}
        record("policy.comment_extended", docket=kept, by=by, perm=PolicyPerm.CLOSE_COMMENT, facts=facts, detail=detail)
        return kept


def announce_session(
    docket: Docket, *, by: Actor, day: date, time: datetime.time, on: date | None = None, **stated: Any
) -> ListeningSession:
    """Announce a listening session; `stated` are the fields of `ListeningSession`. Raises Invalid and Refused."""
    with keeping(docket, by, PolicyPerm.KEEP_DOCKET, "announce_session", on=on) as kept:
        number = (kept.sessions.aggregate(top=models.Max("number"))["top"] or 0) + 1
        session = ListeningSession(docket=kept, number=number)
        _state(session, day, time, stated)
        _record_session("policy.session_announced", session, by, on)
        return session


def change_session(
    session: ListeningSession, *, by: Actor, day: date, time: datetime.time, on: date | None = None, **stated: Any
) -> ListeningSession:
    """Change what is told of a session: its day and place, and afterwards who came and what was said."""
    with keeping(session.docket, by, PolicyPerm.KEEP_DOCKET, "change_session", on=on):
        locked = ListeningSession.objects.select_related("docket__version__chapter__manual").get(pk=session.pk)
        _state(locked, day, time, stated)
        _record_session("policy.session_changed", locked, by, on)
        return locked


def _state(session: ListeningSession, day: date, time: datetime.time, stated: Mapping[str, Any]) -> None:
    session.starts_at = moment(day, time, "day")
    for name, value in stated.items():
        setattr(session, name, value.strip() if isinstance(value, str) else value)
    if not session.place:
        raise Invalid(_("Say where the session is held."), "place")
    if not session.languages:
        raise Invalid(_("Say in which languages the session is held."), "languages")
    if session.attendance is not None and session.starts_at > timezone.now():
        raise Invalid(_("Who came is counted once the session has been held."), "attendance")
    session.save()


def _record_session(action: str, session: ListeningSession, by: Actor, on: date | None) -> None:
    facts = {
        "session": session.number,
        "starts": session.starts_at.isoformat(timespec="minutes"),
        "attendance": session.attendance,
        "cancelled": True if session.cancelled_because else None,
    }
    record(action, docket=session.docket, by=by, perm=PolicyPerm.KEEP_DOCKET, facts=facts, on=on)


@contextmanager
def keeping(
    docket: Docket,
    by: Actor,
    perm: PolicyPerm,
    name: str,
    states: Sequence[State] = PUBLIC_DRAFTS,
    *,
    on: date | None = None,
) -> Iterator[Docket]:
    """Open an act on a docket: lock, permission, stage and day first. A refusal is recorded, then raised."""
    refused: Refused | None = None
    with transaction.atomic():
        rows = Docket.objects.select_for_update(of=["self"]).select_related("version__chapter__manual")
        kept = rows.get(pk=docket.pk)
        _day, wrong = acts.day_of(on)
        if perm not in permissions_on(by, kept.version):
            refused = Refused([Refusal("not_permitted", _("You may not do this."))])
        elif kept.version.state not in states:
            refused = Refused([Refusal("wrong_state", _("This is not possible at this stage of the draft."))])
        elif wrong:
            refused = Refused(wrong)
        else:
            yield kept
    if refused is not None:
        acts.refuse(docket.version, by, name, refused.codes)
        raise refused


def record(
    action: str,
    *,
    docket: Docket,
    by: Actor,
    perm: PolicyPerm,
    authority: str = HEARING,
    facts: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
    objects: Sequence[str] = (),
    on: date | None = None,
) -> None:
    """Write one entry about a docket under the section that empowers the act on its day."""
    day, _wrong = acts.day_of(on)
    acts.record(
        action,
        version=docket.version,
        by=by,
        perm=perm,
        section=acts.authority(authority, day),
        on=day,
        facts=facts,
        detail=detail,
        objects=[docket.reference, *objects],
    )
