"""The page about the log names every fault and every field that the code has."""

import re
from pathlib import Path

from audit import entries, signed, verify

PAGE = (Path(__file__).resolve().parents[2] / "docs/explanation/audit-log.md").read_text()


def codes_in(section):
    table = PAGE.split(f"## {section}")[1].split("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    return [code for cell in first_cells for code in re.findall(r"`(\w+)`", cell)]


def test_every_fault_is_explained():
    source = "".join(Path(module.__file__).read_text() for module in (verify, signed, entries))
    raised = set(re.findall(r'\.fault\(\s*"(\w+)"', source)) | set(re.findall(r'where, "(\w+)"\)', source))
    raised |= set(re.findall(r'f"checkpoint \{head.size\}", "(\w+)"', source))
    assert set(codes_in("Checking the log")) == raised


def test_every_field_of_a_leaf_is_explained():
    assert sorted(codes_in("What an entry says")) == sorted(entries._FIELDS)
