"""Measures balances of 5,000 rows from the wire to the snapshot, in turn with Keyrack 0.1.0 of the same run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests.bench.environment import ended
from tests.bench.table import Row
from tests.checkout import DESKTOP, ROOT

BEFORE = "b19aa53"
ROWS, ROUNDS, MOST = 5000, 40, 0.25
_WORKER = Path(__file__).with_name("figures_worker.py")


def answers() -> dict[str, bytes]:
    """The same figures as text and as numbers."""
    text = [
        {
            "currency": f"T{n:05}",
            "free": f"{n * 7 % 1000}.{n * 7919 % 10**8:08}",
            "total": f"{n * 7 % 1000 + 1}.{n * 104_729 % 10**8:08}",
        }
        for n in range(ROWS)
    ]
    whole = json.dumps({"data": text})
    return {"text": whole.encode(), "numbers": json.dumps({"data": _numbers(text)}).encode()}


def _numbers(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{**row, "free": float(row["free"]), "total": float(row["total"])} for row in rows]


@contextmanager
def server(body: bytes) -> Iterator[str]:
    """A server on this machine that answers everything with `body`. Yields its address."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=made.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{made.server_port}"
    finally:
        made.shutdown()
        made.server_close()


def before(folder: Path) -> Path | None:
    """The program folder of 0.1.0, from the repository's own history. None where that is not here."""
    made = folder / "before"
    made.mkdir()
    with suppress(OSError, subprocess.CalledProcessError):
        packed = subprocess.run(
            ["git", "-C", str(ROOT), "archive", BEFORE, "desktop"], capture_output=True, check=True
        ).stdout
        subprocess.run(["tar", "-x", "-C", str(made)], input=packed, check=True)
        return made / "desktop"
    return None


@contextmanager
def worker(program: Path, address: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that reads the figures with one Keyrack."""
    pipe = subprocess.PIPE
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(program)}
    command = [sys.executable, str(_WORKER), address]
    with ended(subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe)) as process:
        yield process


def seconds(process: "subprocess.Popen[bytes]") -> float:
    """The process time of one reading."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"read\n")
    process.stdin.flush()
    taken, rows = process.stdout.readline().split()
    assert int(rows) == ROWS
    return float(taken)


def measured(home: Path) -> Iterator[Row]:
    """One row for each kind of figures."""
    old = before(home)
    if old is None:
        return
    for kind, body in answers().items():
        with server(body) as address, worker(DESKTOP, address) as ours, worker(old, address) as theirs:
            seconds(ours), seconds(theirs)
            turns = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
        mine, other = (min(each) * 1000 for each in zip(*turns, strict=True))  # whatever else the computer does
        yield Row(f"balances of {ROWS:,} rows, {kind}", mine, f"{BEFORE}", other, MOST)
