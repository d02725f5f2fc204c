"""The tarball's command finds its folder from wherever it is called, and says what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shipping.tarball import COMMAND

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tarball is for Linux")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An unpacked tarball in a folder with a blank and a quotation mark in its name, without its Python."""
    made = tmp_path / "it's un packed"
    (made / "bin").mkdir(parents=True)
    (made / "bin/keyrack").write_text(COMMAND.format(python="3.11"))
    (made / "bin/keyrack").chmod(0o755)
    return made


def run(command: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(command), *words], capture_output=True, text=True, check=False, cwd=os.sep)


def test_the_private_python_runs_the_program_alone(folder: Path, tmp_path: Path) -> None:
    python = folder / "bin/python3"
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    python.chmod(0o755)
    (tmp_path / "link").symlink_to(folder / "bin/keyrack")
    for command in (folder / "bin/keyrack", tmp_path / "link"):
        done = run(command, "token", "My desk")
        assert done.stdout.splitlines() == ["-I", "-m", "keyrack", "token", "My desk"]


def test_without_its_python_there_is_one_sentence(folder: Path) -> None:
    (folder / "bin/python3").symlink_to(folder / "nowhere")
    done = run(folder / "bin/keyrack", "status")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Keyrack needs Python 3.11 as /usr/bin/python3.11")
    assert done.stderr.count("\n") == 1
