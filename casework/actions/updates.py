"""The update that is due to a complainant while a case is open (CH-3.14)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from casework import clocks
from casework.actions import notices
from casework.actions.acts import acting
from casework.exceptions import Invalid
from casework.models import Case, Message
from casework.states import ENDED, TOLD, WITHOUT_BOARD, Phase, State
from casework.vocabulary import Audience, Clock, Perm
from policy_rules.rules import board_reviews_on


def language_of(case: Case) -> str:
    """Return the language in which the office writes to the complainant."""
    return case.language if case.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def update_text(case: Case, note: str = "", *, on: date) -> str:
    """Return what an update says, in the complainant's language: the present step, the next, and the date expected.

    `note` is what whoever writes it adds; without one it says that there is nothing new.
    """
    phases = list(Phase)
    following = phases[phases.index(case.phase) + 1 :]
    stage = clocks.stage_clock(case)
    with override(language_of(case)):
        sentences = [str(TOLD[State(case.state)])]
        if stage is not None:
            sentences.append(_expected(stage.due_on, on))
        if following:
            instead = {} if board_reviews_on(on) else WITHOUT_BOARD
            phase = instead.get(following[0], following[0].label)
            sentences.append(_("The next step: %(phase)s.") % {"phase": phase})
        return "\n\n".join([" ".join(sentences), note.strip() or _("There is nothing else to report today.")])


def _expected(due: date, on: date) -> str:
    sentence = (
        _("We expect to finish this step by %(day)s.")
        if due >= on
        else _("This step should have been finished by %(day)s, and is not. We are still working on it.")
    )
    return sentence % {"day": date_format(due, "DATE_FORMAT")}


def send_update(*, case: Case | str, note: str = "", by: User, on: date | None = None) -> Message:
    """Send the complainant an update, and let the time until the next one run from that day (CH-3.14).

    Raises Invalid where the case has ended.
    """
    with acting("update_complainant", case=case, by=by, perm=Perm.MESSAGE, on=on) as act:
        if act.case.state in ENDED:
            raise Invalid(_("The case has ended; no update is due."), field="note")
        message = Message.objects.create(
            case=act.case,
            author=by,
            text=update_text(act.case, note, on=act.on),
            language=language_of(act.case),
            on=act.on,
        )
        clocks.stop(act.case, [Clock.COMPLAINANT_UPDATE], act.on)
        clocks.start(act.case, [Clock.COMPLAINANT_UPDATE], act.on)
        facts = {"message": message.pk, "state": act.case.state}
        entry = act.record("complainant.updated", facts=facts, detail={"text": message.text}, substance=False)
        notices.tell(entry, case=act.case, audiences=[Audience.COMPLAINANT], by=by, on=act.on)
        return message
