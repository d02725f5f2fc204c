"""Signing in and out over the socket, against the sandbox with its scripted browser."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from keyrack.broker.protocol.route import RouteTimeouts
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Authorizing, LoggedOut, Reason
from keyrack.core.vault.vault_errors import Locked
from keyrack.oauth.oauth_errors import BrowserMissing
from keyrack.primitives.secret import Secret
from tests.broker.conftest import ApiResponse, Served
from tests.broker.remote_browser import address_bar
from tests.core.api_keys.key_harness import fault, page
from tests.core.harness import SECRET, CoreHarness, Person
from tests.core.user_provider import added, harness_with_own_provider
from tests.sandbox_process import RunningSandbox


@pytest.fixture
async def harness(sandbox: RunningSandbox, tmp_path: Path) -> AsyncGenerator[CoreHarness]:
    """One that also knows a provider by a file of the person's own."""
    made = harness_with_own_provider(sandbox, tmp_path)
    await made.start()
    yield made
    sandbox.clear_faults()
    await made.close()


def path(account: Account, rest: str = "login") -> str:
    return f"/v1/accounts/{account.settings.name}/{rest}"


async def begin(served: Served, account: Account, **body: object) -> ApiResponse:
    return await served.ask("POST", path(account), body=body)


async def answer(served: Served, account: Account, **body: object) -> ApiResponse:
    return await served.ask("POST", path(account, "login/answer"), body=body)


async def at(served: Served, account: Account, step: str) -> dict[str, Any]:
    """Follow the sign-in to a step, "" for its end."""
    seen = ""
    async with asyncio.timeout(20):
        while True:
            said = await served.ask("GET", path(account, f"login?wait=5&step={seen}"))
            assert said.status == 200, said
            if said.content["step"] == step:
                found: dict[str, Any] = said.content
                return found
            seen = said.content["step"]


def step(account: Account) -> str:
    return account.state.step if isinstance(account.state, Authorizing) else ""


async def test_with_a_browser_the_caller_only_waits(served: Served) -> None:
    account = await served.harness.add("whitebit")
    said = await begin(served, account)
    assert said.status == 200, said
    assert len(served.harness.opened) == 1, "the browser is opened as the button opens it"
    assert said.content["provider_address"] == "", "nobody asked for it"
    done = await at(served, account, "")
    assert (done["version"], done["state"]) == (1, "ready")
    assert done["said"] == f"“{account.settings.name}” is signed in."


async def test_who_waits_is_told_what_there_is_to_do(served: Served) -> None:
    served.harness.person.answer = "nothing"
    account = await served.harness.add("whitebit")
    said = (await begin(served, account)).content
    assert (said["state"], said["step"], said["browser"], said["takes_paste"]) == ("signing_in", "browser", True, True)
    assert 290 < said["ends_in"] <= 300
    assert said["start_address"].startswith("http://127.0.0.1:")
    assert said["user_code_page"] == ""
    assert said["redirect_uri"] == account.settings.redirect_uri
    await served.harness.visit(said["start_address"], Person())
    assert (await at(served, account, ""))["state"] == "ready"


@pytest.mark.security("S26", "S36")
async def test_the_printed_address_works_from_another_computer(served: Served) -> None:
    account = await served.harness.add("whitebit")
    said = (await begin(served, account, open_browser=False, print=True)).content
    assert served.harness.opened == []
    assert said["browser"] is False
    landed = await asyncio.to_thread(address_bar, said["provider_address"], said["redirect_uri"])
    ended = await answer(served, account, address=f"  {landed}\n")
    assert (ended.status, ended.content["step"], ended.content["state"]) == (200, "", "ready")
    assert len(served.harness.asked(account, "token")) == 1


@pytest.mark.security("S26")
async def test_a_wrong_paste_is_told_and_the_sign_in_goes_on(served: Served) -> None:
    account = await served.harness.add("whitebit")
    said = (await begin(served, account, open_browser=False, print=True)).content
    landed = await asyncio.to_thread(address_bar, said["provider_address"], said["redirect_uri"])
    for wrong in (
        "",
        "no address",
        f"{said['redirect_uri']}?code=guessed&state=guessed",
        landed.replace("state=", "state=x"),
    ):
        refused = await answer(served, account, address=wrong)
        assert (refused.status, refused.code) == (400, "usage")
        assert refused.content["error"]["happened"] == "This is not the address that Keyrack waits for."
        assert "guessed" not in str(refused.content)
    assert step(account) == "browser"
    assert (await answer(served, account, address=landed)).content["state"] == "ready"
    again = await answer(served, account, address=landed)
    assert again.code == "usage"
    assert len(served.harness.asked(account, "token")) == 1


async def test_without_a_browser_the_caller_learns_so(served: Served) -> None:
    async def none_here(address: str) -> None:
        raise BrowserMissing

    served.harness.browser = none_here
    account = await served.harness.add("whitebit")
    said = (await begin(served, account)).content
    assert (said["step"], said["browser"], said["provider_address"]) == ("browser", False, "")
    joined = (await begin(served, account, print=True)).content
    landed = await asyncio.to_thread(address_bar, joined["provider_address"], joined["redirect_uri"])
    assert (await answer(served, account, address=landed)).content["state"] == "ready"


@pytest.mark.security("S33", "S34")
async def test_the_question_is_this_the_account_is_asked_and_answered(served: Served) -> None:
    account = await served.harness.add("bitport")
    await begin(served, account)
    asked = await at(served, account, "confirming")
    assert asked["question"] == "Bitport signed in s…r@example.org. Is this the account you meant?"
    assert 110 < asked["ends_in"] <= 120
    assert not (await served.harness.vault.load(account.id)).signed_in
    said = await answer(served, account, confirm=True)
    assert (said.status, said.content["state"]) == (200, "ready")
    assert said.content["said"].endswith("is signed in as s…r@example.org.")


@pytest.mark.security("S33")
async def test_a_no_throws_the_token_away(served: Served) -> None:
    account = await served.harness.add("bitport")
    await begin(served, account)
    await at(served, account, "confirming")
    said = await answer(served, account, confirm=False)
    assert (said.status, said.code) == (409, "sign_in_needed")
    assert said.content["error"]["happened"] == "The account was not confirmed."
    assert not (await served.harness.vault.load(account.id)).signed_in
    assert (await served.ask("GET", path(account))).content == said.content, "whoever asks later learns the same"


@pytest.mark.security("S33")
async def test_a_refusal_that_nothing_proves_is_a_question(served: Served) -> None:
    served.harness.person.answer = "refuse"
    account = await served.harness.add("bitport")
    await begin(served, account)
    asked = await at(served, account, "refusal")
    assert asked["question"] == "Bitport reported a refusal, which may not be yours. End this sign-in?"
    assert (await answer(served, account, confirm=False)).content["step"] == "browser"
    served.harness.person.answer = "refuse"
    await served.harness.rack.sign_ins.open_again(account)
    await at(served, account, "refusal")
    said = await answer(served, account, confirm=True)
    assert (said.code, said.content["error"]["happened"]) == ("sign_in_needed", "Access was refused at the provider.")


async def test_a_device_code_is_told_with_its_page(served: Served) -> None:
    account = await added(served.harness)
    said = (await begin(served, account)).content
    assert (said["step"], said["browser"], said["takes_paste"]) == ("device", False, False)
    shown = said["device"]
    assert shown["verification_uri_complete"] == f"{shown['verification_uri']}?user_code={shown['user_code']}"
    assert 280 < shown["expires_in"] <= 300
    assert "device_code" not in shown, "that one is ours alone"
    await served.harness.visit(shown["verification_uri_complete"], Person(account="family"))
    served.harness.leap(5)
    assert (await at(served, account, ""))["said"] == "“Own” is signed in as f…y@example.net."


@pytest.mark.security("S55")
async def test_a_user_code_begins_its_sign_in(served: Served) -> None:
    account = await served.harness.add("bitport", "user_code")
    said = (await begin(served, account)).content
    assert said["step"] == "user_code"
    assert said["user_code_page"].endswith("/get-access")
    assert (said["start_address"], said["provider_address"]) == ("", ""), "each flow answers the same fields"
    assert account.state == LoggedOut(Reason.NEW)
    wrong = await answer(served, account, user_code="wrong-1")
    assert (wrong.code, wrong.content["error"]["happened"]) == (
        "sign_in_needed",
        "Bitport did not accept the code.",
    )
    code = await asyncio.to_thread(served.harness.sandbox.user_code)
    assert (await answer(served, account, user_code=f" {code}\n")).content["state"] == "ready"


async def test_the_public_key_of_a_whitebit_key_is_pasted(served: Served) -> None:
    fault(served.harness, "create", "deliver:paste", 2)
    account = await served.harness.add("whitebit-fast-key", "fast_api_key")
    await begin(served, account)
    await at(served, account, "public_key")
    wrong = await answer(served, account, public_key="no key")
    assert wrong.code == "usage"
    other = (await answer(served, account, public_key="0123456789abcdef0123456789abcdef")).content
    assert other["step"] == "public_key"
    assert "does not know this key" in other["problem"]
    said = await answer(served, account, public_key=page(served.harness, account)[0]["apiKey"])
    assert said.content["state"] == "ready"


async def test_a_key_that_needs_nobody_is_there_at_once(served: Served) -> None:
    account = await served.harness.add("probit", "client_credentials")
    said = await begin(served, account)
    assert (said.status, said.content["state"], said.content["step"]) == (200, "ready", "")


async def test_trouble_at_the_provider_is_told_as_such(served: Served) -> None:
    account = await served.harness.add("probit", "client_credentials")
    for kind in ("status:503", "html:502", "reset", "truncated"):
        served.harness.sandbox.fault("probit", "token", kind)
        said = await begin(served, account)
        assert (said.status, said.code) == (502, "provider")


async def test_a_wrong_client_secret_is_for_a_person_and_not_for_later(served: Served) -> None:
    account = await served.harness.add("probit", "client_credentials")
    await served.harness.rack.edit(account, account.settings.client_id, Secret("mistyped"), "")
    said = await begin(served, account)
    assert (said.status, said.code) == (409, "sign_in_needed")
    assert said.content["error"]["happened"] == "ProBit refused the client id or the client secret."
    path = f"/v1/accounts/{account.settings.name}"
    assert (await served.ask("PATCH", path, body={"client_secret": SECRET})).status == 200
    said = await begin(served, account)
    assert said.content.get("state") == "ready", said.content


async def test_a_closed_exchange_is_told_as_such(served: Served) -> None:
    probit, *others = served.harness.providers
    closed = {id: msgspec.structs.replace(region, closed=True) for id, region in probit.regions.items()}
    served.harness.providers = (msgspec.structs.replace(probit, regions=closed), *others)
    await served.harness.kill()
    await served.harness.start()
    await served.service.serve(served.harness.rack)
    account = await served.harness.add("probit", "client_credentials")
    said = await begin(served, account)
    assert (said.code, said.content["error"]["happened"]) == ("sign_in_needed", "This exchange has closed.")


async def test_quitting_ends_a_sign_in_that_nobody_waits_for(served: Served) -> None:
    served.harness.person.answer = "nothing"
    account = await served.harness.add("whitebit")
    await begin(served, account)
    async with asyncio.timeout(2):
        await served.harness.rack.close()
    assert account.state == LoggedOut(Reason.NEW)
    assert not served.harness.rack.background.busy


async def test_a_keyring_that_refuses_is_told_as_such(served: Served) -> None:
    account = await served.harness.signed_in()
    await served.harness.kill()
    served.harness.vault.refuses_loads = Locked()
    await served.harness.start()
    await served.service.serve(served.harness.rack)
    said = await begin(served, account)
    assert (said.status, said.code) == (503, "keyring")


class TestShortWait:
    """A request that does not wait for the next step of its sign-in."""

    @pytest.fixture
    def timeouts(self) -> RouteTimeouts:
        return RouteTimeouts(step=0.01)

    async def test_a_keyring_that_takes_its_time_is_a_step_of_its_own(self, served: Served) -> None:
        account = await served.harness.signed_in()
        await served.harness.kill()
        served.harness.rack.load()
        await served.service.serve(served.harness.rack)
        served.harness.vault.load_gate = keyring_responds = asyncio.Event()
        said = await begin(served, account)
        assert (said.content["step"], said.content["said"]) == ("keyring", "")
        keyring_responds.set()
        assert (await at(served, account, ""))["state"] in ("ready", "refreshing")
        assert len(served.harness.opened) == 1, "nobody needed to sign in again"


async def test_a_failed_sign_in_leaves_what_worked_and_is_told_all_the_same(served: Served) -> None:
    account = await served.harness.signed_in()
    served.harness.person.answer = "refuse"
    await begin(served, account)
    async with asyncio.timeout(10):
        while (said := await served.ask("GET", path(account, "login?wait=5"))).status == 200:
            pass
    assert (said.code, said.content["error"]["happened"]) == ("sign_in_needed", "Access was refused at the provider.")
    assert isinstance(account.state, Active)


@pytest.mark.security("S25")
async def test_the_sign_in_outlives_its_request_and_ends_when_told_to(served: Served) -> None:
    served.harness.person.answer = "nothing"
    account = await served.harness.add("whitebit")
    line = await served.line()
    line.send("POST", path(account), body={})
    await served.harness.until(lambda: step(account) == "browser")
    line.close()
    said = (await begin(served, account)).content
    assert said["step"] == "browser"
    assert len(served.harness.opened) == 1, "the second caller joins the first sign-in"
    async with asyncio.timeout(1):
        ended = await served.ask("DELETE", path(account))
    assert (ended.status, ended.content["state"]) == (200, "needs_login")
    told = await served.ask("GET", path(account))
    assert (told.code, told.content["error"]["happened"]) == ("sign_in_needed", "The sign-in was cancelled.")
    again = await served.ask("DELETE", path(account))
    assert again.status == 200, "there is nothing to end, so nothing happens"


async def test_an_answer_that_does_not_fit_changes_nothing(served: Served) -> None:
    served.harness.person.answer = "nothing"
    account = await served.harness.add("whitebit")
    await begin(served, account)
    wrong: list[dict[str, object]] = [
        {},
        {"address": "x", "confirm": True},
        {"confirm": "yes"},
        {"confirm": None},
        {"address": 5},
        {"address": "x" * 9_000},
        {"password": "x"},
        {"public_key": "0123456789abcdef0123456789abcdef"},
        {"user_code": "x"},
    ]
    for body in wrong:
        said = await answer(served, account, **body)
        assert (said.status, said.code) == (400, "usage"), body
        assert step(account) == "browser"


async def test_a_wish_that_nobody_knows_starts_nothing(served: Served) -> None:
    account = await served.harness.add("whitebit")
    wrong: list[dict[str, object]] = [{"open_browser": "no"}, {"print": 1}, {"openbrowser": False}]
    for body in wrong:
        assert (await begin(served, account, **body)).code == "usage"
    assert served.harness.opened == []
    assert account.state == LoggedOut(Reason.NEW)


async def test_signing_out_says_what_happened_at_the_provider(served: Served) -> None:
    account = await added(served.harness, "authorization_code_pkce")
    await served.harness.sign_in(account)
    said = await served.ask("POST", path(account, "logout"))
    assert (said.status, said.content["state"]) == (200, "needs_login")
    assert account.state == LoggedOut(Reason.SIGNED_OUT)
    assert said.content["at_provider"] == "The token was revoked at Example exchange."


@pytest.mark.security("S91")
async def test_while_locked_nobody_signs_in_or_out(served: Served) -> None:
    account = await served.harness.signed_in()
    served.harness.rack.lock.lock(by_hand=False)
    for said in (
        await begin(served, account),
        await answer(served, account, confirm=True),
        await served.ask("POST", path(account, "logout")),
    ):
        assert (said.status, said.code) == (403, "locked")
    assert isinstance(account.state, Active)


@pytest.mark.security("S91")
async def test_whoever_waits_for_a_sign_in_still_learns_its_end_when_the_screen_locks(served: Served) -> None:
    served.harness.person.answer = "nothing"
    account = await served.harness.add("whitebit")
    await begin(served, account)
    line = await served.line()
    line.send("GET", path(account, "login?wait=20&step=browser"))
    served.harness.rack.lock.lock(by_hand=False)
    assert (await served.ask("DELETE", path(account))).status == 200
    assert (await line.hear()).content["error"]["happened"] == "The sign-in was cancelled."
