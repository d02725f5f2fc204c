"""An account that several hosts share: one renews it, and all serve what it stored."""

import asyncio

import msgspec
import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.accounts_file import AccountsFile
from keyrack.core.accounts.state import Active, LoggedOut, Retrying
from keyrack.core.shared_store.shared_store import Put
from keyrack.core.sharing.wishes import TokenWish
from keyrack.core.tokens.refresh_journal import RefreshJournal
from tests.core.sharing.group import Group, SharingHost


def access(host: SharingHost, account: Account) -> object:
    return host.harness.token(account).access


def statuses(host: SharingHost, account: Account) -> list[int]:
    return [row["status"] for row in host.harness.asked(account)]


async def test_a_follower_serves_the_token_that_another_host_renewed_without_asking_the_provider(group: Group) -> None:
    first, second, account, there = await group.shared()
    assert access(second, there) == access(first, account)
    assert there.renewed_elsewhere
    assert not account.renewed_elsewhere
    await first.harness.rack.refresh(account)
    await second.harness.until(lambda: access(second, there) == access(first, account))
    assert statuses(first, account) == [200]
    assert await second.harness.rack.parts.token_source.fresh(there) == access(first, account)


async def test_where_the_host_that_renews_is_killed_another_one_goes_on_after_its_lease(group: Group) -> None:
    first, second, _, there = await group.shared()
    before = access(second, there)
    await first.kill()
    await second.harness.until(lambda: not there.renewed_elsewhere, 15)
    await second.harness.rack.refresh(there)
    assert access(second, there) != before
    assert statuses(second, there) == [200]


async def test_a_host_that_ends_in_order_hands_over_at_once(group: Group) -> None:
    first, second, _, there = await group.shared()
    await first.close()
    await second.harness.until(lambda: not there.renewed_elsewhere, 3)


async def test_many_callers_of_all_hosts_that_need_more_wake_the_renewing_host_once(group: Group) -> None:
    first, second, account, there = await group.shared()
    third = await group.host("desk-3")
    on_third = await third.until_ready(account.id)
    lifetime = second.harness.token(there).lifetime
    assert lifetime is not None
    for host in (first, second, third):
        host.harness.leap(2) if host is first else host.harness.clock.move(2)
    wanted = lifetime - 1
    tokens = await asyncio.gather(
        *(second.harness.rack.parts.token_source.fresh(there, wanted) for _ in range(5)),
        *(third.harness.rack.parts.token_source.fresh(on_third, wanted) for _ in range(5)),
    )
    assert all(token == access(first, account) for token in tokens)
    assert statuses(first, account) == [200]


async def test_a_refused_renewal_ends_the_sign_in_on_every_host(group: Group) -> None:
    first, second, account, there = await group.shared()
    first.harness.sandbox.fault("whitebit", "refresh", "refused")
    await first.harness.rack.refresh(account)
    assert isinstance(account.state, LoggedOut)
    await second.harness.until(lambda: isinstance(there.state, LoggedOut))
    assert first.harness.status(account).reason == second.harness.status(there).reason == "refresh_rejected"


async def test_a_sign_out_on_any_host_holds_on_all(group: Group) -> None:
    first, second, account, there = await group.shared()
    await second.harness.rack.sign_out(there)
    await first.harness.until(lambda: first.harness.status(account).reason == "signed_out")
    assert not first.harness.rack.parts.records.token(account.id, renews_again=False).refresh


async def test_a_sign_in_on_any_host_serves_all(group: Group) -> None:
    first, second, account, there = await group.shared()
    await second.harness.rack.sign_out(there)
    await first.harness.until(lambda: isinstance(account.state, LoggedOut))
    await second.harness.sign_in(there)
    assert isinstance(there.state, Active)
    await first.until_ready(account.id)
    assert access(first, account) == access(second, there)
    assert account.renewed_elsewhere


async def test_a_removal_on_any_host_holds_on_all(group: Group) -> None:
    first, second, account, there = await group.shared()
    await second.harness.rack.remove(there)
    await first.harness.until(lambda: account.id not in first.harness.rack.parts.accounts.kept)
    assert account.id not in first.harness.vault.names()


async def test_a_host_that_slept_through_its_lease_sends_nothing_and_writes_nothing(group: Group) -> None:
    first, second, account, there = await group.shared()
    first.harness.clock.move(11)
    await first.harness.rack.renew(account)
    assert statuses(first, account) == []
    await second.harness.rack.renew(there)
    assert statuses(first, account).count(200) <= 1
    assert set(statuses(first, account)) <= {200}


async def test_a_renewal_whose_host_was_killed_is_tried_once_and_told_as_interrupted(group: Group) -> None:
    first, second, account, there = await group.shared()
    first.harness.sandbox.fault("whitebit", "refresh", "lost", times=1)
    await first.harness.rack.renew(account)
    await first.kill()
    await second.harness.until(lambda: not there.renewed_elsewhere, 15)
    await second.harness.rack.renew(there)
    state = there.state
    assert isinstance(state, Active)
    assert isinstance(state.renewal, Retrying)
    assert state.renewal.why.code == "shared_answer_awaited"
    assert len(statuses(second, there)) == 1, "the host that was lost may still come back"
    second.harness.leap(299)
    second.harness.rack.parts.refresher.wake()
    await second.harness.until(lambda: isinstance(there.state, LoggedOut))
    assert second.harness.status(there).reason == "interrupted_refresh"


@pytest.mark.parametrize("seconds", [-240.0, 240.0])
async def test_clocks_that_differ_by_minutes_make_no_token_look_over(group: Group, seconds: float) -> None:
    first, second = await group.host("desk-1"), await group.host("desk-2")
    second.harness.clock.wall_offset = seconds
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    there = await second.until_ready(account.id)
    ends, ends_there = first.harness.token(account).expires, second.harness.token(there).expires
    assert ends is not None
    assert ends_there is not None
    assert abs((ends - first.harness.clock.elapsed) - (ends_there - second.harness.clock.elapsed)) < 3
    assert RefreshJournal(second.harness.paths.state).read(account.id) is None


async def test_the_figures_of_the_renewing_host_are_shown_on_all_and_asked_for_once(group: Group) -> None:
    first, second, account, there = await group.shared()
    await first.harness.rack.update_balances(account)
    asked = len(first.harness.asked(account, "balances"))
    await first.sharing.figures.send()
    await second.harness.until(lambda: there.balances is not None)
    assert there.balances is not None
    assert account.balances is not None
    assert there.balances.holdings == account.balances.holdings
    await second.harness.rack.update_balances(there)
    assert len(first.harness.asked(account, "balances")) == asked


async def test_an_account_becomes_one_host_s_own_again_and_leaves_the_others(group: Group) -> None:
    first, second, account, there = await group.shared()
    await first.sharing.unshare(account)
    await second.harness.until(lambda: there.id not in second.harness.rack.parts.accounts.kept)
    assert account.settings.group == ""
    assert not account.renewed_elsewhere
    await first.harness.rack.refresh(account)
    assert statuses(first, account) == [200]
    assert (await first.harness.vault.load(account.id)).refresh == first.harness.token(account).refresh


async def test_any_host_takes_over_on_request(group: Group) -> None:
    first, second, account, there = await group.shared()
    await second.sharing.take(there)
    await first.harness.until(lambda: account.renewed_elsewhere)
    await second.harness.until(lambda: not there.renewed_elsewhere)
    shown = first.harness.status(account).shared
    assert shown is not None
    assert (shown.host, shown.here) == ("desk-2", False)
    assert shown.since is not None
    await second.harness.rack.refresh(there)
    await first.harness.until(lambda: access(first, account) == access(second, there))
    assert statuses(first, account) == [200]


async def test_a_wish_that_comes_while_the_renewal_is_under_way_loses_no_token(group: Group) -> None:
    first, second, account, there = await group.shared()
    before = access(first, account)
    first.harness.sandbox.fault("whitebit", "refresh", "hold:1", times=1)
    renewal = asyncio.create_task(first.harness.rack.renew(account))
    await first.harness.until(lambda: first.harness.asked(account))
    await second.harness.rack.renew(there)
    await renewal
    assert access(first, account) != before
    assert access(second, there) == access(first, account)
    assert statuses(first, account) == [200]


async def test_a_wish_that_was_met_meanwhile_wakes_nobody(group: Group) -> None:
    first, second, account, _ = await group.shared()
    key = second.sharing.entries.key("wishes", account.id)
    plain = msgspec.json.encode(TokenWish(first.harness.rack.parts.records.generation(account.id) - 1, "desk-2-id"))
    sealed = second.sharing.place.seal.close(key, second.sharing.entries.revision, plain)
    await second.store.commit((), (Put(key, sealed),))
    async with asyncio.timeout(20):
        while (await second.store.read(key)).entries:
            await asyncio.sleep(0.02)
    assert statuses(first, account) == []


async def test_many_accounts_of_one_name_are_met_in_one_write_and_told_apart(group: Group) -> None:
    first, second, account, _ = await group.shared()
    held, key = first.sharing.entries.accounts[account.id].entry, first.sharing.entries.key
    await second.close()
    puts = [
        Put(key("accounts", id), first.sharing.place.seal.close(key("accounts", id), 1, held.encode()))
        for id in (f"{number:032x}" for number in range(40))
    ]
    await first.store.commit((), puts)
    third = await group.host("desk-3")
    kept = third.harness.rack.parts.accounts.kept
    await third.harness.until(lambda: len(kept) == len(puts) + 1)
    names = {each.settings.name for each in kept.values()}
    assert len(names) == len(puts) + 1
    again = AccountsFile(third.harness.paths.config).load()
    assert {settings.name for settings in again} == names
