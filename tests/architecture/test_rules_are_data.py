"""Day counts, sizes of panels and codes of findings are rules of the manual (CH-13.8); none stands in the code."""

import ast
import re
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
SIZES = {"size", "quorum", "substitutes", "majority", "duration", "look_back_years", "window_months", "threshold"}
FIGURES = re.compile(
    r"DAYS|WEEKS|MONTHS|YEARS|LIMIT|DEADLINE|DUE|QUORUM|MAJORITY|THRESHOLD|WARN|WINDOW|PENALT|SHARE|PERCENT"
)
"""What a constant is called that holds a figure of a rule."""
SPAN_OF_DAYS = {"timedelta", "add_business_days", "add_months"}
NO_RULES = {
    "casework.actions.notices": "how long something counts as news on a page",
    "casework.actions.warnings": "how long the mail may fail before the office is warned",
    "casework.importers.demo_recommendations": "what happened in a city that does not exist",
    "casework.importers.demo_training": "what happened in a city that does not exist",
    "casework.importers.demonstration": "what happened in a city that does not exist",
    "casework.web.evidence": "the day that a form proposes and a person states",
    "casework.web.work": "how long something counts as new on a page, and the week of a list",
    "policy_rules.changes": "how far a list of changes reaches back and ahead",
}
"""Spans that the machine keeps for itself and no section states."""
NAMED_FIGURES = {
    "casework.portal.questions.YEARS_BACK": "the earliest year that a form believes",
    "casework.reporting.answers.LEAST_THRESHOLD": "what is withheld while no rules are in force",
    "casework.web.words.SOON_DAYS": "when a list marks a limit as near",
    "policy_rules.rule_reading.PERCENT": "a hundred of a hundred",
}
JUDGES = {
    "casework.guards": set(),
    "casework.workflow": {40, 200, 200_000},
    "casework.effects": set(),
    "casework.clocks": {5, 12, 16, 24, 100},
    "casework.actions.board": {32},
    "casework.actions.decisions": set(),
    "casework.actions.allegations": set(),
    "policy_rules.outcomes": set(),
    "policy_rules.rule_data": {2, 3},
}
"""Modules by which cases are judged, and the whole numbers in them: lengths of texts, months of a year, halves."""


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


def figures_named(module: ast.Module):
    """Yield each constant with a whole number in it that is called like a figure of a rule, or that lists figures."""
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(name := node.targets[0], ast.Name):
            lists = isinstance(node.value, ast.Tuple) and all(map(_whole_number, node.value.elts))
            if lists or (FIGURES.search(name.id) and any(map(_whole_number, ast.walk(node.value)))):
                yield name.id


def whole_numbers(module: ast.AST):
    """Yield each whole number above one."""
    yield from (node.value for node in ast.walk(module) if _whole_number(node))


OURS = [name for name in MODULES if name.startswith(("casework.", "policy_rules.")) and ".migrations." not in name]


def test_no_act_counts_days_by_itself():
    told = {name: list(spans_of_days(tree(name))) for name in OURS if name not in NO_RULES}
    assert {name: found for name, found in told.items() if found} == {}
    assert [name for name in NO_RULES if not list(spans_of_days(tree(name)))] == []


def test_no_constant_holds_a_figure_of_a_rule():
    told = {f"{name}.{constant}" for name in OURS for constant in figures_named(tree(name))}
    assert told == set(NAMED_FIGURES)


def test_where_cases_are_judged_no_number_stands_but_those_of_arithmetic():
    told = {name: set(whole_numbers(tree(name))) - known for name, known in JUDGES.items()}
    assert {name: found for name, found in told.items() if found} == {}


def test_no_code_sets_a_quorum_a_length_or_a_look_back():
    told = {name: list(sizes_compared(tree(name))) for name in OURS}
    assert {name: found for name, found in told.items() if found} == {}


def test_it_would_find_them():
    law = ast.parse("if len(members) < 5 or panel.quorum >= 5: due = on + timedelta(days=30); Clock(duration=45)")
    assert list(spans_of_days(law)) == ["timedelta(days=30)"]
    assert list(sizes_compared(law)) == ["panel.quorum >= 5", "duration=45"]
    assert set(whole_numbers(law)) == {5, 30, 45}
    assert list(figures_named(ast.parse("MARKS = (50, 75, 90)\nDAYS_TO_ANSWER = 60\nROWS = 25"))) == [
        "MARKS", "DAYS_TO_ANSWER",
    ]  # fmt: skip
    assert list(named_findings(ast.parse("found = code == 'sustained'"))) == ["line 1: sustained"]
