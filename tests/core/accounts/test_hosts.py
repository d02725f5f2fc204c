"""Addresses that a person enters (ProBit Q1): checked one by one, kept without secrets, used for one account alone."""

import json
import secrets

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.draft import Draft, check_draft
from keyrack.core.accounts.hosts import Hosts
from keyrack.core.failures import DraftProblem
from keyrack.primitives.secret import Secret
from keyrack.providers.registry import built_in
from keyrack.providers.schema import Provider, Region
from tests.core.harness import SECRET, CoreHarness
from tests.recording_server import answer, recording

TOKEN, API, STREAM = (
    "https://accounts.example.org/token",
    "https://api.example.org/v1",
    "wss://api.example.org/v1/ws",
)
GOOD = Hosts(TOKEN, API, STREAM)


def probit() -> Provider:
    return next(provider for provider in built_in() if provider.id == "probit")


def draft(hosts: Hosts | None, region: str = "own") -> Draft:
    return Draft("probit", region, "client_credentials", "Mine", "id", Secret("secret"), hosts=hosts)


def checked(hosts: Hosts | None, region: str = "own") -> Region:
    return check_draft(draft(hosts, region), {"probit": probit()}, Accounts())


@pytest.mark.parametrize("hosts", [GOOD, Hosts(TOKEN, f"{API}/"), Hosts("https://a.example:8443/token", API)])
def test_whole_encrypted_addresses_are_taken(hosts: Hosts) -> None:
    assert checked(hosts).typed_in


@pytest.mark.security("S40")
@pytest.mark.parametrize("key", ["token_endpoint", "api", "stream"])
@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.org/v1",
        "ws://api.example.org/v1",
        "http://127.0.0.1:8080/v1",
        "ws://127.0.0.1:8080/v1",
        "ftp://api.example.org/v1",
        "{scheme}://me:word@api.example.org/v1",
        "{scheme}://api.example.org/v1?token=1",
        "{scheme}://api.example.org/v1#x",
        "{scheme}://api.example.org/a b",
        "{scheme}://api.exämple.org/v1",
        "{scheme}://",
        "{scheme}:///v1",
        "{scheme}://api.example.org:99999/v1",
        "{scheme}://api.example.org\\@evil.example/",
        "{scheme}://api.example.org/" + "x" * 500,
        "api.example.org",
        "/v1",
        "nonsense",
    ],
)
def test_anything_else_is_told_in_a_sentence_of_its_field(key: str, address: str) -> None:
    text = address.replace("{scheme}", "wss" if key == "stream" else "https")
    hosts = Hosts(**{"token_endpoint": TOKEN, "api": API, "stream": STREAM, key: text})
    with pytest.raises(DraftProblem) as caught:
        checked(hosts)
    assert caught.value.field == key
    assert caught.value.happened.endswith(".")
    assert ("wss://" if key == "stream" else "https://") in caught.value.todo
    assert "example.org" not in caught.value.sentences()


@pytest.mark.parametrize(
    ("hosts", "key"), [(None, "token_endpoint"), (Hosts("", API), "token_endpoint"), (Hosts(TOKEN, ""), "api")]
)
def test_a_missing_address_is_told(hosts: Hosts | None, key: str) -> None:
    with pytest.raises(DraftProblem, match="is missing") as caught:
        checked(hosts)
    assert caught.value.field == key


@pytest.mark.parametrize(("stream", "address"), [("https", STREAM.replace("wss", "https")), ("wss", API)])
def test_a_socket_is_no_page_and_a_page_no_socket(stream: str, address: str) -> None:
    if stream == "https":
        with pytest.raises(DraftProblem):
            checked(Hosts(TOKEN, API, address))
    with pytest.raises(DraftProblem):
        checked(Hosts(TOKEN, address.replace("https", "wss")))


def of_the_sandbox(harness: CoreHarness) -> Hosts:
    base = harness.sandbox.base("probit")
    api = f"{base}/api/exchange/v1"
    return Hosts(f"{base}/token", api, f"{api}/ws".replace("http", "ws", 1))


async def added(harness: CoreHarness, hosts: Hosts, name: str = "own") -> Account:
    client_id = f"{name}-{secrets.token_hex(4)}"
    harness.sandbox.register_client("probit", client_id, SECRET)
    made = Draft("probit", "own", "client_credentials", name, client_id, Secret(SECRET), hosts=hosts)
    return await harness.rack.add(made)


async def test_an_account_at_typed_hosts_signs_in_renews_and_is_live(harness: CoreHarness) -> None:
    account = await added(harness, of_the_sandbox(harness))
    await harness.sign_in(account)
    assert harness.status(account).name == "ready"
    await harness.until(lambda: harness.rack.parts.streams.is_complete(account))
    await harness.step(800)
    assert len(harness.asked(account, "token")) == 2
    await harness.rack.sign_out(account)
    assert harness.status(account).name == "needs_login", "typed hosts have not closed"


async def test_without_a_websocket_address_the_figures_are_asked_for(harness: CoreHarness) -> None:
    hosts = of_the_sandbox(harness)
    account = await added(harness, Hosts(hosts.token_endpoint, hosts.api))
    await harness.sign_in(account)
    await harness.until(lambda: account.balances is not None)
    assert account.balances is not None
    assert account.balances.source == "poll"
    assert harness.asked(account, "ws") == []


async def test_the_accounts_file_keeps_the_addresses_and_no_secret(harness: CoreHarness) -> None:
    hosts = of_the_sandbox(harness)
    account = await added(harness, hosts)
    text = (harness.paths.config / "accounts.json").read_text("utf-8")
    assert SECRET not in text
    [entry] = json.loads(text)["accounts"]
    assert entry["hosts"] == {"token_endpoint": hosts.token_endpoint, "api": hosts.api, "stream": hosts.stream}
    rack = await harness.kill()
    rack.load()
    await rack.open()
    [again] = rack.accounts
    assert (again.id, again.settings.hosts) == (account.id, hosts)
    await rack.edit(again, "client-edited", None, "")
    assert again.settings.hosts == hosts


@pytest.mark.parametrize("hosts", ["text", 7, {"api": 1}, {"token_endpoint": "https://a.example/", "api": None}])
async def test_damaged_hosts_in_the_accounts_file_lose_nothing_else(harness: CoreHarness, hosts: object) -> None:
    await added(harness, of_the_sandbox(harness), "damaged")
    await added(harness, of_the_sandbox(harness), "fine")
    await harness.kill()
    file = harness.paths.config / "accounts.json"
    whole = json.loads(file.read_text("utf-8"))
    whole["accounts"][0]["hosts"] = hosts
    file.write_text(json.dumps(whole))
    harness.rack.load()
    assert harness.rack.problem is not None
    assert [account.settings.name for account in harness.rack.accounts] == ["fine"]


@pytest.mark.security("S43")
async def test_each_account_asks_its_own_hosts(harness: CoreHarness) -> None:
    async with recording(answer({"error": "invalid_grant"}, 400)) as other:
        here = await added(harness, of_the_sandbox(harness), "here")
        there = await added(harness, Hosts(f"{other.base}/token", other.base), "there")
        await harness.sign_in(here)
        assert other.requests == []
        await harness.sign_in(there)
        assert [seen.target for seen in other.requests] == ["/token"]
        assert harness.asked(there, "token") == []
        assert harness.status(there).name == "needs_login"
        assert harness.status(here).name == "ready"


@pytest.mark.security("S41")
async def test_a_redirect_of_a_typed_host_is_not_followed(harness: CoreHarness) -> None:
    async with recording(answer({})) as target, recording(answer(None, 307, f"Location: {target.base}/token")) as own:
        account = await added(harness, Hosts(f"{own.base}/token", own.base, f"{own.base}/ws".replace("http", "ws", 1)))
        await harness.sign_in(account)
        assert len(own.requests) >= 1
        assert target.connections == 0
        assert harness.status(account).name == "needs_login"
