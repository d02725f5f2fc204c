"""The look at the keyring before a secret is typed: with the real one, with none on the bus, and with none yet."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from keyrack.core.vault.keyring_check import KeyringCheck
from keyrack.core.vault.keyring_vault import KeyringVault
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Locked, NoService, VaultFailure
from keyrack.primitives.clock import Clock
from tests.core.harness import FailingVault
from tests.keyring_session import KeyringSession, missing_programs

needs_keyring = pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {missing_programs()}")


class Restored:
    """Counts how often what waits for the keyring was read."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> None:
        """One more time."""
        self.times += 1


def found(check: KeyringCheck) -> type[VaultFailure] | None:
    """What kind of failure was found."""
    return None if check.why is None else type(check.why)


@pytest.fixture
def restored() -> Restored:
    return Restored()


@pytest.fixture
async def check(restored: Restored) -> AsyncIterator[KeyringCheck]:
    vault = KeyringVault("Keyrack Test")
    yield KeyringCheck(RecordStore(vault, Clock()), restored)
    await vault.close()


@pytest.fixture
def bare_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "KeyringSession":
    """A bus on which no keyring is, and none can be started."""
    session = KeyringSession(tmp_path)
    for name, value in session.env.items():
        monkeypatch.setenv(name, value)
    session.runtime.mkdir(mode=0o700, parents=True)
    session.start_bus()
    return session


@needs_keyring
async def test_a_keyring_that_is_open_is_no_reason_for_a_word(
    session: KeyringSession, check: KeyringCheck, restored: Restored
) -> None:
    told: list[object] = []
    check.changed.connect(lambda: told.append(check.why))
    await check.look()
    assert told == [None]
    await check.try_again()
    assert restored.times == 1


@needs_keyring
async def test_a_locked_keyring_is_told_without_a_question(
    session: KeyringSession, check: KeyringCheck, restored: Restored
) -> None:
    session.lock()
    await check.look()
    assert isinstance(check.why, Locked)
    assert check.why.code == "keyring_locked"
    assert restored.times == 0


@needs_keyring
async def test_without_a_collection_there_is_no_keyring_yet(session: KeyringSession, check: KeyringCheck) -> None:
    """A fresh user of gnome-keyring: the service is there, and nothing to keep secrets in."""
    session.start_without_collection()
    await check.look()
    assert isinstance(check.why, Locked)
    assert check.why.code == "keyring_not_set_up"
    assert check.why.happened == "There is no keyring yet."
    assert "Try again" not in check.why.sentences()
    assert "sign-ins are safe" not in check.why.sentences()


@needs_keyring
async def test_no_keyring_on_the_bus_is_found_and_one_that_comes_later_too(
    bare_bus: KeyringSession, check: KeyringCheck, restored: Restored
) -> None:
    try:
        await check.look()
        assert found(check) is NoService
        await check.try_again()
        assert found(check) is NoService
        assert restored.times == 0
        bare_bus.start_daemon()
        await check.try_again()
        assert found(check) is None
        assert restored.times == 1
    finally:
        bare_bus.stop()


@needs_keyring
async def test_going_on_for_this_session_ends_the_complaint(
    bare_bus: KeyringSession, check: KeyringCheck, restored: Restored
) -> None:
    try:
        await check.look()
        await check.use_memory()
        assert check.why is None
        assert check.session_only
        assert restored.times == 1
        await check.look()
        assert check.why is None, "memory is what is looked at now"
    finally:
        bare_bus.stop()


async def test_it_looks_when_it_is_woken_and_holds_nobody_up(restored: Restored) -> None:
    vault = FailingVault()
    vault.load_gate = asyncio.Event()
    check = KeyringCheck(RecordStore(vault, Clock()), restored)
    check.wake()
    task = asyncio.create_task(check.run())
    async with asyncio.timeout(5):
        while not vault.loads:
            await asyncio.sleep(0.002)
    assert vault.loads == [False], "nobody is asked"
    vault.refuses_loads = NoService()
    vault.load_gate.set()
    async with asyncio.timeout(5):
        while check.why is None:
            await asyncio.sleep(0.002)
    task.cancel()
