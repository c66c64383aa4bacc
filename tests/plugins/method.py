"""`pytest --method`: which items of the method (docs/method-ids.txt) have a passing test."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

IDS = Path(__file__).resolve().parents[2] / "docs" / "method-ids.txt"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--method", action="store_true", help="list which items of the method have a passing test")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("method"):
        config.pluginmanager.register(Tally(), "method-tally")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known = set(IDS.read_text(encoding="ascii").split())
    for item in items:
        named = [str(each) for mark in item.iter_markers("method") for each in mark.args]
        unknown = sorted(set(named) - known)
        if unknown:
            raise pytest.UsageError(f"{item.nodeid}: the method has no item {', '.join(unknown)} (docs/method-ids.txt)")
        # Properties travel with the report, also from the processes of pytest-xdist.
        item.user_properties.extend(("method", each) for each in named)


class Tally:
    def __init__(self) -> None:
        self.passed: dict[str, int] = defaultdict(int)
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        named = [str(value) for key, value in report.user_properties if key == "method"]
        if report.failed:
            self.failed.update(named)
        elif report.when == "call" and report.passed:
            for each in named:
                self.passed[each] += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        known = IDS.read_text(encoding="ascii").split()
        shown = [each for each in known if self.passed.get(each) and each not in self.failed]
        missing = [each for each in known if each not in shown and each not in self.failed]
        write = terminalreporter.write_line
        terminalreporter.section("method")
        write(f"{len(shown)} of {len(known)} items have a passing test and none that fails")
        write("shown:   " + " ".join(f"{each}({self.passed[each]})" for each in shown))
        if self.failed:
            write("failing: " + " ".join(sorted(self.failed)))
        write("missing: " + " ".join(missing))
