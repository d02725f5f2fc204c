"""The vault in a real KWallet, whose wallet is opened at the sign-in to the desktop."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keyrack.core.vault import vault_errors
from keyrack.core.vault.keyring_thread import KeyringThread
from keyrack.core.vault.keyring_vault import KeyringVault
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret
from tests.keyring_session import PASSWORD
from tests.kwallet_session import KwalletSession, missing_programs
from tests.x_server import x_server

MISSING = missing_programs()
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}")

RECORD = Record(generation=4, client_secret=Secret("cs-invented"), refresh=Secret("rt-invented"), signed_in=True)
LONG = replace(RECORD, generation=5, refresh=Secret("rt-invented-" + "x" * 4_000))
PATIENT_SECONDS = 60.0


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with x_server() as display:
        yield display


@pytest.fixture(scope="module")
def kwallet(display: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KwalletSession]:
    """A KWallet with one wallet, as after the second sign-in to the desktop."""
    session = KwalletSession(tmp_path_factory.mktemp("kwallet"), display=display)
    try:
        session.start()
        session.open_wallet()
        session.end_daemon()
        session.start_daemon()
        yield session
    finally:
        session.stop()


@pytest.fixture
def new_kwallet(display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KwalletSession]:
    """A KWallet without a wallet."""
    session = KwalletSession(tmp_path, display=display)
    use(session, monkeypatch)
    try:
        session.start()
        yield session
    finally:
        session.stop()


@pytest.fixture
async def vault() -> AsyncIterator[KeyringVault]:
    """A vault that has not connected yet."""
    vault = KeyringVault("Keyrack", thread=KeyringThread(unattended=PATIENT_SECONDS))
    yield vault
    await vault.close()


@pytest.fixture
def opened(kwallet: KwalletSession, monkeypatch: pytest.MonkeyPatch) -> KwalletSession:
    """The wallet as the sign-in to the desktop leaves it."""
    use(kwallet, monkeypatch)
    kwallet.end_daemon()
    kwallet.start_daemon()
    kwallet.open_wallet()
    return kwallet


def use(session: KwalletSession, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in session.env.items():
        monkeypatch.setenv(name, value)


@pytest.mark.security("S58", "S64")
async def test_a_wallet_opened_by_the_desktop_is_read_and_written_without_a_press(
    opened: KwalletSession, vault: KeyringVault
) -> None:
    for record in (RECORD, LONG, replace(RECORD, generation=6)):
        await vault.save("b1", record)
        assert await vault.load("b1") == record
    assert vault.name == "Secret Service (KWallet)"
    assert await vault.load_together(["b1"]) == {"b1": replace(RECORD, generation=6)}
    await vault.delete("b1")
    with pytest.raises(vault_errors.Missing):
        await vault.load("b1")
    assert opened.questions() == []


@pytest.mark.security("S60")
async def test_a_closed_wallet_is_told_without_a_question_and_a_press_asks_for_its_password(
    opened: KwalletSession, vault: KeyringVault
) -> None:
    await vault.save("a1", RECORD)
    opened.close_wallet()
    for call in (vault.load("a1"), vault.save("a1", LONG)):
        with pytest.raises(vault_errors.Locked) as told:
            await call
        assert told.value.happened == "The keyring is locked."
    assert opened.questions() == []
    press = asyncio.create_task(vault.load("a1", prompt=True))
    await asyncio.to_thread(opened.answer, "", "Escape")
    with pytest.raises(vault_errors.Dismissed):
        await press
    press = asyncio.create_task(vault.load("a1", prompt=True))
    await asyncio.to_thread(opened.answer, PASSWORD, "Return")
    assert await press == RECORD
    await vault.delete("a1")


async def test_a_restart_and_a_wallet_opened_later_are_got_over(opened: KwalletSession, vault: KeyringVault) -> None:
    await vault.save("a1", LONG)
    opened.end_daemon()
    opened.start_daemon()
    with pytest.raises(vault_errors.Locked):
        await vault.load("a1")
    opened.open_wallet()
    assert await vault.load("a1") == LONG
    await vault.delete("a1")


async def test_a_wallet_that_is_not_shown_before_the_next_sign_in_leads_to_no_second_one(
    new_kwallet: KwalletSession, vault: KeyringVault
) -> None:
    new_kwallet.open_wallet()
    for prompt in (False, True):
        with pytest.raises(vault_errors.Locked) as told:
            await vault.save("a1", RECORD, prompt=prompt)
        assert told.value.happened == "KWallet does not show its new wallet to programs yet."
    assert new_kwallet.questions() == []


@pytest.mark.security("S60")
async def test_its_closed_wizard_is_told_as_a_closed_question(new_kwallet: KwalletSession, vault: KeyringVault) -> None:
    with pytest.raises(vault_errors.Locked) as told:
        await vault.save("a1", RECORD)
    assert told.value.happened == "There is no keyring yet."
    press = asyncio.create_task(vault.save("a1", RECORD, prompt=True))
    await asyncio.to_thread(new_kwallet.answer, "", "Escape")
    with pytest.raises(vault_errors.Dismissed):
        await press
