"""The command that starts Keyrack again, and whether the new one begins."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keyrack.core.system.restart import become, command, trouble
from tests.checkout import ROOT

ASK = """\
import sys
from pathlib import Path
from keyrack.core.system.restart import command
print("\\n".join(command(Path(sys.path[0]))))
"""
TAKES_ITS_PLACE = """\
import os, sys
from keyrack.core.system.restart import become
print(os.getpid(), flush=True)
sys.exit(become([sys.executable, "-c", "import os; print(os.getpid())"]))
"""


def test_a_package_is_started_as_it_was(tmp_path: Path) -> None:
    script = tmp_path / "keyrack"
    script.write_text(ASK)
    words = ["--sandbox", "--speed", "30", "--at-login", "--reset"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "desktop")}
    asked = subprocess.run(
        [sys.executable, "-X", "dev", script, *words], env=environment, capture_output=True, text=True, check=True
    )
    assert asked.stdout.split("\n")[1:-1] == ["-X", "dev", str(script), "--sandbox", "--speed", "30"]


def test_a_checkout_is_started_by_its_folder() -> None:
    python, folder, *_ = command(ROOT / "desktop")
    assert folder == str(ROOT / "desktop")
    assert python != sys.executable, "the private environment may be another one by then"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", ""),
        ("import sys; sys.exit('It is broken.')", "It is broken."),
        ("raise SystemExit(3)", "3"),
        (r"import sys; sys.exit('It is \x1b[31mbroken\u202e.')", "It is [31mbroken ."),
        (r"import sys; sys.exit('\x1b')", "1"),
        ("import nothing_of_this_name", "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
    ],
)
def test_the_new_one_is_tried(tmp_path: Path, code: str, said: str) -> None:
    script = tmp_path / "keyrack"
    script.write_text(f"{code}\n")
    assert trouble([sys.executable, str(script)]) == said


def test_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert trouble([str(tmp_path / "python"), "keyrack"]) == os.strerror(2)


def test_an_error_of_the_system_without_words_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """No words would mean that nothing is in the way."""

    def refuse(*_args: object, **_named: object) -> None:
        raise PermissionError

    monkeypatch.setattr(subprocess, "run", refuse)
    assert trouble([sys.executable, "keyrack"]) == "PermissionError"


def test_it_becomes_the_new_one_in_its_place() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "desktop")}
    done = subprocess.run(
        [sys.executable, "-c", TAKES_ITS_PLACE], env=environment, capture_output=True, text=True, check=True
    )
    before, after = done.stdout.split()
    assert before == after


def test_one_that_cannot_be_started_ends_with_an_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert become([str(tmp_path / "python")]) == 1
    assert "could not be started again" in caplog.text
