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


@pytest.fixture
def run(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """A run of three tests and one desktop test, without the desktop's programs, after a check that failed."""
    (tmp_path / "tests/desktop").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ("conftest.py", "requirements.py", "requirements.md"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests")
    (tmp_path / "tests/test_it.py").write_text(TESTS)
    (tmp_path / "tests/desktop/test_real.py").write_text("def test_real(): assert False\n")
    own = {
        "HOME": "/nowhere",
        "DISPLAY": ":99",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
        "TMPDIR": str(tmp_path),
        "PATH": "",
    }
    findings = {"KEYRACK_MISSING_PACKAGES": "xvfb xclip", "KEYRACK_FAILED_CHECKS": "mypy", "KEYRACK_QT_PROBLEM": ""}
    command = [sys.executable, "-m", "pytest"]
    return subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **own, **findings}, capture_output=True, text=True, check=False
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


def test_a_check_that_failed_is_named_and_the_counts_come_last(run: subprocess.CompletedProcess[str]) -> None:
    lines = run.stdout.strip().splitlines()
    assert "FAILED before the tests: mypy" in lines
    assert "1 failed, 3 passed, 1 skipped" in lines[-1]


def test_the_home_is_private_and_removed(run: subprocess.CompletedProcess[str], tmp_path: Path) -> None:
    assert run.returncode == 1
    assert list(tmp_path.glob("keyrack-*")) == []


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="no Debian")
def test_only_missing_packages_are_named() -> None:
    assert debian.missing(["dpkg", "no-such-package-of-keyrack"]) == ["no-such-package-of-keyrack"]


def test_without_root_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert debian.may_install() is False
