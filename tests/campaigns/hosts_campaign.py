"""Kills, freezes and cuts off the hosts of a group and their etcd, most of the time near a renewal.

Three agents with homes and keyrings of their own, an etcd of three members, the stand-in of a provider that ends a
sign-in when a refresh token is presented twice. A host that is lost between the provider's answer and the store takes
the new token with it. Then the next host tries the old one once, and this is counted apart. It comes to light in a
later round, so that the trouble of that round did not cause it.
"""

import random
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import quote

from tests.campaigns import log_search
from tests.campaigns.campaign import Options
from tests.campaigns.provider_trace import Rotation, TracedSandbox
from tests.campaigns.sharing_history import Recorder, faults
from tests.campaigns.sharing_hosts import ACCOUNT, GROUP, SharingHost, group_keys, make_group
from tests.campaigns.table import Count
from tests.etcd_cluster import EtcdCluster

TITLE = "Hosts"
ROUNDS = 200
LEASE_SECONDS = 10.0
_PROVIDER = "whitebit"
_NEAR_SECONDS = 0.15
_SETTLED = 90.0
_ASKING = 0.1
# What was written last has then been seen by the recorder.
_LAST_WORD = 5.0


@dataclass(slots=True)
class Tally:
    """What was counted."""

    rounds: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    lost_after: list[str] = field(default_factory=list)
    unsettled: int = 0
    failovers: list[float] = field(default_factory=list)


class Askers:
    """A program on each host that takes whatever token is there. `got` is when a host first gave which."""

    def __init__(self, hosts: Sequence[SharingHost]) -> None:
        self._ended = threading.Event()
        self.got: dict[tuple[str, str], float] = {}
        self._threads = [threading.Thread(target=self._ask, args=(host,)) for host in hosts]
        for thread in self._threads:
            thread.start()

    def _ask(self, host: SharingHost) -> None:
        while not self._ended.wait(_ASKING):
            given = host.access()
            if given:
                self.got.setdefault((host.name, given), time.time())

    def end(self) -> None:
        """Stop asking."""
        self._ended.set()
        for thread in self._threads:
            thread.join(60)


class Rounds:
    """Three hosts, and the trouble that they meet."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.sandbox = TracedSandbox.traced("--cap-access", "60")
        self.etcd = EtcdCluster(folder, 3).start()
        self.hosts = [SharingHost(folder / f"h{n}", self.sandbox, self.etcd, f"desk-{n}") for n in (1, 2, 3)]
        self.tally = Tally()
        self.random = random.Random(seed)
        self.client = str(self.sandbox.client(_PROVIDER)["client_id"])
        make_group(self.hosts)
        self.recorder = Recorder(self.etcd.addresses, f"/keyrack/{GROUP}/", group_keys(self.hosts[0]))
        self.askers = Askers(self.hosts)

    def close(self) -> None:
        """End everything."""
        self.askers.end()
        self.recorder.close()
        for host in self.hosts:
            host.close()
        self.etcd.close()
        self.sandbox.close()

    def leader(self) -> SharingHost:
        """The host that renews now."""
        ends = time.monotonic() + _SETTLED
        while True:
            for host in self.hosts:
                if host.shared().get("here"):
                    return host
            assert time.monotonic() < ends, "nobody renews"
            time.sleep(0.1)

    def once(self) -> None:
        """One trouble, and what became of it."""
        trouble = self.random.choice((self._kill, self._kill, self._freeze, self._cut, self._cut, self._member))
        leader = self.leader()
        self._renew_soon(leader)
        what = trouble(leader)
        self.tally.rounds[what] = self.tally.rounds.get(what, 0) + 1
        self._settle(what)

    def _renew_soon(self, leader: SharingHost) -> None:
        """Begin a renewal, and return near its answer."""
        began = time.time()
        path = f"/v1/accounts/{quote(ACCOUNT)}/refresh"

        def ask() -> None:
            with suppress(OSError):
                leader.ask("POST", path)

        threading.Thread(target=ask, daemon=True).start()
        if self.random.random() < 0.7:
            pair = self.sandbox.next_answer(self.client, began, 5.0)
            if pair is not None and pair.answered is not None:
                time.sleep(self.random.uniform(0, _NEAR_SECONDS))
        else:
            time.sleep(self.random.uniform(0, 0.2))

    def _kill(self, leader: SharingHost) -> str:
        at = time.monotonic()
        leader.kill()
        others = [host for host in self.hosts if host is not leader]
        while time.monotonic() - at < _SETTLED:
            if any(host.shared().get("here") for host in others):
                self.tally.failovers.append(time.monotonic() - at)
                break
            time.sleep(0.05)
        leader.begin()
        return "the renewing host killed"

    def _freeze(self, leader: SharingHost) -> str:
        leader.freeze()
        time.sleep(self.random.uniform(1.0, 1.5 * LEASE_SECONDS))
        leader.thaw()
        return "the renewing host frozen"

    def _cut(self, leader: SharingHost) -> str:
        cut = self.random.choice(([leader], self.hosts))
        how = self.random.choice(("cut", "freeze", "hold_answers"))
        for host in cut:
            for link in host.links:
                getattr(link, how)()
        time.sleep(self.random.uniform(1.0, 1.5 * LEASE_SECONDS))
        for host in cut:
            for link in host.links:
                link.mend()
        return "links cut, frozen or without answers"

    def _member(self, leader: SharingHost) -> str:
        member = self.random.choice(self.etcd.members)
        if self.random.random() < 0.5:
            member.kill()
            time.sleep(self.random.uniform(0.5, 4.0))
            self.etcd.start_member(member)
        else:
            member.freeze()
            time.sleep(self.random.uniform(0.5, 4.0))
            member.thaw()
        return "a member of the etcd killed or frozen"

    def _settle(self, what: str) -> None:
        """Wait until all hosts serve the same token, or until the sign-in is over."""
        ends = time.monotonic() + _SETTLED
        while time.monotonic() < ends:
            states = [host.account(ACCOUNT).get("state") for host in self.hosts]
            tokens = {host.access() for host in self.hosts}
            if "needs_login" in states:
                inside = self._inside()
                self.tally.lost += not inside
                self.tally.lost_after.append(f"{what}{' (inside)' if inside else ''}")
                self.leader().sign_in(ACCOUNT)
                return
            if len(tokens) == 1 and "" not in tokens and set(states) == {"ready"}:
                return
            time.sleep(0.2)
        self.tally.unsettled += 1

    def _inside(self) -> bool:
        """Whether the newest token that the provider made was lost with a host. A try with the old one comes later."""
        return self.sandbox.rotations(self.client)[-1].access not in self.recorder.stored()


def counted(home: Path, options: Options) -> list[Count]:
    """Run the rounds. About an hour at full length."""
    rounds = Rounds(home, options.seed)
    try:
        number = max(4, round(ROUNDS * options.share))
        for done in range(1, number + 1):
            rounds.once()
            if done % 10 == 0:
                print(f"  {done} rounds, {rounds.tally}", flush=True)
        time.sleep(_LAST_WORD)
        rounds.askers.end()
        return _table(rounds)
    finally:
        rounds.close()


def _table(rounds: Rounds) -> list[Count]:
    tally, stored = rounds.tally, rounds.recorder.stored()
    pairs = rounds.sandbox.rotations(rounds.client)
    lost_with_host = {pair.old for pair in pairs if pair.access not in stored}
    again = {token: times for token, times in rounds.sandbox.shown.items() if times > 1}
    tries = sum(1 for token in again if token in lost_with_host)
    wrong = faults(rounds.recorder.history)
    for line in wrong[:10]:
        print(f"  {line}")
    early = _early(rounds, pairs)
    slowest = max(tally.failovers, default=0.0)
    return [
        *(Count(what, str(times)) for what, times in sorted(tally.rounds.items())),
        Count("renewals", str(len(pairs))),
        Count("renewals whose token was lost with its host before the store had it", str(len(lost_with_host))),
        _zero("refresh tokens presented twice", len(again) - tries),
        Count("presented again once, because a host was lost with the answer", str(tries)),
        _zero("sign-ins lost, but for those", tally.lost),
        Count("sign-ins lost with a host that had the answer", str(len(tally.lost_after) - tally.lost)),
        _zero("tokens given out on another host before they were stored", early),
        _zero("rounds after which the hosts did not agree", tally.unsettled),
        _zero(f"faults in the history of {len(rounds.recorder.history)} versions", len(wrong)),
        Count(
            "fail-over after a kill, median and longest",
            f"{median(tally.failovers):.1f} s, {slowest:.1f} s" if tally.failovers else "not measured",
            f"at most {LEASE_SECONDS + 2:.0f} s",
            slowest <= LEASE_SECONDS + 2,
        ),
        *log_search.counted([host.keyring.home for host in rounds.hosts], rounds.sandbox.secrets),
    ]


def _early(rounds: Rounds, pairs: Sequence[Rotation]) -> int:
    """Tokens that a host gave out before the store had them. The one that renewed may do so while the store is away."""
    stored = rounds.recorder.stored()
    writers = {version.access: version.writer for version in rounds.recorder.history if version.access}
    names = {pair.access for pair in pairs}
    found = 0
    for (host, token), at in rounds.askers.got.items():
        if token not in names:
            continue
        if token not in stored:
            found += sum(1 for other, same in rounds.askers.got if same == token) > 1
        elif at < stored[token]:
            first = min(when for (_, same), when in rounds.askers.got.items() if same == token)
            found += at > first and bool(writers.get(token)) and host != ""
    return found


def _zero(what: str, number: int) -> Count:
    return Count(what, str(number), "0", number == 0)
