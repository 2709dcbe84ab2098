"""Early pytest plugin: with CI=true, a skip whose reason is not listed in pyproject.toml is a failure.

A skipped test proves nothing, so a machine that should have everything must not skip quietly.
"""

import os
from collections.abc import Iterator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("allowed_skips", "Reasons, or their beginnings, for which a test may be skipped in CI.", "linelist")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    return _checked(report, item.config)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    return _checked(report, collector.config)


def _checked(report, config: pytest.Config):
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not reason.startswith(tuple(config.getini("allowed_skips"))):
            report.outcome = "failed"
            report.longrepr = f"{report.nodeid} was skipped for a reason not listed in pyproject.toml: {reason}"
    return report
