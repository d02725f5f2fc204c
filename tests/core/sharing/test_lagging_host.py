"""A host whose account has not got the newest record of the group yet sends nothing used up, and loses nothing."""

import asyncio
from dataclasses import replace

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Authorizing, LoggedOut
from keyrack.core.sharing.sharing_failures import NotTheRenewer, SharedOutrun
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret
from tests.core.sharing.group import Group, SharingHost
from tests.tcp_relay import TcpRelay


async def nobody(_: str) -> None:
    """A browser in which nobody answers."""


async def test_a_sign_in_that_is_cancelled_brings_no_used_up_token_back(group: Group) -> None:
    first, second, account, there = await group.shared()
    second.harness.browser = nobody
    signing_in = asyncio.create_task(second.harness.rack.sign_in(there))
    await second.harness.until(lambda: isinstance(there.state, Authorizing))
    await first.harness.rack.refresh(account)
    newest = first.harness.token(account)
    await second.harness.until(
        lambda: second.sharing.entries.accounts[account.id].entry.record.refresh == newest.refresh
    )
    second.harness.rack.sign_ins.cancel(there)
    await asyncio.wait({signing_in})
    await second.harness.until(lambda: isinstance(there.state, Active))
    await second.harness.until(lambda: second.harness.token(there).refresh == newest.refresh)
    assert second.harness.token(there).access == newest.access


@pytest.mark.parametrize("older", ["token", "generation"])
async def test_a_renewal_that_began_with_another_record_than_the_group_s_sends_nothing(
    group: Group, older: str
) -> None:
    first, _, account, _ = await group.shared()
    notes, generation = first.harness.rack.parts.rotation.notes, first.harness.rack.parts.records.generation(account.id)
    refresh = first.harness.token(account).refresh
    with pytest.raises(NotTheRenewer):
        if older == "token":
            await notes.write(account.id, generation + 1, Secret("used-up-invented"))
        else:
            await notes.write(account.id, generation, refresh)
    assert first.sharing.entries.accounts[account.id].entry.intent is None
    await notes.write(account.id, generation + 1, refresh)
    assert first.sharing.entries.accounts[account.id].entry.intent is not None


async def lagging(group: Group, link: TcpRelay) -> tuple[SharingHost, SharingHost, Account, Account]:
    """Two hosts of which the second one has read the newest record, and its account has not got it yet."""
    first, second = await group.host("desk-1"), await group.host_by_link("desk-2", link)
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    there = await second.until_ready(account.id)
    link.freeze()
    await first.harness.rack.refresh(account)
    second.sharing.entries.wrote((await first.store.read(second.sharing.entries.key("accounts", account.id))).entries)
    link.mend()
    assert second.harness.token(there).refresh != first.harness.token(account).refresh
    return first, second, account, there


def stored(host: SharingHost, account: Account) -> Record:
    return host.sharing.entries.accounts[account.id].entry.record


async def test_an_account_that_lags_is_kept_with_the_newest_token(group: Group, link: TcpRelay) -> None:
    first, second, account, there = await lagging(group, link)
    newest = first.harness.token(account).refresh
    await second.sharing.unshare(there)
    assert (await second.harness.vault.load(there.id)).refresh == newest
    assert second.harness.token(there).refresh == newest


async def test_a_client_secret_given_to_an_account_that_lags_leaves_the_newest_token(
    group: Group, link: TcpRelay
) -> None:
    first, second, account, there = await lagging(group, link)
    newest = first.harness.token(account).refresh
    own = there.settings
    await second.harness.rack.edit(there, own.client_id, Secret("another-invented"), own.redirect_uri)
    assert (stored(second, there).refresh, stored(second, there).client_secret) == (newest, Secret("another-invented"))
    await second.harness.until(lambda: second.harness.token(there).refresh == newest)


async def test_a_sign_out_of_an_account_that_lags_is_newer_than_what_it_did_not_have(
    group: Group, link: TcpRelay
) -> None:
    first, second, account, there = await lagging(group, link)
    generation = stored(second, there).generation
    await second.harness.rack.sign_out(there)
    assert stored(second, there).generation == generation + 1
    await first.harness.until(lambda: isinstance(account.state, LoggedOut))


async def test_a_renewal_that_another_host_outran_stores_nothing(group: Group) -> None:
    first, _, account, _ = await group.shared()
    records, token = first.harness.rack.parts.records, first.harness.token(account)
    await records.save_credential(account.id, token)
    newer = stored(first, account)
    records.adopt(account.id, replace(newer, generation=newer.generation - 1))
    with pytest.raises(SharedOutrun):
        await records.save_credential(account.id, replace(token, refresh=Secret("outrun-invented")), renewal=True)
    assert stored(first, account) == newer


async def test_a_renewal_of_an_account_that_was_removed_meanwhile_ends(group: Group) -> None:
    first, second, account, there = await group.shared()
    first.harness.sandbox.fault("whitebit", "refresh", "hold:1", times=1)
    renewal = asyncio.create_task(first.harness.rack.renew(account))
    await first.harness.until(lambda: first.harness.asked(account))
    await second.harness.rack.remove(there)
    await asyncio.wait({renewal})
    await first.harness.until(lambda: account.id not in first.harness.rack.parts.accounts.kept)
