"""The verbs of a window: each does all of its work or none of it."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from keyrack.core.accounts.accounts_file import ConfigFailure
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Active, Authorizing, Closed, LoggedOut, Reason
from keyrack.core.failures import DraftProblem
from keyrack.core.vault.vault_errors import BusLost, Locked, VaultFailure
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import built_in
from keyrack.startup.sandbox_accounts import prepare
from tests.core.harness import SECRET, Desk
from tests.core.user_provider import own_desk
from tests.sandbox_process import StandIn

PROBIT = ("probit", "client_credentials")


def written(desk: Desk) -> list[dict[str, object]]:
    path = desk.paths.config / "accounts.json"
    accounts: list[dict[str, object]] = json.loads(path.read_text())["accounts"] if path.exists() else []
    return accounts


class DiskFull:
    """Makes every write of the accounts file fail while it is on."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch = monkeypatch.context()
        self.desk = desk

    def __enter__(self) -> None:
        def full(path: Path, data: bytes, **how: object) -> None:
            raise OSError(28, "No space left on device")

        self.patch.__enter__().setattr("keyrack.core.accounts.accounts_file.write_private", full)

    def __exit__(self, *how: object) -> None:
        self.patch.__exit__(None, None, None)


async def test_an_account_is_added_with_its_secret_in_the_vault_alone(desk: Desk) -> None:
    account = await desk.add(*PROBIT)  # type: ignore[arg-type]
    assert account.state == LoggedOut(Reason.NEW)
    assert (await desk.vault.load(account.id)).client_secret == Secret(SECRET)
    assert [entry["id"] for entry in written(desk)] == [account.id]
    assert SECRET not in json.dumps(written(desk))
    assert account.settings.test, "an account of a test server is marked"


async def test_adding_saves_nothing_when_the_vault_refuses(desk: Desk) -> None:
    desk.vault.refuses_saves = BusLost()
    with pytest.raises(BusLost):
        await desk.add(*PROBIT)  # type: ignore[arg-type]
    assert len(desk.rack.accounts) == 0
    assert written(desk) == []


async def test_adding_leaves_no_secret_when_the_file_refuses(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with DiskFull(desk, monkeypatch), pytest.raises(ConfigFailure):
        await desk.add(*PROBIT)  # type: ignore[arg-type]
    assert len(desk.rack.accounts) == 0
    assert desk.vault.names() == set()


async def test_adding_that_is_cancelled_leaves_nothing(desk: Desk) -> None:
    desk.vault.gate = asyncio.Event()
    adding = asyncio.create_task(desk.add(*PROBIT))  # type: ignore[arg-type]
    await desk.until(lambda: desk.vault.saves)
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    assert len(desk.rack.accounts) == 0
    assert desk.vault.names() == set()
    assert written(desk) == []


async def test_two_accounts_added_at_once_under_one_name_are_one(desk: Desk) -> None:
    draft = Draft("probit", "global", "client_credentials", "Desk", "id-made-up", Secret("cs-invented"))
    ended = await asyncio.gather(desk.rack.add(draft), desk.rack.add(draft), return_exceptions=True)
    assert sum(isinstance(end, DraftProblem) for end in ended) == 1
    assert len(desk.rack.accounts) == 1
    assert len(desk.vault.names()) == 1


@pytest.mark.security("S51")
async def test_removing_deletes_everything_and_says_what_happened_at_the_provider(desk: Desk) -> None:
    account = await desk.signed_in()
    said = await desk.rack.remove(account)
    assert said == "WhiteBIT offers no way to revoke a token. It ends by itself within ten minutes."
    assert len(desk.rack.accounts) == 0
    assert desk.vault.names() == set()
    assert written(desk) == []
    await desk.kept()
    left = [path for path in desk.paths.state.rglob("*") if path.is_file()]
    assert left == []


@pytest.mark.security("S51")
async def test_removing_during_a_sign_in_ends_it(desk: Desk) -> None:
    desk.person.answer = "nothing"
    account = await desk.add("whitebit")
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: isinstance(account.state, Authorizing))
    await desk.rack.remove(account)
    async with asyncio.timeout(1):
        await task
    assert desk.vault.names() == set()
    await desk.kept()
    assert [path for path in desk.paths.state.rglob("*") if path.is_file()] == []


async def test_removing_changes_nothing_when_the_vault_refuses(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.vault.refuses_saves = Locked()
    with pytest.raises(Locked):
        await desk.rack.remove(account)
    assert isinstance(account.state, Active)
    assert [entry["id"] for entry in written(desk)] == [account.id]
    desk.vault.refuses_saves = None
    await desk.step(245)
    assert desk.status(account).name == "ready", "it goes on being renewed"


async def test_removing_that_the_file_refuses_can_be_done_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await desk.signed_in()
    with DiskFull(desk, monkeypatch), pytest.raises(ConfigFailure):
        await desk.rack.remove(account)
    assert desk.vault.names() == set()
    assert desk.rack.accounts.find(account.id) is account
    await desk.rack.remove(account)
    assert len(desk.rack.accounts) == 0


async def test_a_renewal_that_comes_back_late_does_not_bring_a_removed_secret_back(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "hold:0.3", times=1)
    desk.leap(245)
    desk.rack._refresher.wake()
    await desk.until(lambda: desk.asked(account))
    await desk.rack.remove(account)
    await asyncio.sleep(0.4)
    assert desk.vault.names() == set()


async def test_signing_out_during_a_renewal_stays_signed_out(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "hold:2", times=1)
    desk.leap(245)
    desk.rack._refresher.wake()
    await desk.until(lambda: desk.asked(account))
    await desk.rack.sign_out(account)
    await desk.step(10)
    assert account.state == LoggedOut(Reason.SIGNED_OUT)
    assert not (await desk.vault.load(account.id)).signed_in
    assert len(desk.asked(account)) == 1


async def test_no_renewal_starts_while_the_vault_signs_out(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.vault.saves.clear()
    desk.vault.gate = asyncio.Event()
    leaving = asyncio.create_task(desk.rack.sign_out(account))
    await desk.until(lambda: desk.vault.saves)
    desk.leap(290)
    for _ in range(20):
        desk.rack._refresher.wake()
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await desk.rack.refresh(account)
    desk.vault.gate.set()
    await leaving
    assert desk.asked(account) == []
    assert not (await desk.vault.load(account.id)).signed_in


async def test_signing_out_keeps_the_credentials_and_the_identity(desk: Desk) -> None:
    account = await desk.signed_in("bitport")
    await desk.rack.sign_out(account)
    record = await desk.vault.load(account.id)
    assert (record.access, record.refresh, record.signed_in) == (None, None, False)
    assert (record.client_secret, record.identity) == (Secret(SECRET), "sam.okafor@example.org")
    await desk.kill()
    await desk.start()
    assert next(iter(desk.rack.accounts)).state == LoggedOut(Reason.SIGNED_OUT)


async def test_signing_out_changes_nothing_when_the_vault_refuses(desk: Desk) -> None:
    account = await desk.signed_in()
    before = await desk.vault.load(account.id)
    desk.vault.refuses_saves = Locked()
    with pytest.raises(VaultFailure):
        await desk.rack.sign_out(account)
    assert isinstance(account.state, Active)
    assert await desk.vault.load(account.id) == before


@pytest.mark.security("S61")
async def test_what_cannot_be_read_is_not_overwritten(desk: Desk) -> None:
    account = await desk.signed_in()
    before = await desk.vault.load(account.id)
    await desk.kill()
    desk.vault.refuses_loads = Locked()
    await desk.start()
    again = next(iter(desk.rack.accounts))
    with pytest.raises(Locked):
        await desk.rack.sign_out(again)
    with pytest.raises(Locked):
        await desk.rack.edit(again, "another-id", Secret("another-invented-one"), again.settings.redirect_uri)
    assert again.settings.client_id == account.settings.client_id
    desk.vault.refuses_loads = None
    assert await desk.vault.load(account.id) == before


async def test_renaming_changes_nothing_when_the_file_refuses(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await desk.add(*PROBIT)  # type: ignore[arg-type]
    old = account.settings.name
    with DiskFull(desk, monkeypatch), pytest.raises(ConfigFailure):
        await desk.rack.rename(account, "Another name")
    assert account.settings.name == old
    await desk.rack.rename(account, "Another name")
    assert [entry["name"] for entry in written(desk)] == ["Another name"]


async def test_editing_is_whole_or_not_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await desk.signed_in()
    old, before = account.settings, await desk.vault.load(account.id)
    new = Secret("another-invented-one")
    desk.vault.refuses_saves = Locked()
    with pytest.raises(Locked):
        await desk.rack.edit(account, "another-id", new, old.redirect_uri)
    assert account.settings == old
    assert [entry["client_id"] for entry in written(desk)] == [old.client_id]
    desk.vault.refuses_saves = None
    with DiskFull(desk, monkeypatch), pytest.raises(ConfigFailure):
        await desk.rack.edit(account, "another-id", new, old.redirect_uri)
    assert account.settings == old
    assert await desk.vault.load(account.id) == before
    with pytest.raises(DraftProblem):
        await desk.rack.edit(account, "", new, old.redirect_uri)
    await desk.rack.edit(account, "another-id", new, old.redirect_uri)
    assert (await desk.vault.load(account.id)).client_secret == new
    assert isinstance(account.state, Active), "credentials are edited while signed in"


async def test_a_name_that_cannot_be_saved_after_a_sign_in_costs_the_sign_in_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await desk.add("bitport")
    with DiskFull(desk, monkeypatch):
        await desk.sign_in(account)
    assert desk.status(account).name == "ready"


async def test_accounts_of_a_provider_that_is_gone_stay_in_the_file(desk: Desk) -> None:
    account = await desk.add(*PROBIT)  # type: ignore[arg-type]
    await desk.add("whitebit")
    everyone, desk.providers = desk.providers, desk.providers[1:]
    await desk.kill()
    await desk.start()
    assert [a.settings.provider for a in desk.rack.accounts] == ["whitebit"]
    await desk.rack.rename(next(iter(desk.rack.accounts)), "Renamed")
    desk.providers = everyone
    await desk.kill()
    await desk.start()
    assert desk.rack.accounts.find(account.id) is not None


async def test_a_damaged_file_is_told_and_nothing_is_lost(desk: Desk) -> None:
    account = await desk.add(*PROBIT)  # type: ignore[arg-type]
    await desk.kill()
    (desk.paths.config / "accounts.json").write_text("{")
    await desk.start()
    assert desk.rack.problem is not None
    assert len(list(desk.paths.config.glob("*.bad-*"))) == 1
    assert account.id in desk.vault.names()


async def test_a_closed_exchange_is_closed_and_never_a_wrong_password(desk: Desk) -> None:
    closed = {key: msgspec.structs.replace(region, closed=True) for key, region in desk.providers[0].regions.items()}
    desk.providers = (msgspec.structs.replace(desk.providers[0], regions=closed), *desk.providers[1:])
    await desk.kill()
    await desk.start()
    account = await desk.add(*PROBIT)  # type: ignore[arg-type]
    assert account.state == Closed()
    await desk.sign_in(account)
    assert desk.status(account).name == "closed"
    assert desk.status(account).happened == "This exchange has closed."
    assert desk.asked(account, "token") == []
    await desk.kill()
    await desk.start()
    assert next(iter(desk.rack.accounts)).state == Closed()


def test_the_exchanges_that_closed_are_marked_as_built_in() -> None:
    probit = next(provider for provider in built_in() if provider.id == "probit")
    assert {id: region.closed for id, region in probit.regions.items()} == {"global": True, "korea": True, "own": False}


async def test_refreshing_all_disturbs_no_sign_in_and_no_account_waits(desk: Desk) -> None:
    ready, fresh = await desk.signed_in(), await desk.add("bitport")
    desk.person.answer = "nothing"
    task = asyncio.create_task(desk.rack.sign_in(fresh))
    await desk.until(lambda: desk.opened[1:])
    before = fresh.state
    await desk.rack.refresh_all()
    assert fresh.state is before
    assert len(desk.asked(ready)) == 1
    desk.rack.login.cancel(fresh)
    await task


async def test_without_a_keyring_it_goes_on_in_memory(desk: Desk) -> None:
    account = await desk.add("whitebit")
    await desk.kill()
    desk.vault.refuses_loads = Locked()
    await desk.start()
    again = next(iter(desk.rack.accounts))
    assert desk.status(again).name == "keyring_unavailable"
    await desk.rack.use_memory()
    assert desk.rack.vault_name == "memory"
    assert desk.status(again).reason == "item_missing"
    await desk.rack.edit(again, account.settings.client_id, Secret(SECRET), account.settings.redirect_uri)
    await desk.sign_in(again)
    assert desk.status(again).name == "ready"


async def test_closing_ends_everything_and_leaves_no_task(desk: Desk) -> None:
    desk.person.answer = "nothing"
    account = await desk.add("whitebit")
    await desk.signed_in(*PROBIT)  # type: ignore[arg-type]
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: desk.opened)
    async with asyncio.timeout(5):
        await desk.rack.close()
    await task
    for _ in range(5):
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - desk._others - {asyncio.current_task()} - set(desk.visits)
    assert left == set()


async def test_killed_and_started_again_everything_is_ready_without_a_sign_in(desk: Desk) -> None:
    desk.person.account = None
    await desk.signed_in()
    await desk.signed_in(*PROBIT)  # type: ignore[arg-type]
    await desk.signed_in("bitport")
    opened = len(desk.opened)
    await desk.kill()
    await desk.start()
    await desk.until(lambda: {desk.status(account).name for account in desk.rack.accounts} == {"ready"})
    assert len(desk.opened) == opened


async def test_the_accounts_of_the_sandbox_wait_signed_out(stand_in: StandIn, tmp_path: Path) -> None:
    """Among them one of a provider that is known by its file alone."""
    desk = own_desk(stand_in, tmp_path)
    await desk.start()
    await prepare(desk.rack, stand_in.clients, joined=False)
    assert len(desk.rack.accounts) == 13
    assert {account.settings.test for account in desk.rack.accounts} == {True}
    assert {account.settings.scripts for account in desk.rack.accounts} == {"allow"}
    probit = desk.rack.accounts.named("Main desk")
    assert probit is not None
    await desk.sign_in(probit)
    assert desk.status(probit).name == "ready"
    await desk.kill()
    await desk.start()
    await prepare(desk.rack, stand_in.clients, joined=False)
    assert len(desk.rack.accounts) == 13
    assert {desk.status(account).name for account in desk.rack.accounts} == {"needs_login"}
    assert {desk.status(account).reason for account in desk.rack.accounts} == {"new", "signed_out"}
    await desk.close()


async def test_the_accounts_of_a_sandbox_without_a_keyring_work_after_a_restart(
    stand_in: StandIn, tmp_path: Path
) -> None:
    desk = own_desk(stand_in, tmp_path)
    await desk.start()
    await prepare(desk.rack, stand_in.clients, joined=False)
    for id in desk.vault.names():
        await desk.vault.delete(id)
    await desk.kill()
    await desk.start()
    await prepare(desk.rack, stand_in.clients, joined=False)
    probit = desk.rack.accounts.named("Main desk")
    assert probit is not None
    await desk.sign_in(probit)
    assert desk.status(probit).name == "ready"
    await desk.close()


async def test_an_unknown_provider_is_a_lookup_error(desk: Desk) -> None:
    account = await desk.add(*PROBIT)  # type: ignore[arg-type]
    with pytest.raises(LookupError):
        desk.rack.provider_of(replace(account.settings, provider="nobody"))
