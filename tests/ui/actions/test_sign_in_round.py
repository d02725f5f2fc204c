"""Signing in all that need nobody, and copying from one that was signed out."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Authorizing, LoggedOut
from keyrack.providers.files.load import moved
from keyrack.ui.actions.actions import Actions
from keyrack.ui.actions.keyed_tasks import KeyedTasks
from keyrack.ui.integration.clipboard import Clipboard
from keyrack.ui.selection.verbs import verbs
from tests.core.harness import CoreHarness
from tests.free_port import free_port
from tests.sandbox_process import RunningSandbox
from tests.ui.harness import seen


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox.start() as running:
        yield running


@dataclass
class Acting:
    """A rack over the sandbox, and what the actions said."""

    core: CoreHarness
    actions: Actions
    said: list[tuple[str, str]] = field(default_factory=list)

    async def accounts(self, count: int) -> list[Account]:
        """Accounts that need nobody for a sign-in."""
        return [await self.core.add("probit", "client_credentials") for _ in range(count)]

    async def ended(self) -> None:
        """Return at the end of the round."""
        await seen(lambda: not self.actions.sign_in_round.running and bool(self.said))


@pytest.fixture
async def acting(qapp: QApplication, sandbox: RunningSandbox, tmp_path: Path) -> AsyncGenerator[Acting]:
    sandbox.clear_faults()
    core = CoreHarness(sandbox, tmp_path, live=False)
    await core.start()
    tasks = KeyedTasks(_raise)
    made = Acting(core, Actions(core.rack, Clipboard(core.rack.clock), tasks))
    made.actions.notified.connect(lambda _id, kind, text: made.said.append((kind, text)))
    yield made
    await tasks.close()
    made.actions.clipboard.clear()
    await core.close()


def copied_token(acting: Acting, account: Account) -> str:
    access = acting.core.token(account).access
    assert access is not None
    return access.reveal()


def _raise(error: BaseException) -> None:
    raise error


async def test_all_that_need_nobody_are_signed_in_and_no_other(acting: Acting) -> None:
    accounts = await acting.accounts(4)
    with_browser = await acting.core.add("whitebit")
    assert acting.actions.sign_in_round.waiting() == accounts
    ended: list[tuple[int, int]] = []
    sign_ins = acting.actions.sign_in_round
    sign_ins.changed.connect(lambda: ended.append((sign_ins.ended, sign_ins.total)))
    sign_ins.start()
    await acting.ended()
    assert acting.said == [("fresh", "All 4 are signed in.")]
    assert all(isinstance(account.state, Active) for account in accounts)
    assert isinstance(with_browser.state, LoggedOut)
    assert not acting.core.opened
    assert ended == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4), (0, 0)]


async def test_only_a_few_are_at_the_provider_at_once(acting: Acting) -> None:
    accounts = await acting.accounts(8)
    most = 0

    def look() -> None:
        nonlocal most
        most = max(most, sum(isinstance(account.state, Authorizing) for account in accounts))

    acting.core.rack.accounts.touched.connect(lambda _: look())
    acting.actions.sign_in_round.start()
    await acting.ended()
    assert 1 <= most <= 3


async def test_what_failed_is_counted_and_named(acting: Acting, sandbox: RunningSandbox) -> None:
    accounts = await acting.accounts(3)
    await acting.core.rack.edit(accounts[1], "sandbox-nobody", None, "")
    acting.actions.sign_in_round.start()
    await acting.ended()
    name = accounts[1].settings.name
    assert acting.said == [("urgent", f"2 of 3 are signed in. Not signed in: {name}.")]
    assert acting.actions.sign_in_round.waiting() == [], "its credentials must be changed first"


async def test_without_a_network_the_round_ends_and_says_what_waits(acting: Acting) -> None:
    provider = next(each for each in acting.core.providers if each.id == "probit")
    acting.core.replace_provider(moved(provider, f"http://127.0.0.1:{free_port()}"))
    accounts = await acting.accounts(2)
    acting.actions.sign_in_round.start()
    await acting.ended()
    names = ", ".join(account.settings.name for account in accounts)
    assert acting.said == [("soon", f"0 of 2 are signed in. Waiting for the network: {names}.")]
    for account in accounts:
        acting.core.rack.sign_ins.cancel(account)
    await seen(lambda: acting.actions.tasks.idle)


async def test_a_second_press_begins_no_second_round(acting: Acting) -> None:
    accounts = await acting.accounts(3)
    acting.actions.sign_in_round.start()
    await asyncio.sleep(0)
    acting.actions.sign_in_round.start()
    await acting.ended()
    assert [len(acting.core.asked(account, "token")) for account in accounts] == [1, 1, 1]


async def test_copying_from_one_that_needs_nobody_signs_it_in_first(acting: Acting) -> None:
    (account,) = await acting.accounts(1)
    acting.actions.copy(account)
    await seen(lambda: acting.actions.clipboard.holds_secret)
    assert QGuiApplication.clipboard().text() == copied_token(acting, account)
    assert acting.said == []


async def test_copying_says_why_that_sign_in_failed(acting: Acting) -> None:
    (account,) = await acting.accounts(1)
    await acting.core.rack.edit(account, "sandbox-nobody", None, "")
    acting.actions.copy(account)
    await seen(lambda: bool(acting.said))
    kind, text = acting.said[0]
    assert kind == "urgent"
    assert isinstance(account.state, LoggedOut)
    assert account.state.why is not None
    assert text == account.state.why.sentences()
    assert not acting.actions.clipboard.holds_secret


async def test_copying_from_one_that_needs_its_person_opens_no_browser(acting: Acting) -> None:
    account = await acting.core.add("whitebit")
    acting.actions.copy(account)
    await seen(lambda: bool(acting.said))
    text = f"{account.settings.name} is not signed in. There is no token to give. Sign in first."
    assert acting.said == [("urgent", text)]
    assert not acting.core.opened


async def test_a_round_with_chosen_ones_leaves_the_others(acting: Acting) -> None:
    first, second, third = await acting.accounts(3)
    acting.actions.selection.choose((first.id, third.id))
    verb = next(each for each in verbs(acting.actions) if each.name == "sign_in")
    assert verb.words == "Sign in (2)"
    verb.do()
    await acting.ended()
    assert isinstance(first.state, Active)
    assert isinstance(second.state, LoggedOut)
    assert isinstance(third.state, Active)
    assert "sign_in" not in [each.name for each in verbs(acting.actions)]
