"""The vault in a real KeePassXC, which asks its person about each entry and each connection."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from keyrack.core.vault import vault_errors
from keyrack.core.vault.keyring_thread import KeyringThread
from keyrack.core.vault.keyring_vault import KeyringVault
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret
from tests.keepassxc_session import KeepassxcSession, missing_programs
from tests.x_server import x_server

MISSING = missing_programs()
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}")

RECORD = Record(generation=4, client_secret=Secret("cs-invented"), refresh=Secret("rt-invented"), signed_in=True)
LONG = replace(RECORD, generation=5, refresh=Secret("rt-invented-" + "x" * 4_000))
SERVICE = "Keyrack"
PATIENT_SECONDS = 60.0


@pytest.fixture(scope="module")
def keepassxc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeepassxcSession]:
    with x_server() as display:
        session = KeepassxcSession(tmp_path_factory.mktemp("keepassxc"), display=display)
        try:
            session.start()
            yield session
        finally:
            session.stop()


@pytest.fixture(autouse=True)
def environment(keepassxc: KeepassxcSession, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in keepassxc.env.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def thread() -> KeyringThread:
    return KeyringThread(unattended=PATIENT_SECONDS)


@pytest.fixture
async def vault(thread: KeyringThread) -> AsyncIterator[KeyringVault]:
    """A vault that has just started: KeePassXC does not know its connection."""
    vault = KeyringVault(SERVICE, thread=thread)
    await vault.open()
    yield vault
    await vault.close()


@pytest.fixture
async def earlier() -> AsyncIterator[KeyringVault]:
    """An earlier start of Keyrack, with two records."""
    vault = KeyringVault(SERVICE, thread=KeyringThread(unattended=PATIENT_SECONDS))
    await vault.save("a1", RECORD)
    await vault.save("a2", LONG)
    yield vault
    await vault.delete("a1")
    await vault.delete("a2")
    await vault.close()


@pytest.mark.security("S58", "S64")
async def test_what_one_start_writes_it_reads_replaces_and_deletes_without_a_question(
    vault: KeyringVault, keepassxc: KeepassxcSession
) -> None:
    assert vault.name == "Secret Service (KeePassXC)"
    for record in (RECORD, LONG, replace(RECORD, generation=6)):
        await vault.save("b1", record)
        assert await vault.load("b1") == record
    await vault.delete("b1")
    with pytest.raises(vault_errors.Missing):
        await vault.load("b1")
    assert keepassxc.questions() == []


@pytest.mark.security("S60")
async def test_a_start_without_a_press_asks_nothing_and_names_who_has_to_ask(
    earlier: KeyringVault, vault: KeyringVault, keepassxc: KeepassxcSession
) -> None:
    assert await vault.load_together(["a1", "a2"]) == {}
    for call in (vault.load("a1"), vault.save("a1", LONG)):
        with pytest.raises(vault_errors.Locked) as told:
            await call
        assert told.value.happened == "KeePassXC has to ask you before Keyrack may read its entries."
    assert keepassxc.questions() == []
    assert await earlier.load("a1") == RECORD


async def test_one_question_is_enough_for_all_records_of_a_start(
    earlier: KeyringVault, vault: KeyringVault, keepassxc: KeepassxcSession
) -> None:
    first, second = [asyncio.create_task(vault.load(name, prompt=True)) for name in ("a1", "a2")]
    await asyncio.to_thread(keepassxc.answer, "Return", first)
    assert [await first, await second] == [RECORD, LONG]
    later = replace(RECORD, generation=9)
    await vault.save("a1", later)
    assert await vault.load_together(["a1", "a2"]) == {"a1": later, "a2": LONG}
    await vault.delete("a1")
    assert keepassxc.questions() == []


@pytest.mark.security("S60")
async def test_while_it_asks_others_hear_that_it_asks_and_the_answer_still_counts(
    earlier: KeyringVault, vault: KeyringVault, thread: KeyringThread, keepassxc: KeepassxcSession
) -> None:
    press = asyncio.create_task(vault.load("a1", prompt=True))
    await until_asked(keepassxc)
    thread.unattended = 0.05
    with pytest.raises(vault_errors.Asking) as told:
        await vault.load("a2")
    assert told.value.happened == "KeePassXC asks whether Keyrack may use its entries."
    thread.unattended = PATIENT_SECONDS
    await asyncio.to_thread(keepassxc.answer, "Return", press)
    assert await press == RECORD


@pytest.mark.security("S60")
async def test_a_closed_question_is_told_as_that_and_the_next_press_asks_again(
    earlier: KeyringVault, vault: KeyringVault, keepassxc: KeepassxcSession
) -> None:
    for key, expected in (("Escape", None), ("Return", RECORD)):
        press = asyncio.create_task(vault.load("a1", prompt=True))
        await asyncio.to_thread(keepassxc.answer, key, press)
        if expected is not None:
            assert await press == expected
            continue
        with pytest.raises(vault_errors.Dismissed) as told:
            await press
        assert told.value.happened == "KeePassXC does not let Keyrack read its entries."


async def test_after_its_restart_the_records_are_there_and_it_asks_once(
    earlier: KeyringVault, keepassxc: KeepassxcSession
) -> None:
    assert await earlier.load("a1") == RECORD
    keepassxc.end_daemon()
    keepassxc.start_daemon()
    with pytest.raises(vault_errors.Locked):
        await earlier.load("a1")
    press = asyncio.create_task(earlier.load("a1", prompt=True))
    await asyncio.to_thread(keepassxc.answer, "Return", press)
    assert await press == RECORD
    assert await earlier.load("a2") == LONG


async def until_asked(keepassxc: KeepassxcSession) -> None:
    async with asyncio.timeout(PATIENT_SECONDS):
        while not await asyncio.to_thread(keepassxc.questions):
            await asyncio.sleep(0.02)
