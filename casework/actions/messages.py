"""Messages with the complainant, the log of contacts, and working notes."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from casework.actions import notices
from casework.actions.acts import acting
from casework.exceptions import Invalid
from casework.models import Case, ContactAttempt, Message, Note
from casework.permissions import Actor
from casework.vocabulary import Audience, ContactMethod, NoteKind, Perm


def send_message(*, case: Case | str, text: str, language: str = "en", by: Actor, on: date | None = None) -> Message:
    """Write to the other side: the complainant to the office, or the office to the complainant (CH-3.14)."""
    with acting("message", case=case, by=by, perm=Perm.MESSAGE, on=on) as act:
        if not text.strip():
            raise Invalid(_("Write a message."), field="text")
        message = Message.objects.create(
            case=act.case,
            author=by if isinstance(by, User) else None,
            text=text,
            language=language,
            on=act.on,
        )
        action = "message.sent" if isinstance(by, User) else "message.received"
        entry = act.record(action, facts={"message": message.pk}, detail={"text": text}, substance=False)
        if isinstance(by, User):
            notices.tell(entry, case=act.case, audiences=[Audience.COMPLAINANT], by=by, on=act.on)
        return message


def log_contact(
    *, case: Case | str, method: str, was_reached: bool, note: str = "", by: User, on: date | None = None
) -> ContactAttempt:
    """Log an attempt to reach the complainant, and whether it succeeded."""
    with acting("contact_complainant", case=case, by=by, perm=Perm.LOG_CONTACT, on=on) as act:
        if method not in ContactMethod.values:
            raise Invalid(_("Choose how you tried to reach the person."), field="method")
        if was_reached and method == ContactMethod.NONE:
            raise Invalid(_("Choose how the person was reached."), field="method")
        attempt = ContactAttempt.objects.create(
            case=act.case, method=method, was_reached=was_reached, note=note, by=by, on=act.on
        )
        act.record(
            "contact.logged",
            facts={"method": str(method), "reached": was_reached},
            detail={"note": note},
            substance=False,
        )
        return attempt


def add_note(*, case: Case | str, text: str, kind: str = NoteKind.FACT, by: User, on: date | None = None) -> Note:
    """Add a working note; only those who may read notes see it."""
    with acting("message", case=case, by=by, perm=Perm.ADD_NOTE, on=on) as act:
        if kind not in NoteKind.values:
            raise Invalid(_("Choose what the note is."), field="kind")
        if not text.strip():
            raise Invalid(_("Write the note."), field="text")
        note = Note.objects.create(case=act.case, kind=kind, text=text, by=by, on=act.on)
        act.record("note.added", facts={"note": note.pk, "kind": str(kind)}, detail={"text": text}, substance=False)
        return note


def strike_note(*, note: Note, reason: str, by: User, on: date | None = None) -> None:
    """Strike one's own note, with a reason; it stays readable and is marked as struck."""
    with acting("message", case=note.case, by=by, perm=Perm.ADD_NOTE, on=on) as act:
        if note.by_id != by.pk:
            raise Invalid(_("Only the author strikes a note."), field="note")
        if not reason.strip():
            raise Invalid(_("Say why the note is struck."), field="reason")
        if note.struck_by_id is not None:
            raise Invalid(_("The note is struck already."), field="note")
        note.struck_because, note.struck_by = reason, by
        note.save(update_fields=["struck_because", "struck_by"])
        act.record("note.struck", facts={"note": note.pk}, detail={"reason": reason}, substance=False)
