"""Whom newer figures of a stream wake: nobody, unless they are more than newer figures."""

from dataclasses import replace
from decimal import Decimal

import pytest

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.collection import Accounts
from keyrack.primitives.failure import Failure
from keyrack.providers.holding import Holding


def pushed(total: int = 1, *, taken: float = 1.0) -> Balances:
    return Balances((Holding("BTC", Decimal(total), Decimal(total)),), taken, "push")


class Heard:
    """One account of a collection, and what was told of it."""

    def __init__(self) -> None:
        settings = Settings("a", "A", "p", "r", "client_credentials", "c")
        self.account = Account(settings, Activity([], lambda: 0.0))
        self.accounts = Accounts()
        self.accounts.add(self.account)
        self.told: list[str] = []
        self.account.changed.connect(lambda: self.told.append("changed"))
        self.account.pushed.connect(lambda: self.told.append("pushed"))
        self.accounts.touched.connect(lambda _: self.told.append("touched"))

    def of(self, *shown: Balances | None) -> list[str]:
        """What is told of the last of these snapshots."""
        for balances in shown:
            self.told.clear()
            self.account.show_balances(balances)
        return self.told


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_newer_figures_wake_nobody_and_are_counted(heard: Heard) -> None:
    assert heard.of(pushed()) == ["touched", "changed"]
    before = heard.accounts.version
    assert heard.of(pushed(2, taken=2.0)) == ["pushed"]
    assert heard.accounts.version > before, "the sum of all is another one"
    heard.accounts.remove(heard.account)
    before = heard.accounts.version
    heard.of(pushed(3))
    assert heard.accounts.version == before


@pytest.mark.parametrize(
    "newer",
    [
        None,
        replace(pushed(), source="poll"),
        replace(pushed(), failure=Failure("unexpected")),
        Balances((), 2.0, "push"),
    ],
    ids=["none", "no longer live", "a failure", "nothing is held"],
)
def test_what_says_more_than_newer_figures_is_told_to_all(heard: Heard, newer: Balances | None) -> None:
    assert heard.of(pushed(), newer) == ["touched", "changed"]
    assert heard.of(newer, pushed()) == ["touched", "changed"], "and so is the way back"
