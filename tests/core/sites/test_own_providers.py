"""A provider of the person's own file that is changed or removed while accounts use it: no sign-in is lost by that."""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from keyrack.core.accounts.accounts_file import AccountsFileUnreadable
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Active, Idle
from keyrack.core.failures import DraftProblem
from keyrack.core.sites.own_providers import ChangedFile
from keyrack.core.sites.user_files import ProviderFileFailure
from keyrack.primitives.secret import Secret
from tests.core.scripted_provider import TOKEN, Scripted, scripted
from tests.core.user_provider import added, harness_with_own_provider
from tests.recording_server import Write, answer
from tests.sandbox_process import RunningSandbox

NEW = {**TOKEN, "access_token": "at-second", "refresh_token": "rt-second"}


@pytest.fixture
async def made(sandbox: RunningSandbox, tmp_path: Path) -> AsyncGenerator[Scripted]:
    async with scripted(sandbox, tmp_path, secret=False) as found:
        yield found


def changed(made: Scripted, old: str, new: str) -> ChangedFile:
    """The provider's file is edited and read again."""
    path = made.harness.paths.config / "providers" / "scripted.toml"
    path.write_text(path.read_text().replace(old, new))
    found = made.harness.rack.parts.own_providers.read_again("scripted")
    assert found is not None
    return found


def held(content: object, gate: asyncio.Event) -> Write:
    """An answer that comes when the gate opens."""

    async def write(writer: object) -> None:
        assert isinstance(writer, asyncio.StreamWriter)
        await gate.wait()
        writer.write(answer(content))
        await writer.drain()

    return write


async def signed_in(made: Scripted) -> None:
    await made.harness.rack.sign_in(made.account, Secret("rt-pasted"))
    assert made.harness.status(made.account).name == "ready", made.harness.status(made.account)


async def closed(made: Scripted) -> None:
    """Every connection that the server had is over."""
    await made.harness.until(lambda: all(writer.transport.is_closing() for writer in made.server.writers))


@pytest.mark.security("S72", "S73")
async def test_a_renewal_under_way_keeps_its_answer(made: Scripted) -> None:
    await signed_in(made)
    gate = asyncio.Event()
    made.says("/token", held(NEW, gate), answer({"error": "invalid_grant"}, 400))
    before = len(made.asked())
    renewing = asyncio.create_task(made.harness.rack.renew(made.account))
    await made.harness.until(lambda: len(made.asked()) > before)
    await made.harness.rack.parts.own_providers.use(changed(made, 'name = "Scripted"', 'name = "Second"'))
    gate.set()
    await renewing
    assert isinstance(made.account.state, Active)
    assert made.account.state.renewal == Idle()
    assert made.harness.token(made.account).refresh == Secret("rt-second")
    assert made.harness.rack.parts.sites.of(made.account).provider.name == "Second"
    assert len(made.asked()) == before + 1, "no used-up refresh token was tried again"
    await closed(made)


async def test_a_sign_in_under_way_keeps_its_answer(made: Scripted) -> None:
    gate = asyncio.Event()
    made.says("/token", held(NEW, gate), answer({"error": "invalid_grant"}, 400))
    signing_in = asyncio.create_task(made.harness.rack.sign_in(made.account, Secret("rt-pasted")))
    await made.harness.until(made.asked)
    await made.harness.rack.parts.own_providers.use(changed(made, 'name = "Scripted"', 'name = "Second"'))
    gate.set()
    await signing_in
    assert made.harness.status(made.account).name == "ready"
    assert len(made.asked()) == 1


async def test_a_code_goes_to_the_site_where_its_sign_in_began(sandbox: RunningSandbox, tmp_path: Path) -> None:
    own = harness_with_own_provider(sandbox, tmp_path)
    await own.start()
    account = await added(own, "authorization_code_pkce")
    own.person.answer = "nothing"
    signing_in = asyncio.create_task(own.rack.sign_in(account))
    await own.until(lambda: own.opened)
    path = own.paths.config / "providers" / "example.toml"
    path.write_text(
        re.sub("(?m)^token_endpoint = .*$", 'token_endpoint = "http://127.0.0.1:9/token"', path.read_text())
    )
    found = own.rack.parts.own_providers.read_again("example")
    assert found is not None
    await own.rack.parts.own_providers.use(found)
    own.person.answer = "approve"
    await own.visit(own.opened[0])
    await signing_in
    assert own.status(account).name == "ready", own.status(account)
    assert own.rack.parts.sites.of(account).server.token_endpoint == "http://127.0.0.1:9/token"
    await own.close()


async def test_who_still_holds_the_old_site_leaves_no_connection_open(made: Scripted) -> None:
    await signed_in(made)
    old = made.harness.rack.parts.sites.of(made.account)
    await made.harness.rack.parts.own_providers.use(changed(made, 'name = "Scripted"', 'name = "Second"'))
    access = made.harness.token(made.account).access
    assert access is not None
    assert await old.api.holdings(access)
    await made.harness.rack.sign_out(made.account)
    await made.harness.rack.close()
    await closed(made)


OTHER = '[regions.other]\nname = "Other"\ntoken_endpoint = "https://o.example/token"\napi = "https://o.example"\n\n'
AT_OTHER = Draft("scripted", "other", "refresh_token", "Two", "invented-other")


async def with_two_sites(made: Scripted) -> ChangedFile:
    """The file has a second site, and one that lacks it again is read."""
    await made.harness.rack.parts.own_providers.use(changed(made, "[flows.", f"{OTHER}[flows."))
    return changed(made, OTHER, "")


async def test_an_account_that_came_between_the_two_presses_is_looked_at(made: Scripted) -> None:
    rack = made.harness.rack
    without = await with_two_sites(made)
    other = await rack.add(AT_OTHER)
    with pytest.raises(ProviderFileFailure) as refused:
        await rack.parts.own_providers.use(without)
    assert refused.value.code == "user_file_lacks_account"
    assert rack.parts.sites.of(other).region.name == "Other"


async def test_an_account_that_is_being_added_meanwhile_is_refused(made: Scripted) -> None:
    rack, vault = made.harness.rack, made.harness.vault
    without = await with_two_sites(made)
    vault.saves.clear()
    vault.gate = asyncio.Event()
    adding = asyncio.create_task(rack.add(replace(AT_OTHER, client_secret=Secret("invented"))))
    await made.harness.until(lambda: vault.saves)
    await rack.parts.own_providers.use(without)
    vault.gate.set()
    with pytest.raises(DraftProblem) as refused:
        await adding
    assert refused.value.code == "region_unknown"
    assert rack.accounts.ids() == (made.account.id,)
    assert vault.names() <= {made.account.id}


async def test_a_provider_of_an_account_that_is_not_shown_is_not_removed(made: Scripted) -> None:
    await with_two_sites(made)
    await made.harness.rack.add(AT_OTHER)
    await made.harness.rack.remove(made.account)
    rack = await made.harness.kill()
    rack.load()
    assert rack.accounts.ids() == (), "the file lacks the site of the one account now"
    with pytest.raises(ProviderFileFailure) as refused:
        await rack.parts.own_providers.remove("scripted")
    assert refused.value.code == "user_file_in_use"
    assert "scripted" in rack.catalog


async def test_no_provider_is_removed_while_the_accounts_file_is_away(made: Scripted, tmp_path: Path) -> None:
    accounts = made.harness.paths.config / "accounts.json"
    away = accounts.rename(tmp_path / "mounted")
    accounts.symlink_to(away)
    away.rename(tmp_path / "unmounted")
    rack = await made.harness.kill()
    rack.load()
    with pytest.raises(AccountsFileUnreadable, match="is a link to"):
        await rack.parts.own_providers.remove("scripted")
    assert "scripted" in rack.catalog
