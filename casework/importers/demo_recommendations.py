"""The recommendations of the demonstration city: each lived step by step, by those who take it, on its days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from accounts.models import RoleCode, User
from casework.actions import recommendations
from casework.clocks import today
from casework.models import Case, Recommendation
from casework.recommending import RecommendationState as State

BODIES = {"board": "wtarrow", "investigator": "rambersole", "auditor": "vsundarell"}
CHIEF, COORDINATOR, AUDITOR = "ecastlemayne", "dpassmoor", "vsundarell"
ANSWERS = {
    State.ACCEPTED_IN_PART: "accept_in_part",
    State.REJECTED: "reject",
    State.ACCEPTED: "accept",
    State.IMPLEMENTED: "accept",
    State.VERIFIED: "accept",
}
"""The answer on the way to each state."""
WRITING = timedelta(days=7)
"""Time between proposing and sending."""
READING = timedelta(days=3)
CARRYING_OUT = timedelta(days=90)


def load(rows: list[Mapping[str, Any]], cases: Mapping[str, Case]) -> None:
    """Enter the recommendations; a case is linked where whoever recommends may see it."""
    for row in rows:
        _live(row, cases.get(str(row["case"])))


def _live(told: Mapping[str, Any], case: Case | None) -> None:
    now = today()
    days = {name: now + timedelta(days=int(told[name])) for name in told if name.endswith("_day")}
    by = _person(BODIES[told["body"]])
    sees = case is not None and Case.objects.visible_to(by).filter(pk=case.pk).exists()
    row = recommendations.make(
        title=told["title"],
        text=told["text"],
        sections=[told["section"]],
        addressed_to=RoleCode.CHIEF,
        cases=[case.number] if case is not None and sees else [],
        comments=told.get("comments", ()),
        by=by,
        on=days.get("proposed_day") or days["sent_day"] - WRITING,
    )
    if told["state"] == State.PROPOSED:
        return
    row = _step("send", row, by, days["sent_day"])
    answer = ANSWERS.get(told["state"])
    if answer or told["state"] == State.ACKNOWLEDGED:
        row = _step("acknowledge", row, _person(CHIEF), days["sent_day"] + READING)
    if not answer:
        return
    stated = {"answer": told.get("reason") or told.get("note") or "We will do this."}
    if answer != "reject":
        stated["promised_for"] = days["answered_day"] + CARRYING_OUT
    row = _step(answer, row, _person(CHIEF), days["answered_day"], **stated)
    if "implemented_day" in days:
        row = _step("report_done", row, _person(COORDINATOR), days["implemented_day"], evidence=told["evidence"])
    if "verified_day" in days:
        verified = {"verification": "Seen by the auditor at the place itself."}
        _step("verify", row, _person(AUDITOR), days["verified_day"], **verified)


def _step(name: str, row: Recommendation, by: User, on: date, **stated: Any) -> Recommendation:
    return recommendations.perform(name, row, by=by, on=min(on, today()), **stated)


def _person(login: str) -> User:
    return User.objects.get(login=login)
