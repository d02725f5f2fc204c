"""The balances of an account: assets with exact amounts, or storage space."""

from dataclasses import dataclass
from decimal import Context, Decimal

# Wide enough that no sum or difference of two amounts is ever rounded (amounts have at most 60 digits either way).
EXACT = Context(prec=200)


@dataclass(frozen=True, slots=True)
class Holding:
    """One asset, with exact amounts in units of the asset (never float).

    `place` names the wallet where a provider has several ("Main", "Spot"), else "".
    An amount is None when the provider did not send it or when it could not be read.
    """

    asset: str
    available: Decimal | None
    total: Decimal | None
    place: str = ""

    @property
    def is_zero(self) -> bool:
        """Whether both figures are known to be zero."""
        return self.available == 0 and self.total == 0

    @property
    def in_use(self) -> Decimal | None:
        """Total less available. None when one of them is unknown."""
        if self.total is None or self.available is None:
            return None
        return EXACT.subtract(self.total, self.available)


@dataclass(frozen=True, slots=True)
class Storage:
    """The balance of an account that holds storage space. All figures are in bytes, and None when unknown."""

    used: int | None
    available: int | None
    size: int | None
    plan: str = ""
    plan_ends: str = ""
