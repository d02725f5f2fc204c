"""Runs in ccxt's own environment: prints as JSON what ccxt makes of answers of one exchange, without asking anybody.

Standard input: {"exchange", "bodies"}, the bodies as they come over the wire. Figures are ccxt's exact strings:
`number` is told to be `str`.
"""

import json
import sys
from typing import Any

import ccxt


def balances(exchange: Any, body: str) -> dict[str, list[str | None]]:
    """Free and total of each asset."""
    answer = exchange.on_json_response(body)
    # These two hand the inner part of the answer to their parser.
    if exchange.id == "deribit":
        answer = answer["result"]
    elif exchange.id == "alpaca":
        answer = {"account": answer}
    found = exchange.parse_balance(answer)
    return {asset: [found[asset]["free"], found[asset]["total"]] for asset in found["total"]}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    made = getattr(ccxt, given["exchange"])()
    made.number = str
    print(json.dumps({"ccxt": ccxt.__version__, "read": [balances(made, body) for body in given["bodies"]]}))
