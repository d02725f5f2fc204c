"""Reads a list of balances again and again, with whichever Keyrack is on the path: `python figures_worker.py ADDRESS`.

Each line on standard input is one reading. The answer is a line with the seconds of this process's own work.
It knows the names of 0.1.0 (commit b19aa53) as well, so that one run can measure both.
"""

import asyncio
import sys
import time
from importlib import import_module
from importlib.util import find_spec

FILE = """
id = "bench"
name = "Bench"
monogram = "Be"
documentation = "https://bench.example/"
checked = 2026-11-21

[regions.here]
name = "Here"
token_endpoint = "{address}/token"
api = "{address}"
test = true

[flows.client_credentials]
title = "Key"
credentials_help = "Anything is taken."

[dialect]
renewal = "again"

[[balances]]
path = "/balances"
shape = "array"
rows = "data"
asset = "currency"
available = "free"
total = "total"
"""
_NOW = ("net.client.http_client.HttpClient", "providers.api.api_client.ApiClient", "providers.files.load.read")
_THEN = ("net.client.Client", "providers.api.Api", "providers.load.read")
_SECRETS = ("primitives.secret.Secret", "net.secret.Secret")


def named(path: str) -> object:
    """A name of Keyrack's."""
    module, _, name = f"keyrack.{path}".rpartition(".")
    return getattr(import_module(module), name)


async def main(address: str) -> None:
    """Answer until standard input ends."""
    now = find_spec("keyrack.primitives") is not None
    client, api, read = (named(path) for path in (_NOW if now else _THEN))
    token = named(_SECRETS[0] if now else _SECRETS[1])("invented")  # type: ignore[operator]
    provider = read("bench.toml", FILE.format(address=address))  # type: ignore[operator]
    http = client()  # type: ignore[operator]
    asked = api(http, provider, provider.regions["here"])  # type: ignore[operator]
    for line in sys.stdin:
        started = time.process_time()
        found = await asked.holdings(token)
        taken = time.process_time() - started
        print(taken, len(found), flush=True)
        del line
    await http.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
