"""What one account holds, row by row, while a stream tells what changes."""

from collections.abc import Iterable

from keyrack.providers.api.amounts import MOST_ROWS
from keyrack.providers.holding import Holding


class Figures:
    """The newest row of each asset and wallet, exactly as it was told."""

    def __init__(self, holdings: Iterable[Holding] = ()) -> None:
        self._rows = {(row.asset, row.place): row for row in holdings}

    def replace(self, holdings: Iterable[Holding], places: frozenset[str] | None = None) -> None:
        """Take a snapshot of everything, or of the wallets in `places` alone."""
        kept = () if places is None else (row for row in self._rows.values() if row.place not in places)
        self._rows = {(row.asset, row.place): row for row in (*kept, *holdings)}

    def keep(self, places: frozenset[str], others: Iterable[Holding]) -> None:
        """Take a snapshot of every wallet but those in `places`."""
        kept = (row for row in self._rows.values() if row.place in places)
        self._rows = {(row.asset, row.place): row for row in (*kept, *(o for o in others if o.place not in places))}

    def change(self, holdings: Iterable[Holding]) -> None:
        """Take the rows that changed; a row that is zero is gone, and no more rows are kept than anyone may hold."""
        for row in holdings:
            key = (row.asset, row.place)
            if row.is_zero:
                self._rows.pop(key, None)
            elif key in self._rows or len(self._rows) < MOST_ROWS:
                self._rows[key] = row

    def holdings(self) -> tuple[Holding, ...]:
        """All rows."""
        return tuple(self._rows.values())
