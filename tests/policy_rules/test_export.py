"""A manual leaves the register as it came, whatever it holds."""

import datetime
import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.log import integrate
from casework.documents.mark import Mark
from policy_rules.exporters.files import as_json, as_yaml
from policy_rules.exporters.plain import plain_of
from policy_rules.importers.dclaw_format import read_law
from policy_rules.importers.document import ManualDocument
from policy_rules.importers.yaml_format import document_of, read_manual, read_translation
from policy_rules.models import Manual
from policy_rules.publishing import publish
from tests.casework.documents import pdf
from tests.law import LAW
from tests.shared_data import shared

FIRST = datetime.date(2001, 1, 1)
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split()) or "–"
)
prose = st.lists(words, min_size=1, max_size=3).map("\n".join)
hints = st.lists(st.sampled_from(["roster", "cad_timeline", "2024-01-01", "no"]), max_size=2, unique=True)


@st.composite
def texts(draw, code: str, number: str) -> dict:
    """What one version of a section says."""
    kind = draw(st.sampled_from(["administrative", "definition", "duty", "exception"]))
    stated = {"number": number, "title": draw(words), "kind": kind, "allegable": kind == "duty", "text": draw(prose)}
    if kind in ("duty", "exception"):
        count = draw(st.integers(1, 3))
        stated["elements"] = [{"id": f"{code}-{place}", "text": draw(words)} for place in range(count)]
    if kind == "duty":
        stated["discipline_class"] = draw(st.sampled_from(["A", "B"]))
        stated["standard_of_proof"] = draw(st.sampled_from([None, "clear_and_convincing"]))
    if draw(st.booleans()):
        stated["deadlines"] = draw(st.dictionaries(st.sampled_from(["a_days", "b_hours"]), st.integers(0, 99)))
        stated["hours_min"] = draw(st.integers(0, 9))
    if draw(st.booleans()):
        stated["evidence_hints"] = draw(hints)
    if draw(st.booleans()):
        stated["paragraphs"] = [{"label": "(a)", "text": stated["text"], "depth": draw(st.integers(0, 2))}]
        stated["annotations"] = [
            {
                "kind": "History",
                "text": draw(prose),
                "date": draw(st.none() | st.dates(FIRST, datetime.date(2999, 12, 31))),
            }
        ]
    return stated


def linked_pair(place: int) -> list[dict]:
    """A duty and the exception that excuses it, in every version of their chapter."""
    duty, exception = f"C{place}-D", f"C{place}-E"
    stated = {"title": "T", "text": "T.", "number": f"{place}.8"}
    return [
        {"id": duty, **stated, "kind": "duty", "allegable": True, "discipline_class": "A", "exceptions": [exception],
         "elements": [{"id": f"{duty}-a", "text": "T."}]},
        {"id": exception, **stated, "number": f"{place}.9", "kind": "exception", "allegable": False,
         "applies_to": [duty], "elements": [{"id": f"{exception}-a", "text": "T."}]},
    ]  # fmt: skip


@st.composite
def descents(draw, chapter: str, versions: list[str], codes: list[str]) -> dict:
    """A line of lineage with any ends: added, removed, split or merged."""
    some = st.lists(st.sampled_from(codes), unique=True, max_size=2)
    sides = {"from": draw(some), "to": draw(some)}
    if not any(sides.values()):
        sides = {"section": draw(st.sampled_from(codes))}
    kind, version = draw(st.sampled_from(["added", "removed", "split", "merged"])), draw(st.sampled_from(versions))
    return {"kind": kind, "chapter": chapter, "in_version": version, **sides, "note": draw(st.none() | words)}


@st.composite
def manuals(draw) -> dict:
    """A whole manual without rules: chapters of one to three versions, sections that come, change and go."""
    chapters, lineage = [], []
    for place in range(draw(st.integers(1, 2))):
        names = [f"{number}.0" for number in range(1, draw(st.integers(1, 3)) + 1)]
        versions = [
            {
                "version": name,
                "status": "in_force" if name == names[-1] else "superseded",
                "adopted": FIRST,
                "effective_from": FIRST + datetime.timedelta(days=100 * order),
                "effective_to": None if name == names[-1] else FIRST + datetime.timedelta(days=100 * order + 99),
                "change_note": draw(st.none() | words),
            }
            for order, name in enumerate(names)
        ]
        sections = []
        for order in range(draw(st.integers(1, 3))):
            code, number = f"C{place}-{order}", f"{place}.{order}"
            span = sorted(draw(st.lists(st.sampled_from(range(len(names))), min_size=2, max_size=2)))
            section = {"id": code, **draw(texts(code, number)), "since": names[span[0]], "until": names[span[1]]}
            if draw(st.booleans()):
                section["container"] = draw(st.sampled_from(["K", "K.1"]))
            earlier = names[span[0] : span[1]]
            if earlier and draw(st.booleans()):
                everything = {
                    "elements": [],
                    "deadlines": {},
                    "evidence_hints": [],
                    "paragraphs": [],
                    "annotations": [],
                }
                nothing = {"discipline_class": None, "standard_of_proof": None, "hours_min": None}
                section["history"] = [{"versions": earlier, **everything, **nothing, **draw(texts(code, number))}]
            sections.append(section)
        sections += linked_pair(place)
        lineage += draw(st.lists(descents(f"C{place}", names, [row["id"] for row in sections]), max_size=3))
        chapters.append(
            {
                "code": f"C{place}",
                "number": str(place),
                "title": draw(words),
                "versions": versions,
                "sections": sections,
            }
        )
    head = {"id": "GENERATED", "title": draw(words), "language": "en"}
    return {
        "schema_version": 4,
        "manual": head,
        "discipline_classes": {"A": "x", "B": "y"},
        "containers": [
            {"id": "K", "number": "1", "heading": draw(words)},
            {"id": "K.1", "prefix": "Part", "number": "I", "heading": draw(words), "parent": "K"},
        ],
        "chapters": chapters,
        "lineage": lineage,
    }


class TestRoundTrip(TestCase):
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors])
    @given(manuals())
    def test_a_manual_that_is_exported_and_imported_anew_is_exported_to_the_same_bytes(self, plain):
        first = _exported(document_of(plain, "generated"))
        assert _exported(_read(first)) == first


def _exported(document: ManualDocument) -> bytes:
    """Publish a manual into an empty register, export it, and take it back; to publish it again changes nothing."""
    with transaction.atomic():
        publish(document, actor="system", role="system")
        content = as_yaml(Manual.objects.get(code="GENERATED"))
        assert not publish(_read(content), actor="system", role="system").changed
        transaction.set_rollback(True)
    return content


def _read(content: bytes) -> ManualDocument:
    """Read the bytes as the command reads a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "manual.yaml"
        path.write_bytes(content)
        return read_manual(path)


def test_the_shipped_manual_imports_from_its_export_without_a_change(manual, tmp_path):
    (tmp_path / "manual.yaml").write_bytes(as_yaml(manual))
    done = publish(read_manual(tmp_path / "manual.yaml"), actor="system", role="system")
    assert not done.changed, (done.created, done.updated)
    assert as_yaml(manual) == (tmp_path / "manual.yaml").read_bytes()


def test_the_translation_imports_from_its_export_without_a_change(manual, tmp_path, client):
    path = tmp_path / "es.yaml"
    call_command("export_policy", "yaml", str(path), language="es", stdout=StringIO())
    (tmp_path / "manual.yaml").write_bytes(as_yaml(manual))
    done = publish(read_manual(tmp_path / "manual.yaml"), [read_translation(path)], actor="system", role="system")
    assert not done.changed, (done.created, done.updated)
    assert client.get("/api/v1/policies/manual/yaml/?language=es").content == path.read_bytes()
    assert client.get("/api/v1/policies/manual/?language=fr").status_code == 404
    publish(document_of(LAW, "law"), actor="system", role="system")
    with pytest.raises(CommandError, match="not translated into es"):
        call_command("export_policy", "yaml", str(path), language="es", manual="LAW-5", stdout=StringIO())


def test_json_holds_the_same_values(manual):
    stated = json.loads(as_json(manual))
    assert stated["manual"]["id"] == "HBPD-MANUAL"
    assert [chapter["code"] for chapter in stated["chapters"]] == [c["code"] for c in plain_of(manual)["chapters"]]


def test_law_leaves_the_register_with_its_headings_and_dated_annotations(db, tmp_path):
    folder = shared("data/dc_code_title5/us/dc/council/code/titles/5")
    publish(read_law(folder), actor="system", role="system")
    law = Manual.objects.get(code="DC-CODE-5")
    (tmp_path / "law.yaml").write_bytes(as_yaml(law))
    assert not publish(read_manual(tmp_path / "law.yaml"), actor="system", role="system").changed


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_whole_manual_is_a_tagged_pdf(manual, tmp_path, language):
    path = tmp_path / "manual.pdf"
    newest = integrate()
    call_command("export_policy", "pdf", str(path), language=language, stdout=StringIO())
    made = path.read_bytes()
    assert pdf.faults(made) == []
    mark = Mark(size=newest.size, root=newest.root_hex)
    assert all(mark.short in words for words in pdf.pages(made))
    assert mark.groups[-1] in pdf.pages(made)[-1]
    assert any("400.4.1" in words for words in pdf.pages(made))


def test_an_export_of_nothing_says_so(db, tmp_path):
    with pytest.raises(CommandError, match="No manual governs yet"):
        call_command("export_policy", "yaml", str(tmp_path / "manual.yaml"))
