"""What the agent says of its accounts: a line for each change, one sentence for the service manager."""

import logging
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from keyrack.agent.account_report import AccountReport
from keyrack.agent.systemd import Notifier
from keyrack.core.vault.vault_errors import Locked
from tests.core.harness import CoreHarness
from tests.sandbox_process import RunningSandbox


@pytest.fixture
async def harness(sandbox: RunningSandbox, tmp_path: Path) -> AsyncIterator[CoreHarness]:
    made = CoreHarness(sandbox, tmp_path, live=False)
    await made.start()
    yield made
    await made.close()


@pytest.mark.security("S74")
async def test_each_change_is_a_line_and_what_an_end_would_lose_is_said(
    harness: CoreHarness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "keyrack.agent.account_report")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("")
        manager.settimeout(5)
        report = AccountReport(harness.rack, Notifier("@" + manager.getsockname()[1:].decode()))
        report.begin()
        report.end()
        assert manager.recv(4096) == b"READY=1\nSTATUS=Ready: 0 accounts. Secrets are in memory only."
        account = await harness.signed_in()
        harness.vault.refuses_saves = Locked()
        await harness.step(245)
        report.end()
        notes = [manager.recv(4096).decode() for _ in range(3)]
    name = account.settings.name
    lines = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert lines[1][1].startswith(f"{name}: needs_login (new). ")
    assert lines[2:4] == [
        ("INFO", f"{name}: ready."),
        ("WARNING", f"{name}: unsaved. {Locked().happened} {Locked().todo}"),
    ]
    assert lines[4] == ("ERROR", f"{name}: the keyring did not take its newest token, so it must sign in again.")
    assert [note.partition("(")[2].partition(")")[0] for note in notes] == [
        "1 waiting for a sign-in",
        "1 ready",
        "1 unsaved",
    ]
    harness.vault.refuses_saves = None
