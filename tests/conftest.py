"""Keeps every test away from the person's own files, keyring and desktop, and prints the table of security numbers."""

import gc
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from textwrap import shorten

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.checkout import BYTE_CODE
from tests.requirements import sentences
from tests.spread_files import DESKTOP, FilesAndTheDesktop

# Set before any test module is imported: libraries read these once.
PRIVATE = Path(tempfile.mkdtemp(prefix="keyrack-"))
FOLDERS = {
    "HOME": "home",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_STATE_HOME": "home/.local/state",
    "XDG_CACHE_HOME": "home/.cache",
    "XDG_RUNTIME_DIR": "run",
}
for variable, folder in FOLDERS.items():
    place = PRIVATE / folder
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[variable] = str(place)
for variable in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "SSLKEYLOGFILE"):
    os.environ.pop(variable, None)
for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(variable, None)
for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(variable, None)
os.environ["LANG"] = "C.UTF-8"  # the tests read English
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.pycache_prefix = os.environ.setdefault("PYTHONPYCACHEPREFIX", str(BYTE_CODE))
sys.dont_write_bytecode = False
# Cycles are collected between the tests. On a thread of a test that would end timers of Qt, which cannot stop there.
gc.disable()
DUE = 20_000

settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.load_profile("fixed")

NEEDED = (
    "Xvfb",
    "xauth",
    "openbox",
    "trayer",
    "gnome-keyring-daemon",
    "dbus-run-session",
    "xclip",
    "xdotool",
    "chromium",
)
# Together they take as long as everything else, so they begin first.
FIRST = ("tests/tour/", DESKTOP)
numbers_of_passed: dict[str, set[str]] = defaultdict(set)
failed_tests: set[str] = set()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Spread the tests so where they are spread by file."""
    return FilesAndTheDesktop(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_unconfigure() -> None:
    """Remove the private home."""
    shutil.rmtree(PRIVATE, ignore_errors=True)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the window's tests out where Qt cannot be loaded; the summary says so."""
    return True if qt_problem() and collection_path.name in {"ui", "desktop"} else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the long ones begin first; mark the desktop's tests, and skip them where its programs are missing."""
    absent = [program for program in NEEDED if shutil.which(program) is None]
    packages = os.environ.get("KEYRACK_MISSING_PACKAGES", "")
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))
    for item in items:
        if item.nodeid.startswith(DESKTOP):
            item.add_marker("desktop")
            if absent:
                item.add_marker(pytest.mark.skip(reason=f"no {', '.join(absent)}; sudo apt install {packages}"))


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what lives to the end: every module and every test."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Refuse a test that leaves Python's own collection at work, which ends processes much later."""
    collecting = gc.isenabled()
    gc.disable()
    assert not collecting, f"{item.name} leaves the collector of garbage enabled: gc.disable() in the end"


def pytest_runtest_logfinish() -> None:
    """Collect the cycles that the tests left, once they are many."""
    if gc.get_count()[0] > DUE:
        gc.collect()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Have the report carry the test's security numbers: it may have run in another process."""
    item.user_properties += [("security", number) for mark in item.iter_markers("security") for number in mark.args]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the security numbers of each test that passed, with all its parameters."""
    test = report.nodeid.split("[")[0]
    if report.failed:
        failed_tests.add(test)
    if report.when == "call" and report.passed:
        for kind, number in report.user_properties:
            if kind == "security":
                numbers_of_passed[str(number)].add(test)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which tests show which security number, and whether Qt was missing."""
    say = terminalreporter.write_line
    shown = {
        number: sorted(tests - failed_tests) for number, tests in numbers_of_passed.items() if tests - failed_tests
    }
    if shown:
        terminalreporter.section("security numbers shown by passing tests")
    meanings = sentences()
    for number in sorted(shown, key=lambda number: (number[0], int(number[1:]))):
        say(f"{number:>5}  {shorten(meanings.get(number, ''), 90, placeholder=' …')}")
        for test in shown[number]:
            say(f"       {test}")
    if shown:
        say(f"{len(shown)} numbers")
    if problem := qt_problem():
        say(f"SKIPPED tests/ui and tests/desktop: {problem}", red=True)


def qt_problem() -> str:
    """Say why Qt cannot be loaded, as found by `python3 tests`; nothing when it can."""
    return os.environ.get("KEYRACK_QT_PROBLEM", "")
