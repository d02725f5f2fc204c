"""What becomes of shared accounts while a host does not reach the shared store."""

import asyncio
from dataclasses import replace

import msgspec

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Opening, Unsaved
from keyrack.core.shared_store.shared_store import Put
from keyrack.providers.schema import FlowName
from tests.core.sharing.group import Group, SharingHost
from tests.tcp_relay import TcpRelay


async def shared_by_link(
    group: Group, link: TcpRelay, provider: str = "whitebit"
) -> tuple[SharingHost, SharingHost, Account, Account]:
    """The first host renews, and reaches the store by the link."""
    first, second = await group.host_by_link("desk-1", link), await group.host("desk-2")
    flow: FlowName = "authorization_code" if provider == "whitebit" else "client_credentials"
    account = await first.harness.signed_in(provider, flow)
    await first.sharing.share(account)
    return first, second, account, await second.until_ready(account.id)


def statuses(host: SharingHost, account: Account, endpoint: str = "refresh") -> list[int]:
    return [row["status"] for row in host.harness.asked(account, endpoint)]


async def test_without_the_store_no_refresh_token_is_sent(group: Group, link: TcpRelay) -> None:
    first, _, account, _ = await shared_by_link(group, link)
    before = first.harness.token(account)
    link.cut()
    await first.harness.rack.renew(account)
    assert statuses(first, account) == []
    assert first.harness.token(account).refresh == before.refresh
    assert await first.harness.rack.parts.token_source.fresh(account) == before.access, "it serves until it ends"
    status = first.harness.status(account)
    assert status.name == "retrying"
    assert status.happened
    link.mend()
    await first.harness.until(lambda: first.sharing.lease.current is not None, 20)
    await first.harness.rack.renew(account)
    assert statuses(first, account) == [200]


async def test_without_the_store_the_hosts_say_so(group: Group, link: TcpRelay) -> None:
    first, _, account, _ = await shared_by_link(group, link)
    link.cut()
    await first.harness.until(lambda: first.harness.status(account).happened, 20)
    status = first.harness.status(account)
    assert status.name == "ready"
    assert status.shared is not None
    assert status.shared.away is not None
    link.mend()
    await first.harness.until(lambda: not first.harness.status(account).happened, 20)


async def test_what_does_not_rotate_is_renewed_without_the_store(group: Group, link: TcpRelay) -> None:
    first, _, account, _ = await shared_by_link(group, link, "probit")
    before = first.harness.token(account).access
    link.cut()
    await first.harness.rack.renew(account)
    assert first.harness.token(account).access != before


async def test_a_token_that_the_store_did_not_take_is_unsaved_here_and_unknown_elsewhere(
    group: Group, link: TcpRelay
) -> None:
    first, second, account, there = await shared_by_link(group, link)
    before = second.harness.token(there).access
    first.harness.sandbox.fault("whitebit", "refresh", "hold:1", times=1)
    renewal = asyncio.create_task(first.harness.rack.renew(account))
    await first.harness.until(lambda: first.harness.asked(account))
    link.cut()
    await renewal
    state = account.state
    assert isinstance(state, Active)
    assert isinstance(state.renewal, Unsaved)
    assert second.harness.token(there).access == before
    assert first.harness.token(account).access != before
    link.mend()
    await second.harness.until(lambda: second.harness.token(there).access == first.harness.token(account).access, 30)
    assert statuses(first, account) == [200]


async def test_a_host_that_was_cut_off_with_the_answer_stores_it_after_another_one_took_over(
    group: Group, link: TcpRelay
) -> None:
    first, second, account, there = await shared_by_link(group, link)
    first.harness.sandbox.fault("whitebit", "refresh", "hold:1", times=1)
    renewal = asyncio.create_task(first.harness.rack.renew(account))
    await first.harness.until(lambda: first.harness.asked(account))
    link.cut()
    await renewal
    await second.harness.until(lambda: not there.renewed_elsewhere, 20)
    await second.harness.rack.renew(there)
    assert statuses(first, account) == [200], "the host that took over gives the other one time"
    link.mend()
    await second.harness.until(lambda: second.harness.token(there).access == first.harness.token(account).access, 30)
    await second.harness.rack.renew(there)
    await second.harness.until(lambda: second.harness.token(there).access == first.harness.token(account).access, 30)
    assert set(statuses(first, account)) == {200}


async def test_a_host_that_does_not_know_yet_that_another_one_took_over_sends_nothing(
    group: Group, link: TcpRelay
) -> None:
    first, second, account, there = await shared_by_link(group, link)
    link.freeze()
    await second.sharing.take(there)
    link.mend()
    await first.harness.rack.renew(account)
    assert statuses(first, account) == []
    await first.harness.until(lambda: account.renewed_elsewhere, 20)


async def test_a_record_of_a_newer_version_is_left_as_it_is_and_told(group: Group) -> None:
    first, second, account, there = await group.shared()
    key = second.sharing.entries.key("accounts", account.id)
    held = second.sharing.entries.accounts[account.id]
    newer = msgspec.json.decode(replace(held.entry).encode())
    newer["schema"] = 2
    sealed = second.sharing.place.seal.close(key, held.modified, msgspec.json.encode(newer))
    await second.store.commit((), (Put(key, sealed),))
    await first.harness.until(lambda: first.harness.status(account).happened)
    assert "newer version of Keyrack" in first.harness.status(account).happened
    await first.harness.rack.renew(account)
    assert statuses(first, account) == []
    assert (await second.store.read(key)).entries[0].value == sealed
    assert second.harness.token(there).access is not None


async def test_a_host_that_starts_without_the_store_offers_no_sign_in_and_follows_later(
    group: Group, link: TcpRelay
) -> None:
    first, second, account, _ = await shared_by_link(group, link)
    await second.close()
    link.cut()
    again = await group.host_by_link("desk-2", link, reached=False)
    there = again.account(account.id)
    status = again.harness.status(there)
    assert status.name == "keyring_unavailable"
    assert status.happened == "The shared store has not been read yet."
    link.mend()
    await again.until_ready(account.id)
    assert again.harness.token(there).access == first.harness.token(account).access
    assert statuses(first, account) == []


async def test_a_store_that_was_not_read_keeps_no_other_account_closed(group: Group) -> None:
    first = await group.host("desk-1")
    shared = await first.harness.signed_in()
    own = await first.harness.signed_in("probit", "client_credentials")
    await first.sharing.share(shared)
    await first.kill()
    await first.harness.kill()
    rack = await first.harness.start()
    accounts = rack.parts.accounts
    await first.harness.until(lambda: first.harness.status(accounts.kept[own.id]).name == "ready")
    await first.harness.until(lambda: first.harness.status(accounts.kept[shared.id]).name == "keyring_unavailable")
    await rack.close()


async def test_a_start_tells_of_the_store_only_once_it_is_away(group: Group) -> None:
    first = await group.host("desk-1")
    shared = await first.harness.signed_in()
    await first.sharing.share(shared)
    await first.kill()
    rack = await first.harness.kill()
    rack.load()
    account = rack.parts.accounts.kept[shared.id]
    await rack.parts.restorer.restore_all()
    assert isinstance(account.state, Opening)
    await rack.parts.restorer.shared_are_away()
    assert first.harness.status(account).name == "keyring_unavailable"
    await rack.parts.restorer.restore_all()
    assert first.harness.status(account).happened == "The shared store has not been read yet."
