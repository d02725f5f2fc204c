"""The first state of each account comes from the vault. A record that cannot be read does not count as missing."""

import asyncio
from dataclasses import replace

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, LoggedOut, Reason, Unreadable
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import (
    BusLost,
    Corrupt,
    Denied,
    Dismissed,
    Locked,
    Missing,
    NewerSchema,
    NoService,
    Stuck,
    VaultFailure,
)
from keyrack.primitives.secret import Secret
from tests.core.harness import CoreHarness


async def reopened(harness: CoreHarness, failure: VaultFailure | None = None) -> Account:
    """The first account after a start at which the vault fails like this."""
    await harness.kill()
    harness.vault.refuses_loads = failure
    await harness.start()
    return next(iter(harness.rack.accounts))


@pytest.mark.security("S60")
@pytest.mark.parametrize("kind", [Locked, Dismissed, Denied, NoService, BusLost, Stuck])
async def test_a_keyring_that_fails_is_named_and_recovers(harness: CoreHarness, kind: type[VaultFailure]) -> None:
    await harness.signed_in()
    account = await reopened(harness, kind())
    status = harness.status(account)
    assert (status.name, status.happened) == ("keyring_unavailable", kind().happened)
    harness.vault.refuses_loads = None
    await harness.rack.parts.restorer.restore_all()
    await harness.until(lambda: harness.status(account).name == "ready")


@pytest.mark.security("S60", "S61")
@pytest.mark.parametrize(
    ("kind", "reason"), [(Missing, "item_missing"), (Corrupt, "item_corrupt"), (NewerSchema, "item_newer")]
)
async def test_an_item_that_is_gone_or_odd_is_one_account_and_stays_as_it_is(
    harness: CoreHarness, kind: type[VaultFailure], reason: str
) -> None:
    await harness.signed_in()
    texts = dict(harness.vault.texts)
    account = await reopened(harness, kind())
    status = harness.status(account)
    assert (status.name, status.reason) == ("needs_login", reason)
    assert status.happened
    assert status.todo
    assert harness.vault.texts == texts
    if kind is NewerSchema:
        assert "newer version" in status.happened


@pytest.mark.security("S61")
async def test_garbage_in_the_vault_is_kept_aside_by_the_next_sign_in(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.vault.texts[account.id] = Secret("not a record")
    again = await reopened(harness)
    assert harness.status(again).reason == "item_corrupt"
    settings = again.settings
    await harness.rack.edit(again, settings.client_id, Secret("sandbox-secret-made-up"), settings.redirect_uri)
    await harness.sign_in(again)
    assert harness.status(again).name == "ready"
    assert harness.vault.texts[f"{account.id}.aside"] == Secret("not a record")


async def test_a_frozen_keyring_costs_one_deadline_and_not_one_for_each_account(harness: CoreHarness) -> None:
    for _ in range(5):
        await harness.add("probit", "client_credentials")
    harness.vault.loads.clear()
    await reopened(harness, Stuck())
    assert len(harness.vault.loads) == 2  # the lock's own item is asked for at the same time
    assert all(isinstance(account.state, Unreadable) for account in harness.rack.accounts)


async def test_several_presses_on_a_locked_keyring_are_one_question(harness: CoreHarness) -> None:
    for _ in range(3):
        await harness.add("probit", "client_credentials")
    await reopened(harness, Locked())
    harness.vault.refuses_loads = Dismissed()
    harness.vault.loads.clear()
    await asyncio.gather(*(harness.rack.refresh(account) for account in harness.rack.accounts))
    assert harness.vault.loads == [True]
    assert all(harness.status(account).happened == Dismissed().happened for account in harness.rack.accounts)
    harness.vault.loads.clear()
    harness.vault.refuses_loads = None
    await asyncio.gather(*(harness.rack.refresh(account) for account in harness.rack.accounts))
    assert all(account.state == LoggedOut(Reason.NEW) for account in harness.rack.accounts)


async def test_the_keyring_is_asked_again_by_itself_without_a_prompt(
    harness: CoreHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.signed_in()
    monkeypatch.setattr("keyrack.core.sign_in.restore.RETRY_SECONDS", 0.05)
    account = await reopened(harness, Locked())
    await harness.until(lambda: len(harness.vault.loads) > 3)
    assert not any(harness.vault.loads[2:])
    harness.vault.refuses_loads = None
    await harness.until(lambda: harness.status(account).name == "ready")


async def test_one_account_that_was_never_signed_in_is_new_and_an_edit_does_not_change_that(
    harness: CoreHarness,
) -> None:
    account = await harness.add("probit", "client_credentials")
    await harness.rack.edit(account, account.settings.client_id, Secret("another-invented-one"), "")
    assert (await reopened(harness)).state == LoggedOut(Reason.NEW)


@pytest.mark.security("S78")
async def test_a_sign_in_that_lapsed_while_keyrack_was_off_says_so_and_asks_nobody(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    await harness.kill()
    harness.leap(601)
    await harness.start()
    again = next(iter(harness.rack.accounts))
    assert harness.status(again).reason == "refresh_expired"
    assert "not renewed in time" in harness.status(again).happened
    await harness.look()
    assert harness.asked(account) == []


@pytest.mark.security("S78")
async def test_the_end_of_the_sign_in_is_known_over_a_restart(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "status:503")
    await harness.kill()
    harness.leap(400)
    await harness.start()
    again = next(iter(harness.rack.accounts))
    assert 190 < (harness.status(again).sign_in_left or 0) <= 200
    assert account.id == again.id


async def test_a_token_that_nothing_renews_is_used_again_after_a_restart(harness: CoreHarness) -> None:
    account = await harness.signed_in("bitport")
    before = harness.token(account)
    again = await reopened(harness)
    assert harness.token(again).access == before.access
    assert (harness.token(again).expires or 0) == pytest.approx(before.expires or 0, abs=1)
    assert harness.status(again).renews_in is None


async def test_a_token_that_nothing_renews_and_that_ended_needs_its_person(harness: CoreHarness) -> None:
    account = await harness.signed_in("bitport")
    record: Record = await harness.vault.load(account.id)
    await harness.vault.save(account.id, replace(record, lifetime=1.0))
    await harness.kill()
    harness.leap(5)
    await harness.start()
    again = next(iter(harness.rack.accounts))
    await harness.until(lambda: not isinstance(again.state, Active))
    assert harness.status(again).reason == "refresh_expired"
