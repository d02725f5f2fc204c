"""Measures what a token costs those who ask for it, each figure beside its floor and peer of the same run."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.bench import environment as running
from tests.bench import oidc_agent
from tests.bench.clients import Caller, KeptConnection, interleaved, milliseconds, percentile, process
from tests.bench.table import Row
from tests.until import wait_for

MOST_KEPT, MOST_CURL, MOST_COMMAND, MOST_BUSY = 1.5, 1.3, 1.5, 5.0
CALLERS, AT_ONCE = 100, 30
RENEWALS, ACCOUNTS, LIFETIME = 1000, 50, 5
_HERE = Path(__file__).parent


@contextmanager
def floor(home: Path, kind: str, loop: str) -> Iterator[Path]:
    """The socket of a server that answers a constant."""
    path = home / f"{kind}-{loop}.sock"
    command = [sys.executable, str(_HERE / "floors.py"), kind, loop, str(path)]
    pipe = subprocess.PIPE
    started = subprocess.Popen(command, env=running.environment(home), stdin=pipe, stdout=pipe)
    with running.ended(started) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        yield path


def kept(home: Path, ours: Path, loop: str, peer: Caller | None) -> list[Row]:
    """A token over a connection that is kept, beside h11 and bare bytes on the same kind of loop.

    Keyrack reads a head only once while it stays the same, as a program's does. The second row has no promise,
    and its head is read each time.
    """
    token = running.token_path()
    with floor(home, "h11", loop) as parsed, floor(home, "bare", loop) as bare:
        callers = [
            KeptConnection(ours, token),
            KeptConnection(ours, token, f"{token}?min_valid=1"),
            KeptConnection(parsed, "/"),
            KeptConnection(bare, "/"),
        ]
        same, other, floored, barest = (milliseconds(taken) for taken in interleaved(callers, rounds=60, each=50))
        for caller in callers:
            caller.close()
    asked = milliseconds(interleaved([peer], rounds=60)[0]) if peer is not None else None
    return [
        Row(f"a token, kept connection, {loop}", same, "h11 echo", floored, MOST_KEPT, "oidc-token", asked),
        Row(f"the same, in turn with another, {loop}", other, "h11 echo", floored, None, "oidc-token", asked),
        Row(f"the h11 echo itself, {loop}", floored, "bare echo", barest),
    ]


def curl(home: Path, ours: Path, peer: Caller | None) -> Row:
    """A token by curl, beside curl that fetches a constant."""
    with floor(home, "h11", "asyncio") as parsed:
        command = ["curl", "--silent", "--fail", "--unix-socket"]
        callers = [
            process([*command, str(ours), f"http://keyrack{running.token_path()}"], running.environment(home)),
            process([*command, str(parsed), "http://keyrack/"], running.environment(home)),
            *([peer] if peer is not None else []),
        ]
        mine, floored, *asked = (milliseconds(taken) for taken in interleaved(callers, rounds=60))
    return Row("a token by curl", mine, "curl, a constant", floored, MOST_CURL, "oidc-token", first(asked))


def command_line(home: Path, ours: Path, peer: Caller | None) -> Row:
    """A token by `keyrack token`, beside a client on `socket` that the same Python starts in the same way."""
    environment = running.environment(home)
    callers = [
        process([sys.executable, "-m", "keyrack", "token", "--sandbox", running.ACCOUNT], environment),
        process([sys.executable, "-m", "bare_client", str(ours), running.token_path()], environment),
        *([peer] if peer is not None else []),
    ]
    mine, floored, *asked = (milliseconds(taken) for taken in interleaved(callers, rounds=40))
    return Row("a token by `keyrack token`", mine, "bare client", floored, MOST_COMMAND, "oidc-token", first(asked))


def first(figures: Sequence[float]) -> float | None:
    """The first figure, if there is one."""
    return figures[0] if figures else None


def together(ours: Path, announced: Path) -> Row:
    """A hundred callers at the moment when the token is too old for all of them: requests at the provider (S70)."""
    target = running.token_path()
    lives = running.told(ours, target)["expires_in"]
    wait_for(lambda: running.told(ours, target)["expires_in"] < lives - 1, "the token to age")
    before = running.renewals(announced)
    asking = f"{target}?min_valid={int(lives)}"
    barrier = threading.Barrier(AT_ONCE)

    def ask(number: int) -> bytes:
        if number < barrier.parties:
            barrier.wait()
        caller = KeptConnection(ours, asking)
        try:
            return caller()
        finally:
            caller.close()

    with ThreadPoolExecutor(barrier.parties) as pool:
        served = len(list(pool.map(ask, range(CALLERS))))
    assert served == CALLERS
    return Row(
        f"{CALLERS} callers at once: requests", float(running.renewals(announced) - before), "one", 1.0, 1.0, unit=""
    )


def busy(home: Path, ours: Path, provider: running.Provider) -> Row:
    """The slowest hundredth of hand-outs while a thousand tokens are renewed in time, beside the idle median.

    Fifty accounts with tokens of five seconds renew as often as three thousand with tokens of five minutes.
    """
    caller = KeptConnection(ours, running.token_path())
    idle = milliseconds(interleaved([caller], rounds=5000)[0])
    running.add_accounts(home, ACCOUNTS)
    before, started = provider.given(), time.monotonic()
    taken: list[float] = []
    while provider.given() < before + RENEWALS:
        taken += interleaved([caller], rounds=500)[0]
    caller.close()
    rate = RENEWALS / (time.monotonic() - started)
    what = f"p99 in {RENEWALS} renewals, {rate:.0f} a second"
    return Row(what, percentile(taken, 0.99), "idle median", idle, MOST_BUSY)


def measured(home: Path) -> Iterator[Row]:
    """Every row, as it is measured. The window has another home, as its secrets are in memory too."""
    with running.provider(home, lifetime=LIFETIME) as provider, running.sandbox(home) as announced, _peer(home) as peer:
        running.own_file(home, provider)
        with running.keyrack(home / "window", "--sandbox", "--join", str(announced)) as window:
            yield from kept(home, window, "qasync", peer)
        with running.keyrack(home, "agent", "--sandbox", "--join", str(announced)) as agent:
            yield from kept(home, agent, "asyncio", peer)
            yield curl(home, agent, peer)
            yield command_line(home, agent, peer)
            yield together(agent, announced)
            yield busy(home, agent, provider)


@contextmanager
def _peer(home: Path) -> Iterator[Caller | None]:
    """`oidc-token`, or None where it is not installed."""
    if not oidc_agent.installed():
        yield None
        return
    with (
        running.provider(home, lifetime=3600) as issuer,
        oidc_agent.agent(home, issuer.address, issuer.authority) as environment,
    ):
        yield process(["oidc-token", oidc_agent.NAME], environment)
