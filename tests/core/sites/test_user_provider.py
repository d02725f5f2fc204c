"""One more provider is one TOML file: signed in, renewed, read, signed out and removed without a line of code."""

import asyncio
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Active, LoggedOut
from keyrack.core.rack import Rack
from keyrack.core.sign_out import Revocation
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import FlowName
from tests.core.harness import SECRET, CoreHarness
from tests.core.user_provider import added, device_of, file_of, harness_with_own_provider, waits
from tests.free_port import free_port
from tests.sandbox_process import RunningSandbox


@pytest.fixture
async def own(sandbox: RunningSandbox, tmp_path: Path) -> AsyncGenerator[CoreHarness]:
    made = harness_with_own_provider(sandbox, tmp_path)
    await made.start()
    yield made
    sandbox.clear_faults()
    await made.close()


async def signed_in(own: CoreHarness, flow: FlowName = "authorization_code_pkce", name: str = "Own") -> Account:
    account = await added(own, flow, name)
    task = asyncio.create_task(own.rack.sign_in(account))
    if flow == "device_code":
        await own.until(lambda: waits(account))
        await own.visit(device_of(account).complete)
        own.leap(5)
    await task
    assert own.status(account).name == "ready", own.status(account)
    return account


def said(account: Account) -> list[str]:
    return [line.notice.sentence for line in account.activity.lines()]


@pytest.mark.parametrize("flow", ["authorization_code_pkce", "device_code"])
async def test_one_file_signs_in_renews_and_reads(own: CoreHarness, flow: FlowName) -> None:
    account = await signed_in(own, flow)
    first = own.token(account)
    assert first.scopes == ("balances:read",)
    assert first.refresh_lifetime == 3600
    await own.until(lambda: account.balances is not None)
    assert account.balances is not None
    figures = {h.asset: h.available for h in account.balances.holdings}
    assert set(figures) == {"BTC", "ETH", "USDT", "EUR"}
    await own.step(own.token(account).lifetime or 0)
    assert own.token(account).access != first.access
    assert own.token(account).refresh != first.refresh
    assert "Token renewed." in said(account)


async def test_a_refresh_without_rotation_keeps_the_old_refresh_token(own: CoreHarness) -> None:
    account = await signed_in(own)
    before = own.token(account).refresh
    own.sandbox.fault("example", "token", "without")
    for _ in range(2):
        await own.rack.refresh(account)
    assert own.token(account).refresh == before
    assert isinstance(account.state, Active)


def confidential(text: str, flow: str, dialect: str) -> str:
    """The same exchange for a client with a secret, by one flow."""
    start, end = text.index("[flows."), text.index("[dialect]")
    table = f'[flows.{flow}]\ntitle = "It"\ncredentials_help = "Any."\n'
    table += "needs_redirect = true\n" if flow.startswith("authorization_code") else ""
    text = text[:start] + table + "\n" + text[end:]
    return re.sub(r"refresh_lifetime.*\n", "", text).replace("[dialect]\n", f"[dialect]\n{dialect}")


CONFIDENTIAL = [
    ("authorization_code_pkce", ""),
    ("authorization_code", "pkce = false\n"),
    ("authorization_code_pkce", 'client_authentication = "body"\n'),
    ("client_credentials", 'renewal = "again"\n'),
]


@pytest.mark.security("S50")
@pytest.mark.parametrize(("flow", "dialect"), CONFIDENTIAL, ids=["basic", "no-pkce", "body", "client-credentials"])
async def test_the_standard_flows_with_a_secret(
    sandbox: RunningSandbox, tmp_path: Path, flow: FlowName, dialect: str
) -> None:
    own = harness_with_own_provider(sandbox, tmp_path, lambda text: confidential(text, flow, dialect))
    assert own.rack.catalog.files.problems == []
    await own.start()
    redirect = f"http://127.0.0.1:{free_port()}/cb/example" if flow.startswith("authorization_code") else ""
    sandbox.register_client("example", "conf", SECRET + " +&=", redirect or None)
    draft = Draft("example", "global", flow, "Own", "conf", Secret(SECRET + " +&="), redirect)
    account = await own.rack.add(draft)
    await own.sign_in(account)
    before = own.token(account).access
    await own.rack.refresh(account)
    assert own.token(account).access != before
    assert account.balances is not None
    assert account.balances.failure is None
    await own.close()


@pytest.mark.security("S31", "S32")
async def test_the_redirect_path_is_its_own_and_iss_must_be_the_issuer(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """RFC 9207: a file that names another issuer than the one that answers ends the sign-in."""
    own = harness_with_own_provider(
        sandbox, tmp_path, lambda text: text.replace('issuer = "', 'issuer = "https://other.example.org/"#')
    )
    assert own.rack.catalog.files.problems == []
    await own.start()
    account = await added(own, "authorization_code_pkce")
    assert account.settings.redirect_uri.endswith("/cb/example")
    await own.rack.sign_in(account)
    assert isinstance(account.state, LoggedOut)
    assert account.state.why is not None
    assert account.state.why.happened == "The sign-in was answered by the wrong provider."
    await own.close()


@pytest.mark.security("S51")
async def test_signing_out_revokes_at_the_provider_after_it_is_gone_here(own: CoreHarness) -> None:
    """RFC 7009 §2.1: the refresh token first, then the access token."""
    account = await signed_in(own)
    token = own.token(account)
    await own.rack.sign_out(account)
    assert said(account)[:2] == ["The token was revoked at Example exchange.", "Signed out."]
    assert len(own.asked(account, "revoke")) == 2
    service = own.rack.parts.sites.of(account)
    assert token.access is not None
    with pytest.raises(Exception, match="no longer accepts this token"):
        await service.api.holdings(token.access)
    with pytest.raises(Exception, match="no longer accepts this sign-in"):
        await service.endpoint.refresh(own.rack.parts.records.client(account), token)


@pytest.mark.security("S51")
@pytest.mark.parametrize("fault", ["status:503", "status:400", "reset", "html:502", "lost"])
async def test_a_failed_revocation_never_stops_the_local_removal(own: CoreHarness, fault: str) -> None:
    account = await signed_in(own)
    own.sandbox.fault("example", "revoke", fault)
    sentence = await own.rack.remove(account)
    assert sentence.startswith("Example exchange did not revoke the token: ")
    assert own.rack.accounts.find(account.id) is None
    assert account.id not in own.vault.names()


@pytest.mark.security("S51")
async def test_a_revocation_that_hangs_is_given_up(own: CoreHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyrack.core.sign_out.PATIENCE", 0.2)
    account = await signed_in(own)
    own.sandbox.fault("example", "revoke", "hold:3")
    await own.rack.sign_out(account)
    assert isinstance(account.state, LoggedOut)
    assert said(account)[0].startswith("Example exchange did not confirm in time")


@pytest.mark.parametrize(
    ("old", "new", "sentence", "asked"),
    [
        ('revocation = "body"', 'revocation = "none"', "", 0),
        (
            'revocation = "body"',
            'revocation = "body"\nrevocation_trusted = false',
            "Example exchange was asked to revoke the token; its answer does not tell whether it did.",
            2,
        ),
        ('revocation = "body"', 'revocation = "bearer"', "The token was revoked at Example exchange.", 1),
    ],
    ids=["none", "untrusted", "bearer"],
)
async def test_each_way_to_revoke(
    sandbox: RunningSandbox, tmp_path: Path, old: str, new: str, sentence: str, asked: int
) -> None:
    own = harness_with_own_provider(sandbox, tmp_path, lambda text: text.replace(old, new))
    await own.start()
    account = await signed_in(own, name=f"Way-{asked}{len(new)}")
    ending = Revocation.of(account, own.rack.parts.sites, own.rack.parts.records)
    await own.rack.sign_out(account)
    assert said(account)[0] == (sentence or "Signed out.")
    assert len(own.asked(account, "revoke")) == asked
    assert "Secret" not in repr(ending)
    await own.close()


async def test_a_provider_that_is_added_while_keyrack_runs_is_used_at_once(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    own = CoreHarness(sandbox, tmp_path)
    await own.start()
    source = tmp_path / "mine.toml"
    source.write_text(file_of(sandbox))
    provider = own.rack.catalog.add(own.rack.catalog.files.inspect(source), source)
    assert list(own.rack.catalog.values())[-1] is provider
    account = await signed_in(own)
    again: Rack = await own.kill()
    again.load()
    assert again.accounts.find(account.id) is not None
    await own.close()


async def test_an_account_whose_file_is_gone_stays_in_the_list_unseen(own: CoreHarness, tmp_path: Path) -> None:
    account = await signed_in(own)
    (own.paths.config / "providers" / "example.toml").rename(tmp_path / "away.toml")
    without = await own.kill()
    without.load()
    assert without.accounts.find(account.id) is None
    (tmp_path / "away.toml").rename(own.paths.config / "providers" / "example.toml")
    back = await own.kill()
    back.load()
    assert back.accounts.find(account.id) is not None
