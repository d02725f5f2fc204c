"""A second start where another installation of Keyrack runs: it says which release that is."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack import __version__
from keyrack.broker.instance.instance import LOCK_NAME, Instance
from keyrack.core.system.paths import Paths
from keyrack.startup.option_parser import parse
from keyrack.startup.preflight import acquire_instance


@pytest.fixture
def places(short_folder: Path) -> Paths:
    return Paths(short_folder / "config", short_folder / "state", short_folder / "run", short_folder / "logs")


@pytest.fixture
def running(places: Paths) -> Iterator[Instance]:
    """A Keyrack that holds the lock and the socket. `answering` answers for it."""
    instance = Instance.acquire(places.runtime, places.state / LOCK_NAME)
    assert instance is not None
    yield instance
    instance.close()


def answering(instance: Instance, release: str) -> threading.Thread:
    """Answer two requests as a window of this release does."""
    body = json.dumps({"version": 1, "running": "window", "release": release}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    def answer() -> None:
        assert instance.sock is not None
        for _ in range(2):
            connection, _address = instance.sock.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(head + body)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize(("release", "told"), [(__version__, False), ("99.0", True), ("9\x1b[31m9", True)])
def test_another_release_that_runs_is_named(
    places: Paths, running: Instance, capsys: pytest.CaptureFixture[str], release: str, told: bool
) -> None:
    thread = answering(running, release)
    assert acquire_instance(parse([]), places) == 0
    thread.join(10)
    said = capsys.readouterr().err
    assert ("runs already, and its window came forward." in said) is told
    assert "\x1b" not in said
    assert (f"This is {__version__}. Quit the one that runs, then start this one." in said) is told
