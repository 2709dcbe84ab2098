import hashlib

import pytest
from django.core import mail
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from audit import log
from audit.models import Entry
from audit.verify import verify
from casework.actions import letters
from casework.actions.moves import perform, propose
from casework.clocks import add_business_days, today
from casework.documents import render
from casework.exceptions import Invalid, NotPermitted
from casework.models import Identity, Letter
from casework.models.kept_files import stored_path
from casework.states import State
from casework.tasks import tell_of_letter
from casework.vocabulary import LetterCode, LetterWay
from tests import walk
from tests.casework.documents import pdf
from tests.casework.web.visit import browser, get, post
from tests.cast import person

pytestmark = pytest.mark.django_db

NAMED = {
    "confidentiality": "named",
    "identity": {"name": "Marguerite Osterfeld", "email": "m.osterfeld@example.org", "phone": "555-555-0187"},
}
BASIS = "City ordinance 18-204: written determination on file"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def letter_of(case, code):
    return case.letters.get(code=code)


def acknowledgement(**filing):
    case = walk.case_in(State.INTAKE_REVIEW, **filing)
    return letter_of(case, LetterCode.ACKNOWLEDGEMENT)


def checked(letter, **prepared):
    letters.prepare_letter(letter=letter, by=person("rambersole"), **prepared)
    return letters.approve_letter(letter=letter, by=person("cdreyfield"))


def sent(letter, way="", **prepared):
    return letters.send_letter(letter=checked(letter, **prepared), by=person("rambersole"), way=way).letter


def words_of(letter):
    return " ".join(pdf.pages(stored_path(letter.sha256).read_bytes()))


def decided(**filing):
    case = walk.case_in(State.DISPOSITION_ISSUED, **filing)
    return letter_of(case, LetterCode.OUTCOME)


class TestPreparing:
    def test_the_move_drafts_the_letter_and_nobody_has_signed_it(self):
        letter = acknowledgement()
        assert (letter.drafted_by, letter.prepared_by, letter.sent_on) == ("system", None, None)

    def test_whoever_prepares_it_signs_it(self):
        letter = acknowledgement()
        letters.prepare_letter(letter=letter, by=person("oferrant"), note="The library is open until six.")
        shown = letters.preview(Letter.objects.get(pk=letter.pk), signer=person("bteasley"), on=today())
        assert "Odalys Ferrant" in shown.text
        assert "The library is open until six." in shown.text

    def test_the_note_is_sealed_and_stands_in_no_leaf(self):
        letter = acknowledgement()
        letters.prepare_letter(letter=letter, by=person("oferrant"), note="A word for you alone.")
        entry = Entry.objects.get(action="letter.drafted", subject=letter.case.reference)
        assert "alone" not in entry.leaf
        assert entry.basis == ["HBPD-MANUAL/CH-8.1@2.1", "HBPD-MANUAL/CH-2.7@2.1"]

    def test_it_can_be_written_in_spanish(self):
        letter = sent(acknowledgement(), language="es")
        assert "Tenemos su queja" in words_of(letter)

    def test_a_language_the_office_does_not_write_is_refused(self):
        with pytest.raises(Invalid, match="language"):
            letters.prepare_letter(letter=acknowledgement(), by=person("oferrant"), language="xx")

    def test_a_note_that_names_an_officer_is_refused_and_nothing_is_kept(self):
        letter = decided()
        with pytest.raises(Invalid, match="Kessrow") as refusal:
            letters.prepare_letter(letter=letter, by=person("rambersole"), legal_basis=BASIS, note="Kessrow is sorry.")
        assert refusal.value.field == "note"
        assert Letter.objects.get(pk=letter.pk).prepared_by is None

    def test_an_outcome_letter_needs_a_level_of_the_rules_and_its_legal_ground(self):
        letter = decided()
        with pytest.raises(Invalid, match="legal ground"):
            letters.prepare_letter(letter=letter, by=person("rambersole"))
        with pytest.raises(Invalid, match="disclosure level"):
            letters.prepare_letter(letter=letter, by=person("rambersole"), level="L7", legal_basis=BASIS)

    def test_an_investigator_prepares_no_acknowledgement_of_a_case_that_is_not_theirs(self):
        with pytest.raises(LookupError):
            letters.prepare_letter(letter=acknowledgement(), by=person("ivosslind"))


class TestChecking:
    def test_nobody_checks_their_own_letter(self):
        letter = acknowledgement()
        letters.prepare_letter(letter=letter, by=person("rambersole"))
        with pytest.raises(Invalid, match="second person"):
            letters.approve_letter(letter=letter, by=person("rambersole"))

    def test_a_draft_that_nobody_prepared_cannot_be_approved(self):
        with pytest.raises(Invalid, match="prepare"):
            letters.approve_letter(letter=acknowledgement(), by=person("cdreyfield"))

    def test_an_intake_specialist_may_not_approve(self):
        letter = acknowledgement()
        letters.prepare_letter(letter=letter, by=person("rambersole"))
        with pytest.raises(NotPermitted):
            letters.approve_letter(letter=letter, by=person("oferrant"))

    def test_preparing_it_anew_voids_the_approval(self):
        letter = checked(acknowledgement())
        letter = letters.prepare_letter(letter=letter, by=person("rambersole"), note="One more thing.")
        assert (letter.approved_by, letter.approved_digest) == (None, "")

    def test_nobody_agrees_to_words_that_changed_since_they_read_them(self):
        letter = letters.prepare_letter(letter=acknowledgement(), by=person("rambersole"))
        seen = letters.states(letter)
        letters.prepare_letter(letter=letter, by=person("rambersole"), note="One more thing.")
        with pytest.raises(Invalid, match="Read it again"):
            letters.approve_letter(letter=letter, by=person("cdreyfield"), seen=seen)
        assert letters.approve_letter(
            letter=letter, by=person("cdreyfield"), seen=letters.states(Letter.objects.get(pk=letter.pk))
        ).approved_by == person("cdreyfield")

    def test_what_stands_in_the_way_is_said_in_the_language_of_the_office(self):
        case = walk.case_in(State.INVESTIGATION)
        case.assignments.filter(role="investigator").update(until=today())
        with pytest.raises(Invalid, match="Assign an investigator"):
            letters.prepare_letter(
                letter=letter_of(case, LetterCode.OFFICER_NOTICE), by=person("rambersole"), language="es"
            )

    def test_the_approval_seals_what_the_letter_states(self):
        letter = checked(acknowledgement())
        entry = Entry.objects.get(action="letter.approved", subject=letter.case.reference)
        assert entry.facts["states"] == letter.approved_digest


class TestSending:
    def test_it_is_refused_until_a_second_person_has_checked_it(self):
        letter = acknowledgement()
        letters.prepare_letter(letter=letter, by=person("rambersole"))
        with pytest.raises(Invalid, match="second person"):
            letters.send_letter(letter=letter, by=person("rambersole"))

    def test_it_is_refused_when_the_case_says_something_else_by_now(self):
        letter = checked(acknowledgement(**NAMED))
        Identity.objects.filter(party=letter.party).update(name="Marguerite Oster")
        with pytest.raises(Invalid, match="has changed"):
            letters.send_letter(letter=letter, by=person("rambersole"))

    def test_what_went_out_is_kept_to_the_byte_and_sealed(self):
        letter = sent(acknowledgement())
        kept = stored_path(letter.sha256).read_bytes()
        entry = Entry.objects.get(action="letter.sent", subject=letter.case.reference)
        assert hashlib.sha256(kept).hexdigest() == letter.sha256 == entry.facts["sha256"]
        assert letter.size == len(kept) == entry.facts["size"]
        assert pdf.faults(kept) == []

    def test_it_bears_the_newest_checkpoint(self):
        letter = acknowledgement()
        checkpoint = log.integrate()
        letter = sent(letter)
        assert (letter.checkpoint_size, letter.checkpoint_root) == (checkpoint.size, checkpoint.root_hex)
        assert checkpoint.root_hex in words_of(letter).replace(" ", "")

    def test_the_acknowledgement_stops_its_clock_and_opens_the_way_to_the_inquiry(self):
        letter = sent(acknowledgement())
        assert not letter.case.clocks.running().filter(code="acknowledge").exists()
        case = perform("begin_preliminary_inquiry", case=letter.case, by=person("oferrant"))
        assert case.state == State.PRELIMINARY_INQUIRY

    def test_it_is_sent_once(self):
        letter = sent(acknowledgement())
        with pytest.raises(Invalid, match="has been sent"):
            letters.send_letter(letter=letter, by=person("rambersole"))

    def test_a_sent_letter_cannot_be_prepared_anew(self):
        letter = sent(acknowledgement())
        with pytest.raises(Invalid, match="has been sent"):
            letters.prepare_letter(letter=letter, by=person("rambersole"))

    def test_the_log_verifies_and_names_a_letter_whose_bytes_were_changed(self):
        letter = sent(acknowledgement())
        log.integrate()
        assert verify().faults == []
        path = stored_path(letter.sha256)
        path.chmod(0o640)
        path.write_bytes(path.read_bytes() + b"%")
        assert [fault.code for fault in verify().faults] == ["letter_bytes_differ"]

    def test_the_log_names_a_letter_whose_page_was_changed(self):
        letter = sent(acknowledgement())
        log.integrate()
        Letter.objects.update(article=letter.article.replace("90 days", "900 days"))
        assert [fault.subject for fault in verify().faults] == [letter.case.reference]

    def test_without_pango_a_page_that_stands_alone_is_sent_and_kept(self, monkeypatch):
        letter = checked(acknowledgement())

        def missing():
            raise render.PdfUnavailable("Pango is missing.")

        monkeypatch.setattr(render, "_engine", missing)
        letter = letters.send_letter(letter=letter, by=person("rambersole")).letter
        assert letter.media_type == "text/html"
        assert b"We have your complaint" in stored_path(letter.sha256).read_bytes()

    def test_if_the_entry_cannot_be_written_the_letter_was_not_sent(self, monkeypatch):
        letter = checked(acknowledgement(**NAMED))

        def broken(*args, **kwargs):
            raise RuntimeError("disk full")

        monkeypatch.setattr(log, "record", broken)
        with pytest.raises(RuntimeError):
            letters.send_letter(letter=letter, by=person("rambersole"))
        assert Letter.objects.get(pk=letter.pk).sent_on is None
        assert not ProcrastinateJob.objects.filter(task_name=letters.TELL).exists()


class TestTheWay:
    def test_who_left_no_address_finds_the_letter_on_the_tracking_page(self):
        letter = sent(acknowledgement())
        assert letter.dispatches.get().way == LetterWay.TRACKING_PAGE

    def test_who_left_an_address_is_mailed_after_the_transaction(self):
        letter = sent(acknowledgement(**NAMED))
        dispatch = letter.dispatches.get()
        job = ProcrastinateJob.objects.get(task_name="casework.tell_of_letter")
        assert (dispatch.way, job.args) == (LetterWay.EMAIL, {"dispatch": dispatch.pk})
        assert mail.outbox == []

    def test_who_does_not_want_to_be_written_to_is_not_mailed(self):
        identity = {**NAMED["identity"], "wants_contact": False}
        letter = acknowledgement(confidentiality="named", identity=identity)
        with pytest.raises(Invalid, match="does not want"):
            sent(letter, way=LetterWay.EMAIL)
        assert letters.way_for(letter) == LetterWay.TRACKING_PAGE

    def test_who_left_a_street_gets_paper(self):
        identity = {"name": "Marguerite Osterfeld", "address": "12 Quarry Lane"}
        letter = sent(acknowledgement(confidentiality="named", identity=identity))
        assert letter.dispatches.get().way == LetterWay.POST
        assert "12 Quarry Lane" not in words_of(letter)

    def test_a_rolled_back_sending_leaves_no_job(self):
        letter = checked(acknowledgement(**NAMED))
        with transaction.atomic():
            letters.send_letter(letter=letter, by=person("rambersole"))
            transaction.set_rollback(True)
        assert not ProcrastinateJob.objects.filter(task_name=letters.TELL).exists()

    def test_a_way_that_does_not_exist_is_refused(self):
        with pytest.raises(Invalid, match="how the letter goes"):
            sent(acknowledgement(), way="pigeon")


class TestTheMail:
    def test_it_says_that_something_is_ready_and_nothing_else(self):
        letter = sent(acknowledgement(**NAMED))
        tell_of_letter(dispatch=letter.dispatches.get().pk)
        (message,) = mail.outbox
        assert message.to == ["m.osterfeld@example.org"]
        assert message.attachments == []
        said = f"{message.subject} {message.body}"
        for word in ("complaint", "police", "Harrow Bend", letter.case.number, "Osterfeld", "Accountability"):
            assert word not in said
        assert "/en/track/" in message.body

    def test_it_is_in_the_language_of_the_letter(self):
        letter = sent(acknowledgement(**NAMED), language="es")
        tell_of_letter(dispatch=letter.dispatches.get().pk)
        assert mail.outbox[0].subject == "Hay algo listo para usted"

    def test_nobody_is_told_twice(self):
        dispatch = sent(acknowledgement(**NAMED)).dispatches.get()
        tell_of_letter(dispatch=dispatch.pk)
        tell_of_letter(dispatch=dispatch.pk)
        assert len(mail.outbox) == 1

    def test_a_mail_that_did_not_go_is_queued_once_more_from_the_letters_page(self):
        letter = sent(acknowledgement(**NAMED))
        dispatch = letter.dispatches.get()
        place = ("rambersole", letter.case, "letters", letter.pk)
        assert "The reader has not been mailed yet." in get(*place).text
        assert post(*place, "mail").status_code == 302
        jobs = ProcrastinateJob.objects.filter(task_name="casework.tell_of_letter", args__dispatch=dispatch.pk)
        assert jobs.count() == 2
        tell_of_letter(dispatch=dispatch.pk)
        assert "Mail the reader once more" not in get(*place).text
        assert post(*place, "mail").status_code == 409

    def test_who_has_changed_their_mind_meanwhile_is_not_mailed(self):
        dispatch = sent(acknowledgement(**NAMED)).dispatches.get()
        Identity.objects.update(wants_contact=False)
        tell_of_letter(dispatch=dispatch.pk)
        assert mail.outbox == []


class TestDelivery:
    def test_delivery_is_an_entry(self):
        dispatch = sent(acknowledgement(), way=LetterWay.REGISTERED_POST).dispatches.get()
        dispatch = letters.record_delivery(dispatch=dispatch, by=person("rambersole"))
        assert dispatch.delivered_on == today()
        assert Entry.objects.filter(action="letter.delivered").exists()

    def test_a_letter_that_came_back_goes_again_by_another_way(self):
        letter = sent(acknowledgement(), way=LetterWay.POST)
        letters.record_return(dispatch=letter.dispatches.get(), reason="Moved away", by=person("rambersole"))
        with pytest.raises(Invalid, match="Choose another"):
            letters.send_again(letter=letter, way=LetterWay.POST, by=person("rambersole"))
        letters.send_again(letter=letter, way=LetterWay.HAND, by=person("rambersole"))
        assert [one.way for one in letter.dispatches.all()] == [LetterWay.POST, LetterWay.HAND]

    def test_a_letter_that_did_not_come_back_is_not_sent_again(self):
        letter = sent(acknowledgement(), way=LetterWay.POST)
        with pytest.raises(Invalid, match="not come back"):
            letters.send_again(letter=letter, way=LetterWay.HAND, by=person("rambersole"))

    def test_what_became_of_it_is_recorded_once(self):
        dispatch = sent(acknowledgement()).dispatches.get()
        letters.record_delivery(dispatch=dispatch, by=person("rambersole"))
        with pytest.raises(Invalid, match="recorded already"):
            letters.record_return(dispatch=dispatch, reason="Moved away", by=person("rambersole"))

    def test_a_letter_goes_again_the_same_way_to_a_corrected_address_that_no_leaf_holds(self):
        letter = sent(acknowledgement(**NAMED))
        letters.record_return(dispatch=letter.dispatches.get(), reason="Unknown user", by=person("rambersole"))
        with pytest.raises(Invalid, match="email") as wrong:
            letters.send_again(letter=letter, way=LetterWay.EMAIL, address="no address", by=person("rambersole"))
        assert wrong.value.field == "address"
        again = letters.send_again(
            letter=letter, way=LetterWay.EMAIL, address="m.oster@example.org", by=person("rambersole")
        )
        tell_of_letter(dispatch=again.pk)
        assert mail.outbox[0].to == ["m.oster@example.org"]
        entry = Entry.objects.get(action="letter.sent_again")
        assert entry.facts["address_corrected"] is True
        assert "example.org" not in entry.leaf

    def test_nobody_keeps_an_address_of_an_anonymous_reader(self):
        letter = sent(acknowledgement(), way=LetterWay.POST)
        letters.record_return(dispatch=letter.dispatches.get(), reason="Moved away", by=person("rambersole"))
        with pytest.raises(Invalid, match="No address is kept"):
            letters.send_again(letter=letter, way=LetterWay.POST, address="9 Elm Row", by=person("rambersole"))

    def test_a_letter_on_paper_waits_to_be_mailed_for_whoever_sends_letters(self):
        letter = sent(acknowledgement(), way=LetterWay.POST)
        waiting = [row["number"] for row in browser("rambersole").get("/staff/").context["to_mail"]]
        assert waiting == [letter.case.number]
        assert "Print the letter" in get("rambersole", letter.case, "letters", letter.pk).text
        assert "We have your complaint" in get("rambersole", letter.case, "letters", letter.pk, "print").text
        post("rambersole", letter.case, "letters", letter.pk, "posted")
        assert browser("rambersole").get("/staff/").context["to_mail"] == []
        assert letter.dispatches.get().posted_on == today()

    def test_the_pages_carry_a_letter_to_its_reader_by_way_of_a_return(self):
        letter = sent(acknowledgement(), way=LetterWay.POST)
        place = ("rambersole", letter.case, "letters", letter.pk)
        assert "There is a problem" in post(*place, "returned", reason="").text
        post(*place, "returned", reason="Moved away")
        assert [row["reason"] for row in browser("rambersole").get("/staff/").context["came_back"]] == ["Moved away"]
        post(*place, "again", way="registered_post")
        post(*place, "delivered", proof="signature")
        assert "The reader signed for it" in get(*place).text
        assert browser("rambersole").get("/staff/").context["came_back"] == []

    def test_a_program_records_what_the_carrier_says(self):
        letter = sent(acknowledgement(), way=LetterWay.REGISTERED_POST)
        place = f"/api/v1/cases/{letter.case.number}/letters/"
        client = browser("rambersole")
        answer = client.post(f"{place}{letter.pk}/delivered/", {"proof": "carrier"}, content_type="application/json")
        assert answer.status_code == 200, answer.text
        [row] = client.get(place).json()
        assert (row["code"], row["reader"]) == ("L-ACK", "Complainant")
        assert row["dispatches"][0]["delivery_proof"] == "carrier"


class TestWhatEachReaderIsTold:
    def test_a_named_complainant_is_greeted_by_name_and_reached_by_no_address_in_it(self):
        words = words_of(sent(acknowledgement(**NAMED)))
        assert "Dear Marguerite Osterfeld," in words
        assert "555-555-0187" not in words
        assert "example.org" not in words

    def test_who_asked_for_confidence_is_not_named_on_paper(self):
        letter = acknowledgement(confidentiality="confidential", identity=NAMED["identity"])
        words = words_of(sent(letter))
        assert "Osterfeld" not in words
        assert "We keep your name confidential." in words

    def test_the_officer_is_told_the_rule_of_that_day_and_not_who_complained(self):
        case = walk.case_in(State.INVESTIGATION, **NAMED)
        words = words_of(sent(letter_of(case, LetterCode.OFFICER_NOTICE)))
        assert "Officer Dane Kessrow" in words
        assert "DE-4.2" in words
        assert "Imara Vosslind" in words
        assert "Osterfeld" not in words

    def test_a_closed_complaint_is_explained_and_can_be_looked_at_again(self):
        case = walk.case_in(State.PRELIMINARY_INQUIRY)
        walk.classify(case, "duplicate")
        stated = {"ground": "duplicate", "reason": "Your neighbor told us first.", "evidence_reviewed": "Your film"}
        proposal = propose("screen_out", case=case, by=person("rambersole"), **stated)
        case = perform("screen_out", case=case, by=person("cdreyfield"), proposal=proposal)
        words = words_of(sent(letter_of(case, LetterCode.SCREENED_OUT)))
        assert "We already have a case about the same event" in words
        assert "Your neighbor told us first." in words
        assert "Your film" in words
        last_day = add_business_days(today(), 30)
        assert f"{last_day:%B} {last_day.day}, {last_day.year}" in words

    def test_a_referral_goes_to_the_agency_and_the_complainant_gets_a_copy(self):
        case = walk.case_in(State.PRELIMINARY_INQUIRY, **NAMED)
        walk.classify(case, "out_of_jurisdiction")
        stated = {"agency": "State Highway Patrol", "reason": "Their trooper."}
        proposal = propose("refer_out", case=case, by=person("rambersole"), **stated)
        case = perform("refer_out", case=case, by=person("cdreyfield"), proposal=proposal)
        to_agency = words_of(sent(letter_of(case, LetterCode.AGENCY_REFERRAL)))
        copy = words_of(sent(letter_of(case, LetterCode.REFERRAL)))
        assert "Dear State Highway Patrol," in to_agency
        assert "Osterfeld" not in to_agency
        for sentence in ("Please tell us in writing that you have it", "We have not given you the name"):
            assert sentence in to_agency
            assert sentence in copy

    def test_the_outcome_says_as_much_as_its_level_allows(self):
        letter = decided(**NAMED)
        expected = {
            "L0": ("in your own words", ["decided", "DE-4.2", "Sustained", "Kessrow"]),
            "L1": ("Each of these was decided", ["Sustained", "broke the rule", "Kessrow"]),
            "L2": ("Sustained. It happened, and it broke the rule.", ["Kessrow", "suspended", "reprimand"]),
            "L3": ("What the law makes public", ["reprimand"]),
        }
        for level, (says, does_not_say) in expected.items():
            letter = letters.prepare_letter(letter=letter, by=person("rambersole"), level=level, legal_basis=BASIS)
            text = " ".join(letters.preview(letter, signer=person("rambersole"), on=today()).text.split())
            assert says in text
            assert [word for word in does_not_say if word in text] == []

    def test_the_outcome_prints_no_legal_ground_and_starts_the_time_to_ask_for_another_look(self):
        letter = sent(decided(), legal_basis=BASIS)
        assert letter.legal_basis == BASIS
        assert BASIS not in words_of(letter)
        window = letter.case.clocks.running().get(code="reconsideration_window")
        assert window.due_on == add_business_days(today(), 30)
        assert f"{window.due_on:%B} {window.due_on.day}, {window.due_on.year}" in words_of(letter)

    def test_the_officer_is_told_the_finding_and_the_outcome(self):
        case = walk.case_in(State.DISPOSITION_ISSUED, **NAMED)
        words = words_of(sent(letter_of(case, LetterCode.OFFICER_OUTCOME)))
        assert "Sustained. It happened, and it broke the rule." in words
        assert "Discipline:" in words
        assert "Osterfeld" not in words
