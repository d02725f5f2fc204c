"""Signing in against the sandbox: every flow, every way it fails, and nothing left behind."""

import asyncio
import socket
from functools import partial
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Authorizing, LoggedOut, Opening, Reason
from keyrack.core.sign_in import confirmation as verdict_module
from keyrack.core.vault.vault_errors import Locked
from keyrack.oauth.oauth_errors import BadPaste, BrowserMissing
from keyrack.primitives.secret import Secret
from tests.core.harness import Desk, Person, Shelf


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
    return [line.what for line in account.activity.lines()]


async def cancelled(desk: Desk, account: Account, task: "asyncio.Task[None]") -> None:
    """Cancel, and check that within a second nothing is left of the sign-in (S25)."""
    desk.rack.login.cancel(account)
    async with asyncio.timeout(1):
        await task
    assert account.state == LoggedOut(Reason.NEW)
    assert not accepts(port_of(account))
    assert not desk.rack.login.copy_link(account)
    assert not (await desk.vault.load(account.id)).signed_in


@pytest.mark.security("S25")
async def test_cancel_before_the_browser_opened(desk: Desk) -> None:
    account = await desk.add("whitebit")
    task = asyncio.create_task(desk.rack.sign_in(account))
    await asyncio.sleep(0)
    await cancelled(desk, account, task)
    assert desk.opened == []


@pytest.mark.security("S25")
async def test_cancel_while_the_browser_is_away(desk: Desk) -> None:
    desk.person.answer = "nothing"
    account = await desk.add("whitebit")
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: desk.opened)
    assert step_of(account) == "browser"
    await cancelled(desk, account, task)
    assert desk.asked(account, "token") == []


@pytest.mark.security("S25")
async def test_cancel_while_the_code_is_exchanged(desk: Desk) -> None:
    desk.stand_in.fault("whitebit", "token", "hold:5")
    account = await desk.add("whitebit")
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: desk.asked(account, "token"))
    assert step_of(account) == "exchanging"
    await cancelled(desk, account, task)


@pytest.mark.security("S25", "S33")
async def test_cancel_while_the_account_is_to_be_confirmed(desk: Desk) -> None:
    account = await desk.add("bitport")
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: step_of(account) == "confirming")
    await cancelled(desk, account, task)


@pytest.mark.security("S25")
async def test_cancel_while_it_is_being_stored_comes_too_late_and_halves_nothing(desk: Desk) -> None:
    account = await desk.add("whitebit")
    desk.vault.saves.clear()
    desk.vault.gate = asyncio.Event()
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: desk.vault.saves)
    desk.rack.login.cancel(account)
    desk.vault.gate.set()
    await task
    assert isinstance(account.state, Active)
    assert (await desk.vault.load(account.id)).signed_in


@pytest.mark.security("S25")
async def test_a_cancelled_sign_in_leaves_an_account_that_worked_as_it_was(desk: Desk) -> None:
    account = await desk.signed_in()
    before = account.state
    desk.person.answer = "nothing"
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: step_of(account) == "browser")
    desk.rack.login.cancel(account)
    await task
    assert account.state is before


async def test_signing_out_in_the_middle_of_a_sign_in_ends_both(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.person.answer = "nothing"
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: step_of(account) == "browser")
    await desk.rack.sign_out(account)
    await task
    assert account.state == LoggedOut(Reason.SIGNED_OUT)
    assert not (await desk.vault.load(account.id)).signed_in


async def test_a_refusal_at_the_provider_is_denied_and_costs_a_working_sign_in_nothing(desk: Desk) -> None:
    desk.person.answer = "refuse"
    account = await desk.add("whitebit")
    await desk.sign_in(account)
    status = desk.status(account)
    assert (status.name, status.reason) == ("needs_login", "denied")
    assert status.happened == "Access was refused at the provider."
    desk.person.answer = "approve"
    await desk.sign_in(account)
    working = account.state
    assert isinstance(working, Active)
    desk.person.answer = "refuse"
    await desk.sign_in(account)
    assert account.state is working
    assert "Sign-in failed: Access was refused at the provider." in notes(account)


@pytest.mark.security("S34")
async def test_another_identity_never_takes_over_an_account(desk: Desk) -> None:
    account = await desk.signed_in("bitport")
    assert account.settings.identity == "s…r@example.org"
    await desk.rack.sign_out(account)
    before = await desk.vault.load(account.id)
    desk.person.account = "studio"
    await desk.sign_in(account)
    status = desk.status(account)
    assert (status.name, status.reason) == ("needs_login", "wrong_account")
    assert "Its token was thrown away" in status.means
    assert "studio@" not in status.detail + status.happened
    assert await desk.vault.load(account.id) == before
    desk.person.account = "sam"
    await desk.sign_in(account)
    assert desk.status(account).name == "ready"


@pytest.mark.security("S34")
async def test_another_identity_does_not_disturb_a_sign_in_that_works(desk: Desk) -> None:
    account = await desk.signed_in("bitport")
    working = desk.token(account)
    desk.person.account = "studio"
    await desk.sign_in(account)
    assert desk.token(account) is working


@pytest.mark.security("S34")
async def test_an_identity_that_cannot_be_read_is_not_taken_for_the_right_one(desk: Desk) -> None:
    account = await desk.signed_in("bitport")
    await desk.rack.sign_out(account)
    desk.stand_in.fault("bitport", "me", "status:503")
    desk.person.account = "studio"
    await desk.sign_in(account)
    assert desk.status(account).name == "needs_login"
    assert not (await desk.vault.load(account.id)).signed_in


@pytest.mark.security("S33")
async def test_nothing_is_stored_before_the_account_was_confirmed(desk: Desk) -> None:
    desk.person.confirms = None
    account = await desk.add("bitport")
    desk.vault.saves.clear()
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: step_of(account) == "confirming")
    assert isinstance(account.state, Authorizing)
    assert account.state.identity == "s…r@example.org"
    assert account.state.ends is not None
    assert 118 < account.state.ends - desk.rack.clock.elapsed() <= 120
    assert desk.vault.saves == []
    desk.rack.login.confirm(account, yes=True)
    await task
    assert desk.status(account).name == "ready"
    assert len(desk.vault.saves) == 1


@pytest.mark.security("S33")
async def test_an_account_that_is_not_confirmed_is_thrown_away(desk: Desk) -> None:
    desk.person.confirms = False
    account = await desk.add("bitport")
    await desk.sign_in(account)
    assert desk.status(account).happened == "The account was not confirmed."
    assert not (await desk.vault.load(account.id)).signed_in


@pytest.mark.security("S33")
async def test_a_confirmation_that_never_comes_is_a_no_after_120_seconds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdict_module, "_LONGEST_NAP", 0.01)
    desk.person.confirms = None
    account = await desk.add("bitport")
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: step_of(account) == "confirming")
    desk.leap(121)
    await task
    assert desk.status(account).happened == "The account was not confirmed."


@pytest.mark.security("S33")
async def test_the_window_without_a_state_is_120_seconds_else_300(desk: Desk) -> None:
    desk.person.answer = "nothing"
    for provider, window in (("bitport", 120), ("whitebit", 300)):
        account = await desk.add(provider)
        task = asyncio.create_task(desk.rack.sign_in(account))
        await desk.until(partial(waits_for_browser, account))
        assert window - 2 < (desk.status(account).left or 0) <= window
        desk.rack.login.cancel(account)
        await task


@pytest.mark.security("S33")
async def test_a_refusal_without_state_asks_the_person_and_a_no_goes_on_waiting(desk: Desk) -> None:
    desk.person.answer = "refuse"
    account = await desk.add("bitport")
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: step_of(account) == "refusal")
    desk.rack.login.confirm(account, yes=False)
    assert step_of(account) == "browser"
    desk.person.answer = "approve"
    await desk.rack.login.open_again(account)
    await desk.until(lambda: step_of(account) == "confirming")
    desk.rack.login.confirm(account, yes=True)
    await task
    assert desk.status(account).name == "ready"


@pytest.mark.security("S33")
async def test_a_refusal_without_state_that_the_person_believes_is_denied(desk: Desk) -> None:
    desk.person.answer = "refuse"
    account = await desk.add("bitport")
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: step_of(account) == "refusal")
    desk.rack.login.confirm(account, yes=True)
    await task
    assert desk.status(account).reason == "denied"
    assert not accepts(port_of(account))


@pytest.mark.security("S33", "S37")
async def test_a_second_sign_in_without_state_replaces_the_first_and_says_so(desk: Desk) -> None:
    desk.person.answer = "nothing"
    first, second = await desk.add("bitport"), await desk.add("bitport")
    waiting = asyncio.create_task(desk.rack.sign_in(first))
    await desk.until(lambda: step_of(first) == "browser")
    desk.person.answer = "approve"
    await desk.sign_in(second)
    await waiting
    assert desk.status(second).name == "ready"
    assert desk.status(first).happened == "A newer sign-in of the same provider replaced this one."


@pytest.mark.security("S30", "S37")
async def test_two_sign_ins_at_once_end_in_swapped_order_with_the_right_tokens(desk: Desk) -> None:
    desk.person.answer = "nothing"
    first = await desk.add("whitebit")
    second = await desk.rack.add(
        desk.draft("whitebit", first.settings.client_id, first.settings.redirect_uri, name="The other account")
    )
    tasks = [asyncio.create_task(desk.rack.sign_in(account)) for account in (first, second)]
    await desk.until(lambda: step_of(first) == step_of(second) == "browser")
    await desk.visit(desk.rack.login.copy_link(second), Person("approve", "treasury"))
    await desk.until(lambda: isinstance(second.state, Active))
    assert step_of(first) == "browser"
    await desk.visit(desk.rack.login.copy_link(first), Person("approve", "trading"))
    await asyncio.gather(*tasks)
    for account in (first, second):
        await desk.rack.refresh(account)
    held = [{h.asset for h in account.balances.holdings} for account in (first, second) if account.balances]
    assert "SOL" in held[0]
    assert "EUR" in held[1]


@pytest.mark.security("S30", "S37")
async def test_two_providers_at_once_do_not_meet(desk: Desk) -> None:
    accounts = [await desk.add("whitebit"), await desk.add("bitport")]
    await asyncio.gather(*(desk.sign_in(account) for account in accounts))
    assert [desk.status(account).name for account in accounts] == ["ready", "ready"]
    assert [len(desk.asked(account, "token")) for account in accounts] == [1, 1]


@pytest.mark.security("S37")
async def test_a_second_press_on_the_same_account_starts_nothing(desk: Desk) -> None:
    account = await desk.add("whitebit")
    await asyncio.gather(desk.rack.sign_in(account), desk.rack.sign_in(account))
    assert len(desk.opened) == 1
    assert len(desk.asked(account, "token")) == 1


@pytest.mark.security("S36")
async def test_open_again_and_copy_link_give_new_addresses(desk: Desk) -> None:
    desk.person.answer = "nothing"
    account = await desk.add("whitebit")
    assert desk.rack.login.copy_link(account) == ""
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: desk.opened)
    await desk.rack.login.open_again(account)
    link = desk.rack.login.copy_link(account)
    assert len({*desk.opened, link}) == 3
    assert all("clientId" not in address for address in (*desk.opened, link))
    await desk.visit(link, Person())
    await task
    assert desk.status(account).name == "ready"
    assert desk.rack.login.copy_link(account) == ""
    await desk.rack.login.open_again(account)
    assert len(desk.opened) == 2


@pytest.mark.security("S26")
async def test_a_pasted_address_that_is_not_ours_leaves_the_sign_in_waiting(desk: Desk) -> None:
    desk.person.answer = "nothing"
    account = await desk.add("whitebit")
    desk.rack.login.paste(account, "nothing waits, so nothing happens")
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: desk.opened)
    with pytest.raises(BadPaste):
        desk.rack.login.paste(account, f"{account.settings.redirect_uri}?code=guessed&state=guessed")
    assert step_of(account) == "browser"
    await cancelled(desk, account, task)


@pytest.mark.security("S5")
async def test_a_busy_port_is_named_and_no_browser_opens(desk: Desk) -> None:
    account = await desk.add("whitebit")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", port_of(account)))
        holder.listen()
        await desk.sign_in(account)
    assert str(port_of(account)) in desk.status(account).happened
    assert desk.opened == []
    await desk.sign_in(account)
    assert desk.status(account).name == "ready"


async def test_without_a_browser_the_sign_in_waits_for_the_link(desk: Desk) -> None:
    async def none(address: str) -> None:
        raise BrowserMissing("No browser could be started.", "", "Use Copy link.")

    account = await desk.add("whitebit")
    sign_in = desk.rack.login._means
    object.__setattr__(sign_in, "browser", none)
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: "No browser could be started. Use Copy link." in notes(account))
    await desk.visit(desk.rack.login.copy_link(account), Person())
    await task
    assert desk.status(account).name == "ready"


async def test_a_browser_that_stays_in_the_foreground_delays_nothing(desk: Desk) -> None:
    async def stays(address: str) -> None:
        await desk.browse(address)
        await asyncio.sleep(60)

    account = await desk.add("whitebit")
    object.__setattr__(desk.rack.login._means, "browser", stays)
    async with asyncio.timeout(5):
        await desk.sign_in(account)
    assert desk.status(account).name == "ready"


async def test_a_browser_that_breaks_in_an_unknown_way_leaves_no_account_in_the_browser(desk: Desk) -> None:
    account = await desk.add("whitebit")
    object.__setattr__(desk.rack.login._means, "redirects", None)
    await desk.sign_in(account)
    assert desk.status(account).happened == "Keyrack met an error of its own."
    assert not accepts(port_of(account))


@pytest.mark.parametrize(("provider", "flow"), [("probit", "client_credentials"), ("whitebit", "authorization_code")])
async def test_a_wrong_secret_has_its_own_sentence(desk: Desk, provider: str, flow: str) -> None:
    account = await desk.add(provider, flow)  # type: ignore[arg-type]
    settings = account.settings
    await desk.rack.edit(account, settings.client_id, Secret("wrong-made-up-secret"), settings.redirect_uri)
    await desk.sign_in(account)
    status = desk.status(account)
    assert (status.name, status.reason) == ("needs_login", "new")
    assert "refused" in status.happened
    assert "Sign-in failed: " + status.happened in notes(account)


@pytest.mark.parametrize("fault", ["html:502", "reset", "status:503", "closed"])
async def test_an_exchange_that_fails_changes_nothing(desk: Desk, fault: str) -> None:
    account = await desk.add("whitebit")
    record = await desk.vault.load(account.id)
    desk.stand_in.fault("whitebit", "token", fault)
    await desk.sign_in(account)
    assert desk.status(account).name == "needs_login"
    assert desk.status(account).happened
    assert await desk.vault.load(account.id) == record
    assert len(desk.asked(account, "token")) == 1, "a code is sent once (S44)"


async def test_a_keyring_that_refuses_the_new_token_leaves_it_in_memory_and_says_so(desk: Desk) -> None:
    account = await desk.add("bitport")
    desk.vault.refuses_saves = Locked()
    await desk.sign_in(account)
    assert desk.status(account).name == "unsaved"
    assert desk.rack.unsaved() == [account]
    desk.vault.refuses_saves = None
    await desk.rack.retry_save(account)
    # The identity came with the sign-in, not with the second try: the next sign-in is checked against it (S34).
    assert (await desk.vault.load(account.id)).identity == "sam.okafor@example.org"


async def test_a_locked_keyring_is_asked_once_and_nothing_is_forgotten(desk: Desk) -> None:
    account = await desk.signed_in()
    await desk.kill()
    desk.vault.refuses_loads = Locked()
    await desk.start()
    again = next(iter(desk.rack.accounts))
    assert desk.status(again).name == "keyring_unavailable"
    await desk.sign_in(again)
    assert desk.status(again).name == "keyring_unavailable"
    assert desk.opened == desk.opened[:1]
    desk.vault.refuses_loads = None
    await desk.sign_in(again)
    # It was signed in all the time: no browser is needed.
    assert isinstance(again.state, Active)
    assert len(desk.opened) == 1
    assert account.id == again.id


async def test_an_account_whose_item_is_gone_asks_for_its_credentials(desk: Desk) -> None:
    account = await desk.signed_in()
    await desk.vault.delete(account.id)
    await desk.kill()
    await desk.start()
    again = next(iter(desk.rack.accounts))
    assert desk.status(again).reason == "item_missing"
    await desk.sign_in(again)
    assert "Enter the credentials again" in desk.status(again).todo
    assert len(desk.opened) == 1
    settings = again.settings
    await desk.rack.edit(again, settings.client_id, Secret("sandbox-secret-made-up"), settings.redirect_uri)
    await desk.sign_in(again)
    assert desk.status(again).name == "ready"


async def test_killed_during_a_sign_in_frees_the_port_and_a_new_one_works(desk: Desk) -> None:
    desk.person.answer = "nothing"
    account = await desk.add("whitebit")
    task = asyncio.create_task(desk.rack.sign_in(account))
    await desk.until(lambda: step_of(account) == "browser")
    old = desk.opened[0]
    await desk.kill()
    await asyncio.gather(task, return_exceptions=True)
    await desk.start()
    again = next(iter(desk.rack.accounts))
    assert again.state == LoggedOut(Reason.NEW)
    desk.person.answer = "approve"
    await desk.sign_in(again)
    assert desk.status(again).name == "ready"
    await desk.visit(old, Person())
    assert len(desk.asked(again, "token")) == 1


@pytest.mark.security("S55")
async def test_a_user_code_is_trimmed_and_sent_once_as_its_own_grant(desk: Desk) -> None:
    account = await desk.add("bitport", "user_code")
    code = await asyncio.to_thread(desk.stand_in.user_code)
    await desk.sign_in(account, Secret(f"  {code}\n"))
    assert desk.status(account).name == "ready"
    assert [row["grant"] for row in desk.asked(account, "token")] == ["code"]


@pytest.mark.security("S55")
async def test_a_redirect_address_typed_as_user_code_uses_the_other_grant(desk: Desk) -> None:
    account = await desk.add("bitport", "user_code")
    await desk.sign_in(account, Secret("http://127.0.0.1:17463/cb/bitport/?code=an-invented-code&x=1#top"))
    assert [row["grant"] for row in desk.asked(account, "token")] == ["authorization_code"]
    assert desk.status(account).happened == "Bitport did not accept the code."


@pytest.mark.security("S55")
async def test_three_wrong_codes_pause_for_30_seconds(desk: Desk) -> None:
    account = await desk.add("bitport", "user_code")
    for number in range(3):
        await desk.sign_in(account, Secret(f"wrong-{number}"))
        assert desk.status(account).happened == "Bitport did not accept the code."
    code = await asyncio.to_thread(desk.stand_in.user_code)
    await desk.sign_in(account, Secret(code))
    assert "3 codes in a row were not accepted." in desk.status(account).happened
    assert "pauses for 30 seconds" in desk.status(account).means
    assert len(desk.asked(account, "token")) == 3
    desk.leap(29)
    await desk.sign_in(account, Secret(code))
    assert len(desk.asked(account, "token")) == 3
    desk.leap(2)
    await desk.sign_in(account, Secret(code))
    assert desk.status(account).name == "ready"


@pytest.mark.security("S55")
@pytest.mark.parametrize(
    "typed", ["", "   ", "x" * 257, "two words", "öl", "http://x.example/?error=no", "?code=a&code=b"]
)
async def test_what_cannot_be_a_code_is_not_sent(desk: Desk, typed: str) -> None:
    account = await desk.add("bitport", "user_code")
    await desk.sign_in(account, Secret(typed))
    assert desk.asked(account, "token") == []
    assert "othing was sent" in desk.status(account).means
    assert not typed.strip() or typed not in desk.status(account).happened + desk.status(account).means


@pytest.mark.security("S55")
async def test_the_user_code_is_written_nowhere(desk: Desk, tmp_path: Path) -> None:
    account = await desk.add("bitport", "user_code")
    code = await asyncio.to_thread(desk.stand_in.user_code)
    await desk.sign_in(account, Secret(code))
    files = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert all(code not in text for text in files)
    assert isinstance(desk.vault, Shelf)
    assert all(code not in text.reveal() for text in desk.vault._texts.values())


async def test_a_sign_in_before_the_keyring_was_read_loses_nothing(desk: Desk) -> None:
    await desk.signed_in()
    await desk.kill()
    desk.rack.load()
    again = next(iter(desk.rack.accounts))
    assert isinstance(again.state, Opening)
    await desk.sign_in(again)
    assert isinstance(again.state, Active)
    assert len(desk.opened) == 1
