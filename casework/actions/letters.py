"""Letters: one person prepares, another checks, and what goes out is kept to the byte (CH-8.1).

A move drafts a letter; someone of the office takes it up and signs it, a second person approves what it states, and it
is sent. Each step is an act with its entry, and so is what became of it: mailed, delivered, come back and sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts.models import User
from audit import log
from casework import effects
from casework.actions.acts import Act, acting
from casework.clocks import due_on
from casework.documents.case_facts import NotReady, facts_of, section_of, withheld_from
from casework.documents.disclosure import ContentBreach
from casework.documents.letters import ComposedLetter, Envelope, Level, compose, facts_digest
from casework.documents.mark import Mark
from casework.documents.render import PdfUnavailable
from casework.exceptions import Invalid
from casework.models import Dispatch, Identity, Letter
from casework.models.kept_files import keep_bytes
from casework.vocabulary import DeliveryProof, LetterCode, LetterWay, Perm
from policy_rules.rules import rules_on

TELL = "casework.tell_of_letter"
"""The job that mails a reader that a letter waits; see casework.tasks."""

LONGEST_NOTE = 4_000
"""Characters that the person who prepares a letter may add to it."""


def prepare_letter(
    *,
    letter: Letter,
    by: User,
    note: str = "",
    language: str = "",
    level: str = "",
    legal_basis: str = "",
    on: date | None = None,
) -> Letter:
    """Take up a draft and sign it: add a note, choose the language, and for an outcome letter level and legal basis.

    Any approval that it had is void. Raises Invalid where the letter could not be written like this.
    """
    with _on_letter(letter, by, Perm.DRAFT_LETTER, on) as (act, draft):
        if draft.sent_on is not None:
            raise Invalid(_("This letter has been sent. Write another one."), field="letter")
        if len(note) > LONGEST_NOTE:
            raise Invalid(_("Write at most %(limit)s characters.") % {"limit": f"{LONGEST_NOTE:,}"}, field="note")
        draft.note, draft.language = note.strip(), _language(language or draft.language)
        draft.prepared_by, draft.prepared_on = by, act.on
        draft.approved_by = draft.approved_on = None
        draft.approved_digest = ""
        if draft.code == LetterCode.OUTCOME:
            draft.disclosure_level = _level(level or draft.disclosure_level, act.on)
            draft.legal_basis = legal_basis.strip() or draft.legal_basis
            if not draft.legal_basis:
                raise Invalid(_("State the legal ground for this disclosure level."), field="legal_basis")
        _compose(draft, signer=by, on=act.on)
        draft.save()
        act.record(
            "letter.drafted",
            facts=_facts(draft),
            detail={"note": draft.note, "legal_basis": draft.legal_basis},
            sections=[section_of(draft)],
            substance=False,
        )
        return draft


def approve_letter(*, letter: Letter, by: User, seen: str = "", on: date | None = None) -> Letter:
    """Agree to what the letter states, as a second person (CH-8.1).

    `seen` is what `states` returned when the person read the letter; a page gives it, so that nobody agrees to what
    they have not read. Raises Invalid where it says something else by now, and for whoever prepared it.
    """
    with _on_letter(letter, by, Perm.APPROVE_LETTER, on) as (act, draft):
        signer = _signer(draft)
        if draft.sent_on is not None:
            raise Invalid(_("This letter has been sent."), field="letter")
        if signer.pk == by.pk:
            raise Invalid(_("You prepared this letter. A second person must check it."), field="letter")
        stated = states(draft)
        if seen and seen != stated:
            raise Invalid(_("The letter says something else than what you read. Read it again."), field="letter")
        _compose(draft, signer=signer, on=act.on)
        draft.approved_by, draft.approved_on = by, act.on
        draft.approved_digest = stated
        draft.save(update_fields=["approved_by", "approved_on", "approved_digest"])
        act.record(
            "letter.approved",
            facts={**_facts(draft), "states": draft.approved_digest},
            sections=[section_of(draft)],
            substance=False,
        )
        return draft


def send_letter(*, letter: Letter, by: User, way: str = "", on: date | None = None) -> Dispatch:
    """Send the letter that was approved: keep its bytes under their digest, and say in the log what they are.

    Without `way` it goes as `way_for` says. Raises Invalid where nobody has checked it or the case has changed since.
    """
    with _on_letter(letter, by, Perm.SEND_LETTER, on) as (act, draft):
        if draft.sent_on is not None:
            raise Invalid(_("This letter has been sent."), field="letter")
        signer = _signer(draft)
        if draft.approved_on is None:
            raise Invalid(_("A second person must check this letter first."), field="letter")
        if states(draft) != draft.approved_digest:
            raise Invalid(
                _("The case has changed since this letter was checked. Have it checked again."), field="letter"
            )
        composed = _compose(draft, signer=signer, on=act.on)
        data, draft.media_type = _file(composed)
        draft.sha256, draft.size = keep_bytes(data)
        draft.article = composed.article
        draft.sent_by, draft.sent_on = by, act.on
        draft.checkpoint_size = composed.checkpoint.size if composed.checkpoint else None
        draft.checkpoint_root = composed.checkpoint.root if composed.checkpoint else ""
        draft.save()
        dispatch = _dispatch(draft, way or way_for(draft), by=by, on=act.on)
        effects.letter_was_sent(draft, act.on)
        act.record(
            "letter.sent",
            facts={
                **_facts(draft),
                "states": draft.approved_digest,
                "sha256": draft.sha256,
                "page": hashlib.sha256(draft.article.encode()).hexdigest(),
                "size": draft.size,
                "media_type": draft.media_type,
                "way": dispatch.way,
                "checkpoint": draft.checkpoint_size,
            },
            sections=[section_of(draft)],
            substance=False,
        )
        return dispatch


def send_again(*, letter: Letter, way: str, by: User, address: str = "", on: date | None = None) -> Dispatch:
    """Send the kept bytes of a letter that came back, by another way or to a corrected address (CH-8.1).

    `address` is the civilian's e-mail address where the letter goes by e-mail, else the address for mail; it takes the
    place of the one that was kept, and stands in the log only sealed.
    """
    with _on_letter(letter, by, Perm.SEND_LETTER, on) as (act, sent):
        last = sent.dispatches.order_by("-id").first()
        if last is None or last.returned_on is None:
            raise Invalid(_("This letter has not come back."), field="letter")
        if address.strip():
            _correct_address(sent, way, address.strip())
        elif way == last.way:
            raise Invalid(_("It came back that way. Choose another, or correct the address."), field="way")
        dispatch = _dispatch(sent, way, by=by, on=act.on)
        act.record(
            "letter.sent_again",
            facts={
                **_facts(sent), "sha256": sent.sha256, "way": dispatch.way, "address_corrected": bool(address.strip()),
            },
            detail={"address": address.strip()},
            substance=False,
        )  # fmt: skip
        return dispatch


def mail_again(*, dispatch: Dispatch, by: User, on: date | None = None) -> Dispatch:
    """Queue once more the mail that tells the reader of a letter. Raises Invalid where it has gone, or none is due."""
    with _on_dispatch(dispatch, by, on) as (act, sent):
        if not sent.waits_for_mail:
            raise Invalid(_("This mail has gone out."), field="dispatch")
        app.configure_task(TELL, lock=f"{TELL}:{sent.pk}").defer(dispatch=sent.pk)
        act.record("letter.mail_repeated", facts=_facts(sent.letter), substance=False)
        return sent


def record_posting(*, dispatch: Dispatch, by: User, on: date | None = None) -> Dispatch:
    """Record that the printed letter left the office."""
    with _on_dispatch(dispatch, by, on) as (act, sent):
        if not sent.is_on_paper or sent.posted_on is not None:
            raise Invalid(_("This letter is not waiting to be mailed."), field="dispatch")
        sent.posted_on = act.on
        sent.save(update_fields=["posted_on"])
        act.record("letter.posted", facts={**_facts(sent.letter), "way": sent.way}, substance=False)
        return sent


def record_delivery(*, dispatch: Dispatch, by: User, proof: str = "", on: date | None = None) -> Dispatch:
    """Record that the letter reached its reader, and what shows it."""
    with _on_dispatch(dispatch, by, on) as (act, sent):
        if proof and proof not in DeliveryProof.values:
            raise Invalid(_("Choose what shows that it arrived."), field="proof")
        sent.delivered_on, sent.delivery_proof = act.on, proof
        sent.save(update_fields=["delivered_on", "delivery_proof"])
        act.record("letter.delivered", facts={**_facts(sent.letter), "way": sent.way, "proof": proof}, substance=False)
        return sent


def record_return(*, dispatch: Dispatch, reason: str, by: User, on: date | None = None) -> Dispatch:
    """Record that the letter came back, and why."""
    with _on_dispatch(dispatch, by, on) as (act, sent):
        if not reason.strip():
            raise Invalid(_("Say why it came back."), field="reason")
        sent.returned_on, sent.return_reason = act.on, reason.strip()
        sent.save(update_fields=["returned_on", "return_reason"])
        act.record(
            "letter.returned",
            facts={**_facts(sent.letter), "way": sent.way},
            detail={"reason": reason.strip()},
            substance=False,
        )
        return sent


def preview(letter: Letter, *, signer: User, on: date) -> ComposedLetter:
    """Return the letter as it would go out on that day; raises Invalid where it cannot be written yet."""
    return _compose(letter, signer=letter.prepared_by or signer, on=on)


def states(letter: Letter) -> str:
    """Return the SHA-256 of what the letter now states; raises Invalid while nobody has prepared it."""
    try:
        return facts_digest(facts_of(letter, signer=_signer(letter)), language=letter.language)
    except (NotReady, ContentBreach) as error:
        raise Invalid(error, field="letter") from error


def way_for(letter: Letter) -> LetterWay:
    """Return how the letter goes: by mail if the reader left an address for it and wants to be written to.

    Officers and agencies get paper. A complainant who cannot be reached finds the letter on the tracking page.
    """
    if letter.party_id is None:
        return LetterWay.HAND if letter.officer_id else LetterWay.POST
    identity = Identity.objects.filter(party=letter.party_id, wants_contact=True).first()
    if identity is not None and identity.email:
        return LetterWay.EMAIL
    if identity is not None and identity.address:
        return LetterWay.POST
    return LetterWay.TRACKING_PAGE


@contextmanager
def _on_letter(letter: Letter, by: User, perm: Perm, on: date | None) -> Iterator[tuple[Act, Letter]]:
    with acting("send_letter", case=letter.case, by=by, perm=perm, on=on) as act:
        locked = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        locked.case = act.case
        yield act, locked


@contextmanager
def _on_dispatch(dispatch: Dispatch, by: User, on: date | None) -> Iterator[tuple[Act, Dispatch]]:
    with _on_letter(dispatch.letter, by, Perm.SEND_LETTER, on) as (act, letter):
        locked = Dispatch.objects.get(pk=dispatch.pk)
        locked.letter = letter
        if locked.delivered_on or locked.returned_on:
            raise Invalid(_("What became of it is recorded already."), field="dispatch")
        yield act, locked


def _signer(letter: Letter) -> User:
    if letter.prepared_by is None:
        raise Invalid(_("Someone must prepare this letter first."), field="letter")
    return letter.prepared_by


def _compose(letter: Letter, *, signer: User, on: date) -> ComposedLetter:
    newest = log.newest_checkpoint()
    envelope = Envelope(
        dated=on,
        checkpoint=Mark(size=newest.size, root=newest.root_hex) if newest else None,
        review_until=due_on(rules_on(on).clock("reconsideration_window"), on),
    )
    try:
        return compose(
            facts_of(letter, signer=signer),
            language=letter.language,
            envelope=envelope,
            withheld=withheld_from(letter),
        )
    except (NotReady, ContentBreach) as error:
        raise Invalid(error, field="note" if isinstance(error, ContentBreach) else "letter") from error


def _file(composed: ComposedLetter) -> tuple[bytes, str]:
    """Return the bytes that go out: a PDF, or a page that stands alone where Pango is missing."""
    try:
        return composed.pdf(), "application/pdf"
    except PdfUnavailable:
        return composed.html().encode(), "text/html"


def _dispatch(letter: Letter, way: str, *, by: User, on: date) -> Dispatch:
    if way not in LetterWay.values:
        raise Invalid(_("Choose how the letter goes."), field="way")
    if way == LetterWay.EMAIL and not Identity.objects.filter(party=letter.party_id, wants_contact=True).exclude(
        email=""
    ):
        raise Invalid(_("The reader left no e-mail address, or does not want to be written to."), field="way")
    if way == LetterWay.TRACKING_PAGE and letter.party_id is None:
        raise Invalid(_("Only a complainant reads letters on the tracking page."), field="way")
    dispatch = Dispatch.objects.create(letter=letter, way=way, by=by, on=on)
    if way == LetterWay.EMAIL:
        app.configure_task(TELL, lock=f"{TELL}:{dispatch.pk}").defer(dispatch=dispatch.pk)
    return dispatch


def _correct_address(letter: Letter, way: str, address: str) -> None:
    """Put a corrected address in place of the one kept. Raises Invalid where nobody's address is kept or it is none."""
    identity = Identity.objects.filter(party=letter.party_id).first() if letter.party_id else None
    if identity is None:
        raise Invalid(_("No address is kept of this reader. Choose another way."), field="address")
    kept = "email" if way == LetterWay.EMAIL else "address"
    setattr(identity, kept, address)
    try:
        identity.clean_fields(exclude={field.name for field in Identity._meta.fields} - {kept})
    except ValidationError as wrong:
        raise Invalid(" ".join(wrong.messages), field="address") from wrong
    identity.save(update_fields=[kept])


def _facts(letter: Letter) -> dict[str, str | int]:
    facts: dict[str, str | int] = {"letter": letter.pk, "code": letter.code, "language": letter.language}
    if letter.disclosure_level:
        facts["level"] = letter.disclosure_level
    return facts


def _language(code: str) -> str:
    if code not in dict(settings.LANGUAGES):
        raise Invalid(_("Choose a language that the office writes in."), field="language")
    return code


def _level(level: str, on: date) -> Level:
    if level not in rules_on(on).disclosure_levels or level not in list(Level):
        raise Invalid(_("Choose a disclosure level of the rules in force."), field="level")
    return Level(level)
