"""ccxt 4.4.60, the last line that knows ProBit, signs in to the sandbox and reads the balances that are kept there."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keyrack.sandbox.people import portfolio
from tests.independent.environments import answer_of, python_of
from tests.sandbox_people import PEOPLE
from tests.sandbox_process import RunningSandbox
from tests.until import until

LOCK = "ccxt-4.4.60.txt"
SCRIPT = "ccxt_probit.py"
Figures = dict[str, tuple[Decimal, Decimal, Decimal]]


@pytest.fixture(scope="module")
def python() -> Path:
    return python_of(LOCK)


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox.start() as sandbox:
        yield sandbox


def given(sandbox: RunningSandbox, websocket: str = "") -> dict[str, Any]:
    return {**sandbox.client("probit"), "base": sandbox.base("probit"), "websocket": websocket}


def kept(elapsed: float) -> Figures:
    """Free, used and total as the sandbox keeps them at a moment of its clock."""
    holder = PEOPLE["probit"]["desk"]
    moved = {h.asset: portfolio.spot(holder, h, elapsed) for h in holder.holdings}
    return {asset: (free, used, free + used) for asset, (free, used) in moved.items()}


def read(found: dict[str, list[str]]) -> Figures:
    """What ccxt printed, as exact numbers."""
    return {asset: (Decimal(row[0]), Decimal(row[1]), Decimal(row[2])) for asset, row in found.items()}


def is_kept(found: Figures, moments: list[float]) -> bool:
    """Whether each asset shows exactly what was kept at one of these moments, or within the seconds around it.

    The log is written a little before the answer is made, on a busy machine even seconds before.
    """
    figures = [kept(moment + step / 10) for moment in moments for step in range(-10, 41)]
    assert set(found) == set(figures[0])
    return all(any(row == known[asset] for known in figures) for asset, row in found.items())


def test_ccxt_signs_in_and_reads_balances_over_rest(python: Path, sandbox: RunningSandbox) -> None:
    answer = answer_of(python, SCRIPT, given(sandbox))
    assert answer["ccxt"] == "4.4.60"
    assert int(answer["expires_in"]) == 900
    (asked,) = sandbox.log("probit", "balance")
    assert (asked["status"], asked["client_id"]) == (200, sandbox.client("probit")["client_id"])
    assert is_kept(read(answer["balances"]), [asked["at"]])
    assert len(answer["balances"]["ETH"][2].partition(".")[2]) == 18
    assert {"BTC/USDT", "ETH/USDT"} <= set(answer["prices"])
    assert not sandbox.log("probit", "unknown")


def test_ccxt_is_refused_with_a_wrong_secret(python: Path, sandbox: RunningSandbox) -> None:
    """The proof would be worth nothing if the sandbox let anybody in."""
    with pytest.raises(AssertionError, match="invalid_grant"):
        answer_of(python, SCRIPT, {**given(sandbox), "client_secret": "invented"})
    assert not sandbox.log("probit", "balance")


async def test_ccxt_signs_in_and_watches_balances_over_its_websocket(python: Path, sandbox: RunningSandbox) -> None:
    """Q6, Q7: an object keyed by asset, a snapshot and then what changed, merged by ccxt."""
    address = sandbox.base("probit").replace("http://", "ws://") + "/api/exchange/v1/ws"
    watching = asyncio.create_task(asyncio.to_thread(answer_of, python, SCRIPT, given(sandbox, address)))
    await until(lambda: watching.done() or bool(sandbox.log("probit", "ws.subscribe")), 60)
    sandbox.advance(60)
    answer = await watching
    snapshot, changed = (read(balances) for balances in answer["balances"])
    (subscribed,) = sandbox.log("probit", "ws.subscribe")
    pushed = [row["at"] for row in sandbox.log("probit", "ws.push")]
    assert pushed
    assert is_kept(snapshot, [subscribed["at"]])
    assert is_kept(changed, [subscribed["at"], *pushed])
    assert changed != snapshot
    assert [row["status"] for row in sandbox.log("probit", "ws")] == [101]
    assert not sandbox.log("probit", "balance")
