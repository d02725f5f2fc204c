"""Signing in against the sandbox: every flow, every way it fails, and nothing left behind."""

import asyncio
import socket
from functools import partial
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Authorizing, LoggedOut, Opening, Reason
from keyrack.core.vault.vault_errors import Locked
from keyrack.oauth.oauth_errors import BrowserMissing, WrongAddressPasted
from keyrack.primitives.secret import Secret
from tests.core.harness import CoreHarness, FailingVault, Person


def step_of(account: Account) -> str:
    return account.state.step if isinstance(account.state, Authorizing) else ""


def waits_for_browser(account: Account) -> bool:
    return step_of(account) == "browser"


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def port_of(account: Account) -> int:
    return int(account.settings.redirect_uri.split(":")[2].split("/")[0])


def notes(account: Account) -> list[str]:
    return [line.notice.sentence for line in account.activity.lines()]


async def cancelled(harness: CoreHarness, account: Account, task: "asyncio.Task[None]") -> None:
    """Cancel, and check that within a second nothing is left of the sign-in (S25)."""
    harness.rack.sign_ins.cancel(account)
    async with asyncio.timeout(1):
        await task
    assert account.state == LoggedOut(Reason.NEW)
    assert not accepts(port_of(account))
    assert not harness.rack.sign_ins.copy_link(account)
    assert not (await harness.vault.load(account.id)).signed_in


@pytest.mark.security("S25")
async def test_cancel_before_the_browser_opened(harness: CoreHarness) -> None:
    account = await harness.add("whitebit")
    task = asyncio.create_task(harness.rack.sign_in(account))
    await asyncio.sleep(0)
    await cancelled(harness, account, task)
    assert harness.opened == []


@pytest.mark.security("S25")
async def test_cancel_while_the_browser_is_away(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    account = await harness.add("whitebit")
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: harness.opened)
    assert step_of(account) == "browser"
    await cancelled(harness, account, task)
    assert harness.asked(account, "token") == []


@pytest.mark.security("S25")
async def test_cancel_while_the_code_is_exchanged(harness: CoreHarness) -> None:
    harness.sandbox.fault("whitebit", "token", "hold:5")
    account = await harness.add("whitebit")
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: harness.asked(account, "token"))
    assert step_of(account) == "exchanging"
    await cancelled(harness, account, task)


@pytest.mark.security("S25", "S33")
async def test_cancel_while_the_account_is_to_be_confirmed(harness: CoreHarness) -> None:
    account = await harness.add("bitport")
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: step_of(account) == "confirming")
    await cancelled(harness, account, task)


@pytest.mark.security("S25")
async def test_cancel_while_it_is_being_stored_comes_too_late_and_halves_nothing(harness: CoreHarness) -> None:
    account = await harness.add("whitebit")
    harness.vault.saves.clear()
    harness.vault.gate = asyncio.Event()
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: harness.vault.saves)
    harness.rack.sign_ins.cancel(account)
    harness.vault.gate.set()
    await task
    assert isinstance(account.state, Active)
    assert (await harness.vault.load(account.id)).signed_in


@pytest.mark.security("S25")
async def test_a_cancelled_sign_in_leaves_an_account_that_worked_as_it_was(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    before = account.state
    harness.person.answer = "nothing"
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: step_of(account) == "browser")
    harness.rack.sign_ins.cancel(account)
    await task
    assert account.state is before


async def test_signing_out_in_the_middle_of_a_sign_in_ends_both(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.person.answer = "nothing"
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: step_of(account) == "browser")
    await harness.rack.sign_out(account)
    await task
    assert account.state == LoggedOut(Reason.SIGNED_OUT)
    assert not (await harness.vault.load(account.id)).signed_in


async def test_a_refusal_at_the_provider_is_denied_and_costs_a_working_sign_in_nothing(harness: CoreHarness) -> None:
    harness.person.answer = "refuse"
    account = await harness.add("whitebit")
    await harness.sign_in(account)
    status = harness.status(account)
    assert (status.name, status.reason) == ("needs_login", "denied")
    assert status.happened == "Access was refused at the provider."
    harness.person.answer = "approve"
    await harness.sign_in(account)
    working = account.state
    assert isinstance(working, Active)
    harness.person.answer = "refuse"
    await harness.sign_in(account)
    assert account.state is working
    assert "Sign-in failed: Access was refused at the provider." in notes(account)


@pytest.mark.security("S34")
async def test_another_identity_never_takes_over_an_account(harness: CoreHarness) -> None:
    account = await harness.signed_in("bitport")
    assert account.settings.identity == "s…r@example.org"
    await harness.rack.sign_out(account)
    before = await harness.vault.load(account.id)
    harness.person.account = "studio"
    await harness.sign_in(account)
    status = harness.status(account)
    assert (status.name, status.reason) == ("needs_login", "wrong_account")
    assert "Its token was thrown away" in status.means
    assert "studio@" not in status.detail + status.happened
    assert await harness.vault.load(account.id) == before
    harness.person.account = "sam"
    await harness.sign_in(account)
    assert harness.status(account).name == "ready"


@pytest.mark.security("S34")
async def test_another_identity_does_not_disturb_a_sign_in_that_works(harness: CoreHarness) -> None:
    account = await harness.signed_in("bitport")
    working = harness.token(account)
    harness.person.account = "studio"
    await harness.sign_in(account)
    assert harness.token(account) is working


@pytest.mark.security("S34")
async def test_an_identity_that_cannot_be_read_is_not_taken_for_the_right_one(harness: CoreHarness) -> None:
    account = await harness.signed_in("bitport")
    await harness.rack.sign_out(account)
    harness.sandbox.fault("bitport", "me", "status:503")
    harness.person.account = "studio"
    await harness.sign_in(account)
    assert harness.status(account).name == "needs_login"
    assert not (await harness.vault.load(account.id)).signed_in


@pytest.mark.security("S33")
async def test_nothing_is_stored_before_the_account_was_confirmed(harness: CoreHarness) -> None:
    harness.person.confirms = None
    account = await harness.add("bitport")
    harness.vault.saves.clear()
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: step_of(account) == "confirming")
    assert isinstance(account.state, Authorizing)
    assert account.state.identity == "s…r@example.org"
    assert account.state.ends is not None
    assert 118 < account.state.ends - harness.rack.clock.elapsed() <= 120
    assert harness.vault.saves == []
    harness.rack.sign_ins.confirm(account, yes=True)
    await task
    assert harness.status(account).name == "ready"
    assert len(harness.vault.saves) == 1


@pytest.mark.security("S33")
async def test_an_account_that_is_not_confirmed_is_thrown_away(harness: CoreHarness) -> None:
    harness.person.confirms = False
    account = await harness.add("bitport")
    await harness.sign_in(account)
    assert harness.status(account).happened == "The account was not confirmed."
    assert not (await harness.vault.load(account.id)).signed_in


@pytest.mark.security("S33")
async def test_a_confirmation_that_never_comes_is_a_no_after_120_seconds(harness: CoreHarness) -> None:
    harness.person.confirms = None
    account = await harness.add("bitport")
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: step_of(account) == "confirming")
    harness.leap(121)
    await task
    assert harness.status(account).happened == "The account was not confirmed."


@pytest.mark.security("S33")
async def test_the_window_without_a_state_is_120_seconds_else_300(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    for provider, window in (("bitport", 120), ("whitebit", 300)):
        account = await harness.add(provider)
        task = asyncio.create_task(harness.rack.sign_in(account))
        await harness.until(partial(waits_for_browser, account))
        assert window - 2 < (harness.status(account).left or 0) <= window
        harness.rack.sign_ins.cancel(account)
        await task


@pytest.mark.security("S33")
async def test_a_refusal_without_state_asks_the_person_and_a_no_goes_on_waiting(harness: CoreHarness) -> None:
    harness.person.answer = "refuse"
    account = await harness.add("bitport")
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: step_of(account) == "refusal")
    harness.rack.sign_ins.confirm(account, yes=False)
    assert step_of(account) == "browser"
    harness.person.answer = "approve"
    await harness.rack.sign_ins.open_again(account)
    await harness.until(lambda: step_of(account) == "confirming")
    harness.rack.sign_ins.confirm(account, yes=True)
    await task
    assert harness.status(account).name == "ready"


@pytest.mark.security("S33")
async def test_a_refusal_without_state_that_the_person_believes_is_denied(harness: CoreHarness) -> None:
    harness.person.answer = "refuse"
    account = await harness.add("bitport")
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: step_of(account) == "refusal")
    harness.rack.sign_ins.confirm(account, yes=True)
    await task
    assert harness.status(account).reason == "denied"
    assert not accepts(port_of(account))


@pytest.mark.security("S33", "S37")
async def test_a_second_sign_in_without_state_replaces_the_first_and_says_so(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    first, second = await harness.add("bitport"), await harness.add("bitport")
    waiting = asyncio.create_task(harness.rack.sign_in(first))
    await harness.until(lambda: step_of(first) == "browser")
    harness.person.answer = "approve"
    await harness.sign_in(second)
    await waiting
    assert harness.status(second).name == "ready"
    assert harness.status(first).happened == "A newer sign-in of the same provider replaced this one."


@pytest.mark.security("S30", "S37")
async def test_two_sign_ins_at_once_end_in_swapped_order_with_the_right_tokens(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    first = await harness.add("whitebit")
    second = await harness.rack.add(
        harness.draft("whitebit", first.settings.client_id, first.settings.redirect_uri, name="The other account")
    )
    tasks = [asyncio.create_task(harness.rack.sign_in(account)) for account in (first, second)]
    await harness.until(lambda: step_of(first) == step_of(second) == "browser")
    await harness.visit(harness.rack.sign_ins.copy_link(second), Person("approve", "treasury"))
    await harness.until(lambda: isinstance(second.state, Active))
    assert step_of(first) == "browser"
    await harness.visit(harness.rack.sign_ins.copy_link(first), Person("approve", "trading"))
    await asyncio.gather(*tasks)
    for account in (first, second):
        await harness.rack.refresh(account)
    held = [{h.asset for h in account.balances.holdings} for account in (first, second) if account.balances]
    assert "SOL" in held[0]
    assert "EUR" in held[1]


@pytest.mark.security("S30", "S37")
async def test_two_providers_at_once_do_not_meet(harness: CoreHarness) -> None:
    accounts = [await harness.add("whitebit"), await harness.add("bitport")]
    await asyncio.gather(*(harness.sign_in(account) for account in accounts))
    assert [harness.status(account).name for account in accounts] == ["ready", "ready"]
    assert [len(harness.asked(account, "token")) for account in accounts] == [1, 1]


@pytest.mark.security("S37")
async def test_a_second_press_on_the_same_account_starts_nothing(harness: CoreHarness) -> None:
    account = await harness.add("whitebit")
    await asyncio.gather(harness.rack.sign_in(account), harness.rack.sign_in(account))
    assert len(harness.opened) == 1
    assert len(harness.asked(account, "token")) == 1


@pytest.mark.security("S36")
async def test_open_again_and_copy_link_give_new_addresses(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    account = await harness.add("whitebit")
    assert harness.rack.sign_ins.copy_link(account) == ""
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: harness.opened)
    await harness.rack.sign_ins.open_again(account)
    link = harness.rack.sign_ins.copy_link(account)
    assert len({*harness.opened, link}) == 3
    assert all("clientId" not in address for address in (*harness.opened, link))
    await harness.visit(link, Person())
    await task
    assert harness.status(account).name == "ready"
    assert harness.rack.sign_ins.copy_link(account) == ""
    await harness.rack.sign_ins.open_again(account)
    assert len(harness.opened) == 2


@pytest.mark.security("S26")
async def test_a_pasted_address_that_is_not_ours_leaves_the_sign_in_waiting(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    account = await harness.add("whitebit")
    harness.rack.sign_ins.paste(account, "nothing waits, so nothing happens")
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: harness.opened)
    with pytest.raises(WrongAddressPasted):
        harness.rack.sign_ins.paste(account, f"{account.settings.redirect_uri}?code=guessed&state=guessed")
    assert step_of(account) == "browser"
    await cancelled(harness, account, task)


@pytest.mark.security("S5")
async def test_a_busy_port_is_named_and_no_browser_opens(harness: CoreHarness) -> None:
    account = await harness.add("whitebit")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", port_of(account)))
        holder.listen()
        await harness.sign_in(account)
    assert str(port_of(account)) in harness.status(account).happened
    assert harness.opened == []
    await harness.sign_in(account)
    assert harness.status(account).name == "ready"


async def test_without_a_browser_the_sign_in_waits_for_the_link(harness: CoreHarness) -> None:
    async def none(address: str) -> None:
        raise BrowserMissing

    account = await harness.add("whitebit")
    harness.browser = none
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(
        lambda: (
            "No browser could be started. Use Copy link and open it in a browser on this computer." in notes(account)
        )
    )
    state = account.state
    assert isinstance(state, Authorizing)
    assert isinstance(state.why, BrowserMissing)
    await harness.visit(harness.rack.sign_ins.copy_link(account), Person())
    await task
    assert harness.status(account).name == "ready"


async def test_a_browser_that_stays_in_the_foreground_delays_nothing(harness: CoreHarness) -> None:
    async def stays(address: str) -> None:
        await harness.browse(address)
        await asyncio.sleep(60)

    account = await harness.add("whitebit")
    harness.browser = stays
    async with asyncio.timeout(5):
        await harness.sign_in(account)
    assert harness.status(account).name == "ready"


async def test_a_sign_in_that_breaks_in_an_unknown_way_leaves_no_account_in_the_browser(
    harness: CoreHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await harness.add("whitebit")
    monkeypatch.setattr(harness.rack.parts.redirects, "begin", None)
    await harness.sign_in(account)
    assert harness.status(account).happened == "Keyrack met an error of its own."
    assert not accepts(port_of(account))


@pytest.mark.parametrize(("provider", "flow"), [("probit", "client_credentials"), ("whitebit", "authorization_code")])
async def test_a_wrong_secret_has_its_own_sentence(harness: CoreHarness, provider: str, flow: str) -> None:
    account = await harness.add(provider, flow)  # type: ignore[arg-type]
    settings = account.settings
    await harness.rack.edit(account, settings.client_id, Secret("wrong-made-up-secret"), settings.redirect_uri)
    await harness.sign_in(account)
    status = harness.status(account)
    assert (status.name, status.reason) == ("needs_login", "new")
    assert "refused" in status.happened
    assert "Sign-in failed: " + status.happened in notes(account)


@pytest.mark.parametrize("fault", ["html:502", "reset", "status:503", "closed"])
async def test_an_exchange_that_fails_changes_nothing(harness: CoreHarness, fault: str) -> None:
    account = await harness.add("whitebit")
    record = await harness.vault.load(account.id)
    harness.sandbox.fault("whitebit", "token", fault)
    await harness.sign_in(account)
    assert harness.status(account).name == "needs_login"
    assert harness.status(account).happened
    assert await harness.vault.load(account.id) == record
    assert len(harness.asked(account, "token")) == 1, "a code is sent once (S44)"


async def test_a_keyring_that_refuses_the_new_token_leaves_it_in_memory_and_says_so(harness: CoreHarness) -> None:
    account = await harness.add("bitport")
    harness.vault.refuses_saves = Locked()
    await harness.sign_in(account)
    assert harness.status(account).name == "unsaved"
    assert harness.rack.unsaved() == [account]
    harness.vault.refuses_saves = None
    await harness.rack.retry_save(account)
    # The identity came with the sign-in, not with the second try: the next sign-in is checked against it (S34).
    assert (await harness.vault.load(account.id)).identity == "sam.okafor@example.org"


async def test_a_locked_keyring_is_asked_once_and_nothing_is_forgotten(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    await harness.kill()
    harness.vault.refuses_loads = Locked()
    await harness.start()
    again = next(iter(harness.rack.accounts))
    assert harness.status(again).name == "keyring_unavailable"
    await harness.sign_in(again)
    assert harness.status(again).name == "keyring_unavailable"
    assert harness.opened == harness.opened[:1]
    harness.vault.refuses_loads = None
    await harness.sign_in(again)
    # It was signed in all the time: no browser is needed.
    assert isinstance(again.state, Active)
    assert len(harness.opened) == 1
    assert account.id == again.id


async def test_an_account_whose_item_is_gone_asks_for_its_credentials(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    await harness.vault.delete(account.id)
    await harness.kill()
    await harness.start()
    again = next(iter(harness.rack.accounts))
    assert harness.status(again).reason == "item_missing"
    await harness.sign_in(again)
    todo = "Start the keyring that you used before, or enter the credentials again and sign in."
    assert harness.status(again).todo == todo
    assert len(harness.opened) == 1
    settings = again.settings
    await harness.rack.edit(again, settings.client_id, Secret("sandbox-secret-made-up"), settings.redirect_uri)
    await harness.sign_in(again)
    assert harness.status(again).name == "ready"


async def test_killed_during_a_sign_in_frees_the_port_and_a_new_one_works(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    account = await harness.add("whitebit")
    task = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: step_of(account) == "browser")
    old = harness.opened[0]
    await harness.kill()
    await asyncio.gather(task, return_exceptions=True)
    await harness.start()
    again = next(iter(harness.rack.accounts))
    assert again.state == LoggedOut(Reason.NEW)
    harness.person.answer = "approve"
    await harness.sign_in(again)
    assert harness.status(again).name == "ready"
    await harness.visit(old, Person())
    assert len(harness.asked(again, "token")) == 1


@pytest.mark.security("S55")
async def test_a_user_code_is_trimmed_and_sent_once_as_its_own_grant(harness: CoreHarness) -> None:
    account = await harness.add("bitport", "user_code")
    code = await asyncio.to_thread(harness.sandbox.user_code)
    await harness.sign_in(account, Secret(f"  {code}\n"))
    assert harness.status(account).name == "ready"
    assert [row["grant"] for row in harness.asked(account, "token")] == ["code"]


@pytest.mark.security("S55")
async def test_a_redirect_address_typed_as_user_code_uses_the_other_grant(harness: CoreHarness) -> None:
    account = await harness.add("bitport", "user_code")
    await harness.sign_in(account, Secret("http://127.0.0.1:17463/cb/bitport/?code=an-invented-code&x=1#top"))
    assert [row["grant"] for row in harness.asked(account, "token")] == ["authorization_code"]
    assert harness.status(account).happened == "Bitport did not accept the code."


@pytest.mark.security("S55")
async def test_three_wrong_codes_pause_for_30_seconds(harness: CoreHarness) -> None:
    account = await harness.add("bitport", "user_code")
    for number in range(3):
        await harness.sign_in(account, Secret(f"wrong-{number}"))
        assert harness.status(account).happened == "Bitport did not accept the code."
    code = await asyncio.to_thread(harness.sandbox.user_code)
    await harness.sign_in(account, Secret(code))
    assert "3 codes in a row were not accepted." in harness.status(account).happened
    assert "pauses for 30 seconds" in harness.status(account).means
    assert len(harness.asked(account, "token")) == 3
    harness.leap(29)
    await harness.sign_in(account, Secret(code))
    assert len(harness.asked(account, "token")) == 3
    harness.leap(2)
    await harness.sign_in(account, Secret(code))
    assert harness.status(account).name == "ready"


@pytest.mark.security("S55")
@pytest.mark.parametrize(
    "typed", ["", "   ", "x" * 257, "two words", "öl", "http://x.example/?error=no", "?code=a&code=b"]
)
async def test_what_cannot_be_a_code_is_not_sent(harness: CoreHarness, typed: str) -> None:
    account = await harness.add("bitport", "user_code")
    await harness.sign_in(account, Secret(typed))
    assert harness.asked(account, "token") == []
    assert "othing was sent" in harness.status(account).means
    assert not typed.strip() or typed not in harness.status(account).happened + harness.status(account).means


@pytest.mark.security("S55")
async def test_the_user_code_is_written_nowhere(harness: CoreHarness, tmp_path: Path) -> None:
    account = await harness.add("bitport", "user_code")
    code = await asyncio.to_thread(harness.sandbox.user_code)
    await harness.sign_in(account, Secret(code))
    files = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert all(code not in text for text in files)
    assert isinstance(harness.vault, FailingVault)
    assert all(code not in text.reveal() for text in harness.vault.texts.values())


async def test_a_sign_in_before_the_keyring_was_read_loses_nothing(harness: CoreHarness) -> None:
    await harness.signed_in()
    await harness.kill()
    harness.rack.load()
    again = next(iter(harness.rack.accounts))
    assert isinstance(again.state, Opening)
    await harness.sign_in(again)
    assert isinstance(again.state, Active)
    assert len(harness.opened) == 1
