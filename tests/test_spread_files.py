"""How the files of the tests are spread over processes, and what is left of a run in which a process dies."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.checkout import ROOT

SPREAD = ("--dist", "loadfile", "--no-loadscope-reorder")
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
    with open({log!r}, 'a') as log:
        log.write('dies ')
    os._exit(3)


"""


TELLING = """\
import os


def test_which():
    with open({log!r}, 'a') as log:
        log.write(f'{kind} {{os.getpid()}}\\n')
"""


def run(folder: Path, processes: int) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(SCHEDULER)
    command = [sys.executable, "-m", "pytest", "-q", *WITHOUT, "--numprocesses", str(processes), *SPREAD]
    return subprocess.run(
        [*command, "--rootdir", str(folder), str(folder)],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("tests_in_a_file", [1, 3])
@pytest.mark.parametrize("dying", ["at first", "in the middle", "at last"])
def test_a_process_that_dies_costs_only_the_test_it_died_of(tmp_path: Path, dying: str, tests_in_a_file: int) -> None:
    """A run with xdist's own order waits for ever here, or dies of the same test many times."""
    log = tmp_path / "log"
    files = 8
    for file in range(files):
        harmless = (HARMLESS.format(number=file * tests_in_a_file + at, log=str(log)) for at in range(tests_in_a_file))
        (tmp_path / f"test_{file}.py").write_text("".join(harmless))
    place = {"at first": "test_0_dies.py", "in the middle": "test_4_dies.py", "at last": "test_9.py"}[dying]
    around = [HARMLESS.format(number=number, log=str(log)) for number in ("before", "after")]
    (tmp_path / place).write_text(DYING.format(log=str(log)).join(around))
    done = run(tmp_path, processes=2)
    assert f"1 failed, {files * tests_in_a_file + 2} passed" in done.stdout, done.stdout + done.stderr
    ran = Counter(log.read_text().split())
    assert ran == dict.fromkeys([*map(str, range(files * tests_in_a_file)), "before", "dies", "after"], 1)


@pytest.mark.parametrize(("window", "others"), [(8, 8), (1, 8), (8, 1), (0, 8), (8, 0)])
def test_the_windows_tests_have_processes_to_themselves(tmp_path: Path, window: int, others: int) -> None:
    log = tmp_path / "log"
    (tmp_path / "tests/ui").mkdir(parents=True)
    for number in range(window):
        (tmp_path / f"tests/ui/test_w{number}.py").write_text(TELLING.format(kind="window", log=str(log)))
    for number in range(others):
        (tmp_path / f"tests/test_o{number}.py").write_text(TELLING.format(kind="other", log=str(log)))
    done = run(tmp_path, processes=6)
    assert f"{window + others} passed" in done.stdout, done.stdout + done.stderr
    told = [line.split() for line in log.read_text().splitlines()]
    assert len(told) == window + others
    by_kind = {kind: {number for each, number in told if each == kind} for kind in ("window", "other")}
    assert not by_kind["window"] & by_kind["other"]
    assert len(by_kind["window"]) <= 2
