"""The file `history.sqlite`: one row for each account and moment.

It has a rollback journal, not a write-ahead log: there is one writer with one transaction every ten minutes, and so
there is one file in the folder between two of them, which works on a network file system too. SQLite rolls a torn
write back from the journal at the next opening, and with `synchronous=FULL` a power failure costs that write alone.
The file is opened for each piece of work and closed after it, so that nothing of it stays in memory.
`PRAGMA user_version` is the number of the format, and `secure_delete` overwrites what is removed.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import msgspec

from keyrack.core.history.course import Course, Point
from keyrack.core.history.history_failures import HistoryDamaged, HistoryNewer, HistoryNotKept
from keyrack.core.history.history_rescue import readable_rows
from keyrack.core.history.history_row import NAME, AssetPart, HistoryRow
from keyrack.core.history.periods import DAY, HOUR, YEAR, Period
from keyrack.core.preferences.all_settings import CURRENCIES
from keyrack.core.system.private_file import open_private, private_folder, put_aside
from keyrack.language.translation import Phrase, mark

FORMAT = 1
LARGEST = 256 * 1024 * 1024
FINE, HOURLY = 2 * DAY, 30 * DAY
_PAGE = 4096
_BUSY_SECONDS = 2.0
_COLUMNS = tuple(currency.lower() for currency in CURRENCIES)
_SCHEMA = f"""
CREATE TABLE snapshot (
    account TEXT NOT NULL, at INTEGER NOT NULL, dollar TEXT NOT NULL, {", ".join(f"{name} TEXT" for name in _COLUMNS)},
    priceless INTEGER NOT NULL, assets TEXT NOT NULL, PRIMARY KEY (account, at)
) WITHOUT ROWID
"""
_INSERT = f"INSERT OR REPLACE INTO snapshot VALUES ({', '.join('?' * (5 + len(_COLUMNS)))})"  # noqa: S608
_SERIES = (
    "SELECT at / ?, max(at), {} FROM snapshot WHERE account = ? AND at >= ? AND at <= ? AND {} NOT NULL GROUP BY 1"
)
_ROWS = "SELECT * FROM snapshot WHERE account = ? AND at > ? AND at <= ? ORDER BY at LIMIT ?"
# Of each account and stretch of time, all rows but the last.
_THIN = """
DELETE FROM snapshot WHERE at < :end AND EXISTS (
    SELECT 1 FROM snapshot AS later WHERE later.account = snapshot.account
    AND later.at > snapshot.at AND later.at < (snapshot.at / :slot + 1) * :slot
)
"""
_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
_REASONS = {
    "SQLITE_FULL": mark("the disk is full, or the history as large as it may become"),
    "SQLITE_READONLY": mark("it cannot be written to"),
    "SQLITE_BUSY": mark("another program works on it"),
    "SQLITE_LOCKED": mark("another program works on it"),
    "SQLITE_CANTOPEN": mark("it cannot be opened"),
    "SQLITE_IOERR": mark("the disk reported an error"),
}
Stored = tuple[str, int, str, str | None, str | None, str | None, str | None, int, str]
T = TypeVar("T")


class HistoryFile:
    """The rows in the state folder. Every call opens the file and closes it.

    Raises HistoryNewer, HistoryNotKept, or HistoryDamaged after the file was put aside and what is readable of it was
    kept. A missing file is empty.
    """

    def __init__(self, state: Path, largest: int = LARGEST, busy_seconds: float = _BUSY_SECONDS) -> None:
        self.path = state / NAME
        self._largest = largest
        self._busy_seconds = busy_seconds

    def append(self, rows: Iterable[HistoryRow]) -> None:
        """Write all of them, or none."""
        stored = [_stored(each) for each in rows]
        self._work(lambda file: file.executemany(_INSERT, stored), making=True)

    def forget(self, accounts: Iterable[str]) -> None:
        """Delete all rows of these accounts."""
        self._work(lambda file: file.executemany("DELETE FROM snapshot WHERE account = ?", [(id,) for id in accounts]))

    def thin(self, now: float, *, end: bool) -> None:
        """Keep every row of two days, one an hour of thirty, one a day before. With `end`, none that is a year old."""

        def work(file: sqlite3.Connection) -> None:
            file.execute(_THIN, {"end": int(now) - FINE, "slot": HOUR})
            file.execute(_THIN, {"end": int(now) - HOURLY, "slot": DAY})
            if end:
                file.execute("DELETE FROM snapshot WHERE at < ?", (int(now) - YEAR,))

        self._work(work)

    def forget_others(self, accounts: Sequence[str], before: float) -> None:
        """Delete the rows of every account but these whose newest row is from before a wall time."""

        def work(file: sqlite3.Connection) -> None:
            found = file.execute("SELECT account FROM snapshot GROUP BY 1 HAVING max(at) < ?", (int(before),))
            gone = {id for (id,) in found.fetchall()} - set(accounts)
            file.executemany("DELETE FROM snapshot WHERE account = ?", [(id,) for id in gone])

        self._work(work)

    def courses(self, accounts: Sequence[str], period: Period, currency: str, now: float) -> dict[str, Course]:
        """The course of each account of which something is known in the period. What is after `now` is left out."""
        column, begin, first = _column(currency), period.begin(now), period.first_slot(now)

        def work(file: sqlite3.Connection) -> dict[str, Course]:
            found = {}
            for id in accounts:
                slots: list[Point | None] = [None] * period.count
                rows = file.execute(_SERIES.format(column, column), (period.slot, id, begin, int(now)))
                for slot, at, amount in rows:
                    slots[slot - first] = Point(at, _finite(amount))
                if any(slots):
                    found[id] = Course(tuple(slots))
            return found

        return self._work(work) or {}

    def rows(self, account: str, after: int, now: float, most: int) -> list[HistoryRow]:
        """The next rows of an account after a wall time, oldest first."""
        parameters = (account, after, int(now), most)
        return self._work(lambda file: [_row(row) for row in file.execute(_ROWS, parameters)]) or []

    def _work(self, work: Callable[[sqlite3.Connection], T], *, making: bool = False) -> T | None:
        """Do a piece of work in one transaction. None where there is no file and none is to be made."""
        try:
            if not self._ready(making=making):
                return None
            with contextlib.closing(self._connected()) as file:
                if not self._has_tables(file, making=making):
                    return None
                with _transaction(file):
                    return work(file)
        except OSError as error:
            raise HistoryNotKept(self.path, error.strerror or type(error).__name__) from None
        except sqlite3.Error as error:
            raise self._failed(error) from None
        except (ArithmeticError, ValueError, TypeError, msgspec.MsgspecError):  # rows that Keyrack did not write
            raise self._put_aside() from None

    def _ready(self, *, making: bool) -> bool:
        """Give the file its rights, and make it where that is wanted. Returns whether it is there."""
        if making:
            private_folder(self.path.parent)
            os.close(open_private(self.path, os.O_RDWR | os.O_CREAT))
        return self.path.exists()

    def _connected(self) -> sqlite3.Connection:
        file = sqlite3.connect(self.path, timeout=self._busy_seconds, isolation_level=None)
        file.execute("PRAGMA temp_store = MEMORY")
        file.execute("PRAGMA synchronous = FULL")
        file.execute("PRAGMA secure_delete = ON")
        file.execute(f"PRAGMA max_page_count = {self._largest // _PAGE}")
        return file

    def _has_tables(self, file: sqlite3.Connection, *, making: bool) -> bool:
        """Check the format, and make the tables where that is wanted. Returns whether they are there."""
        (version,) = file.execute("PRAGMA user_version").fetchone()
        (tables,) = file.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if version > FORMAT:
            raise HistoryNewer(self.path)
        if version == 0 and tables == 0:
            if making:
                file.execute(f"PRAGMA page_size = {_PAGE}")
                with _transaction(file):
                    file.execute(_SCHEMA)
                    file.execute(f"PRAGMA user_version = {FORMAT}")
            return making
        if version < FORMAT:
            raise ValueError("the tables are of no format")
        return True

    def _failed(self, error: sqlite3.Error) -> HistoryNotKept | HistoryDamaged:
        name = getattr(error, "sqlite_errorname", "")
        kind = "_".join(name.split("_")[:2])
        with contextlib.suppress(OSError):  # a disk that is full has room for an empty file, which is of no use
            if not self.path.stat().st_size:
                self.path.unlink()
        if kind in _DAMAGED or kind == "SQLITE_ERROR":  # a table or column that is not as it was made
            return self._put_aside()
        return HistoryNotKept(self.path, Phrase(_REASONS.get(kind, name or type(error).__name__)))

    def _put_aside(self) -> HistoryNotKept | HistoryDamaged:
        try:
            aside = put_aside(self.path)
        except OSError as error:
            return HistoryNotKept(self.path, error.strerror or type(error).__name__)
        return HistoryDamaged(aside, self._rescue(aside))

    def _rescue(self, aside: Path) -> int:
        """Begin a new file with every row that the damage left readable. Returns how many there are."""
        if next(readable_rows(aside, FORMAT, _is_good), None) is None:
            return 0
        try:
            self._ready(making=True)
            with contextlib.closing(self._connected()) as file:
                self._has_tables(file, making=True)
                with _transaction(file):
                    file.executemany(_INSERT, readable_rows(aside, FORMAT, _is_good))
                    (count,) = file.execute("SELECT count(*) FROM snapshot").fetchone()
        except (OSError, sqlite3.Error):  # no room for it: the file that was put aside still has all of it
            return 0
        return int(count)


@contextlib.contextmanager
def _transaction(file: sqlite3.Connection) -> Iterator[None]:
    file.execute("BEGIN")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # SQLite has rolled it back itself
            file.execute("ROLLBACK")
        raise
    file.execute("COMMIT")


def _column(currency: str) -> str:
    """The column of a currency. Raises ValueError for one that is not kept."""
    column: str = _COLUMNS[CURRENCIES.index(currency)]
    return column


def _stored(one: HistoryRow) -> tuple[object, ...]:
    assets = [(part.asset, _text(part.amount), _text(part.value)) for part in one.assets]
    text = msgspec.json.encode(assets).decode()
    return (one.account, one.at, one.dollar, *map(_text, one.totals), one.priceless, text)


def _row(row: Sequence[object]) -> HistoryRow:
    account, at, dollar, *totals, priceless, text = msgspec.convert(row, Stored)
    parts = msgspec.json.decode(text, type=list[tuple[str, str | None, str | None]])
    assets = tuple(AssetPart(asset, _decimal(amount), _decimal(value)) for asset, amount, value in parts)
    return HistoryRow(account, at, dollar, tuple(map(_decimal, totals)), priceless, assets)


def _is_good(row: Sequence[object]) -> bool:
    try:
        _row(row)
    except (ArithmeticError, ValueError, TypeError, msgspec.MsgspecError):
        return False
    return True


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else _finite(text)


def _finite(text: str) -> Decimal:
    """The amount. Raises ValueError for what none of ours is, as NaN."""
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError("an amount is a finite number")
    return value
