#!/usr/bin/env bash
# ccxt 4.5.90: in a balance of Deribit, free and used are not the parts of total.
#
# ccxt's manual gives every balance as free + used = total, and works out the third figure where an exchange tells two.
# For Deribit it takes all three from the answer, and they are of different kinds: total is the equity, free what can be
# opened with, used the maintenance margin. What is really bound is the initial margin, so free + used is below total by the
# difference of the two margins. The other exchanges add up. Whoever shows "in use" beside a figure of ccxt shows too little
# for every account with an open position.
# So Keyrack's own figures of Deribit are tested against ccxt's free and total, and never against its used.
#
# Seen with ccxt 4.5.90, equity 10, available 4, initial margin 6, maintenance margin 2.5:
#   deribit: free 4, used 2.5, total 10
#   gemini: free 4, used 6, total 10
#   whitebit: free 4, used 6, total 10
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check ccxt==4.5.90
"$folder/env/bin/python" - <<'PYTHON'
import sys

import ccxt

ANSWERS = {
    "deribit": {
        "summaries": [
            {"currency": "BTC", "equity": "10", "available_funds": "4", "initial_margin": "6", "maintenance_margin": "2.5"}
        ]
    },
    "gemini": [{"currency": "BTC", "amount": "10", "available": "4"}],
    "whitebit": {"BTC": {"available": "4", "freeze": "6"}},
}
seen = {}
for name, answer in ANSWERS.items():
    exchange = getattr(ccxt, name)()
    exchange.number = str
    row = exchange.parse_balance(answer)["BTC"]
    seen[name] = (row["free"], row["used"], row["total"])
    print(f"{name}: free {row['free']}, used {row['used']}, total {row['total']}")
expected = {"deribit": ("4", "2.5", "10"), "gemini": ("4", "6", "10"), "whitebit": ("4", "6", "10")}
sys.exit(0 if seen == expected else "this has changed")
PYTHON
