"""What `python3 tests` prints for a person: the table of numbers, what was skipped and why, and the counts last."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import debian
from tests.checkout import ROOT

TESTS = """
import os, pytest

@pytest.mark.security("S9", "S10")
def test_good(): ...

@pytest.mark.security("S11")
@pytest.mark.parametrize("value", [1, 2])
def test_half_good(value):
    assert value == 1

def test_private_home():
    assert os.environ["HOME"].startswith(os.environ["TMPDIR"])
    assert "DBUS_SESSION_BUS_ADDRESS" not in os.environ
    assert "DISPLAY" not in os.environ
"""

CHECKS = """
from tests import source_checks

source_checks.CHECKS = {
    "style": ["-c", ""],
    "mypy": ["-c", "raise SystemExit('an error was found')"],
}
pytest_configure = source_checks.pytest_configure
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the run below has everything that is its own."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """A run of three tests and one desktop test, without the desktop's programs, beside a check that fails."""
    return run_in(folder)


def run_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a small copy of our tests' own set-up."""
    (folder / "tests/desktop").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in (
        "conftest.py",
        "checkout.py",
        "requirements.py",
        "requirements.md",
        "source_checks.py",
        "spread_files.py",
    ):
        shutil.copy(ROOT / "tests" / name, folder / "tests")
    (folder / "tests/invented_checks.py").write_text(CHECKS)
    (folder / "tests/test_it.py").write_text(TESTS)
    (folder / "tests/desktop/test_real.py").write_text("def test_real(): assert False\n")
    own = {
        "HOME": "/nowhere",
        "DISPLAY": ":99",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
        "TMPDIR": str(folder),
        "PATH": "",
    }
    findings = {"KEYRACK_MISSING_PACKAGES": "xvfb xclip", "KEYRACK_QT_PROBLEM": ""}
    command = [sys.executable, "-m", "pytest", "-p", "tests.invented_checks", *arguments]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **own, **findings}, capture_output=True, text=True, check=False
    )


def test_the_table_names_each_number_whose_tests_all_passed(run: subprocess.CompletedProcess[str]) -> None:
    rows = run.stdout.partition("security numbers shown by passing tests")[2].splitlines()[1:6]
    assert [rows[0].split()[0], rows[1], rows[2].split()[0], rows[3], rows[4]] == [
        *("S9", "       tests/test_it.py::test_good", "S10", "       tests/test_it.py::test_good", "2 numbers"),
    ]
    assert all(len(row.split()) > 3 for row in (rows[0], rows[2])), "each number is said in words"
    assert "  S11  " not in run.stdout


def test_desktop_tests_are_skipped_with_what_to_install(run: subprocess.CompletedProcess[str]) -> None:
    assert "no Xvfb" in run.stdout
    assert "sudo apt install xvfb xclip" in run.stdout


def test_each_check_is_told_one_that_failed_is_named_and_the_counts_come_last(
    run: subprocess.CompletedProcess[str],
) -> None:
    lines = run.stdout.strip().splitlines()
    assert [line for line in lines if line.startswith("style: passed (")]
    assert [line for line in lines if line.startswith("mypy: FAILED (")]
    assert "an error was found" in lines
    assert "FAILED beside the tests: mypy" in lines
    assert "1 failed, 3 passed, 1 skipped" in lines[-1]


@pytest.mark.parametrize("processes", [[], ["--numprocesses", "1"]], ids=["one process", "xdist"])
def test_a_check_that_failed_makes_the_run_fail_though_every_test_passed(tmp_path: Path, processes: list[str]) -> None:
    run = run_in(tmp_path, "-k", "test_good", *processes)
    assert run.returncode == 1
    assert run.stdout.count("mypy: FAILED") == 1
    assert "1 passed" in run.stdout.splitlines()[-1]


def test_the_home_is_private_and_removed(run: subprocess.CompletedProcess[str], folder: Path) -> None:
    assert run.returncode == 1
    assert list(folder.glob("keyrack-*")) == []


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="no Debian")
def test_only_missing_packages_are_named() -> None:
    assert debian.missing(["dpkg", "no-such-package-of-keyrack"]) == ["no-such-package-of-keyrack"]


def test_without_root_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert debian.may_install() is False
