"""Kills, freezes and cuts off hosts that share sign-ins through an etcd of three members, and members of that etcd.

The hosts have Keyrack's store, lease and election. The provider ends a sign-in whose refresh token comes twice. What a
host does between the provider's answer and the write may be lost with it: then the next host finds its note, and tries
once (S73). The last parts freeze hosts that stall just there, first of the right build, then of one that does not
compare the lease, which the checker of the histories has to find.
"""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.campaigns.campaign import Options
from tests.campaigns.sharing import logs
from tests.campaigns.sharing.strict_provider import StrictProvider
from tests.campaigns.table import Count
from tests.checkout import FROM_SOURCE, ROOT
from tests.sharing_bench import SharingBench

TITLE = "Sharing"
ROUNDS, ROUNDS_STALLING = 200, 16
_STALLS = 0.8
LEASE = 3
_PROGRESS = 20
_ACCOUNTS = 3
_RECOVERY = 40.0


def counted(home: Path, options: Options) -> list[Count]:
    """Run both builds. About half an hour at full length."""
    right = Run(home / "right", options.seed)
    right.run(max(4, round(ROUNDS * options.share)))
    stalling = [
        Run(home / name, options.seed, compares=compares, stalls=_STALLS)
        for name, compares in (("stalling", True), ("broken", False))
    ]
    for run in stalling:
        run.run(max(6, round(ROUNDS_STALLING * min(1.0, options.share * 4))))
    return _table(right, *stalling)


class Run:
    """Hosts, links, members and a provider in one folder, and what happened to them."""

    def __init__(self, folder: Path, seed: int, *, compares: bool = True, stalls: float = 0.0) -> None:
        folder.mkdir()
        self.done: dict[str, int] = {}
        self.waits: list[float] = []
        self.stuck = 0
        self.ended = 0
        self._folder = folder
        self._stalls = stalls
        self._options = ["--stalls", str(stalls), *([] if compares else ["--without-lease-comparison"])]
        self._random = random.Random(seed)
        self._bench = SharingBench(folder)
        self.provider = StrictProvider(seed)
        self._hosts: dict[str, subprocess.Popen[bytes]] = {}
        self._names: dict[str, str] = {}
        self._kills: list[tuple[str, float]] = []
        self._number = 0

    @property
    def lines(self) -> list[logs.Line]:
        """All that the hosts wrote down."""
        return logs.lines(self._folder.glob("*.jsonl"))

    def run(self, rounds: int) -> None:
        """Do so many rounds. Each begins when tokens are renewed again."""
        with ExitStack() as stack:
            stack.enter_context(self._bench)
            stack.enter_context(self.provider)
            stack.callback(self._end)
            for host in self._bench.hosts:
                self._start(host)
            began = time.monotonic()
            for number in range(1, rounds + 1):
                self._recover()
                name, act = self._random.choice(self._acts())
                act()
                self.done[name] = self.done.get(name, 0) + 1
                if number % _PROGRESS == 0:
                    print(f"  {self._folder.name}: {number} rounds in {time.monotonic() - began:.0f} s", flush=True)
            self._recover()
        found = self.lines
        self.waits = [wait for host, at in self._kills for wait in logs.taken_over(found, host, at)]

    def _acts(self) -> list[tuple[str, Callable[[], None]]]:
        frozen = ("hosts frozen", self._freeze_host)
        if self._stalls:
            return [frozen]
        return [
            ("hosts killed", self._kill_host),
            ("hosts killed", self._kill_host),
            frozen,
            frozen,
            ("links cut", lambda: self._weather(self._bench.cut)),
            ("links frozen", lambda: self._weather(self._bench.freeze)),
            ("links that lost the answers", lambda: self._weather(self._bench.hold_answers)),
            ("members killed", self._kill_member),
            ("members frozen", self._freeze_member),
        ]

    def _start(self, host: str) -> None:
        self._number += 1
        self._names[host] = f"{host}.{self._number}"
        log = self._folder / f"{self._names[host]}.jsonl"
        command = [sys.executable, "-m", "tests.campaigns.sharing.host", host, str(log), self.provider.address]
        self._hosts[host] = subprocess.Popen(
            [
                *command,
                *self._bench.addresses(host),
                *self._options,
                "--seed",
                str(self._number),
                "--lease",
                str(LEASE),
            ],
            cwd=ROOT,
            env=FROM_SOURCE,
            stdin=subprocess.DEVNULL,
            stderr=(self._folder / "errors").open("ab"),
        )

    def _end(self) -> None:
        for process in self._hosts.values():
            self.ended += process.poll() is not None
            process.kill()
            process.wait()

    def _recover(self) -> None:
        """Wait until every account was renewed, so that each round meets hosts at work."""
        ends, before = time.monotonic() + _RECOVERY, self.provider.renewed()
        while any(self.provider.renewed().get(str(id), 0) <= before.get(str(id), 0) for id in range(_ACCOUNTS)):
            if time.monotonic() > ends:
                self.stuck += 1
                return
            time.sleep(0.05)

    def _one(self) -> str:
        """A host, mostly the one that claimed last."""
        claims = [line["host"].rpartition(".")[0] for line in self.lines if line["kind"] == "claim"]
        return claims[-1] if claims and self._random.random() < 0.7 else self._random.choice(self._bench.hosts)

    def _pause(self) -> None:
        time.sleep(LEASE * (0.2 + 1.8 * self._random.random()))

    def _kill_host(self) -> None:
        host = self._one()
        self._hosts[host].kill()
        self._kills.append((self._names[host], time.monotonic()))
        self._hosts[host].wait()
        self._pause()
        self._start(host)

    def _freeze_host(self) -> None:
        process = self._hosts[self._one()]
        time.sleep(0.5 * self._random.random())
        process.send_signal(signal.SIGSTOP)
        self._pause()
        if self._stalls:
            time.sleep(LEASE)
        process.send_signal(signal.SIGCONT)

    def _weather(self, change: Callable[[str], None]) -> None:
        host = self._one()
        change(host)
        self._pause()
        self._bench.mend(host)

    def _kill_member(self) -> None:
        member = self._random.choice(self._bench.cluster.members)
        member.kill()
        self._pause()
        self._bench.cluster.start_member(member)

    def _freeze_member(self) -> None:
        member = self._random.choice(self._bench.cluster.members)
        member.freeze()
        self._pause()
        member.thaw()


def _table(right: Run, stalling: Run, broken: Run) -> list[Count]:
    found, told, longest = right.lines, right.provider.counted, max(right.waits, default=0.0)
    refused, refused_stalling, refused_broken = (logs.refused(run.lines) for run in (right, stalling, broken))
    return [
        *(Count(what, str(number)) for what, number in sorted(right.done.items())),
        Count("renewals", str(told.renewals)),
        _zero("refresh tokens presented twice, but for the one try after a note of another try", told.twice),
        Count("sign-ins lost between the provider's answer and the write, each told by its one try", str(told.one_try)),
        _zero("tokens handed out or served before they were stored", logs.handed_early(found)),
        _zero(f"records whose history is not linearizable (of {len(logs.histories(found))})", len(refused)),
        _zero("rounds after which an account was not renewed within 40 s", right.stuck),
        Count(
            f"longest time from a kill to another leader ({len(right.waits)} accounts)",
            f"{longest:.1f} s",
            f"at most {LEASE + 2} s: the lease and 2 s",
            longest <= LEASE + 2.0,
        ),
        _zero("hosts that ended by themselves", sum(run.ended for run in (right, stalling, broken))),
        _zero(
            f"hosts that stall, {sum(stalling.done.values())} freezes: records whose history is not linearizable",
            len(refused_stalling),
        ),
        Count(
            f"the same without the lease comparison, {sum(broken.done.values())} freezes",
            str(len(refused_broken)),
            "1 or more",
            bool(refused_broken),
        ),
    ]


def _zero(what: str, number: int) -> Count:
    return Count(what, str(number), "0", number == 0)
