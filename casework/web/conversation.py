"""What is said about a case: working notes, messages with the complainant, and contacts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from casework.actions import messages as acts
from casework.actions import updates
from casework.clocks import reading, today
from casework.models import Case, Note
from casework.permissions import permissions_of
from casework.vocabulary import Clock, Perm
from casework.web import words
from casework.web.desk import READS_MESSAGES, case_answer
from casework.web.entrance import WorkRequest, case_page, done, may_backdate, require, sent
from casework.web.forms import ContactForm, MessageForm, NoteForm, StrikeForm, UpdateForm

POSTS = ("GET", "HEAD", "POST")


@case_page(Perm.VIEW_NOTES, methods=POSTS)
def notes(request: WorkRequest, case: Case) -> HttpResponse:
    """Show the working notes and take another."""
    if request.method == "POST":
        require(request.user, case, Perm.ADD_NOTE)
    form = NoteForm(sent(request))
    if request.method == "POST" and form.carry_out(acts.add_note, case=case, by=request.user):
        return done(request, case, "staff:notes", number=case.number)
    page = {
        "form": form,
        "notes": case.notes.select_related("by", "struck_by"),
        "reasons": words.refusal_lines(form.refusals, case.number),
    }
    return case_answer(request, case, "casework/note_list.html", page, status=form.status)


@case_page(Perm.ADD_NOTE, methods=POSTS)
def strike_note(request: WorkRequest, case: Case, note: int) -> HttpResponse:
    """Strike one's own note, with a reason; it stays readable."""
    struck = Note.objects.filter(case=case, pk=note, by=request.user, struck_by=None).first()
    if struck is None:
        raise Http404
    form = StrikeForm(sent(request))
    if request.method == "POST" and form.carry_out(acts.strike_note, note=struck, by=request.user):
        return done(request, case, "staff:notes", number=case.number)
    page = {"form": form, "note": struck, "reasons": words.refusal_lines(form.refusals, case.number)}
    return case_answer(request, case, "casework/note_strike.html", page, status=form.status)


@case_page(*READS_MESSAGES, methods=("GET", "HEAD"))
def messages(request: WorkRequest, case: Case) -> HttpResponse:
    """Show the messages with the complainant and the log of contacts."""
    return case_answer(request, case, "casework/message_list.html", _conversation(case, request.user))


def _conversation(case: Case, user: Any, **forms: Any) -> dict[str, Any]:
    may = permissions_of(user, case)
    backdates = Perm.BACKDATE in may
    due = case.clocks.running().filter(code=Clock.COMPLAINANT_UPDATE).first()
    return {
        "update_due": reading(due) if due else None,
        "update_text": updates.update_text(case, on=today()) if due else "",
        "update_language": updates.language_of(case),
        "update": UpdateForm(auto_id="update_%s") if due and Perm.MESSAGE in may else None,
        "thread": case.messages.select_related("author"),
        "contacts": case.contacts.select_related("by"),
        "write": MessageForm(initial={"language": case.language}) if Perm.MESSAGE in may else None,
        "contact": ContactForm(may_backdate=backdates, auto_id="contact_%s") if Perm.LOG_CONTACT in may else None,
        **forms,
    }


@case_page(Perm.MESSAGE, methods=("POST",))
def send_message(request: WorkRequest, case: Case) -> HttpResponse:
    """Write to the complainant."""
    form = MessageForm(request.POST)
    if form.carry_out(acts.send_message, case=case, by=request.user):
        return done(request, case, "staff:messages", number=case.number)
    page = _conversation(case, request.user, write=form, form=form)
    return case_answer(request, case, "casework/message_list.html", page, status=form.status)


@case_page(Perm.LOG_CONTACT, methods=("POST",))
def log_contact(request: WorkRequest, case: Case) -> HttpResponse:
    """Log an attempt to reach the complainant."""
    form = ContactForm(request.POST, may_backdate=may_backdate(request.user, case), auto_id="contact_%s")
    if form.carry_out(acts.log_contact, case=case, by=request.user):
        return done(request, case, "staff:messages", number=case.number)
    page = _conversation(case, request.user, contact=form, form=form)
    return case_answer(request, case, "casework/message_list.html", page, status=form.status)


@case_page(Perm.MESSAGE, methods=("POST",))
def send_update(request: WorkRequest, case: Case) -> HttpResponse:
    """Send the complainant the update that is due."""
    form = UpdateForm(request.POST, auto_id="update_%s")
    if form.carry_out(updates.send_update, case=case, by=request.user):
        return done(request, case, "staff:messages", number=case.number)
    page = _conversation(case, request.user, update=form, form=form)
    return case_answer(request, case, "casework/message_list.html", page, status=form.status)
