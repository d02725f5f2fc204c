"""The first state of each account, as the vault tells it; what cannot be read is never taken for nothing."""

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
from tests.core.harness import Desk


async def reopened(desk: Desk, failure: VaultFailure | None = None) -> Account:
    """The first account after a start at which the vault fails like this."""
    await desk.kill()
    desk.vault.refuses_loads = failure
    await desk.start()
    return next(iter(desk.rack.accounts))


@pytest.mark.security("S60")
@pytest.mark.parametrize("kind", [Locked, Dismissed, Denied, NoService, BusLost, Stuck])
async def test_a_keyring_that_fails_is_named_and_recovers(desk: Desk, kind: type[VaultFailure]) -> None:
    await desk.signed_in()
    account = await reopened(desk, kind())
    status = desk.status(account)
    assert (status.name, status.happened) == ("keyring_unavailable", kind.HAPPENED)
    desk.vault.refuses_loads = None
    await desk.rack._opener.read_all()
    await desk.until(lambda: desk.status(account).name == "ready")


@pytest.mark.security("S60", "S61")
@pytest.mark.parametrize(
    ("kind", "reason"), [(Missing, "item_missing"), (Corrupt, "item_corrupt"), (NewerSchema, "item_corrupt")]
)
async def test_an_item_that_is_gone_or_odd_is_one_account_and_stays_as_it_is(
    desk: Desk, kind: type[VaultFailure], reason: str
) -> None:
    await desk.signed_in()
    texts = dict(desk.vault._texts)
    account = await reopened(desk, kind())
    status = desk.status(account)
    assert (status.name, status.reason) == ("needs_login", reason)
    assert status.happened
    assert status.todo
    assert desk.vault._texts == texts
    if kind is NewerSchema:
        assert "newer version" in status.happened


@pytest.mark.security("S61")
async def test_garbage_in_the_vault_is_kept_aside_by_the_next_sign_in(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.vault._texts[account.id] = Secret("not a record")
    again = await reopened(desk)
    assert desk.status(again).reason == "item_corrupt"
    settings = again.settings
    await desk.rack.edit(again, settings.client_id, Secret("sandbox-secret-made-up"), settings.redirect_uri)
    await desk.sign_in(again)
    assert desk.status(again).name == "ready"
    assert desk.vault._texts[f"{account.id}.aside"] == Secret("not a record")


async def test_a_frozen_keyring_costs_one_deadline_and_not_one_for_each_account(desk: Desk) -> None:
    for _ in range(5):
        await desk.add("probit", "client_credentials")
    desk.vault.loads.clear()
    await reopened(desk, Stuck())
    assert len(desk.vault.loads) == 2  # the lock's own item is asked for at the same time
    assert all(isinstance(account.state, Unreadable) for account in desk.rack.accounts)


async def test_several_presses_on_a_locked_keyring_are_one_question(desk: Desk) -> None:
    for _ in range(3):
        await desk.add("probit", "client_credentials")
    await reopened(desk, Locked())
    desk.vault.refuses_loads = Dismissed()
    desk.vault.loads.clear()
    await asyncio.gather(*(desk.rack.refresh(account) for account in desk.rack.accounts))
    assert desk.vault.loads == [True]
    assert all(desk.status(account).happened == Dismissed.HAPPENED for account in desk.rack.accounts)
    desk.vault.loads.clear()
    desk.vault.refuses_loads = None
    await asyncio.gather(*(desk.rack.refresh(account) for account in desk.rack.accounts))
    assert all(account.state == LoggedOut(Reason.NEW) for account in desk.rack.accounts)


async def test_the_keyring_is_asked_again_by_itself_without_a_prompt(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.signed_in()
    monkeypatch.setattr("keyrack.core.sign_in.restore.RETRY_SECONDS", 0.05)
    account = await reopened(desk, Locked())
    await desk.until(lambda: len(desk.vault.loads) > 3)
    assert not any(desk.vault.loads[2:])
    desk.vault.refuses_loads = None
    await desk.until(lambda: desk.status(account).name == "ready")


async def test_one_account_that_was_never_signed_in_is_new_and_an_edit_does_not_change_that(desk: Desk) -> None:
    account = await desk.add("probit", "client_credentials")
    await desk.rack.edit(account, account.settings.client_id, Secret("another-invented-one"), "")
    assert (await reopened(desk)).state == LoggedOut(Reason.NEW)


@pytest.mark.security("S78")
async def test_a_sign_in_that_lapsed_while_keyrack_was_off_says_so_and_asks_nobody(desk: Desk) -> None:
    account = await desk.signed_in()
    await desk.kill()
    desk.leap(601)
    await desk.start()
    again = next(iter(desk.rack.accounts))
    assert desk.status(again).reason == "refresh_expired"
    assert "not renewed in time" in desk.status(again).happened
    await desk.look()
    assert desk.asked(account) == []


@pytest.mark.security("S78")
async def test_the_end_of_the_sign_in_is_known_over_a_restart(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "status:503")
    await desk.kill()
    desk.leap(400)
    await desk.start()
    again = next(iter(desk.rack.accounts))
    assert 190 < (desk.status(again).sign_in_left or 0) <= 200
    assert account.id == again.id


async def test_a_token_that_nothing_renews_is_used_again_after_a_restart(desk: Desk) -> None:
    account = await desk.signed_in("bitport")
    before = desk.token(account)
    again = await reopened(desk)
    assert desk.token(again).access == before.access
    assert (desk.token(again).expires or 0) == pytest.approx(before.expires or 0, abs=1)
    assert desk.status(again).renews_in is None


async def test_a_token_that_nothing_renews_and_that_ended_needs_its_person(desk: Desk) -> None:
    account = await desk.signed_in("bitport")
    record: Record = await desk.vault.load(account.id)
    await desk.vault.save(account.id, replace(record, lifetime=1.0))
    await desk.kill()
    desk.leap(5)
    await desk.start()
    again = next(iter(desk.rack.accounts))
    await desk.until(lambda: not isinstance(again.state, Active))
    assert desk.status(again).reason == "refresh_expired"
