"""WhiteBIT's API key, from the button to the stored key and its figures, through the rack on the sandbox."""

import asyncio
import json
from decimal import Decimal

import pytest

from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Active, Authorizing, LoggedOut, Reason, Unsaved
from keyrack.core.api_keys.key_failures import KeyPasteOver, NotAKey
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.secret import Secret
from tests.core.api_keys.key_harness import (
    calls,
    fault,
    key_of,
    new,
    over,
    page,
    sign_in,
    signing_in,
    step,
    why,
    with_key,
)
from tests.core.harness import CoreHarness


async def test_a_key_is_made_and_signs(harness: CoreHarness) -> None:
    account = await new(harness)
    await sign_in(harness, account)
    token = key_of(account)
    (row,) = page(harness, account)
    assert token.public == Secret(row["apiKey"]) == Secret(row["externalId"]), "Q2"
    record = await harness.vault.load(account.id)
    assert (record.api_key, record.api_key_id, record.fetching) == (token.public, row["externalId"], "")
    assert record.api_secret is not None
    assert harness.status(account).name == "ready"

    def places() -> set[str]:
        return {row.place for row in account.balances.holdings} if account.balances is not None else set()

    await harness.until(lambda: places() == {"Main", "Spot", "Collateral"})
    assert account.balances is not None
    assert all(isinstance(row.total, Decimal) for row in account.balances.holdings)
    (exchanged,), first = harness.asked(account, "token"), harness.asked(account, "info")[0]
    assert exchanged["at"] < first["at"], "Q1: nothing is asked before the first sign-in"


async def test_the_code_is_exchanged_with_secret_and_verifier_q3(harness: CoreHarness) -> None:
    """The sandbox refuses a wrong secret and a wrong verifier, and counts every parameter that it does not know."""
    account = await with_key(harness)
    for endpoint in ("login", "token"):
        assert [row["unexpected"] for row in harness.asked(account, endpoint)] == [[]]


async def test_an_answer_without_the_wrapper_is_taken(harness: CoreHarness) -> None:
    """The response's JSON for this flow is not printed anywhere."""
    fault(harness, "token", "bare", 1)
    await with_key(harness)


@pytest.mark.parametrize("delivery", ["info", "secret"])
async def test_the_public_key_comes_with_an_answer_q2(harness: CoreHarness, delivery: str) -> None:
    fault(harness, "create", f"deliver:{delivery}", 2)
    account = await with_key(harness)
    (row,) = page(harness, account)
    assert key_of(account).public == Secret(row["apiKey"])


async def test_the_public_key_is_pasted_q2(harness: CoreHarness) -> None:
    fault(harness, "create", "deliver:paste", 2)
    account = await new(harness)
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "public_key")
    stored = await harness.vault.load(account.id)
    assert stored.api_secret is not None, "Q4: the secret is safe before anybody is asked"
    assert stored.api_key is None
    with pytest.raises(NotAKey):
        harness.rack.sign_ins.paste_key(account, "no key")
    assert step(account) == "public_key"
    harness.rack.sign_ins.paste_key(account, f" {page(harness, account)[0]['apiKey']} ")
    await over(task)
    assert (await harness.vault.load(account.id)).api_key == key_of(account).public


async def test_a_pasted_key_that_does_not_fit_is_asked_for_again_q2(harness: CoreHarness) -> None:
    fault(harness, "create", "deliver:paste", 2)
    account = await new(harness)
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "public_key")
    harness.rack.sign_ins.paste_key(account, "0123456789abcdef0123456789abcdef")
    await harness.until(lambda: isinstance(account.state, Authorizing) and account.state.why is not None)
    assert isinstance(account.state, Authorizing)
    assert account.state.why is not None
    assert "does not know this key" in account.state.why.happened
    assert (await harness.vault.load(account.id)).api_key is None, "a key that was not proved is not stored"
    harness.rack.sign_ins.paste_key(account, page(harness, account)[0]["apiKey"])
    await over(task)
    assert key_of(account).public == Secret(page(harness, account)[0]["apiKey"])


@pytest.mark.security("S25")
async def test_a_paste_that_never_comes_keeps_the_secret_and_goes_on_later_q2(harness: CoreHarness) -> None:
    fault(harness, "create", "deliver:paste", 2)
    account = await new(harness)
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "public_key")
    harness.leap(601)
    await over(task)
    assert isinstance(why(account), KeyPasteOver)
    browsed = len(harness.opened)
    await harness.kill()
    await harness.start()
    (account,) = harness.rack.accounts
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "public_key")
    harness.rack.sign_ins.paste_key(account, page(harness, account)[0]["apiKey"])
    await over(task)
    assert isinstance(key_of(account), Key)
    assert len(harness.opened) == browsed, "the browser is not needed again"


async def test_refusing_on_the_page_is_told(harness: CoreHarness) -> None:
    harness.person.answer = "refuse"
    account = await new(harness)
    await sign_in(harness, account)
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason is Reason.DENIED
    assert page(harness, account) == []


async def test_permissions_are_read_by_name_q9(harness: CoreHarness) -> None:
    """The sandbox sends titles in another language. Withdrawal needs one more box on the second page."""
    harness.person.ticks = ("trading", "withdrawal", "understood")
    account = await with_key(harness)
    assert key_of(account).rights == ("info", "spot", "collateral", "trading", "withdrawal")
    risky = harness.rack.provider_of(account.settings).risky_scopes
    assert {"trading", "withdrawal"} <= set(risky)
    assert not {"info", "spot", "collateral"} & set(risky)


@pytest.mark.security("S66", "S65")
async def test_no_secret_is_in_a_file(harness: CoreHarness) -> None:
    account = await with_key(harness)
    record = await harness.vault.load(account.id)
    held = {secret.reveal() for secret in (record.api_secret, record.api_key, record.refresh) if secret is not None}
    assert len(held) == 3
    for folder in (harness.paths.config, harness.paths.state):
        for path in folder.rglob("*"):
            if path.is_file():
                assert not any(secret in path.read_text("utf-8") for secret in held), path


async def test_a_restart_keeps_the_key_and_the_nonce_grows_q10(harness: CoreHarness) -> None:
    account = await with_key(harness)
    access = key_of(account).public
    note = harness.paths.state / "keys" / f"{account.id}.json"
    nonce = json.loads(note.read_text())["nonce"]
    await harness.kill()
    harness.clock.wall_offset = -7200.0  # the clock was set back while Keyrack was closed
    await harness.start()
    (account,) = harness.rack.accounts
    assert key_of(account).public == access
    await harness.until(lambda: account.balances is not None)
    assert account.balances is not None
    assert account.balances.failure is None, "a smaller number would have been refused"
    assert json.loads(note.read_text())["nonce"] > nonce


async def test_a_damaged_note_only_costs_the_last_use_q10(harness: CoreHarness) -> None:
    account = await with_key(harness)
    note = harness.paths.state / "keys" / f"{account.id}.json"
    await harness.kill()
    note.write_text('{"nonce": true, "used": "x"}')
    await harness.start()
    (account,) = harness.rack.accounts
    await harness.until(lambda: account.balances is not None)
    assert account.balances is not None
    assert account.balances.failure is None


@pytest.mark.security("S51")
async def test_removing_leaves_nothing(harness: CoreHarness) -> None:
    account = await with_key(harness)
    said = await harness.rack.remove(account)
    assert "stays until you delete it" in said
    assert harness.vault.names() == set()
    await harness.kept()
    assert [path for path in harness.paths.state.rglob("*") if path.is_file()] == []


@pytest.mark.security("S74")
async def test_a_keyring_that_refuses_the_key_loses_nothing(harness: CoreHarness) -> None:
    """S74: the one-time secret stays in memory, the state says so, and the next try stores it."""
    fault(harness, "secret", "hold:1", 1)
    account = await new(harness)
    task = signing_in(harness, account)
    await harness.until(lambda: calls(harness, "secret") and harness.vault.saves[-1][1].fetching)
    harness.vault.refuses_saves = Locked()
    await over(task)
    assert isinstance(account.state, Active)
    assert isinstance(account.state.renewal, Unsaved)
    assert harness.rack.unsaved() == [account]
    harness.vault.refuses_saves = None
    await harness.rack.retry_save(account)
    record = await harness.vault.load(account.id)
    assert record.api_key == key_of(account).public
    assert record.api_secret is not None
    assert record.signed_in
    assert harness.status(account).name == "ready"


async def test_without_a_stored_intent_nothing_is_fetched_q4(harness: CoreHarness) -> None:
    fault(harness, "info", "hold:1", 1)
    account = await new(harness)
    asked = calls(harness, "secret")
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "key")
    await harness.until(lambda: harness.vault.saves and harness.vault.saves[-1][1].refresh)
    harness.vault.refuses_saves = Locked()
    await over(task)
    assert isinstance(why(account), Locked)
    assert calls(harness, "secret") == asked
    harness.vault.refuses_saves = None
    browsed = len(harness.opened)
    await sign_in(harness, account)
    assert isinstance(key_of(account), Key)
    assert len(harness.opened) == browsed, "Q1: the stored token of the sign-in is enough"


@pytest.mark.security("S72", "S25")
async def test_the_intent_is_stored_before_the_request_and_the_secret_before_the_word_q4(harness: CoreHarness) -> None:
    fault(harness, "secret", "hold:1", 1)
    account = await new(harness)
    asked = calls(harness, "secret")
    task = signing_in(harness, account)
    await harness.until(lambda: calls(harness, "secret") > asked)
    (row,) = page(harness, account)
    stored = await harness.vault.load(account.id)
    assert stored.fetching == row["externalId"]
    assert stored.api_secret is None
    harness.vault.gate = asyncio.Event()
    await harness.until(lambda: harness.vault.saves[-1][1].api_secret is not None)
    assert isinstance(account.state, Authorizing), "S72: nobody is told before the keyring has it"
    harness.rack.sign_ins.cancel(account)
    harness.vault.gate.set()
    harness.vault.gate = None
    await over(task)
    assert isinstance(key_of(account), Key), "what is being stored is not cut off by Cancel"


async def test_the_window_of_the_consent_page_is_ten_minutes(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    account = await new(harness)
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "browser")
    assert 590 < (harness.status(account).left or 0) <= 600
    harness.rack.sign_ins.cancel(account)
    await over(task)
