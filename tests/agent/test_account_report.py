"""What the agent says of its accounts: a line for each change, one sentence for the service manager."""

import logging
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from keyrack.agent.account_report import AccountReport
from keyrack.agent.systemd import Notifier
from keyrack.core.vault.vault_errors import Locked
from keyrack.messages.catalogue import CATALOGUE
from tests.core.harness import CoreHarness
from tests.language import catalogue_of
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


async def test_the_service_manager_is_told_in_the_language_and_the_log_in_english(
    harness: CoreHarness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "keyrack.agent.account_report")
    texts = {
        "Ready: {n} account ({states}).": "Bereit: {n} Konto ({states}).",
        "{n} waiting for a sign-in": "{n} nicht angemeldet",
        "Secrets are in memory only.": "Nur im Speicher.",
        CATALOGUE["nobody_signed_in"].happened: "Noch nie angemeldet.",
    }
    with catalogue_of.spoken("xx", texts), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("")
        manager.settimeout(5)
        report = AccountReport(harness.rack, Notifier("@" + manager.getsockname()[1:].decode()))
        report.begin()
        account = await harness.add("whitebit")
        told = [manager.recv(4096).decode() for _ in range(2)]
    assert told == [
        "READY=1\nSTATUS=Ready: 0 accounts. Nur im Speicher.",
        "STATUS=Bereit: 1 Konto (1 nicht angemeldet). Nur im Speicher.",
    ]
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == "Ready: 0 accounts. Secrets are in memory only."
    assert lines[1].startswith(f"{account.settings.name}: needs_login (new). {CATALOGUE['nobody_signed_in'].happened}")
