"""In CI nothing is skipped silently: a skipped test fails the run (OUTREACH_SKIPS_FAIL=1)."""

from __future__ import annotations

import os

import pytest

_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped:
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped and os.environ.get("OUTREACH_SKIPS_FAIL") == "1":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _skipped and os.environ.get("OUTREACH_SKIPS_FAIL") == "1":
        terminalreporter.write_line(f"{len(_skipped)} skipped, which fails here: {', '.join(_skipped)}", red=True)
