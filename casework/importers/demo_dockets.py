"""The consultations of the made-up city: one that was held before, carried over, and one that is open now."""

from __future__ import annotations

import datetime
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from casework.clocks import today
from policy_rules.actions import comments, consultation, drafts, lifecycle, translating
from policy_rules.actions.carried_dockets import carry_over
from policy_rules.models import Capacity, Channel, Chapter, ChapterVersion, Docket, ListeningSession
from policy_rules.permissions import RESIDENT

EVENING = datetime.time(18, 30)
ANALYST, COUNSEL = "nhalvaney", "obrackhurst"
DRAFTED, REVIEWED = 40, 30
"""Days before today on which the open draft was begun and went to counsel."""
CHANNELS = {"web": Channel.WEB, "mail": Channel.MAIL, "union": Channel.MAIL, "voice": Channel.VOICE}
CAPACITIES = {
    "resident": Capacity.RESIDENT,
    "young_person": Capacity.RESIDENT,
    "organisation": Capacity.ORGANISATION,
    "officer": Capacity.MEMBER,
    "dispatcher": Capacity.MEMBER,
}
TOLD = ("title", "title_es", "summary", "summary_es")


def load(city: dict[str, Any]) -> None:
    """Enter the dockets of the city in their order."""
    held, running = city["dockets"]
    _held_before(held)
    _running(running)


def _held_before(told: dict[str, Any]) -> None:
    version = ChapterVersion.objects.select_related("chapter__manual").get(
        chapter__manual__governs=True, chapter__code=told["chapter"], version=told["led_to_version"]
    )
    groups: dict[str, dict[str, Any]] = {}
    rows = [_carried(number, row, told, groups) for number, row in enumerate(told["comments"], start=1)]
    sessions = [
        {**_place(row), "number": row["number"], "day": row["date"], "time": EVENING}
        for row in told["listening_sessions"]
    ]
    carry_over(
        version,
        by=User.objects.get(login=ANALYST),
        code=told["id"],
        opened=told["opened"],
        closed=told["closed"],
        told={name: told[name] for name in TOLD},
        sessions=sessions,
        groups=list(groups.values()),
        comments=rows,
    )


def _carried(
    number: int, row: dict[str, Any], told: dict[str, Any], groups: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return a comment as it is kept, and add the group that answers it; a campaign has one for all its comments."""
    campaign = next((item for item in told["campaigns"] if item["id"] == row.get("campaign")), None)
    key = campaign["id"] if campaign else row["id"]
    spanish = row["rationale"] if row["language"] == "es" else ""
    group = groups.setdefault(
        key,
        {
            "number": len(groups) + 1,
            "title": campaign["title"] if campaign else "",
            "answer": row["disposition"],
            "rationale": row.get("rationale_en") or row["rationale"],
            "rationale_es": "",
            "change": row.get("change", ""),
            "answered_on": told["answers_published"],
        },
    )
    group["rationale_es"] = group["rationale_es"] or spanish
    channel, session = _channel(row["source"])
    day = told["opened"] + timedelta(days=number)
    if session is not None:
        day = next(item["date"] for item in told["listening_sessions"] if item["number"] == session)
    is_last = campaign is not None and campaign["comments"][-1] == row["id"]
    return {
        "number": number,
        "received_on": day,
        "channel": channel,
        "session": session,
        "language": row["language"],
        "section": row["section"] or "",
        "text": row["text"],
        "signatures": campaign["received_in_all"] - campaign["count"] + 1 if campaign and is_last else 1,
        "capacity": CAPACITIES.get(row["from"], Capacity.OTHER),
        "group": group["number"],
    }


def _channel(source: str) -> tuple[Channel, int | None]:
    if source.startswith("session_"):
        return Channel.SESSION, int(source.removeprefix("session_"))
    return CHANNELS[source], None


def _place(row: dict[str, Any]) -> dict[str, Any]:
    names = ("place", "district", "languages", "interpreters", "accessibility", "attendance", "notes")
    known = {name: row[name] for name in names if name in row}
    return known | {"facilitator": User.objects.get(login=row["facilitator"]).name}


def _running(told: dict[str, Any]) -> None:
    analyst, counsel = User.objects.get(login=ANALYST), User.objects.get(login=COUNSEL)
    opened, closes = _day(told["opened_day"]), _day(told["closes_day"])
    chapter = Chapter.objects.get(manual__governs=True, code=told["chapter"])
    draft = lifecycle.begin(
        chapter, by=analyst, version=told["draft_version"], trigger=told["reason"], on=_day(-DRAFTED)
    )
    for row in told["proposed_changes"]:
        _change(draft, row, analyst)
    lifecycle.perform("send_to_legal_review", draft, by=analyst, on=_day(-REVIEWED))
    lifecycle.perform("open_for_comment", draft, by=counsel, docket=told["id"], closes=closes, on=opened)
    docket = Docket.objects.get(code=told["id"])
    consultation.describe(docket, by=analyst, on=opened, **{name: told[name] for name in TOLD})
    sessions = {row["number"]: _announce(docket, row, analyst, opened) for row in told["listening_sessions"]}
    for row in told["comments"]:
        _comment(docket, row, sessions, analyst)


def _change(draft: ChapterVersion, row: dict[str, Any], analyst: User) -> None:
    stated = {"text": row["text"], "reason": row["reason"], "by": analyst, "on": _day(-DRAFTED)}
    if row["kind"] != "new":
        now = draft.draft_sections.get(code=row["section"])
        drafts.change_section(draft, row["section"], number=now.number, title=now.title, **stated)
    else:
        drafts.add_section(
            draft,
            code=row["section"],
            after=row["after"],
            number=row["number"],
            title=row["title"],
            kind="duty",
            discipline_class=row["discipline_class"],
            elements=row["elements"],
            **stated,
        )
    spanish = {"title": row["title_es"], "text": row["text_es"], "elements": row["elements_es"]}
    translating.translate_section(draft, row["section"], by=analyst, language="es", on=_day(-DRAFTED), **spanish)


def _announce(docket: Docket, row: dict[str, Any], analyst: User, opened: date) -> ListeningSession:
    day, place = _day(row["day_offset"]), _place(row)
    known = {name: value for name, value in place.items() if name not in ("attendance", "notes")}
    session = consultation.announce_session(docket, by=analyst, day=day, time=EVENING, on=opened, **known)
    if "attendance" not in row:
        return session
    return consultation.change_session(session, by=analyst, day=day, time=EVENING, on=day + timedelta(days=1), **place)


def _comment(docket: Docket, row: dict[str, Any], sessions: dict[int, ListeningSession], analyst: User) -> None:
    channel, session = _channel(row["source"])
    comments.receive(
        docket,
        by=RESIDENT if channel == Channel.WEB else analyst,
        text=row["text"],
        language=row["language"],
        section=row["section"],
        words=row.get("passage", ""),
        capacity=CAPACITIES.get(row["from"], Capacity.OTHER),
        channel=channel,
        session=sessions.get(session) if session is not None else None,
        on=_day(row["day_offset"]),
    )


def _day(offset: int) -> date:
    return today() + timedelta(days=offset)
