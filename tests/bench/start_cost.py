"""Measures a start with 500 accounts in a real keyring, and the one request that reads all of their records."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

import secretstorage

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.accounts_file import AccountsFile
from keyrack.core.vault.keyring_vault import KeyringVault
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret
from tests.bench import environment as running
from tests.bench.clients import KeptConnection
from tests.bench.table import Row
from tests.keyring_session import KeyringSession, missing_programs
from tests.until import wait_for

COUNT, ROUNDS, STARTS = 500, 15, 5
SECOND = 1000.0
MOST_START = 1.0
_WEEK = 7 * 86_400.0
# An account of its own kind: its token is stored and lives for a week, so that nothing is renewed at the start.
_FLOW = """
[flows.authorization_code_pkce]
title = "Browser"
credentials_help = "Anything is taken."
needs_redirect = true

[dialect]
renewal = "none"
"""


class BareItems:
    """All items, read by SecretStorage with one request for their secrets."""

    def __init__(self) -> None:
        self._connection = secretstorage.dbus_init()
        self._session = secretstorage.util.open_session(self._connection)
        self._collection = secretstorage.Collection(self._connection, session=self._session)
        path, interface = "/org/freedesktop/secrets", "org.freedesktop.Secret.Service"
        self._service = secretstorage.util.DBusAddressWrapper(path, interface, self._connection)

    def add(self, name: str, text: bytes) -> None:
        """Add an item as Keyrack's backend does."""
        attributes = {"application": "Python keyring library", "service": "Keyrack", "username": name}
        self._collection.create_item(f"Password for '{name}' on 'Keyrack'", attributes, text, replace=True)

    def read(self) -> int:
        """How many secrets were read."""
        paths, _ = self._service.call("SearchItems", "a{ss}", {"service": "Keyrack"})
        (secrets,) = self._service.call("GetSecrets", "aoo", paths, self._session.object_path)
        return len(secrets)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def fill(home: Path, provider: running.Provider, bare: BareItems, count: int = COUNT) -> list[str]:
    """Add `count` accounts and their records. Returns the accounts' ids."""
    running.own_file(home, provider, app="keyrack")
    file = home / ".config/keyrack/providers/bench.toml"
    head = file.read_text("utf-8").partition("[flows")[0]
    asks = f'api = "{provider.address}"\nauthorization_endpoint = "{provider.address}/ask"'
    file.write_text(head.replace(f'api = "{provider.address}"', asks) + _FLOW, "utf-8")
    ids = [f"{number:032x}" for number in range(count)]
    accounts = AccountsFile(home / ".config/keyrack")
    accounts.load()
    redirect = "http://127.0.0.1:48151/callback"
    accounts.save(
        [Settings(id, f"Bench {id}", "bench", "here", "authorization_code_pkce", "Bench", redirect) for id in ids]
    )
    for id in ids:
        token = Secret(f"invented-access-token-{id}")
        stored = Record(
            generation=1,
            client_secret=Secret("invented"),
            access=token,
            issued_wall=time.time(),
            lifetime=_WEEK,
            signed_in=True,
        )
        bare.add(id, stored.encode().reveal().encode())
    return ids


async def together(ids: list[str], bare: BareItems) -> tuple[float, float]:
    """The medians in milliseconds of the vault's request for all records, and of the bare one, in turn."""
    vault = KeyringVault("Keyrack")
    await vault.load(ids[0])
    ours, floors = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert bare.read() == COUNT
        between = time.perf_counter()
        assert len(await vault.load_together(ids)) == COUNT
        ours.append(time.perf_counter() - between)
        floors.append(between - began)
    await vault.close()
    return median(ours) * SECOND, median(floors) * SECOND


def start(home: Path, environment: Mapping[str, str], *arguments: str) -> float:
    """The milliseconds from the start of a Keyrack to the moment when every account is ready."""
    path = home / "run/keyrack/keyrack.sock"
    path.unlink(missing_ok=True)
    began = time.perf_counter()
    command = [sys.executable, "-m", "keyrack", *arguments]
    with running.ended(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)):
        wait_for(path.exists, "the socket", 60.0)
        asked = KeptConnection(path, "/v1/status")
        wait_for(lambda: _all_ready(asked), "every account", 60.0)
        taken = time.perf_counter() - began
        asked.close()
    return taken * SECOND


def _all_ready(asked: KeptConnection) -> bool:
    accounts = json.loads(asked())["accounts"]
    return len(accounts) == COUNT and all(account["state"] == "ready" for account in accounts)


def measured(home: Path) -> Iterator[Row]:
    """The request beside its floor, and the start beside one second. Nothing without the keyring."""
    if missing_programs():
        return
    session = KeyringSession(home / "s")
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = session.env["DBUS_SESSION_BUS_ADDRESS"]
    bus = {"DBUS_SESSION_BUS_ADDRESS": session.env["DBUS_SESSION_BUS_ADDRESS"]}
    try:
        session.start()
        bare = BareItems()
        with running.provider(home, lifetime=3600) as provider:
            environment = running.environment(home / "a") | bus
            ids = fill(home / "a", provider, bare)
            ours, floor = asyncio.run(together(ids, bare))
            yield Row(f"{COUNT} records, read together", ours, "bare GetSecrets", floor)
            yield Row("the same", ours, "one second", SECOND, MOST_START)
            for what, arguments in (("agent", ["agent"]), ("window", [])):
                taken = median(start(home / "a", environment, *arguments) for _ in range(STARTS))
                yield Row(f"{what}'s start to {COUNT} ready", taken, "one second", SECOND, MOST_START)
        bare.close()
    finally:
        session.stop()
