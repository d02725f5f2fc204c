"""The Keyrack that the verbs of these tests ask."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.broker.instance.instance import SOCKET_NAME
from tests.cli.fake_socket import GIVEN, FakeSocket, answering, reply


@pytest.fixture(scope="module")
def served() -> Iterator[FakeSocket]:
    """A Keyrack and a sandbox that answer, in a session's folder of their own."""
    with tempfile.TemporaryDirectory(prefix="kr") as name:
        before = os.environ["XDG_RUNTIME_DIR"]
        os.environ["XDG_RUNTIME_DIR"] = name
        with answering(Path(name, "keyrack", SOCKET_NAME)) as found:
            yield found
        os.environ["XDG_RUNTIME_DIR"] = before


@pytest.fixture
def keyrack(served: FakeSocket) -> FakeSocket:
    """The same for one test, which gives a token."""
    served.asked.clear()
    served.answer = reply(GIVEN)
    return served
