"""Keyrack as it runs for the benchmark: a sandbox, and the agent or the window on it, in a home of their own."""

import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.bench.clients import KeptConnection
from tests.bench.issuer import AUTHORITY
from tests.checkout import DESKTOP
from tests.until import wait_for

ACCOUNT = "Main desk"
FILE = """
id = "bench"
name = "Bench"
monogram = "Be"
documentation = "https://bench.example/"
checked = 2026-11-21
ca_file = "authority.pem"
scope = ""

[regions.here]
name = "Here"
token_endpoint = "{address}/token"
api = "{address}"

[flows.client_credentials]
title = "Key"
credentials_help = "Anything is taken."

[dialect]
renewal = "{renewal}"
"""
_PATIENCE = 60.0


def environment(home: Path) -> dict[str, str]:
    """What a program needs to live in `home` alone."""
    run = home / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(run),
        "PYTHONPATH": os.pathsep.join((str(DESKTOP), str(Path(__file__).parent))),
        "QT_QPA_PLATFORM": "offscreen",
    }


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    """Have a process of ours end with the block."""
    try:
        yield process
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.terminate()
        process.wait(20)


@contextmanager
def sandbox(home: Path, *options: str) -> Iterator[Path]:
    """A running sandbox. Yields the file that announces it."""
    command = [sys.executable, "-m", "keyrack.sandbox", *options]
    pipe = subprocess.PIPE
    with ended(subprocess.Popen(command, env=environment(home), stdin=pipe, stdout=pipe)) as process:
        assert process.stdout is not None
        announced = home / "sandbox.json"
        announced.write_bytes(process.stdout.readline())
        yield announced


@contextmanager
def keyrack(home: Path, *arguments: str) -> Iterator[Path]:
    """A running Keyrack. Yields its socket, once the account for the benchmark has a token."""
    command = [sys.executable, "-m", "keyrack", *arguments]
    path = home / "run/keyrack-sandbox/keyrack.sock"
    with ended(subprocess.Popen(command, env=environment(home), stderr=subprocess.DEVNULL)) as process:
        wait_for(lambda: process.poll() is None and ready(path, home), "Keyrack", _PATIENCE)
        yield path


def ready(path: Path, home: Path) -> bool:
    """Whether the account can be signed in, and is."""
    command = [sys.executable, "-m", "keyrack", "login", "--sandbox", ACCOUNT]
    silent = subprocess.DEVNULL
    return (
        path.exists()
        and not subprocess.run(command, env=environment(home), stdout=silent, stderr=silent, check=False).returncode
    )


@dataclass(frozen=True, slots=True)
class Provider:
    """A running issuer: where it is, and the file of the authority that signed its certificate."""

    address: str
    authority: Path

    def given(self) -> int:
        """How many tokens it gave out."""
        context = ssl.create_default_context(cafile=str(self.authority))
        with urlopen(f"{self.address}/given", timeout=10, context=context) as answer:
            return int(json.load(answer)["given"])

    def written(self) -> float:
        """When the last byte of its last token was written, in seconds of `time.monotonic`."""
        context = ssl.create_default_context(cafile=str(self.authority))
        with urlopen(f"{self.address}/written", timeout=10, context=context) as answer:
            return float(json.load(answer)["written"])


@contextmanager
def provider(home: Path, *, lifetime: int) -> Iterator[Provider]:
    """A provider whose tokens live `lifetime` seconds."""
    place = Path(tempfile.mkdtemp(dir=home))
    command = [sys.executable, str(Path(__file__).parent / "issuer.py"), str(place), str(lifetime)]
    with ended(subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE)) as process:
        assert process.stdout is not None
        yield Provider(process.stdout.readline().decode().strip(), place / AUTHORITY)


def own_file(home: Path, provider: Provider, renewal: str = "again", app: str = "keyrack-sandbox") -> None:
    """Put the provider's file where Keyrack reads those of the person's own."""
    folder = home / f".config/{app}/providers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "bench.toml").write_text(FILE.format(address=provider.address, renewal=renewal))
    shutil.copy(provider.authority, folder)


def add_accounts(home: Path, count: int) -> None:
    """Add accounts of that provider, each with another client, and sign in."""
    for number in range(count):
        name = f"Bench {number}"
        run(home, "accounts", "add", name, "--provider", "bench", "--client-id", f"Bench-{number}", given="invented")
        run(home, "login", name)


def run(home: Path, *arguments: str, given: str = "") -> None:
    """One command of Keyrack's, which must succeed."""
    command = [sys.executable, "-m", "keyrack", arguments[0], "--sandbox", *arguments[1:]]
    done = subprocess.run(command, env=environment(home), input=given, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def post(path: Path, target: str, body: Mapping[str, str]) -> None:
    """One request of a program, which must succeed."""
    command = ["curl", "--silent", "--fail", "--unix-socket", str(path), "--json", json.dumps(body)]
    subprocess.run([*command, f"http://keyrack{target}"], check=True, stdout=subprocess.DEVNULL)


def renewals(announced: Path) -> int:
    """How many tokens the sandbox's ProBit has given out, by its own count."""
    control = json.loads(announced.read_text("utf-8"))["control"]
    with urlopen(control + "/renewals", timeout=10) as answer:
        counted: dict[str, int] = json.load(answer)
    return sum(counted.values())


def token_path(name: str = ACCOUNT) -> str:
    """Where the socket gives the token."""
    return f"/v1/accounts/{name.replace(' ', '%20')}/token"


def told(path: Path, target: str) -> dict[str, Any]:
    """One answer of the socket."""
    kept = KeptConnection(path, target)
    try:
        found: dict[str, Any] = json.loads(kept())
    finally:
        kept.close()
    return found
