"""A name, a client id or a client secret that a person changes on one host holds on all."""

import asyncio

import pytest

from keyrack.core.sharing.sharing_failures import SharedChangeNotStored
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret
from tests.core.sharing.group import Group
from tests.tcp_relay import TcpRelay


@pytest.mark.parametrize("by", ["the host that renews", "another host"])
async def test_a_name_and_credentials_that_were_changed_hold_on_all_hosts(group: Group, by: str) -> None:
    first, second, account, there = await group.shared()
    if by == "another host":
        first, second, account, there = second, first, there, account
    await first.harness.rack.rename(account, "Desk of both")
    uri, secret = account.settings.redirect_uri, Secret("another-invented")
    await first.harness.rack.edit(account, "another-client", secret, uri)
    await second.harness.until(lambda: there.settings.client_id == "another-client")
    assert there.settings.name == "Desk of both"
    client = second.harness.rack.parts.records.client(there)
    assert (client.client_id, client.client_secret) == ("another-client", secret)
    assert (account.settings.name, account.settings.client_id) == ("Desk of both", "another-client")
    assert second.harness.token(there).access == first.harness.token(account).access


async def test_a_client_secret_that_the_store_did_not_take_is_told_and_kept_nowhere(
    group: Group, link: TcpRelay
) -> None:
    first = await group.host_by_link("desk-1", link)
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    old, before = account.settings, first.harness.rack.parts.records.cached(account.id)
    link.cut()
    with pytest.raises(SharedChangeNotStored):
        await first.harness.rack.edit(account, "another-client", Secret("another-invented"), old.redirect_uri)
    with pytest.raises(SharedChangeNotStored):
        await first.harness.rack.rename(account, "Another name")
    assert account.settings == old
    assert first.harness.rack.parts.records.cached(account.id) == before


async def test_a_token_is_in_force_after_the_keyring_has_it_also_where_the_watch_is_first(group: Group) -> None:
    first, _, account, _ = await group.shared()
    before, vault = first.harness.token(account), first.harness.vault
    vault.gate = asyncio.Event()
    renewal = asyncio.create_task(first.harness.rack.renew(account))
    held = first.sharing.entries.accounts
    await first.harness.until(lambda: held[account.id].entry.record.refresh != before.refresh)
    first.sharing.entries.changed.emit(frozenset({account.id}))  # as the watch does that comes before the answer
    await asyncio.sleep(0.1)
    assert first.harness.token(account).refresh == before.refresh
    vault.gate.set()
    await renewal
    newest: Record = held[account.id].entry.record
    assert first.harness.token(account).refresh == newest.refresh
    assert (await vault.load(account.id)).refresh == newest.refresh
    assert any(line.notice.code == "token_renewed" for line in account.activity.lines())


async def test_credentials_that_are_edited_where_the_account_has_another_name_change_no_name(group: Group) -> None:
    first, second = await group.host("desk-1"), await group.host("desk-2")
    own = await second.harness.signed_in()
    account = await first.harness.signed_in()
    name = account.settings.name
    await second.harness.rack.rename(own, name)
    await first.sharing.share(account)
    there = await second.until_ready(account.id)
    assert there.settings.name == f"{name} 2"
    await second.harness.rack.edit(there, "another-client", None, there.settings.redirect_uri)
    await first.harness.until(lambda: account.settings.client_id == "another-client")
    assert (account.settings.name, there.settings.name) == (name, f"{name} 2")
    await second.harness.rack.rename(there, "Desk of both")
    await first.harness.until(lambda: account.settings.name == "Desk of both")


async def test_whose_account_it_is_is_shown_alike_on_all_hosts(group: Group) -> None:
    first, second = await group.host("desk-1"), await group.host("desk-2")
    account = await first.harness.add("bitport")
    await first.sharing.share(account)
    await second.harness.until(lambda: account.id in second.harness.rack.parts.accounts.kept)
    there = second.account(account.id)
    await first.harness.sign_in(account)
    assert account.settings.identity
    await second.until_ready(account.id)
    assert there.settings.identity == account.settings.identity
