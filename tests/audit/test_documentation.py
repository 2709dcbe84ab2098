"""The page about the log names every fault and every field that the code has."""

import re
from pathlib import Path

from audit import entries, signed, verify

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/explanation/audit-log.md").read_text()


def codes_in(section):
    table = PAGE.split(f"## {section}")[1].split("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    return [code for cell in first_cells for code in re.findall(r"`(\w+)`", cell)]


def test_every_fault_is_explained():
    source = "".join(Path(module.__file__).read_text() for module in (verify, signed, entries))
    raised = set(re.findall(r'\.fault\(\s*"(\w+)"', source)) | set(re.findall(r'where, "(\w+)"\)', source))
    raised |= set(re.findall(r'f"checkpoint \{head.size\}", "(\w+)"', source))
    assert set(codes_in("Checking the log")) == raised


def test_every_fault_that_the_apps_above_name_is_explained():
    above = [ROOT / "audit/guards.py", *ROOT.glob("casework/replay*.py"), *ROOT.glob("policy_rules/*.py")]
    named = {code for path in above for code in re.findall(r'Fault\(\s*"(\w+)"', path.read_text())}
    assert len(named) > 20
    assert {code for code in named if f"`{code}`" not in PAGE} == set()


def test_every_field_of_a_leaf_is_explained():
    assert sorted(codes_in("What an entry says")) == sorted(entries._FIELDS)
