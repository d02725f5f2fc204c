"""`keyrack diagnostics` with a Keyrack and without one."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.fake_socket import answering, refusal, reply
from tests.manual.conftest import Home


@pytest.fixture
def home() -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="kr") as name:
        yield Home(Path(name))


def test_the_running_one_is_asked(home: Home) -> None:
    with answering(home.socket()) as socket:
        socket.answer = reply({"version": 1, "diagnostics": "All is well.\n"})
        done = home.keyrack("diagnostics")
        assert (done.returncode, done.stdout, done.stderr) == (0, "All is well.\n", "")
        assert socket.lines == ["GET /v1/diagnostics"]
        socket.answer = refusal("busy", "Keyrack is still starting.")
        done = home.keyrack("diagnostics")
        assert (done.returncode, done.stdout, done.stderr) == (8, "", "Keyrack is still starting.\n")


def test_without_one_it_says_so_and_tells_the_rest(home: Home) -> None:
    done = home.keyrack("diagnostics")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\n  Runs  no\n" in done.stdout
    assert str(home.folder) not in done.stdout


def test_more_words_are_a_mistake(home: Home) -> None:
    assert home.keyrack("diagnostics", "more").returncode == 2
    assert home.keyrack("help", "diagnostics").stdout.startswith("Usage: keyrack diagnostics\n")
