"""A draft in Spanish: entered beside the English, published with it, never shown for words it does not translate."""

import pytest
import time_machine
from django.utils import timezone

from audit.models import Entry
from moves.exceptions import Invalid, Refused
from policy_rules.actions import comments, drafts, lifecycle
from policy_rules.actions.translating import known_translation, translate_section, translations_of
from policy_rules.models import Chapter, Docket, SectionTranslation
from policy_rules.section_reading import section_page
from tests.consulting import DAY, hold_session, holder

PAGE = "/staff/policies/DE/1.2/sections/DE-4.1/"
SPANISH = {
    "title": "Actuar despacio",
    "text": "Vaya despacio siempre que sea factible.",
    "elements": ["Uno", "Dos", "Tres"],
}


@pytest.fixture
def analyst(manual):
    return holder("policy_analyst")


@pytest.fixture
def draft(analyst):
    begun = lifecycle.begin(Chapter.objects.get(code="DE"), by=analyst, version="1.2", trigger="The annual review.")
    for code in ("DE-4.1", "DE-4.2"):
        reword(begun, code, analyst, "A member shall slow every contact down where that is feasible.")
    return begun


def reword(draft, code, analyst, text):
    row = draft.draft_sections.get(code=code)
    drafts.change_section(draft, code, by=analyst, number=row.number, title=row.title, text=text, reason="Plainer.")


def translate(draft, by, **other):
    return translate_section(draft, "DE-4.1", by=by, language="es", **(SPANISH | other))


def test_is_published_with_the_draft_and_a_section_changed_without_one_says_that_its_own_is_out_of_date(draft, analyst):
    translate(draft, analyst)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        lifecycle.perform("send_to_legal_review", draft, by=analyst)
        closes = timezone.localdate() + 30 * DAY
        version = lifecycle.perform("open_for_comment", draft, by=holder("counsel"), docket="DE-2027", closes=closes)
        hold_session(version.consultation)
        clock.shift(31 * DAY)
        lifecycle.perform("close_comment", version, by=analyst)
        first = timezone.localdate() + DAY
        lifecycle.perform("adopt", version, by=holder("chief"), effective_from=first, change_note="Plainer.")
    told = section_page("DE-4.1", None, today=first, language="es").reading
    assert (str(told.title), str(told.text)) == (SPANISH["title"], SPANISH["text"])
    assert [str(part.words) for part in told.elements] == SPANISH["elements"]
    assert told.translation_of == told.source
    other = section_page("DE-4.2", None, today=first, language="es").reading
    assert (other.is_translation, other.stale.version.version) == (False, "1.1")
    assert SectionTranslation.objects.filter(version__chapter_version=version).count() == 1


def test_goes_out_of_date_when_the_draft_says_something_else_and_is_not_published_until_kept_again(draft, analyst):
    row = translate(draft, analyst)
    assert not known_translation(row.section, "es").is_stale
    reword(draft, "DE-4.1", analyst, "A member shall slow every contact down.")
    section = draft.draft_sections.get(code="DE-4.1")
    assert known_translation(section, "es").is_stale
    assert translations_of(draft) == []
    translate(draft, analyst, text="Vaya despacio siempre.")
    (told,) = translations_of(draft)
    assert [item.text for item in told.sections] == ["Vaya despacio siempre."]


def test_begins_with_what_is_published_and_is_sealed_under_the_section_that_empowers_drafting(draft, analyst):
    section = draft.draft_sections.get(code="DE-4.3")
    assert known_translation(section, "es").text
    assert not known_translation(section, "es").is_stale
    assert known_translation(draft.draft_sections.get(code="DE-4.1"), "es").is_stale
    translate(draft, analyst)
    entry = Entry.objects.get(action="policy.draft_translated")
    assert (entry.facts["section"], entry.facts["language"]) == ("DE-4.1", "es")
    assert entry.basis


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"elements": ["Uno"]}, "elements"),
        ({"title": "x" * 301}, "title"),
    ],
)
def test_is_whole_or_not_taken(draft, analyst, wrong, field):
    with pytest.raises(Invalid) as refused:
        translate(draft, analyst, **wrong)
    assert refused.value.field == field


def test_is_entered_only_while_the_draft_is_written_by_who_drafts(draft, analyst):
    with pytest.raises(Refused):
        translate(draft, holder("counsel"))
    lifecycle.perform("send_to_legal_review", draft, by=analyst)
    with pytest.raises(Refused) as refused:
        translate(draft, analyst)
    assert refused.value.codes == ("wrong_state",)


def test_may_come_while_the_public_reads_and_is_then_what_the_public_is_asked(draft, analyst, client):
    lifecycle.perform("send_to_legal_review", draft, by=analyst)
    closes = timezone.localdate() + 30 * DAY
    lifecycle.perform("open_for_comment", draft, by=holder("counsel"), docket="DE-2027", closes=closes)
    client.force_login(analyst)
    assert "Not translated:" in client.get("/staff/policies/DE/1.2/consultation/").text
    client.post(PAGE + "translation/es/", {**SPANISH, "elements": "Uno\nDos\nTres"})
    assert "Vaya despacio siempre" in client.get("/es/policies/consultations/DE-2027/draft/").text
    docket = Docket.objects.get(code="DE-2027")
    said = comments.receive(docket, text="Sí.", language="es", section="DE-4.1", words="Vaya despacio", read_in="es")
    assert (said.quote, said.quote_language) == ("Vaya despacio", "es")


def test_the_form_keeps_what_was_typed_and_says_what_is_missing(draft, analyst, client):
    client.force_login(analyst)
    sent = {"title": "Actuar despacio", "text": "Vaya despacio.", "elements": "Uno\nDos"}
    page = client.post(PAGE + "translation/es/", sent).text
    assert "Translate each of the 3 elements" in page
    assert "Vaya despacio." in page
    assert (
        "Translated a section of a draft"
        in client.post(PAGE + "translation/es/", sent | {"elements": "Uno\nDos\nTres"}, follow=True).text
    )
    assert "It translates the text as it stands in this draft." in client.get(PAGE).text
    assert client.post(PAGE + "translation/vi/", sent).status_code == 404
