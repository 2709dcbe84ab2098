"""What keeps a manual out, told all at once with line and place; and what is only doubted."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("schema_version: 3", "schema_version: 9", "manual.yaml:1: schema_version: schema version 9 is not known"),
        (
            "title: Conduct",
            "title: 600",
            "chapters[CO].title: expected text, found '600' (write numbers that are names",
        ),
        ("title: Conduct", "titel: Conduct", "chapters[CO].titel: unknown key; known here are code,"),
        ("title: Conduct", "titel: Conduct", "chapters[CO].title: is missing; text is expected"),
        ("allegable: true", "allegable: perhaps", "allegable: expected true or false, found 'perhaps'"),
        ("text: Civility can", "text: [Civility can", "is not YAML"),
        ("kind: duty", "kind: wish", "sections[CO-1].kind: 'wish' is no kind of section; known are duty,"),
        (
            "kind: exception\n        allegable: false",
            "kind: exception\n        allegable: true",
            "kind exception is never",
        ),
        ("discipline_class: A", "discipline_class: Z", "there is no discipline class Z"),
        ("        discipline_class: A\n", "", "a rule that can be alleged has a discipline class"),
        ("id: CO-1-b", "id: CO-1-a", "two elements CO-1-a"),
        ("id: CO-1-b", "id: b", "the code of element b begins with CO-1-"),
        ('number: "1.2"', 'number: "1.1"', "two sections have the number 1.1 in version 1.0"),
        ("id: CO-2\n", "id: CO-1\n", "two sections have the code CO-1"),
        (
            "exceptions: [CO-2]",
            "exceptions: [CO-9]",
            "sections[CO-1].exceptions: version 1.0 names CO-9, which does not",
        ),
        (
            "exceptions: [CO-2]",
            "exceptions: []",
            "sections[CO-2].applies_to: version 1.0 names CO-1, whose version 1.0",
        ),
        (
            "applies_to: [CO-1]",
            "applies_to: []",
            "sections[CO-1].exceptions: version 2.0 names CO-2, whose version 2.0",
        ),
        ("exceptions: [CO-2]", "exceptions: [CO-2, CO-2]", "version 2.0 names CO-2 twice"),
        ("effective_to: 2022-06-30", "effective_to: 2023-06-30", "is in force on days on which version 1.0 is too"),
        ("effective_to: 2022-06-30", "effective_to: 2020-12-31", "the last day is before the first"),
        ("adopted: 2022-12-01", "adopted: 2023-12-01", "is in force before it was adopted"),
        ("effective_to: 2022-06-30", "effective_to: null", "a superseded version has a last day"),
        ("effective_from: 2023-01-01, ", "", "an adopted version has effective_from, a draft for comment has none"),
        ('versions: ["1.0"]', 'versions: ["7.0"]', "version 7.0 does not hold this section; 1.0, 2.0 do"),
        ("text: Civility can", "since: '8.0'\n        text: Civility can", "the chapter has no adopted version 8.0"),
        ("language: en", "language: en, licence: free", "manual.licence: unknown key"),
        ("id: SMALL", "id: two words", "a code is made of"),
        ("text: Civility can", "text: *civility can", "is not YAML"),
        ("adopted: 2020-12-01", "adopted: 2020-13-01", "adopted: "),
        ("adopted: 2020-12-01", "adopted: 0020-12-01", "a day from 1700-01-01 to 2999-12-31 is expected"),
        ("language: en", "language: old-english", "manual.language: has 11 letters; at most 8 are kept"),
        ("text: Civility can", 'text: "Civility\\0 can', "is not YAML"),
        ("title: Be civil", 'title: "Be \\0 civil"', "holds a character that is no text"),
        (
            "        elements:\n          - {id: CO-2",
            "        deadlines: {día: 1}\n        elements:\n          - {id: CO-2",
            "ASCII",
        ),
    ],
)
def test_a_manual_that_does_not_hold_together_is_refused_with_its_place(small, problems_of, right, wrong, problem):
    assert right in small
    found = problems_of(small.replace(right, wrong, 1))
    assert any(problem in line for line in found), found


def test_every_problem_is_told_at_once_in_the_order_of_the_file(small, problems_of):
    wrong = (
        small.replace("title: Be civil", "title: []")
        .replace("kind: exception", "kind: []")
        .replace("adopted: 2020", "adopted: x2020")
    )
    lines = [int(problem.split(":")[1]) for problem in problems_of(wrong)]
    assert len(lines) == 3
    assert lines == sorted(lines)


def test_a_problem_names_file_line_and_place(small, problems_of):
    (problem,) = problems_of(small.replace("kind: exception", "kind: excuse"))
    line = 1 + small.splitlines().index("        kind: exception")
    assert problem.startswith(f"manual.yaml:{line}: chapters[CO].sections[CO-2].kind: 'excuse' is no kind of section")


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        (
            "receive: {section: CH-2.6",
            "receive: {section: CH-99",
            "authorities.moves.receive: cites CH-99, which does not",
        ),
        (
            "duration: 3, unit: business_days}",
            "duration: x, unit: business_days}",
            "acknowledge.duration: a whole number",
        ),
        ("duration: 3, unit: business_days}", "duration: 3, unit: moons}", "acknowledge.unit: 'moons' is no unit"),
        ("    vote: CH-5.7", "    vote: [CH-5.7]", "authorities.acts.vote: text is expected"),
        ("quorum: 5,", "quorum: 8,", "rules.panel.quorum: 8 is more than the 7 of a panel"),
        (
            "all_elements_proved_no_exception: sustained",
            "all_elements_proved_no_exception: guilty",
            "there is no finding guilty",
        ),
        ("second: [2, 5]", "second: [5, 2]", "rules.discipline_matrix.B.second: 5 is not milder than 2"),
        ("second: [2, 5]", "second: [2, flogging]", "rules.discipline_matrix.B.second: flogging is no penalty"),
        ("    act_occurred_but_exception_established: ", "    act_was_excused: ", "exception_established: is missing"),
        ("    L3: findings", "    L9: findings", "rules.disclosure_levels.L9: no letter tells as L9 says"),
        ("in_use: demo", "in_use: other", "profiles.in_use: there is no profile 'other'"),
        ("disclosure_level: L2", "disclosure_level: L7", "profiles.demo.disclosure_level: there is no level L7"),
        (
            "effective_to: 2024-12-31\n    note",
            "effective_to: 2025-12-31\n    note",
            "applies on days on which the set before",
        ),
        ("- authorities.acts.issue_receipt", "- authorities.acts.nap", "authorities.acts.nap: there is no such rule"),
        ('from_number: "400.4.8"', 'from_number: "400.4.7"', "DE-4.9 went from 400.4.8 to 400.4.9"),
        ("covers: [DE-2.2,", "covers: [DE-99,", "covers DE-99, which does not exist"),
    ],
)
def test_rules_that_do_not_hold_together_are_refused_with_their_place(shipped, problems_of, right, wrong, problem):
    assert right in shipped
    found = problems_of(shipped.replace(right, wrong, 1))
    assert any(problem in line for line in found), found


def test_nothing_of_a_refused_manual_remains(small, problems_of):
    from policy_rules.models import Manual

    problems_of(small.replace("kind: exception", "kind: excuse"))
    assert not Manual.objects.exists()


def test_a_rule_that_says_other_than_the_text_it_cites_is_doubted(shipped, publish_text):
    done = publish_text(shipped.replace("duration: 3, unit: business_days}", "duration: 4, unit: business_days}"))
    assert {doubt.path for doubt in done.doubts} == {"authorities.clocks.acknowledge"}
    assert "CH-2.7@2.0 states acknowledge_business_days 3" in done.doubts[0].message


def test_an_act_whose_section_comes_later_is_doubted(shipped, publish_text):
    done = publish_text(shipped.replace("      - authorities.acts.issue_receipt\n", ""))
    assert [doubt.path for doubt in done.doubts] == ["authorities.acts.issue_receipt"]


def test_a_section_whose_descent_nobody_told_is_doubted(shipped, publish_text):
    done = publish_text(shipped.replace('  - {kind: added, chapter: DE, in_version: "1.1", section: DE-4.8}\n', ""))
    assert "is new in version 1.1" in done.doubts[0].message


def test_the_shipped_manual_leaves_no_doubt(shipped, publish_text):
    assert publish_text(shipped).doubts == []


def test_rules_without_dates_apply_from_the_day_on_which_all_they_cite_is_in_force(shipped, publish_text):
    from policy_rules.models import RuleSet

    publish_text(shipped[: shipped.index("rule_sets:\n")])
    assert RuleSet.objects.get().reference == "HBPD-MANUAL/rules@2024-01-01"


def test_every_problem_is_told_at_once_whatever_its_kind(small, problems_of):
    wrong = (
        small.replace("        title: Be civil\n", "")
        .replace("discipline_class: A", "discipline_class: Z")
        .replace("exceptions: [CO-2]", "exceptions: [CO-2, CO-9]")
        .replace("{id: CO-2-a, text: Someone was in danger.}", "{id: XX-a, text: Someone was in danger.}")
        + "lineage:\n  - {kind: moved, chapter: CO, in_version: '9.0', section: CO-1}\n"
    )
    told = [line.partition(": ")[2] for line in problems_of(wrong)]
    assert [line.partition(": ")[0] for line in told] == [
        "chapters[CO].sections[CO-1].title",
        "chapters[CO].sections[CO-1].discipline_class",
        "chapters[CO].sections[CO-1].exceptions",
        "chapters[CO].sections[CO-1].exceptions",
        "chapters[CO].sections[CO-2].elements",
        "lineage[0]",
        "lineage[0].kind",
    ]


def test_what_cannot_be_read_is_told_once_and_not_again_where_it_is_named(small, problems_of):
    (problem,) = problems_of(small.replace("    sections:\n", "    sectoins:\n", 1))
    assert "chapters[CO].sectoins: unknown key" in problem
    (problem,) = problems_of(small.replace("kind: duty", "kind: 7"))
    assert "expected text, found '7'" in problem
