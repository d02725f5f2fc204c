"""Signs in all accounts that need nobody for it, a few at once."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, SignalInstance

from keyrack.core.accounts.state import Active, Authorizing, LoggedOut
from keyrack.core.sign_in.unattended import needs_nobody
from keyrack.language.translation import plural
from keyrack.primitives.signal import Signal
from keyrack.ui.actions.keyed_tasks import KeyedTasks

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack

translate = QCoreApplication.translate
_AT_ONCE = 3
_KEY = "sign_in_round"


class SigningIn(Protocol):
    """The actions that the round uses."""

    rack: "Rack"
    tasks: KeyedTasks
    notified: SignalInstance

    def sign_in(self, account: "Account") -> None:
        """Begin a sign-in."""

    def running(self, account: "Account", verb: str) -> bool:
        """Whether an action of an account is running."""
        ...


class SignInRound:
    """One round at a time. `changed` announces its start, each sign-in that came to an end, and its own end.

    A sign-in that waits for the network goes on by itself after the round. `ended` of `total` have come to an end.
    """

    def __init__(self, actions: SigningIn) -> None:
        self.changed: Signal[[]] = Signal()
        self.total = 0
        self.ended = 0
        self._actions = actions

    @property
    def running(self) -> bool:
        """Whether a round is under way."""
        return self.total > 0

    def waiting(self) -> "list[Account]":
        """The accounts that a round would sign in now."""
        return [account for account in self._actions.rack.accounts if needs_nobody(account)]

    def start(self, chosen: "Sequence[Account] | None" = None) -> None:
        """Begin a round with all that wait, or with those of them that are chosen.

        Nothing begins while one is under way, while Keyrack is locked, or where nobody waits.
        """
        accounts = [account for account in self.waiting() if chosen is None or account in chosen]
        if accounts and not self.running and not self._actions.rack.lock.locked:
            self._actions.tasks.start(_KEY, self._run, accounts)

    async def _run(self, accounts: "list[Account]") -> None:
        self.total, self.ended = len(accounts), 0
        places = asyncio.Semaphore(_AT_ONCE)
        try:
            self.changed.emit()
            await asyncio.gather(*(self._one(account, places) for account in accounts))
            self._tell(accounts)
        finally:
            self.total = self.ended = 0
            self.changed.emit()

    async def _one(self, account: "Account", places: asyncio.Semaphore) -> None:
        async with places:
            if needs_nobody(account) and not self._actions.rack.lock.locked:
                await self.sign_in(account)
        self.ended += 1
        self.changed.emit()

    async def sign_in_first(self, account: "Account") -> None:
        """Sign in. Raises Failure for what keeps it from that. Without a network it goes on by itself."""
        await self.sign_in(account)
        state = account.state
        if isinstance(state, LoggedOut | Authorizing) and state.why is not None:
            raise state.why

    async def sign_in(self, account: "Account") -> None:
        """Sign in, and return when that has ended or waits for the network."""
        self._actions.sign_in(account)
        changed = asyncio.Event()
        stops = (account.changed.connect(changed.set), self._actions.tasks.changed.connect(lambda _: changed.set()))
        try:
            while self._actions.running(account, "sign_in") and not _waits(account):
                await changed.wait()
                changed.clear()
        finally:
            for stop in stops:
                stop()

    def _tell(self, accounts: "list[Account]") -> None:
        """Say how the round ended."""
        waiting = [account for account in accounts if _waits(account)]
        failed = [account for account in accounts if not isinstance(account.state, Active) and account not in waiting]
        parts = [_counted(len(accounts) - len(failed) - len(waiting), len(accounts))]
        if waiting:
            parts.append(translate("Round", "Waiting for the network: {names}.").format(names=_names(waiting)))
        if failed:
            parts.append(translate("Round", "Not signed in: {names}.").format(names=_names(failed)))
        kind = "urgent" if failed else "soon" if waiting else "fresh"
        self._actions.notified.emit("", kind, " ".join(parts))


def _counted(count: int, total: int) -> str:
    if count == total:
        return plural("{n} is signed in.", "All {n} are signed in.", total)
    return plural("{count} of {n} is signed in.", "{count} of {n} are signed in.", total, count=count)


def _names(accounts: "list[Account]") -> str:
    return ", ".join(account.settings.name for account in accounts)


def _waits(account: "Account") -> bool:
    return isinstance(account.state, Authorizing) and account.state.step == "network"
