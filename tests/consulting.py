"""A draft before the public, brought there by the people whose work it is; for every test that needs one."""

import datetime

from django.utils import timezone

from accounts.models import RoleHolding, User
from policy_rules.actions import comments, consultation, drafts, lifecycle, translating
from policy_rules.models import Chapter, ChapterVersion, Comment, Docket, ListeningSession
from tests import manual

DAY = datetime.timedelta(days=1)
SENTENCE = "A child shall not be used as interpreter."
TEXT = f"When words do not reach a person, a member shall stop repeating them. {SENTENCE} Silence is no refusal."
TEXT_AFTER = TEXT.replace(SENTENCE, "A child shall not be used as interpreter, nor by telephone.")
SPANISH = "Si las palabras no llegan a una persona, el miembro dejará de repetirlas. Ningún niño hará de intérprete."
SPANISH_ELEMENTS = ["Había señales de que la persona no entendía.", "Se podía ayudar a comunicarse, y no se hizo."]
SPANISH_SENTENCE = "Ningún niño hará de intérprete."


def holder(role: str) -> User:
    """Return someone who holds a role of the office, the same each time."""
    user, is_new = User.objects.get_or_create(login=f"holds-{role}", defaults={"name": role.replace("_", " ").title()})
    if is_new:
        RoleHolding.objects.create(user=user, role_id=role, since=timezone.now() - 3000 * DAY)
    return user


def open_docket(code: str = "DE-2026", *, in_spanish: bool = True) -> Docket:
    """Open version 1.2 of the de-escalation chapter for comment; one section of it changes, with its translation."""
    analyst = holder("policy_analyst")
    chapter = Chapter.objects.get(manual=manual.put_in_place(), code="DE")
    draft = lifecycle.begin(chapter, by=analyst, version="1.2", trigger="The annual review proposed it.")
    row = draft.draft_sections.get(code="DE-4.6")
    reason = "Complaints of this year."
    drafts.change_section(draft, "DE-4.6", by=analyst, number=row.number, title=row.title, text=TEXT, reason=reason)
    if in_spanish:
        told = {"title": "Barreras de idioma", "text": SPANISH, "elements": SPANISH_ELEMENTS}
        translating.translate_section(draft, "DE-4.6", by=analyst, language="es", **told)
    lifecycle.perform("send_to_legal_review", draft, by=analyst)
    closes = timezone.localdate() + 30 * DAY
    lifecycle.perform("open_for_comment", draft, by=holder("counsel"), docket=code, closes=closes)
    docket = Docket.objects.get(code=code)
    return consultation.describe(
        docket,
        by=analyst,
        title="De-escalation, second revision",
        title_es="Desescalada, segunda revisión",
        summary="Who may interpret for a person whom words do not reach?",
        summary_es="¿Quién puede interpretar para una persona a quien no le llegan las palabras?",
    )


def say(docket: Docket, text: str = "Quiten la excepción.", **other) -> Comment:
    """Comment as anyone can."""
    return comments.receive(docket, **{"text": text, "language": "es"} | other)


def change_after_hearing(docket: Docket, text: str = TEXT_AFTER) -> None:
    """Write into the draft what the comments led to."""
    row = docket.version.draft_sections.get(code="DE-4.6")
    told = {"number": row.number, "title": row.title, "text": text, "reason": "Comments on the draft."}
    drafts.change_section(docket.version, "DE-4.6", by=holder("policy_analyst"), **told)


def hold_session(docket: Docket, attendance: int | None = 37) -> ListeningSession:
    """Hold a listening session, early today."""
    return consultation.announce_session(
        docket,
        by=holder("policy_analyst"),
        day=timezone.localdate(),
        time=datetime.time(),
        place="Roberts Park Gym",
        district="Southeast",
        languages=["en", "es"],
        interpreters=2,
        accessibility="step-free, child care",
        attendance=attendance,
    )


def let_comment_end(docket: Docket) -> Docket:
    """Let the days for comments pass: the docket was opened 40 days ago and took comments until today."""
    ChapterVersion.objects.filter(pk=docket.version_id).update(
        comment_closes_on=timezone.localdate(docket.opened_at) - DAY
    )
    Docket.objects.filter(pk=docket.pk).update(opened_at=docket.opened_at - 40 * DAY, closes_at=docket.opened_at)
    return Docket.objects.select_related("version__chapter__manual").get(pk=docket.pk)
