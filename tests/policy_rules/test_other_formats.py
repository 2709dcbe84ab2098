"""Bodies of rules that come as the law of a city or as Markdown with numbered headings."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from policy_rules.importers.dclaw_format import natural
from policy_rules.models import Annotation, Container, Manual, Paragraph, Section, SectionVersion
from tests.shared_data import shared

LAW = "data/dc_code_title5/us/dc/council/code/titles/5"
MARKDOWN = """\
---
id: OAK
title: Manual of Oakmere
language: en
version: "2.0"
effective_from: 2025-01-01
---
# 1 Conduct

## 1.1 Civility

A member is civil:

(a) to the public;
  (1) also on the telephone
      and by letter;
(b) to other members.

## 1.2 Reports

A member reports what happened.

# 2 Vehicles

A member drives with care.
"""


def run(path, form: str) -> dict:
    out = StringIO()
    call_command("import_policy", str(path), format=form, json=True, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def law(db) -> dict:
    return run(shared(LAW), "dclaw")


@pytest.fixture
def markdown(db, tmp_path):
    def read(text: str) -> dict:
        (tmp_path / "manual.md").write_text(text, encoding="utf-8")
        return run(tmp_path / "manual.md", "markdown")

    return read


class TestTheLawOfACity:
    def test_every_part_is_kept_and_counted_in_the_database(self, law):
        counted = {name: law[name] for name in ("sections", "containers", "paragraphs", "annotations", "notes")}
        assert counted == {
            "sections": 391, "containers": 84, "paragraphs": 1929, "annotations": 2371, "notes": 178,
        }  # fmt: skip
        assert (Section.objects.count(), Container.objects.count(), Paragraph.objects.count()) == (391, 84, 1929)

    def test_it_stands_beside_the_manual_and_empowers_nobody(self, law):
        assert not Manual.objects.get(code="DC-CODE-5").governs

    def test_sections_stand_as_people_read_their_numbers(self, law):
        for container in Container.objects.prefetch_related("sections"):
            numbers = [row.code for row in container.sections.order_by("chapter__order", "order")]
            assert numbers == sorted(numbers, key=natural)

    def test_a_section_has_its_words_its_parts_and_its_dated_history(self, law):
        text = SectionVersion.objects.get(section__code="5-107.01")
        assert "(1) Successfully completed 60 hours of post-secondary education" in text.text
        assert [(row.label, row.depth) for row in text.paragraphs.all()][-3:] == [("(1)", 1), ("(2)", 1), ("(3)", 1)]
        first = text.annotations.first()
        assert (first.kind, first.document, first.date.isoformat()) == ("History", "D.C. Law 13-160", "2000-10-04")
        assert str(text.section.container.parent) == "Chapter 1 Metropolitan Police."

    def test_all_histories_that_begin_with_a_day_have_it(self, law):
        assert not Annotation.objects.filter(
            kind="History", date=None, text__regex=r"^[A-Z][a-z]+\.? \d{1,2}, \d{4}"
        ).exists()

    def test_a_second_import_changes_nothing(self, law):
        assert run(shared(LAW), "dclaw")["changed"] is False


class TestFilesOfLawThatCannotBeTaken:
    @pytest.mark.parametrize(
        ("files", "told"),
        [
            ({}, "cannot be read"),
            ({"index.xml": "<container"}, "is not XML"),
            ({"index.xml": '<!DOCTYPE x [<!ENTITY a "b">]><container/>'}, "declares entities"),
            ({"index.xml": "<container/>"}, "expected a container of the code"),
        ],
    )
    def test_say_what_is_wrong_and_where(self, db, tmp_path, files, told):
        for name, content in files.items():
            (tmp_path / name).write_text(content)
        with pytest.raises(CommandError, match=told):
            run(tmp_path, "dclaw")

    def test_no_file_outside_the_folder_is_read(self, db, tmp_path):
        (tmp_path / "index.xml").write_text(
            '<container xmlns="https://code.dccouncil.us/schemas/dc-library" xmlns:xi="http://www.w3.org/2001/XInclude">'
            "<num>1</num><heading>T</heading><container><num>1</num><heading>C</heading>"
            '<xi:include href="../../etc/passwd"/></container></container>'
        )
        with pytest.raises(CommandError, match="outside its folder"):
            run(tmp_path, "dclaw")


class TestMarkdown:
    def test_headings_hold_sections_and_labels_make_paragraphs(self, markdown):
        done = markdown(MARKDOWN)
        assert (done["sections"], done["containers"], done["paragraphs"], done["chapters"]) == (3, 1, 3, 2)
        text = SectionVersion.objects.get(section__code="1.1")
        assert text.text.splitlines()[2] == "(1) also on the telephone and by letter;"
        assert [(row.label, row.depth) for row in text.paragraphs.all()] == [("(a)", 0), ("(1)", 1), ("(b)", 0)]

    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            ("## 1.1 Civility", "## Civility", "manual.md:10: Civility: this heading has no number"),
            ("id: OAK\n", "", "manual.md:2: id: is missing"),
            ("id: OAK", "id: OAK\ncolour: red", "colour: unknown key"),
            ("## 1.2", "## 1.1", "two sections have the code 1.1"),
            ("effective_from: 2025-01-01", "effective_from: soon", "expected a day"),
        ],
    )
    def test_each_problem_is_told_with_its_line(self, markdown, before, after, told):
        with pytest.raises(CommandError, match=told):
            markdown(MARKDOWN.replace(before, after, 1))

    def test_every_problem_of_a_file_is_told_at_once(self, markdown):
        wrong = (
            MARKDOWN.replace("id: OAK", "id: O A K").replace("## 1.1 Civility", "## Civility").replace("# 2 V", "# 1 V")
        )
        with pytest.raises(CommandError) as refused:
            markdown(wrong)
        for told in ("manual.md:10: Civility: this heading has no number", "manual.md:2: manual.id", "have the code 1"):
            assert told in str(refused.value)

    def test_a_file_without_a_head_says_what_it_begins_with(self, markdown):
        with pytest.raises(CommandError, match="begins with id, title, language, version, effective_from"):
            markdown("# 1 Conduct\n")


def test_numbers_sort_as_people_read_them():
    order = ["5-9", "5-10", "5-10a", "5-101.01", "5-101.02", "5-107.01", "5-107.01a", "5-107.02"]
    assert sorted(set(order), key=natural) == order
