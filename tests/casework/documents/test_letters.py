import logging
import re
from dataclasses import replace
from functools import cache

import pytest
import segno

from casework.documents.disclosure import ContentBreach, Prose
from casework.documents.letters import (
    AllegationTold,
    Envelope,
    Level,
    PersonnelFact,
    TimeLimit,
    compose,
    facts_digest,
)
from casework.documents.mark import qr_path
from casework.documents.plain_text import plain_text
from casework.vocabulary import FINDING_LABELS, LetterCode
from tests.casework.documents import golden, pdf, reading, samples

LANGUAGES = ("en", "es")
EVERY_LETTER = pytest.mark.parametrize("name", samples.LETTERS)
BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)


@cache
def write(name, language="en", envelope=samples.ENVELOPE):
    facts, withheld = samples.LETTERS[name]
    return compose(facts, language=language, envelope=envelope, withheld=withheld)


@cache
def file_of(name, language):
    return write(name, language).pdf()


def _letters_of(text):
    return re.sub(r"\W+", "", text)


def test_each_letter_of_the_vocabulary_has_a_sample():
    assert {facts.code for facts, _withheld in samples.LETTERS.values()} == set(LetterCode)


@EVERY_LETTER
@BOTH_LANGUAGES
class TestEveryLetter:
    def test_its_file_is_tagged_for_screen_readers_in_its_language(self, name, language):
        made = file_of(name, language)
        assert pdf.faults(made) == []
        assert pdf.language(made) == language

    def test_its_file_embeds_our_fonts_only(self, name, language):
        names = pdf.fonts(file_of(name, language))
        assert names
        assert [one for one in names if not pdf.NAMES_OUR_FONTS.fullmatch(one)] == []

    def test_its_file_is_the_same_each_time(self, name, language):
        assert write(name, language).pdf() == file_of(name, language)

    def test_its_foot_bears_the_case_the_checkpoint_and_the_page_on_every_page(self, name, language):
        pages = pdf.pages(file_of(name, language))
        page = {"en": "Page {} of {}", "es": "Página {} de {}"}[language]
        for number, words in enumerate(pages, start=1):
            assert "2026-000118" in words
            assert "18,412 · 37a8 eaec 86c3 6cb1" in words
            assert page.format(number, len(pages)) in words

    def test_it_prints_the_whole_root_so_that_its_reader_can_bear_witness(self, name, language):
        letter = write(name, language)
        assert samples.ROOT in letter.text.replace(" ", "")
        assert samples.ROOT in "".join(pdf.pages(file_of(name, language))).replace(" ", "")

    def test_its_metadata_name_nobody(self, name, language):
        described = pdf.metadata(file_of(name, language))
        for person in (samples.COMPLAINANT, samples.OFFICER, "Ambersole", "Vosslind", "Ferrant", "2026-000118"):
            assert person not in described

    def test_its_three_forms_have_the_same_words(self, name, language):
        letter = write(name, language)
        foot = re.compile(r"[• ]*(?:Case|Caso) 2026-000118 (?:Log|Registro) .*$")
        in_file = _letters_of("".join(foot.sub("", page) for page in pdf.pages(file_of(name, language))))
        in_text = _letters_of(letter.text)
        blocks = re.findall(r"<(p|li|h1|h2|h3)\b[^>]*>(.*?)</\1>", letter.article, re.DOTALL)
        said = [_letters_of(plain_text(f"<p>{inside}</p>")) for _tag, inside in blocks]
        assert [words for words in said if words not in in_text or words not in in_file] == []

    def test_it_is_in_plain_language(self, name, language):
        ours = re.sub(
            r"<blockquote.*?</blockquote>|<p lang=.*?</p>|<section class=\"proof\">.*?</section>"
            r"|<div class=\"(?:opening|signature)\">.*?</div>",
            "",
            write(name, language).article,
            flags=re.DOTALL,
        )
        words = plain_text(ours)
        if language == "en":
            assert reading.english_grade(words) <= 8
        else:
            assert reading.spanish_ease(words) >= 70

    def test_weasyprint_finds_nothing_to_complain_of(self, name, language, caplog):
        caplog.set_level(logging.WARNING, logger="weasyprint")
        write(name, language).pdf()
        assert caplog.messages == []


@BOTH_LANGUAGES
@pytest.mark.parametrize("level", Level)
class TestTheOutcomeAtEachLevel:
    def test_it_says_what_its_golden_text_says(self, level, language):
        assert golden.text_of(level, language) == golden.path(level, language).read_text()

    def test_it_says_nothing_that_lies_above_its_level(self, level, language):
        words = golden.path(level, language).read_text().casefold()
        withheld = {
            Level.DECIDED: ["quarry", "june 8", "8 de junio", "de-4.2", "alleg", "aleg", "decid", "board", "junta"],
            Level.FINDINGS: ["sustained", "probada", "broke the rule", "incumpli", "could not show", "no mostraron"],
            Level.PUBLIC_RECORD: ["ormsby", "suspen", "june 10", "10 de junio"],
        }
        for at, forbidden in withheld.items():
            if level < at:
                assert [word for word in forbidden if word in words] == []

    def test_it_never_bears_a_badge_a_contact_or_days_without_pay(self, level, language):
        words = golden.path(level, language).read_text()
        for word in ("1013", *samples.CONTACTS, "16 days", "16 días", "without pay", "sin sueldo"):
            assert word not in words

    def test_it_says_how_and_until_when_to_ask_for_another_look(self, level, language):
        assert {"en": "July 27, 2026", "es": "27 de julio de 2026"}[language] in golden.path(
            level, language
        ).read_text()


class TestWhatALevelTakes:
    def test_level_0_takes_no_decision(self):
        with pytest.raises(ContentBreach, match="level 0"):
            samples.outcome(Level.RECEIPT, decided_on=samples.ENVELOPE.dated)

    def test_level_0_takes_no_allegation(self):
        with pytest.raises(ContentBreach, match="level 0"):
            samples.outcome(Level.RECEIPT, allegations=samples.ALLEGED)

    def test_level_1_takes_no_finding(self):
        with pytest.raises(ContentBreach, match="below level 2"):
            samples.outcome(Level.DECIDED, allegations=samples.FOUND)

    def test_level_2_takes_no_personnel_fact(self):
        fact = PersonnelFact(officer=samples.OFFICER, outcome="demotion", on=samples.ENVELOPE.dated)
        with pytest.raises(ContentBreach, match="below level 3"):
            samples.outcome(Level.FINDINGS, personnel_facts=(fact,))

    @pytest.mark.parametrize("level", [Level.FINDINGS, Level.PUBLIC_RECORD])
    def test_no_level_ties_discipline_to_an_allegation(self, level):
        with pytest.raises(ContentBreach, match="tie discipline"):
            samples.outcome(level, allegations=(replace(samples.FOUND[0], discipline="days_without_pay"),))

    def test_a_reprimand_is_not_public_by_law(self):
        with pytest.raises(ContentBreach, match="written_reprimand"):
            PersonnelFact(officer=samples.OFFICER, outcome="written_reprimand", on=samples.ENVELOPE.dated)

    def test_level_3_without_public_facts_says_so_and_names_no_officer(self):
        facts = samples.outcome(Level.PUBLIC_RECORD, personnel_facts=())
        words = compose(facts, language="en", envelope=samples.ENVELOPE, withheld=samples.withheld(Level.FINDINGS)).text
        assert "nothing more that the law makes public" in words
        assert samples.OFFICER not in words


class TestWhatMayNotSlipIn:
    def slip(self, name, **changed):
        facts, withheld = samples.LETTERS[name]
        return compose(replace(facts, **changed), language="en", envelope=samples.ENVELOPE, withheld=withheld)

    def test_an_officers_name_in_the_words_of_an_allegation_stops_an_outcome_letter(self):
        named = AllegationTold(number=1, rule=samples.WARNING, alleged=Prose(text="Ormsby fired."), finding="sustained")
        with pytest.raises(ContentBreach, match="Ormsby"):
            self.slip("outcome_L2", allegations=(named,))

    def test_a_finding_in_a_note_stops_a_letter_below_level_2(self):
        with pytest.raises(ContentBreach, match="ustained"):
            self.slip("outcome_L1", note=Prose(text="Between us: it was sustained."))

    def test_a_dismissal_in_a_note_stops_a_letter_below_level_3(self):
        with pytest.raises(ContentBreach, match="Dismissal"):
            self.slip("outcome_L2", note=Prose(text="A dismissal followed."))

    def test_the_complainants_number_stops_a_notice_to_the_officer(self):
        with pytest.raises(ContentBreach, match="555-555-0187"):
            self.slip("officer_notice", place=Prose(text="Porch, call (555) 555-0187"))

    def test_the_complainants_name_stops_a_notice_to_the_officer(self):
        with pytest.raises(ContentBreach, match="Osterfeld"):
            self.slip("officer_notice", note=Prose(text="Mrs. Osterfeld was on the porch."))

    def test_every_breach_is_named_at_once(self):
        with pytest.raises(ContentBreach) as caught:
            self.slip("outcome_L1", note=Prose(text="Ormsby, badge 1013: sustained, suspension without pay."))
        assert len(caught.value.found) >= 4

    def test_markup_in_prose_stays_text(self):
        letter = self.slip("acknowledgement", note=Prose(text="<h1>x</h1>" + "<div>" * 5_000))
        assert "<h1>x</h1>" in letter.text
        assert pdf.faults(letter.pdf()) == []


class TestTheReader:
    def test_who_gave_no_name_is_greeted_without_one(self):
        facts = samples.acknowledgement(reader="", confidentiality="anonymous")
        words = compose(facts, language="en", envelope=samples.ENVELOPE, withheld=samples.withheld()).text
        assert "To the person who made this complaint" in words
        assert "You did not give your name, and we will not try to learn it." in words

    def test_who_asked_for_confidence_is_told_who_knows_the_name(self):
        facts = samples.acknowledgement(reader="", confidentiality="confidential")
        words = compose(facts, language="es", envelope=samples.ENVELOPE, withheld=samples.withheld()).text
        assert "Mantenemos su nombre en reserva." in words

    @pytest.mark.parametrize(
        ("reason", "says"),
        [
            ("inquiry", "You asked for information"),
            ("service", "how a service works"),
            ("policy_complaint", "a rule itself is wrong"),
            ("duplicate", "a case about the same event"),
            ("out_of_jurisdiction", "do not belong to our police department"),
            ("no_formal_investigation", "no rule could have been broken"),
            ("withdrawn", "your own free choice"),
        ],
    )
    def test_each_ground_for_closing_is_explained(self, reason, says):
        facts = samples.screened_out(reason=reason)
        assert says in " ".join(
            compose(facts, language="en", envelope=samples.ENVELOPE, withheld=samples.withheld()).text.split()
        )

    def test_words_in_another_language_are_marked_as_such(self):
        assert '<blockquote class="law" lang="en">' in write("outcome_L2", "es").article
        assert '<blockquote class="law">' in write("outcome_L2", "en").article

    def test_a_quoted_translation_says_which_text_counts(self):
        rule = replace(samples.WARNING, language="es", is_translation=True)
        facts = samples.outcome(Level.DECIDED, allegations=(AllegationTold(number=1, rule=rule),))
        letter = compose(facts, language="es", envelope=samples.ENVELOPE, withheld=samples.withheld(Level.DECIDED))
        assert "vale el texto en inglés" in letter.text


def test_before_the_first_checkpoint_a_letter_says_that_there_is_none():
    letter = write("acknowledgement", envelope=Envelope(dated=samples.ENVELOPE.dated, checkpoint=None))
    assert "The log held no sealed entries" in letter.text
    assert pdf.faults(letter.pdf()) == []


def test_the_page_for_printing_stands_alone_and_asks_the_network_for_nothing():
    page = write("outcome_L2", "es").html()
    assert '<html lang="es">' in page
    assert "El resultado de su queja" in page
    assert re.findall(r'(?:src|href)="', page) == []


def test_the_qr_code_is_the_one_for_the_checkpoints_address():
    address = samples.ENVELOPE.checkpoint.address
    side, path = qr_path(address)
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path)]
    dark = {(x + step, y) for x, y, length in runs for step in range(length)}
    rows = list(segno.make(address, error="m", boost_error=False).matrix_iter(border=2))
    assert side == len(rows)
    assert dark == {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    assert address.endswith(f"/log/?size=18412&root={samples.ROOT}")


@pytest.mark.parametrize(
    ("duration", "unit", "words"),
    [
        (1, "days", "1 day"),
        (90, "days", "90 days"),
        (3, "business_days", "3 business days"),
        (12, "months", "12 months"),
    ],
)
def test_a_time_limit_is_said_in_words(duration, unit, words):
    assert str(TimeLimit(duration=duration, unit=unit)) == words


class TestWhatASecondPersonApproves:
    def test_it_does_not_depend_on_the_day_of_sending(self):
        assert facts_digest(samples.outcome(Level.FINDINGS), language="en") == facts_digest(
            samples.outcome(Level.FINDINGS), language="en"
        )

    @pytest.mark.parametrize(
        "change",
        [{"note": Prose(text="More.")}, {"reader": "Someone Else"}, {"allegations": samples.FOUND[:1]}],
        ids=["note", "reader", "allegations"],
    )
    def test_it_changes_with_anything_the_letter_states(self, change):
        facts = samples.outcome(Level.FINDINGS)
        assert facts_digest(replace(facts, **change), language="en") != facts_digest(facts, language="en")

    def test_it_changes_with_the_language(self):
        facts = samples.outcome(Level.FINDINGS)
        assert facts_digest(facts, language="en") != facts_digest(facts, language="es")


def test_every_finding_of_the_vocabulary_can_be_told():
    for finding in FINDING_LABELS:
        facts = samples.outcome(Level.FINDINGS, allegations=(replace(samples.FOUND[0], finding=finding),))
        letter = compose(facts, language="es", envelope=samples.ENVELOPE, withheld=samples.withheld(Level.FINDINGS))
        assert str(FINDING_LABELS[finding])
        assert "Resultado:" in letter.text
