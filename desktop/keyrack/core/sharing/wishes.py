"""Asks the host that renews an account for a newer token, and answers such wishes where this host is the one."""

import asyncio
import logging
from collections.abc import Callable

import msgspec

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Retrying
from keyrack.core.scheduling.running_tasks import RunningTasks
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import Condition, Put, Removal, SharedStore
from keyrack.core.sharing.group_entries import WISHES, GroupEntries
from keyrack.core.sharing.group_records import GroupRecords
from keyrack.core.sharing.sharing_failures import NotRenewedThere
from keyrack.core.tokens.refresher import Refresher
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure

PATIENCE = 30.0
_AGAIN = 5.0
_log = logging.getLogger(__name__)


class TokenWish(msgspec.Struct, frozen=True):
    """A host wants a token that is newer than this generation, because it refused or ends too soon."""

    generation: int
    host: str


class Wishes:
    """The wishes of this host and of the others. There is one for each account, however many ask."""

    def __init__(
        self,
        store: SharedStore,
        seal: Seal,
        entries: GroupEntries,
        records: GroupRecords,
        refresher: Refresher,
        clock: Clock,
    ) -> None:
        self._store = store
        self._seal = seal
        self._entries = entries
        self._records = records
        self._refresher = refresher
        self._clock = clock
        self._waiting: RunningTasks[str] = RunningTasks()
        self._answering: RunningTasks[str] = RunningTasks()
        self._calming: RunningTasks[str] = RunningTasks()

    async def renew(self, account: Account) -> None:
        """Have the account renewed where it is, and wait up to 30 s for the token. Callers at the same time are joined.

        What goes wrong is shown in the account's state as a renewal that failed.
        """
        await asyncio.wait({self._waiting.start(account.id, lambda: self._renew(account))})

    async def _renew(self, account: Account) -> None:
        before = account.state
        why: Failure | None = None
        try:
            async with asyncio.timeout(PATIENCE):
                came = await self._wish(account)
        except TimeoutError:
            came = False
        except Failure as failure:
            came, why = False, failure
        if came or not isinstance(before, Active) or account.state is not before:
            return
        why = why or NotRenewedThere(host=account.renewer.host if account.renewer is not None else "")
        retrying = Active(before.credential, Retrying(self._clock.elapsed() + _AGAIN, why))
        if account.become(retrying, expected=before):
            self._calming.start(account.id, lambda: self._calm(account))

    async def _calm(self, account: Account) -> None:
        """Nothing tries again by itself, because another host renews. What there is serves until it ends."""
        while account.renewed_elsewhere:
            state = account.state
            if not isinstance(state, Active) or not isinstance(state.renewal, Retrying):
                return
            await asyncio.sleep(state.renewal.at - self._clock.elapsed())
            if state.renewal.at <= self._clock.elapsed():
                account.become(Active(state.credential), expected=state)

    async def _wish(self, account: Account) -> bool:
        """Write the wish and wait for a newer generation. Returns whether it came."""
        generation = self._generation(account.id)
        key = self._entries.key(WISHES, account.id)
        there = self._entries.wishes.get(account.id)
        modified = there.modified if there is not None else 0
        if there is None or self._read(there.key, there.value).generation < generation:
            plain = msgspec.json.encode(TokenWish(generation, self._records.host))
            sealed = self._seal.close(key, modified or self._entries.revision, plain)
            # Where another host wished at the same moment, its wish does as well.
            result = await self._store.commit((Condition(key, modified=modified),), (Put(key, sealed),))
            self._entries.wrote(result.entries)
        return await self._newer(account, generation)

    async def _newer(self, account: Account, generation: int) -> bool:
        changed = asyncio.Event()
        stop = self._entries.changed.connect(lambda ids: changed.set() if account.id in ids else None)
        try:
            while self._generation(account.id) <= generation and account.id in self._entries.wishes:
                if self._records.leads(account.id):  # the host that was asked is gone
                    await self._refresher.renew(account)
                    return self._generation(account.id) > generation
                changed.clear()
                await changed.wait()
        finally:
            stop()
        await self._records.adopt(account.id)
        return self._generation(account.id) > generation

    def look(self, accounts: Callable[[str], Account | None]) -> None:
        """Answer the wishes for accounts that this host renews."""
        for id in tuple(self._entries.wishes):
            account = accounts(id)
            if account is not None and self._records.leads(id) and id not in self._answering:
                self._answering.start(id, lambda account=account: self._answer(account))  # type: ignore[misc]

    async def _answer(self, account: Account) -> None:
        there = self._entries.wishes.get(account.id)
        if there is None:
            return
        try:
            if self._generation(account.id) <= self._read(there.key, there.value).generation:
                await self._refresher.renew(account)
            done = await self._store.commit((Condition(there.key, modified=there.modified),), (Removal(there.key),))
            if done.happened:
                self._entries.wishes.pop(account.id, None)
        except Failure as why:
            _log.info("a wish of another host could not be answered: %s", why.in_english())

    def _generation(self, id: str) -> int:
        held = self._entries.accounts.get(id)
        return held.entry.generation if held is not None else 0

    def _read(self, key: str, value: bytes | None) -> TokenWish:
        """The wish. One that cannot be read asks for nothing."""
        try:
            return msgspec.json.decode(self._seal.open(key, value or b"").plain, type=TokenWish)
        except (Failure, msgspec.DecodeError):
            return TokenWish(-1, "")

    async def close(self) -> None:
        """End what waits."""
        await self._calming.close()
        await self._waiting.close()
        await self._answering.close()
