"""Adding, changing and removing accounts over the socket."""

import asyncio
import json
import os
from pathlib import Path
from urllib.parse import quote

import pytest

from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.primitives.secret import Secret
from tests.broker.conftest import ApiConnection, ApiResponse, Served
from tests.core.harness import SECRET
from tests.free_port import free_port

DERIBIT = {"name": "Desk", "provider": "deribit", "region": "test", "client_id": "sandbox-id", "client_secret": SECRET}
BITPORT = {"name": "Files", "provider": "bitport", "client_id": "sandbox-id", "client_secret": SECRET}


async def add(served: Served, **fields: object) -> ApiResponse:
    return await served.ask("POST", "/v1/accounts", body=fields)


async def gone(served: Served, line: ApiConnection) -> None:
    """Have the caller go, and wait until the service knows."""
    line.close()
    await served.harness.until(lambda: served.service.connections == 0)


def only(served: Served) -> Account:
    (account,) = served.harness.rack.accounts
    return account


async def test_an_account_is_added_and_signs_in(served: Served) -> None:
    client_id = "sandbox-added-over-the-socket"
    served.harness.sandbox.register_client("deribit", client_id, SECRET, None)
    said = await add(served, **{**DERIBIT, "client_id": client_id})
    assert (said.status, said.content["state"], said.content["scripts"]) == (200, "needs_login", "allow")
    assert (said.content["region"], said.content["flow"]) == ("test", "client_credentials")
    assert SECRET not in json.dumps(said.content)
    account = only(served)
    assert account.state == LoggedOut(Reason.NEW)
    assert (await served.ask("POST", "/v1/accounts/Desk/login")).content["state"] == "ready"


async def test_the_only_region_and_flow_need_not_be_named(served: Served) -> None:
    port = free_port()
    redirect = f"http://127.0.0.1:{port}/cb/kraken"
    said = await add(
        served, name="K", provider="kraken", client_id="x", client_secret=SECRET, redirect_uri=redirect, scripts="ask"
    )
    assert said.status == 200, said
    settings = only(served).settings
    assert (settings.region, settings.flow, settings.redirect_uri) == ("global", "authorization_code_pkce", redirect)
    assert settings.scripts == "ask"


@pytest.mark.security("S31")
async def test_the_address_to_register_is_told(served: Served) -> None:
    said = await add(served, name="K", provider="kraken", client_id="x", client_secret=SECRET)
    assert said.content["redirect_uri"] == "http://127.0.0.1:17463/cb/kraken"
    assert only(served).settings.redirect_uri == said.content["redirect_uri"]


async def test_a_dry_run_looks_at_all_but_the_secret_and_saves_nothing(served: Served) -> None:
    fields = {name: value for name, value in BITPORT.items() if name != "client_secret"}
    said = await add(served, **fields, flow="authorization_code", dry_run=True)
    assert (said.status, said.content["needs_secret"]) == (200, True)
    assert said.content["redirect_uri"] == "http://127.0.0.1:17463/cb/bitport"
    refused = await add(served, **{**fields, "client_id": "two words"}, flow="authorization_code", dry_run=True)
    assert (refused.status, refused.code) == (400, "usage")
    assert not list(served.harness.rack.accounts)
    assert served.harness.vault.names() == set()


async def test_a_wrong_value_names_the_known_ones(served: Served) -> None:
    for change, named in [
        ({"provider": "deribitt"}, "gemini, deribit, kraken"),
        ({"provider": ""}, "gemini, deribit, kraken"),
        ({"region": "mars"}, "global, test"),
        ({"region": ""}, "global, test"),
        ({"flow": "password"}, "client_credentials"),
        ({"scripts": "always"}, "off, ask, allow"),
        ({"provider": "bitport", "region": ""}, "authorization_code, user_code"),
    ]:
        said = await add(served, **{**DERIBIT, **change})
        assert (said.status, said.code) == (400, "usage"), change
        assert named in str(said.content["error"])
    assert not list(served.harness.rack.accounts)


@pytest.mark.security("S88")
async def test_a_name_that_cannot_be_one_is_refused_at_creation(served: Served) -> None:
    """C3.4 and C3.5."""
    for name in [
        "",
        " ",
        "-x",
        "--help",
        "../x",
        "a/b",
        "a\nb",
        "a\x00b",
        "a\x1b[31mb",
        "a\u202eb",
        "x" * 61,
        "x" * 10_000,
        7,
    ]:
        said = await add(served, **{**DERIBIT, "name": name})
        assert (said.status, said.code) == (400, "usage"), name
    assert not list(served.harness.rack.accounts)
    assert served.harness.vault.names() == set()


async def test_what_does_not_fit_is_refused(served: Served) -> None:
    wrong: list[dict[str, object]] = [
        {"client_secret": ""},
        {"client_secret": " x"},
        {"client_secret": 5},
        {"client_id": ""},
        {"redirect_uri": "http://127.0.0.1:17463/cb/deribit"},
        {"hosts": {"api": "https://example.com"}},
        {"hosts": "https://example.com"},
        {"secret": SECRET},
        {"dry_run": "yes"},
    ]
    for change in wrong:
        said = await add(served, **{**DERIBIT, **change})
        assert (said.status, said.code) == (400, "usage"), change
        assert SECRET not in json.dumps(said.content)
    assert not list(served.harness.rack.accounts)


async def test_hosts_that_are_typed_in_are_taken_where_a_region_has_none(served: Served) -> None:
    fields = {"name": "Own", "provider": "probit", "region": "own", "client_id": "x", "client_secret": SECRET}
    hosts = {"token_endpoint": "https://accounts.example.com/token", "api": "https://api.example.com/v1"}
    assert (await add(served, **fields, hosts={**hosts, "web": "x"})).code == "usage"
    assert (await add(served, **fields)).code == "usage"
    assert (await add(served, **fields, hosts=hosts)).status == 200
    found = only(served).settings.hosts
    assert found is not None
    assert (found.token_endpoint, found.api, found.stream) == (*hosts.values(), "")


async def test_a_secret_that_its_provider_wants_elsewhere_needs_a_word(served: Served) -> None:
    fields = {"name": "Key", "provider": "whitebit-fast-key", "client_id": "x", "client_secret": SECRET}
    dry = await add(served, **fields, dry_run=True)
    assert dry.content["opt_in"] is True
    assert "on a server" in dry.content["warning"]
    assert (await add(served, **fields)).code == "usage"
    assert not list(served.harness.rack.accounts)
    assert (await add(served, **fields, opt_in=True)).status == 200


async def test_a_name_that_is_taken_is_told_before_the_secret_is_asked_for(served: Served) -> None:
    await add(served, **DERIBIT)
    said = await add(served, **{**DERIBIT, "name": "DESK", "client_secret": ""}, dry_run=True)
    assert said.content["error"]["happened"] == "Another account has this name."


async def test_adding_goes_on_when_the_caller_is_gone(served: Served) -> None:
    served.harness.vault.gate = asyncio.Event()
    line = await served.line()
    line.send("POST", "/v1/accounts", body=DERIBIT)
    await served.harness.until(lambda: served.harness.vault.saves)
    await gone(served, line)
    served.harness.vault.gate.set()
    await served.harness.until(lambda: list(served.harness.rack.accounts))
    assert (await served.harness.vault.load(only(served).id)).client_secret == Secret(SECRET)


async def test_an_account_is_renamed_and_its_scripts_are_chosen(served: Served) -> None:
    await add(served, **DERIBIT)
    said = await served.ask("PATCH", "/v1/accounts/desk", body={"name": "Main desk", "scripts": "off"})
    assert (said.status, said.content["account"], said.content["scripts"]) == (200, "Main desk", "off")
    settings = only(served).settings
    assert (settings.name, settings.scripts) == ("Main desk", "off")


@pytest.mark.security("S92")
async def test_who_changes_what_scripts_may_do_is_in_the_activity(served: Served) -> None:
    await add(served, **DERIBIT)
    for policy in ("ask", "ask", "allow"):
        await served.ask("PATCH", "/v1/accounts/Desk", body={"scripts": policy})
    newest, older, *rest = only(served).activity.lines()
    for line, policy in ((newest, "allow"), (older, "ask")):
        assert line.notice.sentence.startswith(f"Scripts were set to “{policy}” from the command line by ")
        assert line.notice.sentence.endswith(f", pid {os.getpid()}.")
    assert not any(line.notice.sentence.startswith("Scripts") for line in rest)


async def test_two_names_that_look_the_same_are_one(served: Served) -> None:
    await add(served, **{**DERIBIT, "name": "Café ß"})
    for same in ("Cafe\u0301 ß", "CAFÉ SS", "CAFE\u0301 ss"):
        said = await served.ask("PATCH", f"/v1/accounts/{quote(same)}", body={"scripts": "ask"})
        assert (said.status, said.content.get("account")) == (200, "Café ß"), ascii(same)
        again = await add(served, **{**DERIBIT, "name": same})
        assert again.content["error"]["happened"] == "Another account has this name.", ascii(same)


async def test_what_a_program_was_allowed_is_taken_back(served: Served) -> None:
    await add(served, **DERIBIT)
    account, program = only(served), "/usr/bin/python3 /srv/bot.py"
    served.harness.rack.access.allow(account, Program(7, "/usr/bin/python3", "/srv/bot.py", lasting=True))
    assert list(account.settings.programs) == [program]
    wrong = await served.ask("PATCH", "/v1/accounts/Desk", body={"forget": "/usr/bin/python3"})
    assert (wrong.code, account.settings.programs) == ("usage", (program,))
    assert program in wrong.content["error"]["means"]
    said = await served.ask("PATCH", "/v1/accounts/Desk", body={"forget": program})
    assert (said.status, said.content["programs"], account.settings.programs) == (200, [], ())


async def test_a_change_that_does_not_fit_changes_nothing(served: Served) -> None:
    await add(served, **DERIBIT)
    before = only(served).settings
    for wrong in ({"scripts": "sometimes"}, {"name": ""}, {"name": "a/b"}, {"identity": "x"}, {"scripts": None}):
        said = await served.ask("PATCH", "/v1/accounts/Desk", body={"scripts": "off", **wrong})
        assert (said.status, said.code) == (400, "usage"), wrong
    assert (await served.ask("PATCH", "/v1/accounts/Desk", body={})).code == "usage"
    assert only(served).settings == before


@pytest.mark.security("S51")
async def test_removing_says_what_that_means_at_the_provider(served: Served) -> None:
    account = await served.harness.signed_in("bitport")
    said = await served.ask("DELETE", f"/v1/accounts/{account.settings.name}")
    assert (said.status, said.content["account"]) == (200, account.settings.name)
    assert said.content["at_provider"].startswith("Bitport offers no way to revoke a token.")
    assert not list(served.harness.rack.accounts)
    assert served.harness.vault.names() == set()


async def test_a_removal_is_not_left_half_done_by_a_caller_that_goes(served: Served, tmp_path: Path) -> None:
    account = await served.harness.signed_in("bitport")
    served.harness.vault.delete_gate = gate = asyncio.Event()
    line = await served.line()
    line.send("DELETE", f"/v1/accounts/{account.settings.name}")
    await served.harness.until(lambda: served.harness.vault.deletes == [account.id])
    await gone(served, line)
    gate.set()
    await served.harness.until(lambda: not list(served.harness.rack.accounts))
    assert json.loads((tmp_path / "config" / "accounts.json").read_text())["accounts"] == []
    assert served.harness.vault.names() == set()


@pytest.mark.security("S91")
async def test_while_locked_no_account_is_managed(served: Served) -> None:
    await add(served, **DERIBIT)
    served.harness.rack.lock.lock(by_hand=False)
    for said in (
        await add(served, **{**DERIBIT, "name": "Second"}),
        await served.ask("PATCH", "/v1/accounts/Desk", body={"scripts": "off"}),
        await served.ask("DELETE", "/v1/accounts/Desk"),
    ):
        assert (said.status, said.code) == (403, "locked")
    assert only(served).settings.scripts == "allow"
