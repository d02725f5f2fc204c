"""The balances of an account: assets with exact amounts, or storage space."""

from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Literal

import msgspec

# Wide enough that no sum or difference of two amounts is ever rounded (amounts have at most 60 digits either way).
EXACT = Context(prec=200)
# Why a row has no available amount: it is shared with the other rows, or part of what was reported is borrowed.
Remark = Literal["", "shared", "borrowed"]


class Holding(msgspec.Struct, frozen=True, gc=False):
    """One asset, with exact amounts in units of the asset (never float).

    `asset` is the provider's whole name, however long it is. `place` names the wallet where a provider has several
    ("Main", "Spot"), else "". An amount is None when the provider did not send it or when it could not be read.
    With a `remark` the available amount is None.
    """

    asset: str
    available: Decimal | None
    total: Decimal | None
    place: str = ""
    remark: Remark = ""

    @property
    def is_zero(self) -> bool:
        """Whether both figures are known to be zero. Of a shared row the total alone counts (Deribit Q17)."""
        if self.remark == "shared":
            return self.total is not None and not self.total
        available, total = self.available, self.total
        return available is not None and total is not None and not available and not total

    @property
    def in_use(self) -> Decimal | None:
        """Total less available. None when one of them is unknown."""
        if self.total is None or self.available is None:
            return None
        return EXACT.subtract(self.total, self.available)


class LeftOut(msgspec.Struct, frozen=True):
    """How many rows are missing, or have a figure that is. Nothing is left out in silence.

    `unread` rows hold no asset or no readable figure. `beyond` rows exceed the limit for one account.
    """

    unread: int = 0
    beyond: int = 0

    def __bool__(self) -> bool:
        return bool(self.unread or self.beyond)

    def __add__(self, other: "LeftOut") -> "LeftOut":
        return LeftOut(self.unread + other.unread, self.beyond + other.beyond)


NOTHING_LEFT_OUT = LeftOut()


class Reading(msgspec.Struct, frozen=True):
    """The rows of one or more calls, and what they lack. `unreadable` names the wallets that a key may not read."""

    holdings: tuple[Holding, ...]
    left_out: LeftOut = NOTHING_LEFT_OUT
    unreadable: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Holding]:
        return iter(self.holdings)

    def __len__(self) -> int:
        return len(self.holdings)


class Storage(msgspec.Struct, frozen=True):
    """The balance of an account that holds storage space. All figures are in bytes, and None when unknown."""

    used: int | None
    available: int | None
    size: int | None
    plan: str = ""
    plan_ends: str = ""
