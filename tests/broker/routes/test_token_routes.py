"""The token route: what comes with a token, when there is none, and with which error."""

import asyncio
import json
from dataclasses import replace

import pytest

from keyrack import __version__
from keyrack.broker.protocol.route import RouteTimeouts
from keyrack.core.accounts.account import Account, ScriptPolicy
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Active, LoggedOut, Opening, Reason, Running
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import FlowName
from tests.broker.conftest import ApiResponse, Served
from tests.until import until

CODE: FlowName = "authorization_code"


async def asked(served: Served, account: Account, query: str = "") -> ApiResponse:
    """What a script gets that asks for the token."""
    return await served.ask("GET", f"/v1/accounts/{account.settings.name}/token{query}")


def newest(served: Served, account: Account) -> str:
    """The access token that Keyrack holds."""
    access = served.harness.token(account).access
    assert access is not None
    return access.reveal()


async def test_a_token_comes_with_what_a_script_needs(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    said = await asked(served, account)
    content = said.content
    assert {name: content[name] for name in ("version", "account", "provider", "token_type", "variable")} == {
        "version": 1,
        "account": account.settings.name,
        "provider": "whitebit",
        "token_type": "Bearer",
        "variable": "WHITEBIT_TOKEN",
    }
    assert content["access_token"] == newest(served, account)
    assert 290 < content["expires_in"] < 300
    assert abs(content["expires_at"] - served.harness.rack.clock.wall() - content["expires_in"]) < 5
    assert set(content) - {"version", "account", "provider", "token_type", "variable"} == {
        *("access_token", "expires_in", "expires_at")
    }


async def test_a_name_is_found_without_regard_to_case_and_with_blanks(served: Served) -> None:
    account = await served.allowed()
    account.configure(replace(account.settings, name="Große Börse"))
    for name in ("gro%C3%9Fe%20b%C3%B6rse", "GROSSE%20B%C3%96RSE"):
        assert (await served.ask("GET", f"/v1/accounts/{name}/token")).content["account"] == "Große Börse"


async def test_a_token_without_an_end_says_so(served: Served) -> None:
    account = await served.allowed()
    state = account.state
    assert isinstance(state, Active)
    account.become(Active(replace(served.harness.token(account), lifetime=None)), expected=state)
    content = (await asked(served, account)).content
    assert (content["expires_in"], content["expires_at"]) == (None, None)


async def test_min_valid_renews_once_and_beyond_a_life_names_it(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    old = newest(served, account)
    assert (await asked(served, account, "?min_valid=60")).content["access_token"] == old
    served.harness.leap(100)
    said = await asked(served, account, "?min_valid=250")
    assert said.content["access_token"] != old
    assert said.content["expires_in"] >= 250
    said = await asked(served, account, "?min_valid=301")
    assert (said.status, said.code) == (400, "usage")
    assert "300 seconds" in said.content["error"]["happened"]
    assert len(served.harness.asked(account)) == 1
    for query in ("x", "-1", "1.5", "", "%2B5", "1e3", "9" * 30, "60&min_valid=61"):
        said = await asked(served, account, f"?min_valid={query}")
        assert (said.status, said.code) == (400, "usage"), query
    for query in ("?min_vald=60", "?", "?&", "?=", "?a=b=c", "?%ff=1"):
        said = await asked(served, account, query)
        assert (said.status, said.content.get("error", {}).get("code")) == (
            (200, None) if query == "?" else (400, "usage")
        ), query


@pytest.mark.security("S70", "S71")
async def test_a_hundred_callers_at_the_end_of_a_token_cause_one_request(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    old = newest(served, account)
    served.harness.leap(299.5)
    answers = await asyncio.gather(*(asked(served, account) for _ in range(100)))
    assert [said.status for said in answers] == [200] * 100
    assert {said.content["access_token"] for said in answers} == {newest(served, account)} != {old}
    assert len(served.harness.asked(account)) == 1


@pytest.mark.security("S72")
async def test_no_new_token_leaves_before_it_is_stored(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    served.harness.vault.gate = asyncio.Event()
    saved = len(served.harness.vault.saves)
    late, early = await served.line(), await served.line()
    late.send("GET", f"/v1/accounts/{account.settings.name}/token?min_valid=300")
    await until(lambda: len(served.harness.vault.saves) > saved)
    old = newest(served, account)
    said = await early.ask("GET", f"/v1/accounts/{account.settings.name}/token?min_valid=10")
    assert said.content["access_token"] == old, "the old one, which still lives"
    served.harness.vault.gate.set()
    assert (await late.hear()).content["access_token"] == newest(served, account) != old


async def test_why_there_is_no_token_has_its_code(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    harness, name = served.harness, account.settings.name
    harness.sandbox.fault("whitebit", "refresh", "status:503")
    harness.leap(299.5)
    said = await asked(served, account)
    assert (said.status, said.code) == (502, "provider")
    assert "WhiteBIT" in said.content["error"]["happened"]
    harness.sandbox.clear_faults()
    await harness.rack.sign_out(account)
    said = await asked(served, account)
    assert (said.status, said.code) == (409, "sign_in_needed")
    assert name in said.content["error"]["happened"]
    said = await served.ask("GET", "/v1/accounts/nobody/token")
    assert (said.status, said.code) == (404, "no_account")
    assert "nobody" in said.content["error"]["happened"]


async def test_a_locked_keyring_is_its_own_reason(served: Served) -> None:
    account = await served.allowed()
    harness = served.harness
    await harness.kill()
    harness.vault.refuses_loads = Locked()
    await harness.start()
    await served.service.serve(harness.rack)
    detach = harness.rack.access.asking.add_respondent()
    said = await asked(served, account)
    assert (said.status, said.code) == (503, "keyring"), "and nobody is asked about a token that is not there"
    harness.vault.refuses_loads = None
    harness.vault.loads.clear()
    harness.rack.access.choose(next(iter(harness.rack.accounts)), "allow")
    assert (await asked(served, account)).status == 200, "asked again on demand (R9)"
    assert True not in harness.vault.loads, "without a prompt (R8)"
    detach()


async def test_scripts_off_or_nobody_to_ask_is_a_refusal(served: Served) -> None:
    account = await served.harness.signed_in()
    policies: tuple[ScriptPolicy, ...] = ("off", "ask")
    for policy in policies:
        account.configure(replace(account.settings, scripts=policy))
        said = await asked(served, account)
        assert (said.status, said.code) == (403, "refused")


async def test_a_key_is_not_given_as_a_token(served: Served) -> None:
    account = await served.allowed()
    state = account.state
    assert isinstance(state, Active)
    account.become(Active(Key(Secret("public-part"), 0.0, 0.0)), expected=state)
    said = await asked(served, account)
    assert (said.status, said.code, "access_token" in said.content) == (400, "usage", False)


async def test_a_token_waits_until_the_keyring_was_read(served: Served) -> None:
    """A script may ask before the keyring has answered at all, as one does that starts with the session."""
    account = await served.allowed("whitebit", CODE)
    served.harness.rack.access.choose(account, "allow")
    await served.harness.kill()
    served.harness.vault.load_gate = keyring_responds = asyncio.Event()
    served.harness.rack.load()
    await served.service.serve(served.harness.rack)
    (account,) = served.harness.rack.accounts
    assert isinstance(account.state, Opening)
    line = await served.line()
    line.send("GET", f"/v1/accounts/{account.settings.name}/token")
    assert (await served.ask("GET", "/v1/status")).status == 200, "the state is told meanwhile (R7)"
    assert not isinstance(account.state, Active)
    keyring_responds.set()
    assert (await line.hear()).status == 200


@pytest.mark.security("S91")
async def test_a_lock_by_hand_refuses_all_but_the_state(served: Served) -> None:
    account = await served.allowed()
    name = account.settings.name
    served.harness.rack.lock.lock(by_hand=True)
    for method, path in (
        ("GET", f"/v1/accounts/{name}/token"),
        ("POST", f"/v1/accounts/{name}/refresh"),
        ("POST", f"/v1/accounts/{name}/login"),
        ("POST", f"/v1/accounts/{name}/logout"),
        ("DELETE", f"/v1/accounts/{name}"),
        ("GET", "/v1/accounts/nobody/token"),
    ):
        said = await served.ask(method, path)
        assert (said.status, said.code) == (403, "locked"), path
    status = (await served.ask("GET", "/v1/status")).content
    assert (status["locked"], status["locked_by_hand"]) == (True, True)
    assert status["accounts"][0]["state"] == "ready"
    assert (await served.ask("POST", "/v1/window/raise")).status == 200


@pytest.mark.security("S91")
async def test_a_lock_by_itself_lets_scripts_go_on_that_are_allowed(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    name = account.settings.name
    served.harness.rack.lock.lock(by_hand=False)
    assert (await asked(served, account)).status == 200
    assert (await served.ask("POST", f"/v1/accounts/{name}/refresh")).status == 200
    assert (await served.ask("DELETE", f"/v1/accounts/{name}")).code == "locked"
    account.configure(replace(account.settings, scripts="ask"))
    assert (await asked(served, account)).code == "locked"


@pytest.mark.security("S91")
async def test_a_lock_during_a_renewal_keeps_its_token_here(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    served.harness.vault.gate = asyncio.Event()
    saved = len(served.harness.vault.saves)
    line = await served.line()
    line.send("GET", f"/v1/accounts/{account.settings.name}/token?min_valid=300")
    await until(lambda: len(served.harness.vault.saves) > saved)
    served.harness.rack.lock.lock(by_hand=True)
    served.harness.vault.gate.set()
    said = await line.hear()
    assert (said.code, "access_token" in said.content) == ("locked", False)
    assert recorded(served) == [False]


@pytest.mark.security("S91", "S92")
@pytest.mark.parametrize(("policy", "code"), [("ask", "locked"), ("off", "refused")])
async def test_what_changes_during_a_renewal_counts_for_its_token(
    served: Served, policy: ScriptPolicy, code: str
) -> None:
    account = await served.allowed("whitebit", CODE)
    served.harness.vault.gate = asyncio.Event()
    saved = len(served.harness.vault.saves)
    line = await served.line()
    line.send("GET", f"/v1/accounts/{account.settings.name}/token?min_valid=300")
    await until(lambda: len(served.harness.vault.saves) > saved)
    account.configure(replace(account.settings, scripts=policy))
    served.harness.rack.lock.lock(by_hand=False)
    if policy == "off":
        served.harness.rack.lock.unlock_by_press()
    served.harness.vault.gate.set()
    said = await line.hear()
    assert (said.code, "access_token" in said.content) == (code, False)
    assert recorded(served) == [False]


@pytest.mark.security("S91", "S92")
@pytest.mark.parametrize("by_hand", [True, False])
async def test_a_token_that_a_lock_refused_is_recorded(served: Served, by_hand: bool) -> None:
    account = await served.allowed()
    account.configure(replace(account.settings, scripts="allow" if by_hand else "ask"))
    served.harness.rack.lock.lock(by_hand=by_hand)
    assert (await asked(served, account)).code == "locked"
    assert recorded(served) == [False]
    account.become(LoggedOut(Reason.NEW), expected=account.state)
    assert (await asked(served, account)).code == "locked", "before the keyring is asked for it"


def recorded(served: Served) -> list[bool]:
    """Whether each program that asked was given its token, as the file says."""
    text = (served.harness.paths.state / "releases.jsonl").read_text()
    return [json.loads(line)["granted"] for line in text.splitlines()]


async def test_refresh_renews_now(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    old = newest(served, account)
    said = await served.ask("POST", f"/v1/accounts/{account.settings.name}/refresh")
    assert (said.status, said.content["version"], said.content["name"]) == (200, 1, account.settings.name)
    assert said.content["state"] == "ready"
    assert newest(served, account) != old


async def test_refresh_says_why_it_did_not_renew(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    path = f"/v1/accounts/{account.settings.name}/refresh"
    served.harness.sandbox.fault("whitebit", "refresh", "status:503")
    said = await served.ask("POST", path)
    assert (said.status, said.code) == (502, "provider")
    await served.harness.rack.sign_out(account)
    said = await served.ask("POST", path)
    assert (said.status, said.code) == (409, "sign_in_needed")


async def test_refresh_of_what_nothing_renews_says_so(served: Served) -> None:
    account = await served.allowed("bitport", CODE)
    said = await served.ask("POST", f"/v1/accounts/{account.settings.name}/refresh")
    assert (said.status, said.code) == (400, "usage")
    assert said.content["error"]["happened"].endswith("cannot be renewed, and nothing was asked.")
    assert len(served.harness.asked(account, "token")) == 1


async def test_a_refresh_that_joins_another_says_so(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    path = f"/v1/accounts/{account.settings.name}/refresh"
    assert (await served.ask("POST", path)).content["joined"] is False
    served.harness.leap(2)
    served.harness.vault.gate = asyncio.Event()
    first, second = await served.line(), await served.line()
    first.send("POST", path)
    await until(lambda: isinstance(account.state, Active) and isinstance(account.state.renewal, Running))
    second.send("POST", path)
    for _ in range(3):
        await served.ask("GET", "/v1/status")  # comes after the second request
    served.harness.vault.gate.set()
    answers = [(await line.hear()).content for line in (first, second)]
    assert [(answer["renewed"], answer["joined"]) for answer in answers] == [(True, False), (True, True)]
    assert len(served.harness.asked(account)) == 2


class TestALongQueue:
    """Requests whose renewal waits for other accounts of its client."""

    @pytest.fixture
    def timeouts(self) -> RouteTimeouts:
        return RouteTimeouts(turn=0.05)

    @pytest.mark.parametrize(("method", "route"), [("POST", "refresh"), ("GET", "token?min_valid=280")])
    async def test_what_waits_for_its_turn_is_told_in_time_and_renewed_later(
        self, served: Served, method: str, route: str
    ) -> None:
        account = await served.allowed("whitebit", CODE)
        old, queue = newest(served, account), served.harness.rack.parts.sites.throttle(account)
        served.harness.leap(100)
        async with queue.turn("other", 0.0):
            said = await served.ask(method, f"/v1/accounts/{account.settings.name}/{route}")
        assert (said.status, said.code) == (503, "busy")
        words = said.content["error"]
        assert words["happened"] == f"The renewal of {account.settings.name} waits for its turn."
        assert words["means"].startswith("WhiteBIT wants 1 s between renewals of one client. Accounts before it: 1.")
        await until(lambda: newest(served, account) != old)

    async def test_a_person_is_asked_on_while_a_renewal_that_nobody_waits_for_stands_there(
        self, served: Served
    ) -> None:
        account, rack = await served.allowed("whitebit", CODE), served.harness.rack
        account.configure(replace(account.settings, scripts="ask"))
        asking, detach = rack.access.asking, rack.access.asking.add_respondent()
        served.harness.leap(245)
        async with rack.parts.sites.throttle(account).turn("other", 0.0):
            rack.parts.refresher.wake()
            await until(lambda: account.id in rack.parts.rotation.queued)
            answer = asyncio.create_task(asked(served, account))
            await until(lambda: len(asking.pending) == 1)
            done, _ = await asyncio.wait({answer}, timeout=0.3)
            assert not done
            asking.answer(asking.pending[0], "once")
            assert (await answer).status == 200
        detach()


@pytest.mark.security("S49")
async def test_the_servers_own_words_stand_wherever_a_sentence_points_to_them(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    name = account.settings.name
    served.harness.sandbox.fault("whitebit", "refresh", 'body:{"message":"Token has been revoked","error":"odd"}')
    served.harness.leap(299.9)
    problem = {}
    for method, path in (("POST", "refresh"), ("GET", "token")):
        said = await served.ask(method, f"/v1/accounts/{name}/{path}")
        problem = said.content["error"]
        assert (said.code, problem["detail"]) == ("provider", "odd: Token has been revoked (HTTP 200)")
        assert "own words" in problem["todo"]
    (shown,) = (await served.ask("GET", "/v1/status")).content["accounts"]
    assert shown["problem"]["detail"] == problem["detail"]


async def test_a_refused_client_is_for_a_person_also_at_a_renewal(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    served.harness.sandbox.fault("whitebit", "refresh", 'body:{"error":"invalid_client"}')
    said = await served.ask("POST", f"/v1/accounts/{account.settings.name}/refresh")
    assert (said.status, said.code) == (409, "sign_in_needed")
    assert "--secret" in said.content["error"]["todo"]


async def test_status_tells_every_account_and_no_secret(served: Served) -> None:
    account = await served.allowed("whitebit", CODE)
    other = await served.harness.add("bitport")
    said = await served.ask("GET", "/v1/status")
    assert {name: said.content[name] for name in ("version", "release", "running", "sandbox", "keyring_in_memory")} == {
        "version": 1,
        "release": __version__,
        "running": "window",
        "sandbox": True,
        "keyring_in_memory": True,
    }
    first, second = said.content["accounts"]
    assert (first["name"], first["provider"], first["region"]) == (account.settings.name, "whitebit", "global")
    assert (first["state"], first["reason"], first["scripts"], first["problem"]) == ("ready", "", "allow", None)
    assert 230 < first["renews_in"] < first["expires_in"] < 300 < first["sign_in_ends_in"] <= 600
    assert (second["name"], second["state"], second["reason"]) == (other.settings.name, "needs_login", "new")
    assert set(second["problem"]) == {"happened", "means", "todo", "detail"}
    token = served.harness.token(account)
    assert token.refresh is not None
    for secret in (newest(served, account), token.refresh.reveal(), "balance"):
        assert secret not in repr(said)
