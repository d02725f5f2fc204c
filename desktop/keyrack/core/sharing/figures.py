"""The balances of shared accounts: asked for by the host that renews, shown on all with the time at which it asked."""

import asyncio
import logging
from collections.abc import Iterable

import msgspec

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import Condition, Put, SharedStore
from keyrack.core.sharing.group_entries import FIGURES, GroupEntries
from keyrack.core.sharing.own_parts import OwnParts
from keyrack.language.translation import translated
from keyrack.primitives.failure import Failure
from keyrack.providers.holding import NOTHING_LEFT_OUT, Holding, LeftOut, Storage

# The store is asked at most this often, for all accounts together. Streams change figures many times a second.
EVERY = 15.0
# A transaction of etcd has at most 128 operations: each of these reads two keys and writes one.
TOGETHER = 40
_LARGEST = 256 * 1024

_log = logging.getLogger(__name__)


class SharedFigures(msgspec.Struct, frozen=True):
    """The balances of an account with the wall time of the host that asked for them."""

    host: str
    taken: float
    holdings: tuple[Holding, ...]
    storage: Storage | None = None
    left_out: LeftOut = NOTHING_LEFT_OUT


class Figures:
    """Sends the figures of the accounts that this host renews, and shows those of all others."""

    def __init__(self, store: SharedStore, seal: Seal, entries: GroupEntries, parts: OwnParts, host: str) -> None:
        self._store = store
        self._seal = seal
        self._entries = entries
        self._parts = parts
        self._host = host
        self._sent: dict[str, float] = {}
        self._shown: dict[str, int] = {}

    async def run(self) -> None:
        """Send what is new every 15 s, until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.send()
            except Failure as why:
                _log.info("the figures could not be shared: %s", why.in_english())

    async def send(self) -> None:
        """Send the figures that are newer than what was sent. Raises the failure of the store."""
        due = [account for account in self._parts.accounts if self._is_new(account)]
        for start in range(0, len(due), TOGETHER):
            await self._send_together(due[start : start + TOGETHER])

    def _is_new(self, account: Account) -> bool:
        held = account.balances
        if held is None or not account.settings.group or self._entries.election.mine(account.id) is None:
            return False
        return held.taken != self._sent.get(account.id)

    async def _send_together(self, accounts: Iterable[Account]) -> None:
        conditions, writes, sent = [], [], {}
        for account in accounts:
            held, mine = account.balances, self._entries.election.mine(account.id)
            if held is None or mine is None:
                continue
            key = self._entries.key(FIGURES, account.id)
            plain = msgspec.json.encode(
                SharedFigures(self._host, held.taken, held.holdings, held.storage, held.left_out)
            )
            sent[account.id] = held.taken
            if len(plain) > _LARGEST:
                continue
            before = self._entries.figures.get(account.id)
            follows = before.modified if before is not None else self._entries.revision
            conditions.append(Condition(self._entries.election.key(account.id), modified=mine))
            writes.append(Put(key, self._seal.close(key, follows, plain)))
        if writes:
            result = await self._store.commit(conditions, writes)
            self._entries.wrote(result.entries)
            if not result.happened:
                return  # another host renews one of them, which its entry now says
        self._sent.update(sent)

    def show(self, ids: Iterable[str]) -> None:
        """Show the figures of these accounts where another host asks for them."""
        for id in ids:
            account, change = self._parts.accounts.find(id), self._entries.figures.get(id)
            if account is None or change is None or not account.renewed_elsewhere:
                continue
            if self._shown.get(id) == change.modified:
                continue
            self._shown[id] = change.modified
            try:
                plain = self._seal.open(change.key, change.value or b"").plain
                found = msgspec.json.decode(plain, type=SharedFigures)
            except (Failure, msgspec.DecodeError) as why:
                _log.warning("figures of another host could not be read: %s", type(why).__name__)
                continue
            words = translated(self._parts.sites.of(account).provider.leaves_out)
            taken = found.taken + self._entries.offset(found.host)
            account.show_balances(
                Balances(found.holdings, taken, "poll", found.storage, words, left_out=found.left_out)
            )
