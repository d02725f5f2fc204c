"""Measures a rotation from the last byte of the provider's answer to the token at a waiting caller.

Between the two lies what must not be cut: the new refresh token is stored and read back before anyone gets the access
token. So the floor is one write and one reading of the same record by bare SecretStorage over a kept connection.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret
from tests.bench import environment as running
from tests.bench.clients import KeptConnection, milliseconds, percentile
from tests.bench.figures_cost import BEFORE, before
from tests.bench.keyring_cost import BareItem
from tests.bench.table import Row
from tests.checkout import DESKTOP
from tests.keyring_session import KeyringSession, missing_programs
from tests.until import wait_for

ROUNDS, WARM_UP = 150, 5
LIFETIME = 3600
MOST, MOST_BEFORE = 1.6, 0.2
_NAME = "Bench 0"
# Answered from memory, and so always too old for this: the token is as old as the way of the last one was long.
_TARGET = f"{running.token_path(_NAME)}?min_valid={LIFETIME}"


class Waiting:
    """A caller of one agent that waits for a rotation each time."""

    def __init__(self, path: Path, provider: running.Provider) -> None:
        self._caller = KeptConnection(path, _TARGET)
        self._provider = provider
        self._last = ""

    def __call__(self) -> float:
        """The seconds from the answer's last byte to the token here."""
        body = self._caller()
        arrived = time.monotonic()
        token = json.loads(body)["access_token"]
        assert token != self._last, "nothing was renewed"
        self._last = token
        return arrived - self._provider.written()

    def close(self) -> None:
        """End the connection."""
        self._caller.close()


@contextmanager
def keyrack(
    home: Path, program: Path, session: Mapping[str, str], provider: running.Provider, *arguments: str
) -> Iterator[Path]:
    """A Keyrack on the real keyring, from one folder of sources. Yields its socket, with the account signed in."""
    bus = {"DBUS_SESSION_BUS_ADDRESS": session["DBUS_SESSION_BUS_ADDRESS"]}
    environment = running.environment(home) | bus | {"PYTHONPATH": str(program)}
    running.own_file(home, provider, renewal="refresh_or_again", app="keyrack")
    path = home / "run/keyrack/keyrack.sock"
    command = [sys.executable, "-m", "keyrack", *arguments]
    with running.ended(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)) as process:
        wait_for(lambda: process.poll() is None and path.exists(), "Keyrack", 60.0)
        added = {"name": _NAME, "provider": "bench", "client_id": "Bench-0", "client_secret": "invented"}
        running.post(path, "/v1/accounts", added)
        running.post(path, f"/v1/accounts/{_NAME.replace(' ', '%20')}/login", {})
        yield path


def record() -> bytes:
    """What Keyrack stores of that account, in its shape and length."""
    stored = Record(
        generation=100,
        client_secret=Secret("invented"),
        refresh=Secret("invented-refresh-token-100"),
        refresh_issued_wall=time.time(),
        lifetime=float(LIFETIME),
        signed_in=True,
    )
    return stored.encode().reveal().encode()


def turns(callers: Mapping[str, Waiting]) -> tuple[dict[str, list[float]], list[float]]:
    """The seconds of every rotation of each caller and of the floor, in turn."""
    bare, text = BareItem(), record()
    taken: dict[str, list[float]] = {name: [] for name in callers}
    floors: list[float] = []
    for _ in range(WARM_UP):
        for caller in callers.values():
            caller()
        bare.set_and_get(text)
    for _ in range(ROUNDS):
        for name, caller in callers.items():
            taken[name].append(caller())
        began = time.monotonic()
        bare.set_and_get(text)
        floors.append(time.monotonic() - began)
    bare.close()
    return taken, floors


def measured(home: Path) -> Iterator[Row]:
    """A rotation at the agent and at the window, beside the floor and 0.1.0. Nothing without the keyring."""
    old = before(home)
    if missing_programs() or old is None:
        return
    session = KeyringSession(home / "s")
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = session.env["DBUS_SESSION_BUS_ADDRESS"]  # for the floor, in this process
    try:
        session.start()
        with (
            running.provider(home, lifetime=LIFETIME) as provider,
            keyrack(home / "a", DESKTOP, session.env, provider, "agent") as agent,
            keyrack(home / "w", DESKTOP, session.env, provider) as window,
            keyrack(home / "b", old, session.env, provider, "agent") as earlier,
        ):
            paths = {"agent": agent, "window": window, BEFORE: earlier}
            callers = {name: Waiting(path, provider) for name, path in paths.items()}
            taken, floors = turns(callers)
            for caller in callers.values():
                caller.close()
    finally:
        session.stop()
    ours, floor, other = milliseconds(taken["agent"]), milliseconds(floors), milliseconds(taken[BEFORE])
    yield Row("a rotation, last byte to caller", ours, "SecretStorage", floor, MOST)
    yield Row("the same in the window", milliseconds(taken["window"]), "SecretStorage", floor, MOST)
    slow, slow_floor = percentile(taken["agent"], 0.95), percentile(floors, 0.95)
    yield Row("its p95", slow, "SecretStorage", slow_floor)
    yield Row("a rotation, beside 0.1.0", ours, BEFORE, other, MOST_BEFORE)
