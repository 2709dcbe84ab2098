import re
import sys

import pytest

from tests import check
from tests.check import Outcome, Part, main

SUCCEEDS = [sys.executable, "-c", "print('3 passed, 1 skipped in 0.12s')"]
FAILS = [sys.executable, "-c", "print('2 passed, 1 failed, 1 error in 0.12s'); raise SystemExit(1)"]
SAYS_NOTHING = [sys.executable, "-c", ""]
STOPS_EARLY = [sys.executable, "-c", "print('what went wrong'); raise SystemExit(4)"]


@pytest.fixture
def checking(monkeypatch, capsys):
    """Run a check of the given commands; return its exit code and its lines."""

    def run(**commands):
        parts = [Part(name, [command]) for name, command in commands.items()]
        monkeypatch.setattr(check, "parts", lambda stock: parts)
        monkeypatch.setattr(check, "stock_postgres", lambda: None)
        monkeypatch.setattr(check, "install_what_is_missing", lambda: None)
        code = main(list(commands))
        return code, capsys.readouterr().out.splitlines()

    return run


def test_a_part_that_passes_takes_one_line_and_all_tests_are_counted(checking):
    code, lines = checking(tests=SUCCEEDS, lint=SAYS_NOTHING)
    assert code == 0
    assert [re.split(r" +", line)[:2] for line in lines[:2]] == [["ok", "tests"], ["ok", "lint"]]
    assert lines[-1] == "4 passed, 0 failed, 1 skipped"


def test_all_that_a_failing_part_said_is_shown(checking):
    code, lines = checking(tests=FAILS, lint=STOPS_EARLY)
    assert code == 1
    assert "2 passed, 1 failed, 1 error in 0.12s" in lines
    assert "what went wrong" in lines
    assert lines[-1] == "2 passed, 3 failed, 0 skipped"


def test_a_part_that_does_not_exist_lists_those_that_do(monkeypatch, capsys):
    monkeypatch.setattr(check, "stock_postgres", lambda: None)
    monkeypatch.setattr(check, "install_what_is_missing", lambda: None)
    assert main(["typos"]) == 2
    assert "no such part: typos. There are: browser, tests, lint, types," in capsys.readouterr().out


def test_a_run_without_any_test_fails():
    """pytest ends with code 5 when it found none."""
    outcome = Outcome(Part("tests", []), 1.0, succeeded=False, output="no tests ran in 0.01s\n")
    assert outcome.counts()["failed"] == 1
