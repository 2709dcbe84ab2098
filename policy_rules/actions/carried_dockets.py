"""Dockets that were held before this program was in use: kept as they were, under one entry that seals all of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.canonical import canonical
from moves.carrying import is_carrying_over
from moves.exceptions import Refused
from moves.refusals import Refusal
from policy_rules.actions.comments import words_digest
from policy_rules.actions.consultation import ANSWERING, LAST_MINUTE, moment, record
from policy_rules.canonical import digest
from policy_rules.models import ChapterVersion, Comment, CommentGroup, Docket, ListeningSession
from policy_rules.roles import PolicyPerm

Rows = Sequence[Mapping[str, Any]]


@transaction.atomic
def carry_over(
    version: ChapterVersion,
    *,
    by: User,
    code: str,
    opened: date,
    closed: date,
    told: Mapping[str, str],
    sessions: Rows,
    groups: Rows,
    comments: Rows,
) -> Docket:
    """Keep a docket that led to an adopted version: its sessions, comments and answers, as they were.

    `told` are its titles and summaries; a session is given by its fields with `day` and `time`, a group and a comment
    by their fields, a comment naming its session and group by number. Raises Refused but while a register is loaded.
    """
    if not is_carrying_over():
        raise Refused([Refusal("not_carrying_over", _("This is done by the command that loads a register."))])
    docket = Docket.objects.create(
        version=version,
        code=code,
        opened_at=moment(opened, datetime.time()),
        closes_at=moment(closed, LAST_MINUTE),
        was_carried_over=True,
        **told,
    )
    held = {row["number"]: _session(docket, row) for row in sessions}
    answers = {row["number"]: CommentGroup.objects.create(docket=docket, **row) for row in groups}
    for row in comments:
        links = {"session": held.get(row.get("session")), "group": answers.get(row.get("group"))}
        Comment.objects.create(docket=docket, words_digest=words_digest(row["text"]), **{**row, **links})
    facts = {
        "sessions": len(sessions),
        "groups": len(groups),
        "comments": len(comments),
        "sha256": digest(
            canonical({"sessions": _plain(sessions), "groups": _plain(groups), "comments": _plain(comments)})
        ),
    }
    record(
        "policy.docket_carried_over",
        docket=docket,
        by=by,
        perm=PolicyPerm.KEEP_DOCKET,
        authority=ANSWERING,
        facts=facts,
    )
    return docket


def _session(docket: Docket, row: Mapping[str, Any]) -> ListeningSession:
    fields = {name: value for name, value in row.items() if name not in ("day", "time")}
    return ListeningSession.objects.create(docket=docket, starts_at=moment(row["day"], row["time"]), **fields)


def _plain(rows: Rows) -> list[dict[str, Any]]:
    return [
        {
            name: value.isoformat() if isinstance(value, date | datetime.time) else value
            for name, value in row.items()
            if value is not None
        }
        for row in rows
    ]
