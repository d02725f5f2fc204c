"""ccxt 4.5.90 reads main, trade and collateral balances of WhiteBIT's stand-in with a key that was issued there."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_calls import margin
from tests.independent.environments import answer_of, python_of
from tests.sandbox_people import PEOPLE
from tests.sandbox_process import RunningSandbox

LOCK = "ccxt-4.5.90.txt"
SCRIPT = "ccxt_whitebit.py"
PROVIDER = "whitebit-fast-key"
HOLDER = PEOPLE[PROVIDER]["pro"]
Figures = dict[str, tuple[Decimal, ...]]


@pytest.fixture(scope="module")
def python() -> Path:
    return python_of(LOCK)


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox.start() as sandbox:
        yield sandbox


def given(sandbox: RunningSandbox, **changed: str) -> dict[str, Any]:
    return {"base": sandbox.base(PROVIDER), **sandbox.ask("POST", "/keys", {"account": "pro"}), **changed}


def main(elapsed: float) -> Figures:
    found = {h.asset: portfolio.main(HOLDER, h, elapsed) for h in HOLDER.holdings}
    return {asset: (amount, Decimal(0), amount) for asset, amount in found.items()}


def trade(elapsed: float) -> Figures:
    found = {h.asset: portfolio.spot(HOLDER, h, elapsed) for h in HOLDER.holdings if h.total}
    return {asset: (free, held, free + held) for asset, (free, held) in found.items()}


def collateral(elapsed: float) -> Figures:
    """The call tells totals alone."""
    return {asset: (amount,) for asset, amount in margin(HOLDER, elapsed).items()}


def test_ccxt_reads_every_wallet_with_an_issued_key(python: Path, sandbox: RunningSandbox) -> None:
    """Signed with HMAC-SHA512 by code that is not ours; every digit of every wallet is the sandbox's own."""
    answer = answer_of(python, SCRIPT, given(sandbox))
    assert answer["ccxt"] == "4.5.90"
    assert is_kept(answer["main"], sandbox, "main", main)
    assert is_kept(answer["trade"], sandbox, "trade", trade)
    assert is_kept(answer["collateral"], sandbox, "collateral", collateral)
    assert len(answer["trade"]["ETH"][0].partition(".")[2]) == 18
    assert {"BTC/USDT", "ETH/USDT"} <= set(answer["prices"])
    assert not sandbox.log(PROVIDER, "unknown")


def is_kept(
    printed: dict[str, list[str]], sandbox: RunningSandbox, endpoint: str, kept: Callable[[float], Figures]
) -> bool:
    """Whether each asset shows exactly what the sandbox kept when it was asked, or within the seconds around it."""
    (asked,) = sandbox.log(PROVIDER, endpoint)
    assert (asked["status"], asked["account"], asked["unexpected"]) == (200, "pro", [])
    moments = [kept(asked["at"] + step / 10) for step in range(-10, 41)]
    assert set(printed) == set(moments[0])
    found = {asset: tuple(Decimal(part) for part in row if part != "None") for asset, row in printed.items()}
    return all(any(row == known[asset] for known in moments) for asset, row in found.items())


def test_ccxt_is_refused_with_a_wrong_secret(python: Path, sandbox: RunningSandbox) -> None:
    """The proof would be worth nothing if the sandbox took any signature."""
    with pytest.raises(AssertionError, match="Error: whitebit "):
        answer_of(python, SCRIPT, given(sandbox, apiSecret="0" * 64))
    assert [row["status"] for row in sandbox.log(PROVIDER, "main")] == [401]
    assert not sandbox.log(PROVIDER, "trade")
