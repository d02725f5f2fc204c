"""The package for another release is made by that release's Python, which the table names."""

import subprocess
import sys

from shipping.other_release import RELEASES
from tests.checkout import ROOT


def test_a_release_that_is_not_known_is_named_with_those_that_are() -> None:
    command = [sys.executable, str(ROOT / "packaging/build.py"), "deb", "--for", "hardy"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert [suite for suite in RELEASES if suite not in done.stderr] == []


def test_each_release_has_a_python_that_keyrack_runs_with() -> None:
    assert {release.suite: release.python for release in RELEASES.values()} == {
        "bookworm": "3.11", "trixie": "3.13", "noble": "3.12",
    }  # fmt: skip
    assert len({release.python for release in RELEASES.values()}) == len(RELEASES), "the file's name has nothing else"
    lock = (ROOT / "packaging/requirements.txt").read_text()
    assert "python_full_version < '3.12'" in lock, "it names what the older Pythons need besides"
