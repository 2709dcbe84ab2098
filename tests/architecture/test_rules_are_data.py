"""Day counts, sizes of panels and codes of findings are rules of the manual (CH-13.8); none stands in the code."""

import ast
from itertools import pairwise

import yaml

from policy_rules.manuals import DEMO_MANUAL
from tests.architecture.test_layers import MODULES

SHIPPED = yaml.safe_load(DEMO_MANUAL.read_text(encoding="utf-8"))
FINDINGS = frozenset(SHIPPED["rules"]["finding_codes"]["decided"] + SHIPPED["rules"]["finding_codes"]["other"])
SPEAK_OF_FINDINGS = {
    "casework.vocabulary": "words for the codes",
    "config.pages": "the page that explains the words",
    "config.templatetags.ui": "the shape of each code",
}
PROCESS = ("casework.actions", "casework.guards", "casework.workflow", "casework.effects", "casework.roles")
SIZES = {"size", "quorum", "substitutes", "majority", "duration", "look_back_years", "window_months", "threshold"}
SPAN_OF_DAYS = {"timedelta", "add_business_days", "add_months"}
NO_RULES = {
    "casework.actions.notices": "how long something counts as news on a page",
    "casework.actions.warnings": "how long the mail may fail before the office is warned",
}
"""Spans that the machine keeps for itself and no section states."""


def tree(name: str) -> ast.AST:
    return ast.parse(MODULES[name].read_text())


def named_findings(module: ast.AST):
    """Yield each text that is the code of a finding."""
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in FINDINGS:
            yield f"line {node.lineno}: {node.value}"


def test_no_code_names_a_finding():
    told = {name: list(named_findings(tree(name))) for name in MODULES if name not in SPEAK_OF_FINDINGS}
    assert {name: found for name, found in told.items() if found} == {}


def _whole_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value > 1


def spans_of_days(module: ast.AST):
    """Yield each span of more than one day that is written as a number."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in SPAN_OF_DAYS:
            given = [*node.args, *(word.value for word in node.keywords if word.arg not in {"hours", "minutes"})]
            yield from (ast.unparse(node) for value in given if _whole_number(value))


def sizes_compared(module: ast.AST):
    """Yield each comparison of, or value given to, a size that rules set."""
    for node in ast.walk(module):
        if isinstance(node, ast.Compare):
            for one, other in pairwise([node.left, *node.comparators]):
                names = {ast.unparse(side).rpartition(".")[2] for side in (one, other)}
                if names & SIZES and (_whole_number(one) or _whole_number(other)):
                    yield ast.unparse(node)
        elif isinstance(node, ast.keyword) and node.arg in SIZES and _whole_number(node.value):
            yield f"{node.arg}={ast.unparse(node.value)}"


def test_no_act_counts_days_by_itself():
    acts = [name for name in MODULES if name.startswith(PROCESS) and name not in NO_RULES]
    told = {name: list(spans_of_days(tree(name))) for name in acts}
    assert {name: found for name, found in told.items() if found} == {}


def test_no_code_sets_a_quorum_a_length_or_a_look_back():
    told = {
        name: list(sizes_compared(tree(name))) for name in MODULES if name.startswith(("casework.", "policy_rules."))
    }
    assert {name: found for name, found in told.items() if found} == {}


def test_it_would_find_them():
    law = ast.parse("if len(members) < 5 or panel.quorum >= 5: due = on + timedelta(days=30); Clock(duration=45)")
    assert list(spans_of_days(law)) == ["timedelta(days=30)"]
    assert list(sizes_compared(law)) == ["panel.quorum >= 5", "duration=45"]
