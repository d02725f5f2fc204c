"""Measures what many accounts cost the agent: the CPU of a renewal, and of `/v1/status`, for each count of accounts."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench import environment as running
from tests.bench.clients import KeptConnection, interleaved, milliseconds
from tests.bench.table import Row
from tests.until import wait_for

FEW, SOME, MANY = 10, 100, 400
LIFETIME, RENEWED_AT = 10, 0.8
RENEWALS, ROUNDS = 100, 3
MOST_RENEWAL, MOST_GROWTH, MOST_STATUS = 1.6, 1.15, 2.0
_HERE = Path(__file__).parent


def cpu_seconds(pid: int) -> float:
    """The CPU time of a process and all its threads so far, from `/proc/PID/task/*/schedstat` in nanoseconds."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


@contextmanager
def agent(home: Path, announced: Path) -> Iterator[tuple[Path, int]]:
    """An agent of the sandbox. Yields its socket and its process id."""
    command = [sys.executable, "-m", "keyrack", "agent", "--sandbox", "--join", str(announced)]
    path = home / "run/keyrack-sandbox/keyrack.sock"
    started = subprocess.Popen(command, env=running.environment(home), stderr=subprocess.DEVNULL)
    with running.ended(started) as process:
        wait_for(path.exists, "the agent", 60.0)
        yield path, process.pid


def add_accounts(path: Path, numbers: range) -> None:
    """Add accounts over the socket, each with another client, and sign in."""
    for number in numbers:
        name = f"Bench {number}"
        body = {"name": name, "provider": "bench", "client_id": f"Bench-{number}", "client_secret": "invented"}
        running.post(path, "/v1/accounts", body)
        running.post(path, f"/v1/accounts/Bench%20{number}/login", {})


def renewal_cpu(provider: running.Provider, pid: int) -> float:
    """The milliseconds of CPU that the agent uses for one renewal, over `RENEWALS` of them."""
    given, used = provider.given(), cpu_seconds(pid)
    while (made := provider.given() - given) < RENEWALS:
        time.sleep(0.2)
    return (cpu_seconds(pid) - used) / made * 1000


def floor_cpu(home: Path, provider: running.Provider, count: int) -> float:
    """The milliseconds of CPU of one POST that a bare httpx client sends over a kept connection.

    It sends them as often as the renewals of so many accounts are due.
    """
    pause = LIFETIME * RENEWED_AT / count
    command = [sys.executable, str(_HERE / "bare_post.py"), provider.address, str(provider.authority)]
    command += [str(RENEWALS), str(pause)]
    done = subprocess.run(command, env=running.environment(home), capture_output=True, text=True, check=True)
    return float(done.stdout)


def renewals(home: Path, provider: running.Provider, pid: int, count: int) -> tuple[float, float]:
    """The CPU of a renewal and of a bare POST in turn. Returns the medians of both."""
    ours, floors = [], []
    for _ in range(ROUNDS):
        floors.append(floor_cpu(home, provider, count))
        ours.append(renewal_cpu(provider, pid))
    return median(ours), median(floors)


def status(path: Path) -> float:
    """The milliseconds of one `GET /v1/status` over a kept connection."""
    caller = KeptConnection(path, "/v1/status")
    taken = milliseconds(interleaved([caller], rounds=1000)[0])
    caller.close()
    return taken


def measured(home: Path) -> Iterator[Row]:
    """A renewal and the status with 10, 100 and 400 accounts, each beside a floor of the same run."""
    with running.provider(home, lifetime=LIFETIME) as provider, running.sandbox(home) as announced:
        running.own_file(home, provider, renewal="refresh_or_again")
        with agent(home, announced) as (path, pid):
            add_accounts(path, range(FEW))
            few = status(path)
            add_accounts(path, range(FEW, SOME))
            some = status(path)
            ours, floor = renewals(home, provider, pid, SOME)
            yield Row(f"a renewal's CPU, {SOME} accounts", ours, "httpx POST", floor, MOST_RENEWAL)
            add_accounts(path, range(SOME, MANY))
            many = status(path)
            yield Row(
                f"a renewal's CPU, {MANY} accounts",
                renewals(home, provider, pid, MANY)[0],
                f"with {SOME}",
                ours,
                MOST_GROWTH,
            )
            yield Row(f"/v1/status, {SOME} accounts", some, f"with {FEW}", few, MOST_STATUS)
            yield Row(f"/v1/status, {MANY} accounts", many, f"with {FEW}", few, MOST_STATUS)
