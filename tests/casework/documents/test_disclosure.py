from dataclasses import dataclass

import pytest

from casework.documents.disclosure import Prose, Withheld, breaches


@dataclass(frozen=True)
class Facts:
    title: str = "The rule of Mr. Day"
    said: tuple[Prose, ...] = ()


def told(text, withheld, *, letter="A letter."):
    return breaches(letter, Facts(said=(Prose(text=text),)), withheld)


def test_a_full_name_is_found_anywhere_in_the_letter():
    assert len(breaches("We spoke with Dale  ORMSBY.", Facts(), Withheld(names=("Dale Ormsby",)))) == 1


@pytest.mark.parametrize("text", ["Ormsby left cover.", "It was ormsby's gun.", "Officer Órmsby"])
def test_a_surname_is_found_in_what_a_person_wrote(text):
    assert told(text, Withheld(names=("Dale R. Ormsby",)))


@pytest.mark.parametrize("text", ["The ormsbyite stone", "A form was signed"])
def test_a_name_within_another_word_is_no_breach(text):
    assert told(text, Withheld(names=("Orm Ormsby",))) == []


def test_a_name_that_is_also_a_common_word_does_not_stop_the_words_of_the_template():
    assert breaches("The rule on that day", Facts(), Withheld(names=("Amos Day",))) == []


def test_a_badge_is_found_in_prose_and_not_in_a_case_number():
    withheld = Withheld(badges=("1013",))
    assert told("The officer with badge 1013", withheld)
    assert told("The officer", withheld, letter="Case number 2026-001013") == []


@pytest.mark.parametrize("written", ["555-555-0187", "(555) 555 0187", "5555550187", "555.555.0187"])
def test_a_telephone_number_is_found_however_it_is_written(written):
    assert breaches(f"Call {written} after five.", Facts(), Withheld(contacts=("555-555-0187",)))


def test_digits_of_a_hash_are_no_telephone_number():
    assert breaches("915555550187423", Facts(), Withheld(contacts=("555-555-0187",))) == []


def test_addresses_are_found_without_regard_to_case_and_spacing():
    withheld = Withheld(contacts=("m.osterfeld@example.org", "12 Quarry Lane"))
    assert len(breaches("At 12  QUARRY lane; M.Osterfeld@example.org", Facts(), withheld)) == 2


@pytest.mark.parametrize("text", ["This was sustained.", "La queja se consideró probada.", "NOT SUSTAINED"])
def test_findings_are_found_in_both_languages_where_they_are_withheld(text):
    assert told(text, Withheld(findings=True))
    assert told(text, Withheld()) == []


@pytest.mark.parametrize(
    "text", ["He got a written reprimand.", "DISMISSAL is likely.", "He was suspended.", "Hubo una suspensión."]
)
def test_discipline_is_found_where_it_is_withheld(text):
    assert told(text, Withheld(discipline=True))
    assert told(text, Withheld(findings=True)) == []


def test_an_empty_name_or_contact_forbids_nothing():
    assert told("Anything at all.", Withheld(names=("",), badges=("",), contacts=("",))) == []


def test_the_sentence_says_what_to_take_out():
    assert told("Ormsby", Withheld(names=("Ormsby",))) == [
        "This letter may not say “Ormsby”. Take it out or write it in other words."
    ]


def test_an_institution_is_withheld_whole_since_its_words_are_everyones():
    office = Withheld(institutions=("Office of the District Prosecutor",))
    assert breaches("The office wrote to the district.", Facts(), office) == []
    assert len(breaches("The Office of the District Prosecutor told us.", Facts(), office)) == 1
