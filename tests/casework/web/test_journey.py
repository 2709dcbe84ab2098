"""A case carried from the telephone to the board by the pages alone, with what is refused on the way."""

import re

import pytest

from casework.models import Case
from casework.states import State
from tests import walk
from tests.casework.web.visit import address, browser, get, post
from tests.cast import person

pytestmark = pytest.mark.django_db

INTAKE, SUPERVISOR, OTHER, INVESTIGATOR = "oferrant", "rambersole", "cdreyfield", "ivosslind"
CALL = {
    "channel": "phone", "language": "en", "narrative": walk.NARRATIVE, "incident_from": "2026-03-14",
    "place": "Porch on Quarry Lane", "relation": "witness", "confidentiality": "named", "name": "Ana Quillfeather",
    "phone": "555-555-0199",
}  # fmt: skip


def take_down(**more):
    """Take a complaint down by telephone and return the case and the page with the secret."""
    page = browser(INTAKE).get("/staff/cases/new/")
    once = re.search(r'name="once" value="(\w+)"', page.text)[1]
    answer = browser(INTAKE).post("/staff/cases/new/", {**CALL, "once": once, **more})
    return Case.objects.order_by("pk").last(), answer


def state_of(case):
    return Case.objects.get(pk=case.pk).state


def test_a_complaint_by_telephone_gets_a_code_and_a_secret_that_are_shown_once():
    case, receipt = take_down()
    assert case.channel == "phone"
    assert case.recorded_by == person(INTAKE)
    assert case.tracking_code in receipt.text
    assert re.search(r"<dd class=\"code\">[0-9A-Z]{4}(-[0-9A-Z]{4}){4}.</dd>", receipt.text)
    assert case.tracking_code not in get(INTAKE, case).text


def test_the_same_form_sent_twice_files_one_complaint():
    client = browser(INTAKE)
    once = re.search(r'name="once" value="(\w+)"', client.get("/staff/cases/new/").text)[1]
    client.post("/staff/cases/new/", {**CALL, "once": once})
    again = client.post("/staff/cases/new/", {**CALL, "once": once})
    case = Case.objects.get(narrative=walk.NARRATIVE)
    assert again.url == address(case)


def test_what_was_typed_stays_when_something_is_wrong():
    answer = browser(INTAKE).post(
        "/staff/cases/new/", {**CALL, "once": "x", "channel": "", "incident_to": "2026-03-01"}
    )
    assert not Case.objects.filter(narrative=walk.NARRATIVE).exists()
    assert walk.NARRATIVE in answer.text
    assert "Porch on Quarry Lane" in answer.text
    assert "Choose an answer to “How it came”" in answer.text


def test_what_the_act_finds_wrong_stands_beside_its_field():
    answer = browser(INTAKE).post("/staff/cases/new/", {**CALL, "once": "x", "incident_to": "2026-03-01"})
    assert 'href="#id_incident_to">The last day lies before the first.' in answer.text


def test_a_move_that_is_refused_says_every_reason_and_where_to_mend_it():
    case = walk.case_in(State.PRELIMINARY_INQUIRY)
    summary = get(SUPERVISOR, case).text
    assert "Classify the complaint first." in summary
    assert f'href="{address(case, "classify")}"' in summary
    assert "Assign an investigator who has declared that they have no conflict." in summary
    answer = post(SUPERVISOR, case, "moves", "open_investigation", reason="Ready")
    assert answer.status_code == 409
    assert "No allegation has been framed yet." in answer.text
    assert "Ready" in answer.text
    assert state_of(case) == State.PRELIMINARY_INQUIRY


def test_a_case_goes_from_the_telephone_to_the_board_by_pages_alone():
    case, _receipt = take_down()
    assert post(INTAKE, case, "moves", "begin_intake_review").status_code == 409
    post(INTAKE, case, "access", "declare", has_conflict="no")
    begun = browser(INTAKE).post(address(case, "moves", "begin_intake_review"), follow=True)
    assert re.search(r"Intake review begun. This is entry \d+ in the log of this case.", begun.text)

    post(INTAKE, case, "messages", "contact", method="phone", was_reached="no", note="No answer")
    post(INTAKE, case, "moves", "begin_preliminary_inquiry")
    post(SUPERVISOR, case, "classify", code="serious")
    post(SUPERVISOR, case, "officers", "add", badge="1013", part="subject")
    framed = post(SUPERVISOR, case, "allegations", "add", section="DE-4.2", officer=case.officers.get().pk)
    assert framed.status_code == 302, framed.text
    post(SUPERVISOR, case, "access", "assign", user=person(INVESTIGATOR).pk)
    post(INVESTIGATOR, case, "access", "declare", has_conflict="no")
    opened = post(SUPERVISOR, case, "moves", "open_investigation")
    assert opened.status_code == 302, opened.text
    assert state_of(case) == State.INVESTIGATION

    post(INVESTIGATOR, case, "evidence", "add", kind="bwc_reference", title="Camera", locator="BWC/1013/N-2140")
    item, allegation = case.evidence.get(), case.allegations.get()
    sheet = {}
    for element in allegation.section_version.elements.all():
        name = f"element{element.pk}"
        sheet |= {
            f"{name}-code": "proved",
            f"{name}-sentence": "Seen.",
            f"{name}-item_0": item.pk,
            f"{name}-place_0": "1",
        }
    refused = post(INVESTIGATOR, case, "moves", "submit_for_quality_review")
    assert "Recommend a finding on each allegation." in refused.text
    assert post(INVESTIGATOR, case, "allegations", 1, **sheet).status_code == 302
    assert "Sustained" in get(INVESTIGATOR, case, "allegations", 1).text
    post(INVESTIGATOR, case, "allegations", 1, "recommend", code="sustained", act_occurred="yes")
    post(INVESTIGATOR, case, "report", text="What the evidence shows.")
    post(INVESTIGATOR, case, "moves", "submit_for_quality_review")
    assert state_of(case) == State.QUALITY_REVIEW

    post(OTHER, case, "packet", "build")
    assert post(OTHER, case, "packet", "check").status_code == 409
    post(SUPERVISOR, case, "packet", "check")
    post(OTHER, case, "moves", "refer_to_board")
    assert state_of(case) == State.QUALITY_REVIEW
    proposal = case.proposals.get()
    assert post(OTHER, case, "proposals", proposal.pk, answer="agree").status_code == 409
    assert "I agree: carry it out" in get(SUPERVISOR, case, "moves", "refer_to_board").text
    post(SUPERVISOR, case, "proposals", proposal.pk, answer="agree")
    assert state_of(case) == State.BOARD_REFERRED


def test_a_worksheet_keeps_what_was_typed_when_one_element_is_refused():
    case = walk.case_in(State.INVESTIGATION)
    first, *_others = case.allegations.get().section_version.elements.all()
    answer = post(INVESTIGATOR, case, "allegations", 1, **{
        f"element{first.pk}-code": "proved", f"element{first.pk}-sentence": "He pointed it at the porch.",
    })  # fmt: skip
    assert "Cite at least one item of evidence." in answer.text
    assert "He pointed it at the porch." in answer.text
    assert not case.allegations.get().conclusions.exists()


def test_an_exception_is_raised_concluded_and_then_excuses():
    case = walk.case_in(State.INVESTIGATION)
    walk.conclude(case.allegations.get())
    allegation = case.allegations.get()
    version, day = allegation.cited
    excuse = version.exceptions_on(day)[0]
    client = browser(INVESTIGATOR)
    page = address(case, "allegations", 1)

    def fill(**more):
        typed = client.get(page).context["form"]
        given = {}
        for form in typed.all_forms:
            given |= {
                form.add_prefix(name): form.get_initial_for_field(field, name) or ""
                for name, field in form.fields.items()
            }
        return client.post(page, {**given, **more})

    assert fill(**{f"exception{excuse.pk}-raised_by": "officer"}).status_code == 302
    early = fill(**{f"exception{excuse.pk}-result": "established"})
    assert "Each element of the exception must be proved first." in early.text
    item = case.evidence.first().pk
    proved = {}
    for element in excuse.elements.all():
        name = f"element{element.pk}"
        proved |= {f"{name}-code": "proved", f"{name}-sentence": "On the recording.", f"{name}-item_0": item}
    assert fill(**proved, **{f"exception{excuse.pk}-result": "established"}).status_code == 302
    assert "Exonerated" in client.get(page).text


def test_a_declared_conflict_closes_the_case_at_once():
    case = walk.case_in(State.INVESTIGATION)
    answer = browser(INVESTIGATOR).post(
        address(case, "access", "declare"), {"has_conflict": "yes", "ground": "friend"}, follow=True
    )
    assert f"Case {case.number} is closed to you." in answer.text
    assert get(INVESTIGATOR, case).status_code == 404


def test_a_conflict_without_a_ground_is_asked_for_it():
    case = walk.case_in(State.INVESTIGATION)
    answer = post(INVESTIGATOR, case, "access", "declare", has_conflict="yes", note="My cousin")
    assert "Say what the conflict is." in answer.text
    assert "My cousin" in answer.text


def test_a_note_is_struck_by_its_author_and_stays_readable():
    case = walk.case_in(State.INVESTIGATION)
    post(INVESTIGATOR, case, "notes", kind="fact", text="Seen by two people.")
    note = case.notes.get()
    assert post(SUPERVISOR, case, "notes", note.pk, "strike", reason="Wrong").status_code == 404
    post(INVESTIGATOR, case, "notes", note.pk, "strike", reason="It was three.")
    page = get(SUPERVISOR, case, "notes").text
    assert "It was three." in page
    assert "Seen by two people." in page


def test_a_proposal_that_the_case_has_outrun_must_be_made_again():
    case = walk.case_in(State.INTAKE_REVIEW)
    walk.classify(case, "out_of_jurisdiction")
    post(SUPERVISOR, case, "moves", "refer_out", agency="County", reason="Not ours")
    proposal = case.proposals.get()
    walk.classify(case, "minor")
    page = get(OTHER, case, "moves", "refer_out").text
    assert "County" in page
    assert "The case has changed since this was proposed. Propose it again." in page
    answer = post(OTHER, case, "proposals", proposal.pk, answer="agree")
    assert answer.status_code == 409
    assert state_of(case) == State.INTAKE_REVIEW
    post(OTHER, case, "proposals", proposal.pk, answer="decline")
    assert get(OTHER, case, "moves", "refer_out").text.count("Propose: ") == 1


def test_nobody_agrees_to_a_letter_that_changed_while_they_read_it():
    case = walk.case_in(State.INTAKE_REVIEW)
    letter = case.letters.get()
    post(INTAKE, case, "letters", letter.pk, "prepare", language="en", note="")
    page = get(SUPERVISOR, case, "letters", letter.pk).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page).group(1)
    post(INTAKE, case, "letters", letter.pk, "prepare", language="en", note="Come by before Friday.")
    assert post(SUPERVISOR, case, "letters", letter.pk, "approve", seen=seen).status_code == 409
    assert case.letters.get().approved_by is None


def test_a_letter_is_prepared_by_one_person_checked_by_another_and_sent():
    case = walk.case_in(State.INTAKE_REVIEW)
    letter = case.letters.get()
    post(INTAKE, case, "letters", letter.pk, "prepare", language="en", note="")
    assert post(SUPERVISOR, case, "letters", letter.pk, "send", way="tracking_page").status_code == 200
    assert case.letters.get().sent_on is None
    post(SUPERVISOR, case, "letters", letter.pk, "approve")
    post(INTAKE, case, "letters", letter.pk, "send", way="tracking_page")
    sent = case.letters.get()
    assert sent.sent_by == person(INTAKE)
    handed = get(INTAKE, case, "letters", letter.pk, "file")
    assert b"".join(handed.streaming_content)
