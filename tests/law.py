"""A small title of law, kept beside the governing manual for reference."""

from datetime import date
from typing import Any

from policy_rules.importers.yaml_format import SCHEMA_VERSIONS

_FIRST = date(2001, 1, 1)


def _section(code: str, title: str, text: str, container: str, **more: Any) -> dict[str, Any]:
    stated = {"id": code, "number": code, "title": title, "kind": "administrative", "allegable": False}
    return stated | {"text": text, "container": container} | more


LAW = {
    "schema_version": SCHEMA_VERSIONS[-1],
    "manual": {"id": "LAW-5", "title": "Title 5. Police", "jurisdiction": "State of Huron", "language": "en"},
    "containers": [
        {"id": "5", "prefix": "Title", "number": "5", "heading": "Police"},
        {"id": "5.1", "prefix": "Chapter", "number": "1", "heading": "Force", "parent": "5"},
        {"id": "5.1.I", "prefix": "Subchapter", "number": "I", "heading": "General Provisions", "parent": "5.1"},
        {"id": "5.1.I.A", "prefix": "Part", "number": "A", "heading": "Duties of Members", "parent": "5.1.I"},
        {"id": "5.1.II", "prefix": "Subchapter", "number": "II", "heading": "Reports", "parent": "5.1"},
    ],
    "chapters": [
        {
            "code": "5.1",
            "number": "1",
            "title": "Force",
            "versions": [
                {
                    "version": "1.0",
                    "status": "in_force",
                    "adopted": _FIRST,
                    "adopted_by": "Legislature",
                    "effective_from": _FIRST,
                }
            ],
            "sections": [
                _section(
                    "5-101.01",
                    "Wearing of a badge",
                    "A member carries what § 5-101.02 lists.\n(a) Each member wears:\n(1) a badge; and\n(2) a name.",
                    "5.1.I.A",
                    paragraphs=[
                        {"label": "(a)", "text": "Each member wears:"},
                        {"label": "(1)", "text": "a badge; and", "depth": 1},
                        {"label": "(2)", "text": "a name.", "depth": 1},
                    ],
                    annotations=[{"kind": "History", "text": "Enacted in 1901."}],
                ),
                _section("5-101.02", "Equipment", "The equipment is listed by rule.", "5.1.I.A"),
                _section("5-102", "Yearly report", "The force reports once a year.", "5.1.II"),
            ],
        }
    ],
}
