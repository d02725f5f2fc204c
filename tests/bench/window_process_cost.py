"""Measures the start to the first paint and the memory of Keyrack, beside a bare window of PySide6 and 0.1.0."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench import environment as running
from tests.bench import start_cost
from tests.bench.clients import KeptConnection
from tests.bench.table import Row
from tests.checkout import ROOT
from tests.keyring_session import KeyringSession, missing_programs
from tests.until import wait_for

ROUNDS = 7
MOST_PAINT = 1.12
# The most resident memory in bare windows, by the number of accounts.
MOST_MEMORY = {0: 1.45, 13: 1.6, 124: 1.8}
_BARE = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1000, 680)
window.show()
sys.exit(app.exec())
"""
# Qt's own line for the first pixels that leave for the screen. It is the same for every program.
_PAINTED = b"Flushing"
_RULES = {"QT_LOGGING_RULES": "qt.widgets.painting.info=true", "QT_FORCE_STDERR_LOGGING": "1"}
_SETTLED = 3.0
_PATIENCE = 60.0


def programs(old: Path) -> Mapping[str, tuple[list[str], dict[str, str]]]:
    """The command and the path of each program that is measured."""
    keyrack = [sys.executable, "-m", "keyrack"]
    return {
        "bare": ([sys.executable, "-c", _BARE], {}),
        "ours": (keyrack, {"PYTHONPATH": str(ROOT / "desktop")}),
        "before": (keyrack, {"PYTHONPATH": str(old / "desktop")}),
    }


def first_paint(command: list[str], environment: dict[str, str]) -> float:
    """The milliseconds from the start of a program to its first paint."""
    began = time.perf_counter()
    with running.ended(subprocess.Popen(command, env=environment | _RULES, stderr=subprocess.PIPE)) as process:
        assert process.stderr is not None
        assert any(_PAINTED in line for line in process.stderr), "it ended without a paint"
        taken = time.perf_counter() - began
        process.kill()
    return taken * 1000


def resident(process: "subprocess.Popen[bytes]") -> float:
    """Its resident memory in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    return float(status.partition("VmRSS:")[2].split()[0]) / 1024


def paints(home: Path, old: Path) -> Row:
    """The first paint, in turn with the others."""
    taken: dict[str, list[float]] = {name: [] for name in programs(old)}
    for _ in range(ROUNDS + 1):
        for name, (command, path) in programs(old).items():
            taken[name].append(first_paint(command, running.environment(home / name) | path))
    bare, ours, before = (median(each[1:]) for each in taken.values())
    return Row("start to first paint", ours, "bare window", bare, MOST_PAINT, "b19aa53", before)


def memory(home: Path, old: Path, count: int, bus: dict[str, str]) -> Row:
    """The resident memory some time after every account is ready."""
    found: dict[str, float] = {}
    for name, (command, path) in programs(old).items():
        environment = running.environment(home) | path | bus
        socket = home / "run/keyrack/keyrack.sock"
        socket.unlink(missing_ok=True)
        with running.ended(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)) as process:
            if name != "bare":
                wait_for(socket.exists, "the socket", _PATIENCE)
                wait_for(partial(all_ready, socket, count), f"the accounts of {name}", _PATIENCE)
            time.sleep(_SETTLED)
            found[name] = resident(process)
    accounts = f"{count} accounts" if count else "no account"
    return Row(
        f"resident memory, {accounts}",
        found["ours"],
        "bare window",
        found["bare"],
        MOST_MEMORY[count],
        "b19aa53",
        found["before"],
        " MB",
    )


def all_ready(socket: Path, count: int) -> bool:
    """Whether so many accounts are signed in. A socket is there a moment before it answers."""
    try:
        asked = KeptConnection(socket, "/v1/status")
    except ConnectionRefusedError:
        return False
    try:
        accounts = json.loads(asked())["accounts"]
    finally:
        asked.close()
    return len(accounts) == count and all(account["state"] == "ready" for account in accounts)


def measured(home: Path, old: Path) -> Iterator[Row]:
    """One row for the first paint, and one for the memory with each number of accounts."""
    yield paints(home / "paint", old)
    yield memory(home / "empty", old, 0, {})
    if missing_programs():
        return
    for count in (count for count in MOST_MEMORY if count):
        place = home / f"with-{count}"
        session = KeyringSession(home / f"k{count}")
        bus = {"DBUS_SESSION_BUS_ADDRESS": session.env["DBUS_SESSION_BUS_ADDRESS"]}
        os.environ.update(bus)
        try:
            session.start()
            bare = start_cost.BareItems()
            with running.provider(home, lifetime=3600) as provider:
                start_cost.fill(place, provider, bare, count)
                yield memory(place, old, count, bus)
            bare.close()
        finally:
            session.stop()
