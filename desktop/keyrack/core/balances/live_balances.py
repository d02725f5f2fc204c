"""Shows what a stream sends of one account, and merges it with what is polled."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.state import Active
from keyrack.language.translation import translated
from keyrack.messages.catalogue import message
from keyrack.primitives.clock import Clock
from keyrack.providers.api.balance_rows import MOST_ROWS
from keyrack.providers.api.stream import Delta, NotPushed, Snapshot
from keyrack.providers.holding import NOTHING_LEFT_OUT, Holding, LeftOut

SHOW_SECONDS = 0.25


class LiveRows:
    """The newest row of each asset and wallet, exactly as it arrived."""

    def __init__(self, holdings: Iterable[Holding] = ()) -> None:
        self._rows = {(row.asset, row.place): row for row in holdings}

    def replace(self, holdings: Iterable[Holding], places: frozenset[str] | None = None) -> None:
        """Apply a snapshot of everything, or of the wallets in `places` alone."""
        kept = () if places is None else (row for row in self._rows.values() if row.place not in places)
        self._rows = {(row.asset, row.place): row for row in (*kept, *holdings)}

    def replace_others(self, is_pushed: Callable[[Holding], bool], others: Iterable[Holding]) -> None:
        """Apply a snapshot of every row that is not pushed."""
        kept = (row for row in self._rows.values() if is_pushed(row))
        self._rows = {(row.asset, row.place): row for row in (*kept, *(o for o in others if not is_pushed(o)))}

    def update(self, holdings: Iterable[Holding]) -> int:
        """Apply the rows that changed. Returns how many were left out.

        A row that is zero is removed. No more rows are kept than the limit for one account.
        """
        beyond = 0
        for row in holdings:
            key = (row.asset, row.place)
            if row.is_zero:
                self._rows.pop(key, None)
            elif key in self._rows or len(self._rows) < MOST_ROWS:
                self._rows[key] = row
            else:
                beyond += 1
        return beyond

    def holdings(self) -> tuple[Holding, ...]:
        """All rows."""
        return tuple(self._rows.values())


class LiveBalances:
    """One account's live balances. They are shown at most four times a second, whatever the provider sends.

    `has_snapshot` is true from the first snapshot of a connection on. `places` are the wallets that the stream sends,
    None for all. `unpushed` are the assets of which it sends nothing.
    """

    def __init__(self, account: Account, clock: Clock, leaves_out: str) -> None:
        self._account = account
        self._clock = clock
        self._leaves_out = leaves_out
        self._live_rows = LiveRows()
        self._received_at = 0.0
        self._shown_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.connected = False
        self.has_snapshot = False
        self.places: frozenset[str] | None = None
        self.unpushed: frozenset[str] = frozenset()
        self._left_out = NOTHING_LEFT_OUT

    @property
    def is_complete(self) -> bool:
        """Whether the stream sends all that the account holds."""
        return self.has_snapshot and self.places is None and not self.unpushed

    def connection_opened(self, places: frozenset[str] | None) -> None:
        """Start from what is shown now, since a message without a snapshot before it changes that (ProBit Q11)."""
        old = self._account.balances
        self._live_rows = LiveRows(old.holdings if old else ())
        self.places, self.unpushed = places, frozenset()
        self._left_out = old.left_out if old else NOTHING_LEFT_OUT
        self.connected, self.has_snapshot = True, False

    def apply(self, event: Snapshot | Delta | NotPushed) -> None:
        """Apply an event of the stream."""
        match event:
            case NotPushed():
                self.unpushed = event.assets
            case Snapshot():
                self._live_rows.replace(event.holdings, event.places)
                self.has_snapshot = True
                self._left_out = event.left_out
            case Delta():
                beyond = self._live_rows.update(event.holdings)
                self._left_out += event.left_out + LeftOut(beyond=beyond)
        self._received_at = self._clock.wall()
        self._show_soon()

    def merge(self, polled: Balances) -> Balances:
        """What to show after a poll succeeded. The stream's own wallets are newer than any response."""
        if not self.connected:
            return polled
        if not self.has_snapshot:
            self._live_rows.replace(polled.holdings)
            return polled
        self._live_rows.replace_others(self._is_pushed, polled.holdings)
        return replace(
            polled, holdings=self._live_rows.holdings(), source="push", leaves_out=self._words(polled.leaves_out)
        )

    def _is_pushed(self, row: Holding) -> bool:
        return row.asset not in self.unpushed and (self.places is None or row.place in self.places)

    def _words(self, leaves_out: str) -> str:
        """What is left out, and which assets are not live."""
        if not self.unpushed:
            return leaves_out
        said = message("currencies_polled", {"assets": ", ".join(sorted(self.unpushed))}).happened
        return leaves_out if said in leaves_out else f"{leaves_out} {said}".strip()

    def _show_soon(self) -> None:
        loop = asyncio.get_running_loop()
        wait = self._shown_at + SHOW_SECONDS - loop.time()
        if wait <= 0:
            self._show()
        elif self._timer is None:
            self._timer = loop.call_later(wait, self._show)

    def _show(self) -> None:
        self._stop_waiting()
        self._shown_at = asyncio.get_running_loop().time()
        if isinstance(self._account.state, Active):
            self._account.show_balances(self._balances())

    def _balances(self) -> Balances:
        """All balances. What a poll found of the other wallets stays, also its failure."""
        old, holdings = self._account.balances, self._live_rows.holdings()
        if old is not None and self.places is not None:
            return replace(old, holdings=holdings, taken=self._received_at, source="push")
        storage, words = old.storage if old else None, self._words(translated(self._leaves_out))
        return Balances(holdings, self._received_at, "push", storage, words, left_out=self._left_out)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def connection_lost(self) -> None:
        """Keep the last balances, which no longer count as live."""
        if self._timer is not None:
            self._show()
        self.close()
        old = self._account.balances
        if old is not None and old.source == "push" and isinstance(self._account.state, Active):
            self._account.show_balances(replace(old, source="poll"))

    def close(self) -> None:
        """Show nothing more."""
        self._stop_waiting()
        self.connected = self.has_snapshot = False
