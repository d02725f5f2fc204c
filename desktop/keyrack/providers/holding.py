"""What a provider says an account holds."""

from dataclasses import dataclass
from decimal import Context, Decimal

# Wide enough that no sum or difference of two amounts is ever rounded (amounts have at most 60 digits either way).
EXACT = Context(prec=200)


@dataclass(frozen=True, slots=True)
class Holding:
    """One asset; amounts in units of the asset, exact (never float).

    `place` names the wallet where a provider has several ("Main", "Spot"), else "".
    None is a figure that the provider did not send or that could not be read.
    """

    asset: str
    available: Decimal | None
    total: Decimal | None
    place: str = ""

    @property
    def is_zero(self) -> bool:
        """Whether nothing is held: both figures are known to be zero."""
        return self.available == 0 and self.total == 0

    @property
    def in_use(self) -> Decimal | None:
        """Total less available."""
        if self.total is None or self.available is None:
            return None
        return EXACT.subtract(self.total, self.available)


@dataclass(frozen=True, slots=True)
class Storage:
    """An account whose balance is storage space; all in bytes."""

    used: int | None
    available: int | None
    size: int | None
    plan: str = ""
    plan_ends: str = ""
