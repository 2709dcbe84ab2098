"""Recordings are kept before anything else: whoever may hold one is asked on the day of the complaint (CH-2.8)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from casework import clocks
from casework.actions.acts import acting
from casework.exceptions import Invalid
from casework.models import Case, PreservationRequest
from casework.vocabulary import Clock, Perm, PreservationAnswer


def preserve_recordings(
    *, case: Case | str, holder: str, what: str, due_on: date, by: User, on: date | None = None
) -> PreservationRequest:
    """Record that the holder of a recording was asked to keep it, and by when an answer is due.

    The first request stops the clock of CH-2.8. Raises Invalid with the field.
    """
    with acting("preserve_recordings", case=case, by=by, perm=Perm.ADD_EVIDENCE, on=on) as act:
        if not holder.strip():
            raise Invalid(_("Say who holds the recording."), field="holder")
        if not what.strip():
            raise Invalid(_("Say what is to be kept: place, day and time."), field="what")
        if due_on < act.on:
            raise Invalid(_("An answer cannot be due before it is asked for."), field="due_on")
        request = PreservationRequest.objects.create(
            case=act.case, holder=holder.strip(), what=what.strip(), asked_on=act.on, asked_by=by, due_on=due_on
        )
        clocks.stop(act.case, [Clock.PRESERVATION_REQUEST], act.on)
        act.record(
            "recording.asked_for",
            facts={"request": request.pk, "due_on": due_on.isoformat()},
            detail={"holder": request.holder, "what": request.what},
            substance=False,
        )
        return request


def record_answer(
    *, request: PreservationRequest, answer: str, by: User, note: str = "", on: date | None = None
) -> PreservationRequest:
    """Record what the holder answered. Raises Invalid where that is recorded already."""
    with acting("preserve_recordings", case=request.case, by=by, perm=Perm.ADD_EVIDENCE, on=on) as act:
        locked = PreservationRequest.objects.select_for_update().get(pk=request.pk)
        if answer not in PreservationAnswer.values:
            raise Invalid(_("Choose what the holder answered."), field="answer")
        if locked.answered_on is not None:
            raise Invalid(_("The answer is recorded already."), field="answer")
        if act.on < locked.asked_on:
            raise Invalid(_("The answer cannot lie before the request."), field="on")
        locked.answer, locked.answer_note, locked.answered_on = answer, note.strip(), act.on
        locked.save(update_fields=["answer", "answer_note", "answered_on"])
        act.record(
            "recording.answered",
            facts={"request": locked.pk, "answer": str(answer)},
            detail={"note": locked.answer_note},
            substance=False,
        )
        return locked
