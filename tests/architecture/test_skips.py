import pytest

MODULE = """
import pytest

@pytest.mark.skip(reason="needs root to change users")
def test_listed(): ...

@pytest.mark.skip(reason="no browser here")
def test_unlisted(): ...

@pytest.mark.xfail
def test_expected_to_fail():
    assert False
"""


@pytest.fixture
def project(pytester):
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\nallowed_skips = ['needs root']\n")
    pytester.makepyfile(MODULE)
    return pytester


def test_in_ci_a_skip_for_an_unlisted_reason_fails(project, monkeypatch):
    monkeypatch.setenv("CI", "true")
    result = project.runpytest_inprocess("-p", "tests.skips", "-p", "no:django")
    result.assert_outcomes(errors=1, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["*test_unlisted was skipped for a reason not listed*: no browser here"])


def test_in_ci_a_whole_module_may_not_skip_itself_either(project, monkeypatch):
    monkeypatch.setenv("CI", "true")
    project.makepyfile(test_module="import pytest; pytest.importorskip('a_module_nobody_has')")
    assert project.runpytest_inprocess("-p", "tests.skips", "-p", "no:django", "test_module.py").ret != 0


def test_elsewhere_any_reason_will_do(project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    project.runpytest_inprocess("-p", "tests.skips", "-p", "no:django").assert_outcomes(skipped=2, xfailed=1)
