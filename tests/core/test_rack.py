"""The verbs of a window: each does all of its work or none of it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from keyrack.core.accounts.accounts_file import AccountsFileFailure
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Active, Authorizing, Closed, LoggedOut, Reason
from keyrack.core.failures import DraftProblem
from keyrack.core.vault.vault_errors import BusLost, Locked, VaultFailure
from keyrack.primitives.secret import Secret
from keyrack.providers.registry import built_in
from keyrack.startup.sandbox_accounts import READY_ACCOUNTS, add_ready_accounts, forget_old_sign_ins
from tests.core.harness import SECRET, CoreHarness
from tests.core.user_provider import harness_with_own_provider
from tests.sandbox_process import RunningSandbox

PROBIT = ("probit", "client_credentials")


def written(harness: CoreHarness) -> list[dict[str, object]]:
    path = harness.paths.config / "accounts.json"
    accounts: list[dict[str, object]] = json.loads(path.read_text())["accounts"] if path.exists() else []
    return accounts


@contextmanager
def unwritable_accounts_file(harness: CoreHarness) -> Iterator[None]:
    """Make every write of the accounts file fail: a folder is where its temporary file has to be."""
    in_the_way = harness.paths.config / ".accounts.json.new"
    harness.paths.config.mkdir(mode=0o700, exist_ok=True)
    in_the_way.mkdir()
    yield
    in_the_way.rmdir()


async def test_an_account_is_added_with_its_secret_in_the_vault_alone(harness: CoreHarness) -> None:
    account = await harness.add(*PROBIT)  # type: ignore[arg-type]
    assert account.state == LoggedOut(Reason.NEW)
    assert (await harness.vault.load(account.id)).client_secret == Secret(SECRET)
    assert [entry["id"] for entry in written(harness)] == [account.id]
    assert SECRET not in json.dumps(written(harness))
    assert account.settings.test, "an account of a test server is marked"


async def test_adding_saves_nothing_when_the_vault_refuses(harness: CoreHarness) -> None:
    harness.vault.refuses_saves = BusLost()
    with pytest.raises(BusLost):
        await harness.add(*PROBIT)  # type: ignore[arg-type]
    assert len(harness.rack.accounts) == 0
    assert written(harness) == []


async def test_adding_leaves_no_secret_when_the_file_refuses(harness: CoreHarness) -> None:
    with unwritable_accounts_file(harness), pytest.raises(AccountsFileFailure):
        await harness.add(*PROBIT)  # type: ignore[arg-type]
    assert len(harness.rack.accounts) == 0
    assert harness.vault.names() == set()


async def test_adding_that_is_cancelled_leaves_nothing(harness: CoreHarness) -> None:
    harness.vault.gate = asyncio.Event()
    adding = asyncio.create_task(harness.add(*PROBIT))  # type: ignore[arg-type]
    await harness.until(lambda: harness.vault.saves)
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    assert len(harness.rack.accounts) == 0
    assert harness.vault.names() == set()
    assert written(harness) == []


async def test_two_accounts_added_at_once_under_one_name_are_one(harness: CoreHarness) -> None:
    draft = Draft("probit", "global", "client_credentials", "CoreHarness", "id-made-up", Secret("cs-invented"))
    ended = await asyncio.gather(harness.rack.add(draft), harness.rack.add(draft), return_exceptions=True)
    assert sum(isinstance(end, DraftProblem) for end in ended) == 1
    assert len(harness.rack.accounts) == 1
    assert len(harness.vault.names()) == 1


@pytest.mark.security("S51")
async def test_removing_deletes_everything_and_says_what_happened_at_the_provider(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    said = await harness.rack.remove(account)
    assert said == "WhiteBIT offers no way to revoke a token. It ends by itself within ten minutes."
    assert len(harness.rack.accounts) == 0
    assert harness.vault.names() == set()
    assert written(harness) == []
    await harness.kept()
    left = [path for path in harness.paths.state.rglob("*") if path.is_file()]
    assert left == []


@pytest.mark.security("S51")
async def test_removing_during_a_sign_in_ends_it(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    account = await harness.add("whitebit")
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: isinstance(account.state, Authorizing))
    await harness.rack.remove(account)
    async with asyncio.timeout(1):
        await task
    assert harness.vault.names() == set()
    await harness.kept()
    assert [path for path in harness.paths.state.rglob("*") if path.is_file()] == []


async def test_removing_changes_nothing_when_the_vault_refuses(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.vault.refuses_saves = Locked()
    with pytest.raises(Locked):
        await harness.rack.remove(account)
    assert isinstance(account.state, Active)
    assert [entry["id"] for entry in written(harness)] == [account.id]
    harness.vault.refuses_saves = None
    await harness.step(245)
    assert harness.status(account).name == "ready", "it goes on being renewed"


async def test_removing_changes_nothing_when_the_file_refuses_and_can_be_done_again(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    with unwritable_accounts_file(harness), pytest.raises(AccountsFileFailure):
        await harness.rack.remove(account)
    assert harness.vault.names() == {account.id}
    assert harness.status(account).name == "ready"
    await harness.step(245)
    assert len(harness.asked(account)) == 1, "it goes on being renewed"
    await harness.rack.remove(account)
    assert harness.vault.names() == set()
    assert len(harness.rack.accounts) == 0


async def test_a_renewal_that_comes_back_late_does_not_bring_a_removed_secret_back(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "hold:0.3", times=1)
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: harness.asked(account))
    await harness.rack.remove(account)
    await asyncio.sleep(0.4)
    assert harness.vault.names() == set()


async def test_signing_out_during_a_renewal_stays_signed_out(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "hold:2", times=1)
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: harness.asked(account))
    await harness.rack.sign_out(account)
    await harness.step(10)
    assert account.state == LoggedOut(Reason.SIGNED_OUT)
    assert not (await harness.vault.load(account.id)).signed_in
    assert len(harness.asked(account)) == 1


async def test_no_renewal_starts_while_the_vault_signs_out(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.vault.saves.clear()
    harness.vault.gate = asyncio.Event()
    leaving = asyncio.create_task(harness.rack.sign_out(account))
    await harness.until(lambda: harness.vault.saves)
    harness.leap(290)
    for _ in range(20):
        harness.rack.parts.refresher.wake()
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await harness.rack.refresh(account)
    harness.vault.gate.set()
    await leaving
    assert harness.asked(account) == []
    assert not (await harness.vault.load(account.id)).signed_in


async def test_signing_out_keeps_the_credentials_and_the_identity(harness: CoreHarness) -> None:
    account = await harness.signed_in("bitport")
    await harness.rack.sign_out(account)
    record = await harness.vault.load(account.id)
    assert (record.access, record.refresh, record.signed_in) == (None, None, False)
    assert (record.client_secret, record.identity) == (Secret(SECRET), "sam.okafor@example.org")
    await harness.kill()
    await harness.start()
    assert next(iter(harness.rack.accounts)).state == LoggedOut(Reason.SIGNED_OUT)


async def test_signing_out_changes_nothing_when_the_vault_refuses(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    before = await harness.vault.load(account.id)
    harness.vault.refuses_saves = Locked()
    with pytest.raises(VaultFailure):
        await harness.rack.sign_out(account)
    assert isinstance(account.state, Active)
    assert await harness.vault.load(account.id) == before


@pytest.mark.security("S61")
async def test_what_cannot_be_read_is_not_overwritten(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    before = await harness.vault.load(account.id)
    await harness.kill()
    harness.vault.refuses_loads = Locked()
    await harness.start()
    again = next(iter(harness.rack.accounts))
    with pytest.raises(Locked):
        await harness.rack.sign_out(again)
    with pytest.raises(Locked):
        await harness.rack.edit(again, "another-id", Secret("another-invented-one"), again.settings.redirect_uri)
    assert again.settings.client_id == account.settings.client_id
    harness.vault.refuses_loads = None
    assert await harness.vault.load(account.id) == before


async def test_renaming_changes_nothing_when_the_file_refuses(harness: CoreHarness) -> None:
    account = await harness.add(*PROBIT)  # type: ignore[arg-type]
    old = account.settings.name
    with unwritable_accounts_file(harness), pytest.raises(AccountsFileFailure):
        await harness.rack.rename(account, "Another name")
    assert account.settings.name == old
    await harness.rack.rename(account, "Another name")
    assert [entry["name"] for entry in written(harness)] == ["Another name"]


async def test_editing_is_whole_or_not_at_all(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    old, before = account.settings, await harness.vault.load(account.id)
    new = Secret("another-invented-one")
    harness.vault.refuses_saves = Locked()
    with pytest.raises(Locked):
        await harness.rack.edit(account, "another-id", new, old.redirect_uri)
    assert account.settings == old
    assert [entry["client_id"] for entry in written(harness)] == [old.client_id]
    harness.vault.refuses_saves = None
    with unwritable_accounts_file(harness), pytest.raises(AccountsFileFailure):
        await harness.rack.edit(account, "another-id", new, old.redirect_uri)
    assert account.settings == old
    assert await harness.vault.load(account.id) == before
    with pytest.raises(DraftProblem):
        await harness.rack.edit(account, "", new, old.redirect_uri)
    await harness.rack.edit(account, "another-id", new, old.redirect_uri)
    assert (await harness.vault.load(account.id)).client_secret == new
    assert isinstance(account.state, Active), "credentials are edited while signed in"


@pytest.mark.parametrize(
    ("before", "with_secret", "after"),
    [
        (Reason.REFRESH_REJECTED, True, Reason.NEW_CREDENTIALS),
        (Reason.INTERRUPTED_REFRESH, False, Reason.NEW_CREDENTIALS),
        (Reason.ITEM_MISSING, True, Reason.NEW_CREDENTIALS),
        (Reason.ITEM_MISSING, False, Reason.ITEM_MISSING),
        (Reason.ITEM_NEWER, True, Reason.ITEM_NEWER),
        (Reason.SIGNED_OUT, True, Reason.SIGNED_OUT),
    ],
)
async def test_other_credentials_leave_nothing_of_the_end_of_the_last_sign_in(
    harness: CoreHarness, before: Reason, with_secret: bool, after: Reason
) -> None:
    account = await harness.signed_in()
    account.become(LoggedOut(before), expected=account.state)
    uri = account.settings.redirect_uri
    await harness.rack.edit(account, account.settings.client_id, None, uri)
    assert account.state == LoggedOut(before), "nothing was changed"
    secret = Secret("another-invented-one") if with_secret else None
    await harness.rack.edit(account, "another-id", secret, uri)
    assert account.state == LoggedOut(after)


async def test_a_name_that_cannot_be_saved_after_a_sign_in_costs_the_sign_in_nothing(harness: CoreHarness) -> None:
    account = await harness.add("bitport")
    with unwritable_accounts_file(harness):
        await harness.sign_in(account)
    assert harness.status(account).name == "ready"


async def test_accounts_of_a_provider_that_is_gone_stay_in_the_file(harness: CoreHarness) -> None:
    account = await harness.add(*PROBIT)  # type: ignore[arg-type]
    await harness.add("whitebit")
    everyone, harness.providers = harness.providers, harness.providers[1:]
    await harness.kill()
    await harness.start()
    assert [a.settings.provider for a in harness.rack.accounts] == ["whitebit"]
    await harness.rack.rename(next(iter(harness.rack.accounts)), "Renamed")
    harness.providers = everyone
    await harness.kill()
    await harness.start()
    assert harness.rack.accounts.find(account.id) is not None


async def test_a_damaged_file_is_told_and_nothing_is_lost(harness: CoreHarness) -> None:
    account = await harness.add(*PROBIT)  # type: ignore[arg-type]
    await harness.kill()
    (harness.paths.config / "accounts.json").write_text("{")
    await harness.start()
    assert harness.rack.problem is not None
    assert len(list(harness.paths.config.glob("*.bad-*"))) == 1
    assert account.id in harness.vault.names()


async def test_a_closed_exchange_is_closed_and_never_a_wrong_password(harness: CoreHarness) -> None:
    closed = {key: msgspec.structs.replace(region, closed=True) for key, region in harness.providers[0].regions.items()}
    harness.providers = (msgspec.structs.replace(harness.providers[0], regions=closed), *harness.providers[1:])
    await harness.kill()
    await harness.start()
    account = await harness.add(*PROBIT)  # type: ignore[arg-type]
    assert account.state == Closed()
    await harness.sign_in(account)
    assert harness.status(account).name == "closed"
    assert harness.status(account).happened == "This exchange has closed."
    assert harness.asked(account, "token") == []
    await harness.kill()
    await harness.start()
    assert next(iter(harness.rack.accounts)).state == Closed()


def test_the_exchanges_that_closed_are_marked_as_built_in() -> None:
    probit = next(provider for provider in built_in() if provider.id == "probit")
    assert {id: region.closed for id, region in probit.regions.items()} == {"global": True, "korea": True, "own": False}


async def test_refreshing_all_disturbs_no_sign_in_and_no_account_waits(harness: CoreHarness) -> None:
    ready, fresh = await harness.signed_in(), await harness.add("bitport")
    harness.person.answer = "nothing"
    task = asyncio.create_task(harness.rack.sign_in(fresh))
    await harness.until(lambda: harness.opened[1:])
    before = fresh.state
    await asyncio.gather(*(harness.rack.refresh(account) for account in harness.rack.accounts))
    assert fresh.state is before
    assert len(harness.asked(ready)) == 1
    harness.rack.sign_ins.cancel(fresh)
    await task


async def test_without_a_keyring_it_goes_on_in_memory(harness: CoreHarness) -> None:
    account = await harness.add("whitebit")
    await harness.kill()
    harness.vault.refuses_loads = Locked()
    await harness.start()
    again = next(iter(harness.rack.accounts))
    assert harness.status(again).name == "keyring_unavailable"
    await harness.rack.keyring.use_memory()
    assert harness.rack.vault_name == "memory"
    assert harness.status(again).reason == "item_missing"
    await harness.rack.edit(again, account.settings.client_id, Secret(SECRET), account.settings.redirect_uri)
    await harness.sign_in(again)
    assert harness.status(again).name == "ready"


async def test_closing_ends_everything_and_leaves_no_task(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    account = await harness.add("whitebit")
    await harness.signed_in(*PROBIT)  # type: ignore[arg-type]
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: harness.opened)
    async with asyncio.timeout(5):
        await harness.rack.close()
    await task
    for _ in range(5):
        await asyncio.sleep(0)
    left = harness.tasks() - set(harness.visits)
    assert left == set()


async def test_killed_and_started_again_everything_is_ready_without_a_sign_in(harness: CoreHarness) -> None:
    harness.person.account = None
    await harness.signed_in()
    await harness.signed_in(*PROBIT)  # type: ignore[arg-type]
    await harness.signed_in("bitport")
    opened = len(harness.opened)
    await harness.kill()
    await harness.start()
    await harness.until(lambda: {harness.status(account).name for account in harness.rack.accounts} == {"ready"})
    assert len(harness.opened) == opened


async def test_the_accounts_of_the_sandbox_wait_signed_out(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """Among them one of a provider that is known by its file alone."""
    harness = harness_with_own_provider(sandbox, tmp_path)
    await harness.start()
    await add_ready_accounts(harness.rack, sandbox.clients)
    assert len(harness.rack.accounts) == len(READY_ACCOUNTS)
    assert {account.settings.test for account in harness.rack.accounts} == {True}
    assert {account.settings.scripts for account in harness.rack.accounts} == {"allow"}
    probit = harness.rack.accounts.named("Main desk")
    assert probit is not None
    await harness.sign_in(probit)
    assert harness.status(probit).name == "ready"
    asked = len(harness.asked(probit, "token"))
    said = [line.notice.code for line in probit.activity.lines()]
    await harness.kept()
    await harness.kill()
    harness.rack.load()
    await forget_old_sign_ins(harness.rack)
    await harness.rack.open()
    await add_ready_accounts(harness.rack, sandbox.clients)
    await harness.look()
    assert len(harness.rack.accounts) == len(READY_ACCOUNTS)
    assert [line.notice.code for line in harness.rack.accounts.named("Main desk").activity.lines()] == said  # type: ignore[union-attr]
    assert len(harness.asked(probit, "token")) == asked, "nothing was asked with what the old sandbox gave out"
    assert {harness.status(account).name for account in harness.rack.accounts} == {"needs_login"}
    assert {harness.status(account).reason for account in harness.rack.accounts} == {"new", "sandbox_restarted"}
    await harness.close()


async def test_the_accounts_of_a_sandbox_without_a_keyring_work_after_a_restart(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    harness = harness_with_own_provider(sandbox, tmp_path)
    await harness.start()
    await add_ready_accounts(harness.rack, sandbox.clients)
    for id in harness.vault.names():
        await harness.vault.delete(id)
    await harness.kill()
    await harness.start()
    await add_ready_accounts(harness.rack, sandbox.clients)
    probit = harness.rack.accounts.named("Main desk")
    assert probit is not None
    await harness.sign_in(probit)
    assert harness.status(probit).name == "ready"
    await harness.close()


async def test_an_unknown_provider_is_a_lookup_error(harness: CoreHarness) -> None:
    account = await harness.add(*PROBIT)  # type: ignore[arg-type]
    with pytest.raises(LookupError):
        harness.rack.provider_of(replace(account.settings, provider="nobody"))
