"""Checks the sources beside the tests: a plugin of pytest that `python3 tests` loads.

The checks need one process and the tests start with waiting, so neither has to wait for the other.
"""

import subprocess
import sys
import threading
import time

import pytest

from tests.checkout import ROOT

LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "--quiet", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "mypy": ["-m", "mypy", "--no-error-summary"],
    "import rules": ["-c", LINT_IMPORTS],
}


class SourceChecks:
    """All checks, one after another in a thread. A check that fails makes the whole run fail."""

    def __init__(self, checks: dict[str, list[str]]) -> None:
        self._checks = checks
        self._failed: list[str] = []
        self._lines: list[str] = []
        self._work = threading.Thread(target=self._run, name="source checks")

    def pytest_sessionstart(self) -> None:
        """Start the checks."""
        self._work.start()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Wait for the checks, which have ended long before the tests as a rule."""
        self._work.join()
        if self._failed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print how each check ended, and what it found if it failed."""
        terminalreporter.section("checks of the sources")
        for line in self._lines:
            terminalreporter.write_line(line)
        if self._failed:
            terminalreporter.write_line(f"FAILED beside the tests: {', '.join(self._failed)}", red=True)

    def _run(self) -> None:
        for name, command in self._checks.items():
            started = time.monotonic()
            done = subprocess.run(
                [sys.executable, *command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            taken = time.monotonic() - started
            self._lines.append(f"{name}: {'FAILED' if done.returncode else 'passed'} ({taken:.0f} s)")
            if done.returncode:
                self._failed.append(name)
                self._lines.append(done.stdout)


def pytest_configure(config: pytest.Config) -> None:
    """Check in the process that prints. The processes of xdist load this plugin too."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(SourceChecks(CHECKS))
