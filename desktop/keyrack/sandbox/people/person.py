"""A person at a provider, and what they hold there."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Holding:
    """One asset: in the trading account with `held` in orders, and `main` in the account beside it."""

    asset: str
    total: Decimal
    held: Decimal = _NOTHING
    main: Decimal = _NOTHING
    digits: int = 8


@dataclass(frozen=True)
class Person:
    """One person at one provider. Storage figures are bytes."""

    name: str
    email: str
    seed: int
    holdings: tuple[Holding, ...] = ()
    storage: int = 0
    used: int = 0
    plan: str = ""


People = Mapping[str, Person]
