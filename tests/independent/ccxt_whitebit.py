"""Runs in ccxt's own environment: reads a WhiteBIT account at `base` with an issued key and prints it as JSON.

Standard input: {"base", "apiKey", "apiSecret"}. Figures are ccxt's exact strings: `number` is told to be `str`.
"""

import json
import sys
from typing import Any

import ccxt


def exchange_at(given: dict[str, Any]) -> Any:
    """WhiteBIT with every address turned to the sandbox."""
    api = f"{given['base']}/api"
    urls = {v: {"public": f"{api}/{v}/public", "private": f"{api}/{v}"} for v in ("v1", "v2", "v4")}
    made = ccxt.whitebit({"apiKey": given["apiKey"], "secret": given["apiSecret"], "urls": {"api": urls}})
    made.number = str
    return made


def balances(answer: dict[str, Any]) -> dict[str, list[str]]:
    """Free, used and total of each asset."""
    assets = answer["total"]
    return {asset: [str(answer[asset][part]) for part in ("free", "used", "total")] for asset in assets}


if __name__ == "__main__":
    exchange = exchange_at(json.load(sys.stdin))
    found = {
        "ccxt": ccxt.__version__,
        "main": balances(exchange.fetch_balance({"account": "main"})),
        "trade": balances(exchange.fetch_balance()),
        "collateral": balances(exchange.fetch_balance({"type": "swap"})),
        "prices": {symbol: row["last"] for symbol, row in exchange.fetch_tickers().items()},
    }
    print(json.dumps(found))
