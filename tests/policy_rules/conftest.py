"""Small manuals written out in the tests, and the shipped one as plain text to be changed and read again."""

from pathlib import Path

import pytest

from policy_rules.importers.problems import ImportRefused
from policy_rules.importers.yaml_format import read_manual
from policy_rules.manuals import DEMO_MANUAL
from policy_rules.publishing import publish

SMALL = """\
schema_version: 3
manual: {id: SMALL, title: A small manual, language: en}
discipline_classes: {A: minor, B: grave}
chapters:
  - code: CO
    number: "1"
    title: Conduct
    versions:
      - {version: "1.0", status: superseded, adopted: 2020-12-01, effective_from: 2021-01-01, effective_to: 2022-06-30}
      - {version: "2.0", status: in_force, adopted: 2022-12-01, effective_from: 2023-01-01, effective_to: null}
    sections:
      - id: CO-1
        number: "1.1"
        title: Be civil
        kind: duty
        allegable: true
        discipline_class: A
        text: A member shall be civil to everyone.
        elements:
          - {id: CO-1-a, text: The member spoke to a person.}
          - {id: CO-1-b, text: What was said was uncivil.}
        exceptions: [CO-2]
        history:
          - versions: ["1.0"]
            text: A member should be civil.
      - id: CO-2
        number: "1.2"
        title: Exception - danger
        kind: exception
        allegable: false
        text: Civility can wait while someone is in danger.
        applies_to: [CO-1]
        elements:
          - {id: CO-2-a, text: Someone was in danger.}
"""


@pytest.fixture
def small() -> str:
    return SMALL


@pytest.fixture
def shipped() -> str:
    return DEMO_MANUAL.read_text(encoding="utf-8")


@pytest.fixture
def publish_text(tmp_path: Path):
    """Publish a manual given as text."""

    def run(text: str):
        path = tmp_path / "manual.yaml"
        path.write_text(text, encoding="utf-8")
        return publish(read_manual(path), actor="system", role="system")

    return run


@pytest.fixture
def problems_of(publish_text):
    """Return the problems for which a manual given as text is refused."""

    def run(text: str) -> list[str]:
        with pytest.raises(ImportRefused) as refused:
            publish_text(text)
        return [str(problem) for problem in refused.value.problems]

    return run
