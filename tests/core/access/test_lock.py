"""The lock: who may lock and unlock, what it refuses, and what continues after a restart."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from keyrack.core.access.lock import (
    FIRST_PAUSE,
    FREE_ATTEMPTS,
    ITEM,
    LONGEST,
    LONGEST_PAUSE,
    MARKER,
    Lock,
    LockRefused,
)
from keyrack.core.access.passphrase import matches, verifier_of
from keyrack.core.access.policy import AccessRefused
from keyrack.core.access.program import Program
from keyrack.core.failures import DraftProblem
from keyrack.core.vault.record import Record
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Corrupt, Locked, NoService, VaultFailure
from keyrack.primitives.secret import Secret
from tests.cheap_passphrase import cheap_verifier
from tests.clock import FakeClock
from tests.core.harness import CoreHarness, FailingVault

RIGHT = Secret("canary passphrase")
WRONG = Secret("canary guess")
BOT = Program(4711, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)
LEAST_MEMORY_KIB = 19 * 1024


@dataclass
class LockFixture:
    """One lock after another over the same keyring and folder."""

    vault: FailingVault
    clock: FakeClock
    state: Path
    lock: Lock

    async def restart(self) -> Lock:
        """End without closing and start again. The keyring is read."""
        self.lock = lock_over(self.vault, self.clock, self.state)
        await self.lock.load()
        return self.lock

    async def with_passphrase(self) -> Lock:
        """A lock with a passphrase."""
        await self.vault.save(ITEM, Record(verifier=cheap_verifier(RIGHT.reveal())))
        await self.lock.load()
        assert self.lock.has_passphrase
        return self.lock


def lock_over(vault: FailingVault, clock: FakeClock, state: Path) -> Lock:
    return Lock(RecordStore(vault, clock.clock), clock.clock, state)


@pytest.fixture
async def locks(tmp_path: Path) -> LockFixture:
    vault, clock = FailingVault(), FakeClock.running()
    made = LockFixture(vault, clock, tmp_path, lock_over(vault, clock, tmp_path))
    await made.lock.load()
    return made


async def refused(doing: Awaitable[object] | Callable[[], None], words: str) -> LockRefused:
    with pytest.raises(LockRefused, match=words) as caught:
        if isinstance(doing, Awaitable):
            await doing
        else:
            doing()
    return caught.value


@pytest.mark.security("S58", "S91")
async def test_a_passphrase_is_kept_as_an_argon2id_verifier_in_the_keyring_alone(locks: LockFixture) -> None:
    await locks.lock.set_passphrase(None, RIGHT)
    item = await locks.vault.load(ITEM)
    assert item.verifier is not None
    _, kind, _, cost, *_ = item.verifier.reveal().split("$")
    assert kind == "argon2id"
    assert int(cost.partition("m=")[2].partition(",")[0]) >= LEAST_MEMORY_KIB
    assert RIGHT.reveal() not in item.encode().reveal()
    locks.lock.lock(by_hand=True)
    assert [path.read_bytes() for path in locks.state.iterdir()] == [b""]
    await refused(locks.lock.unlock(WRONG), "not the passphrase")
    assert locks.lock.locked
    await locks.lock.unlock(RIGHT)
    assert not locks.lock.locked


def test_the_same_word_typed_in_two_ways_is_one_passphrase() -> None:
    made = verifier_of(Secret("Fu\u0308r uns"))
    assert matches(Secret("F\u00fcr uns"), made)
    assert not matches(Secret("F\u00fcr Uns"), made)
    assert made != verifier_of(Secret("Fu\u0308r uns")), "each has a salt of its own"


def test_a_damaged_verifier_fits_nothing() -> None:
    for damaged in ("", "$argon2id$", "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA", "canary passphrase"):
        assert not matches(RIGHT, Secret(damaged))


@pytest.mark.security("S91")
async def test_without_a_passphrase_only_a_press_in_the_window_unlocks(locks: LockFixture) -> None:
    locks.lock.lock(by_hand=True)
    await refused(locks.lock.unlock(RIGHT), "No passphrase is set")
    assert locks.lock.locked
    locks.lock.unlock_by_press()
    assert not locks.lock.locked


@pytest.mark.security("S91")
@pytest.mark.parametrize("by_hand", [True, False])
async def test_with_a_passphrase_no_press_unlocks(locks: LockFixture, by_hand: bool) -> None:
    lock = await locks.with_passphrase()
    lock.lock(by_hand=by_hand)
    await refused(lock.unlock_by_press, "A passphrase is set")
    await refused(lock.unlock(Secret("")), "not the passphrase")
    assert lock.locked


async def test_a_lock_by_hand_stays_one_when_it_would_have_locked_by_itself(locks: LockFixture) -> None:
    told: list[tuple[bool, bool]] = []
    locks.lock.changed.connect(lambda: told.append((locks.lock.locked, locks.lock.by_hand)))
    locks.lock.lock(by_hand=False)
    locks.lock.lock(by_hand=True)
    locks.lock.lock(by_hand=False)
    locks.lock.unlock_by_press()
    locks.lock.lock(by_hand=False)
    assert told == [(True, False), (True, True), (True, True), (False, False), (True, False)]


@pytest.mark.security("S91")
async def test_wrong_passphrases_in_a_row_make_longer_and_longer_pauses(locks: LockFixture) -> None:
    lock = await locks.with_passphrase()
    lock.lock(by_hand=True)
    for _ in range(FREE_ATTEMPTS):
        await refused(lock.unlock(WRONG), "not the passphrase")
    for pause in (FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE):
        locks.clock.move(pause - 1)
        await refused(lock.unlock(RIGHT), "did not look|were wrong")
        locks.clock.move(1.1)
        await refused(lock.unlock(WRONG), "not the passphrase")
    for _ in range(20):
        locks.clock.move(LONGEST_PAUSE + 1)
        await refused(lock.unlock(WRONG), "not the passphrase")
    locks.clock.move(LONGEST_PAUSE + 1)
    await lock.unlock(RIGHT)
    lock.lock(by_hand=True)
    await refused(lock.unlock(WRONG), "not the passphrase")
    await lock.unlock(RIGHT)


@pytest.mark.security("S91")
async def test_many_tries_at_once_are_looked_at_one_by_one(locks: LockFixture) -> None:
    lock = await locks.with_passphrase()
    lock.lock(by_hand=True)
    results = await asyncio.gather(*(lock.unlock(WRONG) for _ in range(12)), return_exceptions=True)
    said = [why.happened for why in results if isinstance(why, LockRefused)]
    assert said.count("This is not the passphrase.") == FREE_ATTEMPTS
    assert len(said) == 12


@pytest.mark.security("S91")
async def test_changing_and_taking_away_the_passphrase_needs_the_old_one(locks: LockFixture) -> None:
    lock = await locks.with_passphrase()
    new = Secret("another canary")
    for old in (None, WRONG):
        await refused(lock.set_passphrase(old, new), "not the passphrase")
    await lock.set_passphrase(RIGHT, new)
    lock.lock(by_hand=True)
    await refused(lock.unlock(RIGHT), "not the passphrase")
    await refused(lock.set_passphrase(new, None), "Keyrack is locked")
    await lock.unlock(new)
    await lock.set_passphrase(new, None)
    assert not lock.has_passphrase
    assert locks.vault.names() == set()


@pytest.mark.parametrize("odd", ["", "abc", "x" * (LONGEST + 1)])
async def test_a_passphrase_has_a_least_and_a_most(locks: LockFixture, odd: str) -> None:
    with pytest.raises(DraftProblem, match="4 to 1024 characters"):
        await locks.lock.set_passphrase(None, Secret(odd))
    assert not locks.lock.has_passphrase


@pytest.mark.security("S58")
async def test_a_keyring_that_refuses_leaves_the_old_passphrase(locks: LockFixture) -> None:
    lock = await locks.with_passphrase()
    locks.vault.refuses_saves = Locked()
    for new in (Secret("another canary"), None):
        with pytest.raises(VaultFailure, match="keyring is locked"):
            await lock.set_passphrase(RIGHT, new)
    lock.lock(by_hand=True)
    await lock.unlock(RIGHT)


@pytest.mark.security("S91")
async def test_a_lock_by_hand_with_a_passphrase_outlives_a_restart(locks: LockFixture) -> None:
    lock = await locks.with_passphrase()
    lock.lock(by_hand=True)
    again = lock_over(locks.vault, locks.clock, locks.state)
    assert (again.locked, again.by_hand) == (True, True), "before the keyring is read"
    await refused(again.unlock_by_press, "not been read yet")
    await again.load()
    await again.unlock(RIGHT)
    assert not (await locks.restart()).locked


async def test_every_other_lock_ends_with_the_program(locks: LockFixture) -> None:
    locks.lock.lock(by_hand=True)
    assert not (await locks.restart()).locked
    lock = await locks.with_passphrase()
    lock.lock(by_hand=False)
    assert not (await locks.restart()).locked
    assert list(locks.state.iterdir()) == []


async def test_a_passphrase_that_is_gone_from_the_keyring_locks_nobody_out(locks: LockFixture) -> None:
    lock = await locks.with_passphrase()
    lock.lock(by_hand=True)
    await locks.vault.delete(ITEM)
    assert not (await locks.restart()).locked
    assert not (locks.state / MARKER).exists()


@pytest.mark.security("S91")
async def test_a_lock_that_the_disk_cannot_note_holds_until_a_restart_and_knows_that(locks: LockFixture) -> None:
    lock = await locks.with_passphrase()
    (locks.state / MARKER).mkdir()
    lock.lock(by_hand=True)
    assert (lock.locked, lock.by_hand, lock.unmarked) == (True, True, True)
    (locks.state / MARKER).rmdir()
    assert not (await locks.restart()).locked
    locks.lock.lock(by_hand=True)
    assert not locks.lock.unmarked


@pytest.mark.security("S91")
async def test_while_the_keyring_cannot_be_read_nobody_unlocks(locks: LockFixture) -> None:
    lock = await locks.with_passphrase()
    lock.lock(by_hand=True)
    locks.vault.refuses_loads = Locked()
    lock = await locks.restart()
    await refused(lock.unlock_by_press, "keyring is locked")
    why = await refused(lock.unlock(RIGHT), "keyring is locked")
    assert (why.kind, why.code) == ("refused", "passphrase_unread")
    await lock.load(prompt=True)
    assert locks.vault.loads[-1] is True
    locks.vault.refuses_loads = Corrupt()
    await refused(lock.unlock(RIGHT), "entry for the passphrase cannot be read")
    locks.vault.refuses_loads = None
    await lock.unlock(RIGHT)
    assert not lock.locked


@pytest.mark.security("S91")
async def test_a_start_without_the_keyring_is_no_way_around_the_passphrase(locks: LockFixture) -> None:
    lock = await locks.with_passphrase()
    lock.lock(by_hand=True)
    locks.vault.refuses_loads = NoService()
    lock = await locks.restart()
    await refused(lock.unlock_by_press, "no keyring")
    await refused(lock.unlock(RIGHT), "no keyring")
    locks.vault.refuses_loads = None
    lock = await locks.restart()
    await refused(lock.unlock_by_press, "A passphrase is set")
    await lock.unlock(RIGHT)


@pytest.mark.security("S91")
@pytest.mark.parametrize("found", [None, NoService()], ids=["no passphrase", "no keyring"])
async def test_reading_the_keyring_later_unlocks_nothing_that_was_locked_meanwhile(
    locks: LockFixture, found: VaultFailure | None
) -> None:
    locks.vault.refuses_loads = Locked()
    lock = await locks.restart()
    lock.lock(by_hand=True)
    locks.vault.refuses_loads = found
    await lock.load()
    assert (lock.locked, lock.by_hand) == (True, True), "only a press unlocks"
    assert not (locks.state / MARKER).exists(), "without a passphrase it ends with the program"
    lock.unlock_by_press()
    assert not lock.locked


async def test_without_any_keyring_there_is_no_passphrase(locks: LockFixture) -> None:
    locks.vault.refuses_loads = NoService()
    lock = await locks.restart()
    lock.lock(by_hand=True)
    lock.unlock_by_press()
    assert not lock.locked


async def test_a_folder_that_cannot_be_written_keeps_nobody_from_locking(locks: LockFixture) -> None:
    lock = await locks.with_passphrase()
    lock.marker = locks.state / "file" / MARKER
    (locks.state / "file").write_text("not a folder")
    lock.lock(by_hand=True)
    assert lock.locked


@pytest.mark.security("S91")
async def test_a_lock_by_hand_keeps_every_token_and_any_other_leaves_it_to_the_caller(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.rack.access.choose(account, "allow")
    lock, tokens = harness.rack.lock, harness.rack.tokens
    lock.lock(by_hand=False)
    assert (await tokens.give(account, BOT)).secret == harness.token(account).access
    await refused(tokens.give(account, None), "Keyrack is locked")
    with pytest.raises(LockRefused, match="locked") as caught:
        lock.refuse_if_locked()
    assert (caught.value.kind, caught.value.code) == ("locked", "keyrack_locked")
    lock.lock(by_hand=True)
    with pytest.raises(AccessRefused, match="Keyrack is locked"):
        await tokens.give(account, BOT)
    await refused(tokens.give(account, None), "Keyrack is locked")
    old = harness.token(account).access
    await harness.step(250)
    assert harness.token(account).access != old, "renewal goes on"


@pytest.mark.security("S91")
async def test_a_token_that_was_being_renewed_does_not_leave_a_lock_that_came_meanwhile(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.leap(280)
    harness.vault.gate = asyncio.Event()
    harness.rack.access.choose(account, "allow")
    asking = [asyncio.create_task(harness.rack.tokens.give(account, program)) for program in (BOT, None)]
    saved = len(harness.vault.saves)
    await harness.until(lambda: len(harness.vault.saves) > saved)
    harness.rack.lock.lock(by_hand=True)
    harness.vault.gate.set()
    with pytest.raises(AccessRefused, match="Keyrack is locked"):
        await asking[0]
    await refused(asking[1], "Keyrack is locked")
    assert harness.status(account).name == "ready"


async def test_the_rack_reads_the_lock_when_it_opens(harness: CoreHarness) -> None:
    await harness.rack.lock.set_passphrase(None, RIGHT)
    harness.rack.lock.lock(by_hand=True)
    rack = await harness.kill()
    assert rack.lock.locked
    await harness.start()
    assert rack.lock.has_passphrase
    await rack.lock.unlock(RIGHT)
