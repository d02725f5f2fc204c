"""A real keyring for each test of the vault, and one more run where the keyring's own program aborted under it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.keyring_session import KeyringSession


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringSession]:
    """A new bus and keyring, which this process uses."""
    session = KeyringSession(tmp_path)
    for name, value in session.env.items():
        monkeypatch.setenv(name, value)
    try:
        yield session.start()
    finally:
        session.stop()


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Repeat a failed test if, and only if, gnome-keyring-daemon ended by SIGABRT during it.

    gnome-keyring 42 reuses the object path of a deleted item and aborts now and then when it registers the new one.
    A second abort, and every other failure, counts.
    """
    if "session" not in getattr(item, "fixturenames", ()):
        return None
    aborts = KeyringSession.aborts
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if any(report.failed for report in reports) and KeyringSession.aborts > aborts:
        item._initrequest()  # type: ignore[attr-defined] # fixtures are made anew
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
