import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.checkout import ROOT

SPREAD = ("--numprocesses", "2", "--dist", "loadfile", "--no-loadscope-reorder")
WITHOUT = ("-p", "no:cacheprovider", "-p", "no:pytest-qt", "-p", "no:anyio", "-p", "no:asyncio")
SCHEDULER = """\
from tests.spread_files import FilesAndTheDesktop


def pytest_xdist_make_scheduler(config, log):
    return FilesAndTheDesktop(config, log)
"""
HARMLESS = """\
def test_{number}():
    with open({log!r}, 'a') as log:
        log.write('{number} ')


"""
DYING = """\
import os


def test_dies():
    with open({log!r}, 'a+') as log:
        log.write('dies ')
        log.flush()
        log.seek(0)
        if log.read().count('dies') <= {times}:
            os._exit(3)


"""


@pytest.mark.parametrize("always", [True, False])
@pytest.mark.parametrize("tests_in_a_file", [1, 3])
@pytest.mark.parametrize("dying", ["at first", "in the middle", "at last"])
def test_a_process_that_dies_costs_no_more_than_the_test_it_died_of(
    tmp_path: Path, dying: str, tests_in_a_file: int, *, always: bool
) -> None:
    """A run with xdist's own order waits for ever here, or dies of the same test many times."""
    log = tmp_path / "log"
    (tmp_path / "conftest.py").write_text(SCHEDULER)
    files = 8
    for file in range(files):
        harmless = (HARMLESS.format(number=file * tests_in_a_file + at, log=str(log)) for at in range(tests_in_a_file))
        (tmp_path / f"test_{file}.py").write_text("".join(harmless))
    place = {"at first": "test_0_dies.py", "in the middle": "test_4_dies.py", "at last": "test_9.py"}[dying]
    around = [HARMLESS.format(number=number, log=str(log)) for number in ("before", "after")]
    (tmp_path / place).write_text(DYING.format(log=str(log), times=2 if always else 1).join(around))
    command = [sys.executable, "-m", "pytest", "-q", *WITHOUT, *SPREAD, "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False
    )
    passed = files * tests_in_a_file + 2
    ended = f"1 failed, {passed} passed" if always else f"{passed + 1} passed"
    assert ended in done.stdout, done.stdout + done.stderr
    assert ("failed" in done.stdout) == always
    ran = Counter(log.read_text().split())
    assert ran.pop("dies") == 2
    assert ran == dict.fromkeys([*map(str, range(files * tests_in_a_file)), "before", "after"], 1)
