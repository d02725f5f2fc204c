"""A removal that can be undone: what goes on in its ten seconds, and what a kill, a failure and the end leave."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from keyrack.core.access.policy import AccessRefused
from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Active, Authorizing
from keyrack.core.failures import AccountGone, DraftProblem, Unexpected
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.core.harness import CoreHarness
from tests.core.user_provider import added, harness_with_own_provider
from tests.sandbox_process import RunningSandbox

PROGRAM = Program(4242, "/usr/bin/python3", "/opt/bots/bot.py", lasting=True)


@pytest.fixture
async def harness(sandbox: RunningSandbox, tmp_path: Path) -> AsyncIterator[CoreHarness]:
    core = CoreHarness(sandbox, tmp_path, live=False)
    await core.start()
    yield core
    await core.close()


async def removing(harness: CoreHarness, account: Account) -> "asyncio.Task[str | None]":
    """A removal whose ten seconds have just begun."""
    task = asyncio.create_task(harness.rack.removals.remove(account))
    await harness.until(lambda: harness.rack.removals.pending == (account,))
    return task


def written(harness: CoreHarness) -> list[str]:
    """The names in the accounts file."""
    found = json.loads((harness.paths.config / "accounts.json").read_text())["accounts"]
    return [entry["name"] for entry in found]


async def test_it_leaves_the_lists_at_once_and_is_deleted_after_the_seconds(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.rack.removals.seconds = 0.2
    task = await removing(harness, account)
    assert len(harness.rack.accounts) == 0
    assert list(harness.rack.accounts) == []
    assert harness.rack.accounts.named(account.settings.name) is None
    assert harness.vault.names() == {account.id}, "nothing is deleted yet"
    assert written(harness) == [account.settings.name]
    assert await task == "WhiteBIT offers no way to revoke a token. It ends by itself within ten minutes."
    assert harness.vault.names() == set()
    assert written(harness) == []
    await harness.kept()
    assert [path for path in harness.paths.state.rglob("*") if path.is_file()] == []


async def test_undo_gives_back_what_was_there_in_its_place(harness: CoreHarness) -> None:
    account, other = await harness.signed_in(), await harness.add("whitebit")
    before, lines = account.state, account.activity.lines()
    task = await removing(harness, account)
    assert harness.rack.accounts.ids() == (other.id,)
    await harness.rack.rename(other, "Another")
    assert written(harness) == [account.settings.name, "Another"], "a kill loses nothing that was written meanwhile"
    harness.rack.removals.undo(account)
    assert await task is None
    assert harness.rack.removals.pending == ()
    assert harness.rack.accounts.ids() == (account.id, other.id)
    assert (account.state, account.activity.lines()) == (before, lines)
    assert harness.vault.deletes == []
    await harness.step(245)
    assert harness.status(account).name == "ready"


@pytest.mark.security("S72")
async def test_renewals_go_on_and_are_stored_in_the_seconds(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    before = harness.token(account)
    task = await removing(harness, account)
    await harness.step(245)
    await harness.until(lambda: harness.token(account) is not before)
    stored = await harness.vault.load(account.id)
    refresh = harness.token(account).refresh
    assert stored.refresh is not None
    assert refresh is not None
    assert stored.refresh.reveal() == refresh.reveal()
    harness.rack.removals.undo(account)
    assert await task is None
    assert harness.status(account).name == "ready"


async def test_a_kill_in_the_seconds_leaves_an_account_that_was_never_removed(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    await removing(harness, account)
    await harness.kill()
    await harness.start()
    (back,) = harness.rack.accounts
    assert back.id == account.id
    assert harness.status(back).name in ("ready", "refreshing")
    await harness.until(lambda: harness.status(back).name == "ready")


async def test_the_end_of_keyrack_finishes_it_at_once(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    task = await removing(harness, account)
    await harness.rack.close()
    assert await task is not None
    assert harness.vault.names() == set()
    assert written(harness) == []


@pytest.mark.security("S51")
async def test_the_revocation_is_asked_for_only_after_the_seconds(sandbox: RunningSandbox, tmp_path: Path) -> None:
    own = harness_with_own_provider(sandbox, tmp_path)
    await own.start()
    account = await added(own, "authorization_code_pkce")
    await own.rack.sign_in(account)
    own.rack.removals.seconds = 0.2
    before = len(own.asked(account, "revoke"))
    task = await removing(own, account)
    assert len(own.asked(account, "revoke")) == before
    assert await task == "The token was revoked at Example exchange."
    assert len(own.asked(account, "revoke")) == before + 2
    await own.close()


@pytest.mark.security("S51")
async def test_nobody_gets_a_token_of_an_account_that_is_being_removed(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.rack.access.choose(account, "allow")
    await harness.rack.tokens.give(account, PROGRAM)
    task = await removing(harness, account)
    for program in (PROGRAM, None):
        with pytest.raises(AccountGone):
            await harness.rack.tokens.give(account, program)
    with pytest.raises(AccountGone):
        harness.rack.tokens.give_key(account)
    harness.rack.removals.undo(account)
    await task
    await harness.rack.tokens.give(account, PROGRAM)


@pytest.mark.security("S51")
async def test_a_request_that_waits_for_the_person_is_refused(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    detach = harness.rack.access.asking.add_respondent()
    harness.rack.access.choose(account, "ask")
    asking = asyncio.create_task(harness.rack.tokens.give(account, PROGRAM))
    await harness.until(lambda: harness.rack.access.asking.pending)
    task = await removing(harness, account)
    assert harness.rack.access.asking.pending == ()
    with pytest.raises(AccessRefused):
        await asking
    harness.rack.removals.undo(account)
    await task
    detach()


@pytest.mark.security("S51")
async def test_a_request_that_waits_for_a_renewal_is_refused(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.rack.access.choose(account, "allow")
    harness.sandbox.fault("whitebit", "refresh", "hold:0.3", times=1)
    harness.leap(100)
    asking = asyncio.create_task(harness.rack.tokens.give(account, PROGRAM, at_least=290))
    await harness.until(lambda: harness.status(account).name == "refreshing")
    task = await removing(harness, account)
    with pytest.raises(AccountGone):
        await asking
    harness.rack.removals.undo(account)
    await task


async def test_a_sign_in_under_way_ends(harness: CoreHarness) -> None:
    harness.person.answer = "nothing"
    account = await harness.add("whitebit")
    signing = asyncio.create_task(harness.rack.sign_in(account))
    await harness.until(lambda: isinstance(account.state, Authorizing))
    task = await removing(harness, account)
    await signing
    harness.rack.removals.undo(account)
    await task
    assert harness.status(account).name == "needs_login"


async def test_a_removal_that_fails_brings_the_account_back(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.rack.removals.seconds = 0.1
    harness.vault.refuses_saves = Locked()
    task = await removing(harness, account)
    with pytest.raises(Locked):
        await task
    assert list(harness.rack.accounts) == [account]
    assert isinstance(account.state, Active)
    assert harness.vault.names() == {account.id}
    harness.vault.refuses_saves = None


@pytest.mark.security("S51")
@pytest.mark.parametrize("seconds", [0.0, 60.0])
async def test_nothing_is_stored_for_an_account_that_is_gone(harness: CoreHarness, seconds: float) -> None:
    """Whoever still holds it: in the seconds of Undo, where undoing gives back what was there, and after them."""
    account = await harness.add("probit", "client_credentials")
    before, held = account.settings, dict(harness.vault.texts)
    harness.rack.removals.seconds = seconds
    task = asyncio.create_task(harness.rack.removals.remove(account))
    await harness.until(lambda: task.done() or harness.rack.removals.pending if seconds else task.done())
    saves = len(harness.vault.saves)
    with pytest.raises(AccountGone):
        await harness.rack.edit(account, "another-id", Secret("another-invented-one"), "")
    with pytest.raises(AccountGone):
        await harness.rack.rename(account, "Another")
    with pytest.raises(AccountGone):
        await harness.rack.sign_out(account)
    await harness.rack.sign_in(account)
    assert len(harness.vault.saves) == saves
    assert account.settings == before
    assert (harness.vault.texts, len(written(harness))) == ((held, 1) if seconds else ({}, 0))


@pytest.mark.security("S51")
async def test_credentials_that_wait_for_the_keyring_are_not_stored_after_the_removal(harness: CoreHarness) -> None:
    """One save is in the keyring already, the next one waits for it. The deletion comes after both."""
    account = await harness.add("probit", "client_credentials")
    harness.vault.gate = asyncio.Event()
    saved = len(harness.vault.saves)
    first, second = (
        asyncio.create_task(harness.rack.edit(account, "another-id", Secret(f"invented-{each}"), "")) for each in "ab"
    )
    await harness.until(lambda: len(harness.vault.saves) > saved)
    harness.rack.removals.seconds = 0.0
    removed = asyncio.create_task(harness.rack.removals.remove(account))
    await harness.until(lambda: not len(harness.rack.accounts))
    harness.vault.gate.set()
    await asyncio.gather(first, removed)
    with pytest.raises(AccountGone):
        await second
    assert len(harness.vault.saves) == saved + 1
    assert (harness.vault.texts, written(harness)) == ({}, [])


async def test_undo_that_comes_late_does_nothing(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.vault.delete_gate = asyncio.Event()
    harness.rack.removals.seconds = 0.05
    task = await removing(harness, account)
    await harness.until(lambda: harness.vault.deletes)
    harness.rack.removals.undo(account)
    assert len(harness.rack.accounts) == 0
    harness.vault.delete_gate.set()
    assert await task is not None
    assert len(harness.rack.accounts) == 0


async def test_its_name_is_free_at_once(harness: CoreHarness) -> None:
    """Who adds an account of the same name has decided: the old one is deleted before the new one is stored."""
    account, other = await harness.signed_in(), await harness.add("whitebit")
    name = account.settings.name
    task = await removing(harness, account)
    draft = Draft("probit", "global", "client_credentials", name.upper(), "id-made-up", Secret("cs-invented"))
    new = await harness.rack.add(draft)
    assert await task is not None
    assert harness.rack.accounts.ids() == (other.id, new.id)
    assert account.id not in harness.vault.names()
    second = await removing(harness, new)
    await harness.rack.rename(other, name)
    assert await second is not None
    assert written(harness) == [name]


async def test_a_name_is_not_given_away_while_the_old_account_cannot_be_deleted(harness: CoreHarness) -> None:
    account, other = await harness.signed_in(), await harness.add("whitebit")
    task = await removing(harness, account)
    harness.vault.refuses_saves = Locked()
    with pytest.raises(DraftProblem):
        await harness.rack.rename(other, account.settings.name)
    with pytest.raises(Locked):
        await task
    assert harness.rack.accounts.ids() == (account.id, other.id)
    harness.vault.refuses_saves = None


async def test_who_cancels_the_wait_does_not_cancel_the_removal(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.rack.removals.seconds = 0.1
    task = await removing(harness, account)
    task.cancel()
    await harness.until(lambda: harness.vault.names() == set())


async def three(harness: CoreHarness) -> list[Account]:
    """Three accounts, of which two are signed in."""
    return [await harness.signed_in(), await harness.add("whitebit"), await harness.signed_in()]


async def removing_together(
    harness: CoreHarness, accounts: list[Account]
) -> "asyncio.Task[dict[Account, str | Failure]]":
    """A removal of several whose ten seconds have just begun."""
    task = asyncio.create_task(harness.rack.removals.remove_together(accounts))
    await harness.until(lambda: harness.rack.removals.groups == (tuple(accounts),))
    return task


async def test_one_undo_gives_back_all_that_were_removed_together(harness: CoreHarness) -> None:
    accounts, other = await three(harness), await harness.add("whitebit")
    order, states = harness.rack.accounts.ids(), [account.state for account in accounts]
    changes: list[int] = []
    harness.rack.accounts.changed.connect(lambda: changes.append(len(harness.rack.accounts)))
    task = await removing_together(harness, accounts)
    assert harness.rack.accounts.ids() == (other.id,)
    harness.rack.removals.undo(accounts[2])
    assert changes == [1, 4], "the lists change once for all of them"
    assert await task == {}
    assert harness.rack.removals.groups == ()
    assert harness.rack.accounts.ids() == order
    assert [account.state for account in accounts] == states
    assert harness.vault.deletes == []


async def test_several_are_deleted_after_the_same_seconds(harness: CoreHarness) -> None:
    accounts, other = await three(harness), await harness.add("whitebit")
    harness.rack.removals.seconds = 0.2
    task = await removing_together(harness, accounts)
    assert harness.vault.deletes == []
    outcomes = await task
    assert list(outcomes) == accounts
    assert set(outcomes.values()) == {"WhiteBIT offers no way to revoke a token. It ends by itself within ten minutes."}
    assert harness.vault.names() == {other.id}
    assert written(harness) == [other.settings.name]


async def test_two_removals_of_several_are_undone_each_by_itself(harness: CoreHarness) -> None:
    first, second, third = await three(harness)
    one = await removing_together(harness, [first, second])
    another = asyncio.create_task(harness.rack.removals.remove(third))
    await harness.until(lambda: harness.rack.removals.groups == ((first, second), (third,)))
    harness.rack.removals.undo(second)
    assert await one == {}
    assert harness.rack.accounts.ids() == (first.id, second.id)
    harness.rack.removals.undo(third)
    assert await another is None


async def test_a_kill_in_the_seconds_leaves_all_of_them_as_if_never_removed(harness: CoreHarness) -> None:
    accounts = await three(harness)
    await removing_together(harness, accounts)
    await harness.kill()
    await harness.start()
    assert harness.rack.accounts.ids() == tuple(account.id for account in accounts)
    signed_in = [harness.rack.accounts.find(accounts[at].id) for at in (0, 2)]
    await harness.until(lambda: all(each is not None and harness.status(each).name == "ready" for each in signed_in))


async def test_the_end_of_keyrack_finishes_all_of_them(harness: CoreHarness) -> None:
    task = await removing_together(harness, await three(harness))
    await harness.rack.close()
    assert len(await task) == 3
    assert harness.vault.names() == set()
    assert written(harness) == []


async def test_one_that_fails_comes_back_alone(harness: CoreHarness) -> None:
    first, second, third = await three(harness)
    harness.rack.removals.seconds = 0.1
    harness.vault.keeps = {third.id}
    outcomes = await (await removing_together(harness, [first, second, third]))
    assert isinstance(outcomes[third], Locked)
    assert list(harness.rack.accounts) == [third]
    assert isinstance(third.state, Active)
    assert harness.vault.names() == {third.id}


async def test_a_fault_with_one_leaves_the_outcomes_of_the_others(
    harness: CoreHarness, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, third = await three(harness)
    harness.rack.removals.seconds = 0.1
    harness.vault.faults = {first.id}
    outcomes = await (await removing_together(harness, [first, second, third]))
    assert list(outcomes) == [first, second, third]
    assert isinstance(outcomes[first], Unexpected)
    assert {type(outcomes[each]) for each in (second, third)} == {str}
    assert list(harness.rack.accounts) == [first]
    assert "a removal broke: ZeroDivisionError" in caplog.text


async def test_undo_that_comes_late_brings_none_of_them_back(harness: CoreHarness) -> None:
    """All or none: with some deleted, the rest is deleted too."""
    accounts = await three(harness)
    harness.vault.delete_gate = asyncio.Event()
    harness.rack.removals.seconds = 0.05
    task = await removing_together(harness, accounts)
    counts: list[int] = []
    harness.rack.removals.changed.connect(lambda: counts.append(len(harness.rack.removals.pending)))
    await harness.until(lambda: harness.vault.deletes)
    assert counts == [0], "none of them can be undone any longer once the first cannot"
    for account in accounts:
        harness.rack.removals.undo(account)
    assert len(harness.rack.accounts) == 0
    harness.vault.delete_gate.set()
    assert len(await task) == 3
    assert len(harness.rack.accounts) == 0


async def test_the_name_of_one_is_free_at_once_and_the_others_can_be_undone(harness: CoreHarness) -> None:
    first, second, third = await three(harness)
    task = await removing_together(harness, [first, second])
    await harness.rack.rename(third, first.settings.name)
    assert harness.rack.removals.groups == ((second,),)
    harness.rack.removals.undo(second)
    assert list(await task) == [first]
    assert harness.rack.accounts.ids() == (second.id, third.id)


@pytest.mark.security("S51")
async def test_nobody_gets_a_token_of_any_of_them(harness: CoreHarness) -> None:
    accounts = await three(harness)
    harness.rack.access.choose(accounts[0], "allow")
    harness.rack.access.choose(accounts[2], "allow")
    task = await removing_together(harness, accounts)
    for account in (accounts[0], accounts[2]):
        with pytest.raises(AccountGone):
            await harness.rack.tokens.give(account, PROGRAM)
    harness.rack.removals.undo(accounts[0])
    await task
