"""Runs in ccxt's own environment: signs in to ProBit at `base` and prints as JSON what ccxt makes of the balances.

Standard input: {"base", "client_id", "client_secret", "websocket"}. With `websocket`, an address, the balances come
over ccxt's WebSocket client. Figures are ccxt's exact strings: `number` is told to be `str`.
"""

import asyncio
import json
import sys
from typing import Any

import ccxt
import ccxt.pro


def settings(given: dict[str, Any]) -> dict[str, Any]:
    """Every address of the exchange, turned to the sandbox."""
    base = given["base"]
    exchange = f"{base}/api/exchange"
    urls = {"accounts": base, "public": exchange, "private": exchange, "ws": given["websocket"]}
    return {"apiKey": given["client_id"], "secret": given["client_secret"], "urls": {"api": urls}}


def over_rest(given: dict[str, Any]) -> dict[str, Any]:
    """Sign in and fetch the balances; prices too, which take ccxt by way of markets and currencies."""
    exchange = ccxt.probit(settings(given))
    exchange.number = str
    token = exchange.sign_in()
    tickers = exchange.fetch_tickers()
    return {
        "ccxt": ccxt.__version__,
        "expires_in": token["expires_in"],
        "balances": balances(exchange.fetch_balance()),
        "prices": {symbol: row["last"] for symbol, row in tickers.items()},
    }


async def over_websocket(given: dict[str, Any]) -> dict[str, Any]:
    """Sign in, watch the balances, and take the first two answers: the snapshot and what changed."""
    # Without its loop from the start, ccxt 4.4.60 drops what comes before its first REST call.
    exchange = ccxt.pro.probit({**settings(given), "asyncio_loop": asyncio.get_running_loop()})
    exchange.number = str
    try:
        seen = [balances(await exchange.watch_balance()) for _ in range(2)]
    finally:
        await exchange.close()
    return {"ccxt": ccxt.__version__, "balances": seen}


def balances(answer: dict[str, Any]) -> dict[str, list[str]]:
    """Free, used and total of each asset."""
    assets = answer["total"]
    return {asset: [str(answer[asset][part]) for part in ("free", "used", "total")] for asset in assets}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(asyncio.run(over_websocket(asked)) if asked["websocket"] else over_rest(asked)))
