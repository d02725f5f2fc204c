"""One life of a Keyrack, from its start to its kill, and what the provider, the bus and the keyring say of it."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal

from tests.campaigns.keyring_trace import KeyringTrace
from tests.campaigns.provider_trace import Rotation, TracedSandbox
from tests.campaigns.running_keyrack import KeyrackHome, Role

ACCOUNT = "Trading"
PROVIDER = "whitebit"
# Access tokens of two seconds: WhiteBIT allows one renewal in a second, and the askers want half of a life left.
OPTIONS = ("--cap-access", "2")
NEAR_SECONDS = 0.125
LIFE_SECONDS = 5.0
_ASKING = 0.025
_IN_FLIGHT = 0.1
_RENEWAL_PATIENCE = 15.0
_INTERRUPTED = "interrupted_refresh"
KEYRING_PATIENCE = 90.0  # Keyrack looks for a keyring that is away every minute

Moment = Literal["near", "any"]


@dataclass(slots=True)
class Tally:
    """What was counted over many kills."""

    kills: int = 0
    agents: int = 0
    inside: int = 0
    lost_inside: int = 0
    lost_outside: int = 0
    told_otherwise: int = 0
    released: int = 0
    released_early: int = 0
    shown_again: int = 0
    failed_starts: int = 0
    keyring_ended: int = 0
    sending: list[float] = field(default_factory=list)
    storing: list[float] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add what was counted elsewhere."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Askers:
    """Two programs that ask for the token all the time. `got` is when they got which, in seconds since 1970.

    One waits for the renewal that it causes. The other takes whatever is there, so that it would meet a token which
    is given out too early.
    """

    def __init__(self, home: KeyrackHome) -> None:
        self._home = home
        self._ended = threading.Event()
        self.got: dict[str, float] = {}
        self._threads = [threading.Thread(target=self._ask, args=(least,)) for least in ("", "?min_valid=0")]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop asking."""
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def _ask(self, least: str) -> None:
        while not self._ended.wait(_ASKING):
            try:
                given = self._home.token(ACCOUNT, least).get("access_token")
            except OSError:
                continue
            if given:
                self.got.setdefault(given, time.time())


class KillLoop:
    """Starts, kills and looks, again and again, in one home with one account that is signed in."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.sandbox = TracedSandbox.traced(*OPTIONS)
        self.home = KeyrackHome(folder, self.sandbox)
        self.tally = Tally()
        self._bus = KeyringTrace(self.home.keyring).start()
        self._random = random.Random(seed)
        self._client = str(self.sandbox.client(PROVIDER)["client_id"])
        self._unseen = ""  # the token whose renewal was cut off by a kill, until a start has shown what became of it
        self._tries: Counter[str] = Counter()

    def close(self) -> None:
        """End everything."""
        self._bus.close()
        self.home.close()
        self.sandbox.close()

    def prepare(self) -> None:
        """Sign in once."""
        self.home.start("agent")
        self._signed_in()
        self._id = self.home.ids()[ACCOUNT]
        self.home.stop()

    def finish(self) -> None:
        """Look at the last kill, count what was shown again, and end the last life in order."""
        self.home.start("agent")
        self._look(None)
        self.home.stop()
        self.tally.shown_again = sum(times > 1 + self._tries[old] for old, times in self.sandbox.shown.items())

    def kill_once(self, role: Role, moment: Moment) -> None:
        """Start it, wait for the moment, kill it. What the kill did is seen by the next start."""
        began = time.time()
        self.home.start(role)
        if moment == "any" and self._random.random() < 0.3:
            time.sleep(self._random.uniform(0, LIFE_SECONDS / 2))  # perhaps before it is up
            self._killed(role, began, {})
            return
        self._look(role)
        askers = Askers(self.home)
        try:
            self._wait_for(moment)
            self._killed(role, began, askers.got)
        finally:
            askers.end()

    def _wait_for(self, moment: Moment) -> None:
        if moment == "any":
            time.sleep(self._random.uniform(0, LIFE_SECONDS))
            return
        for _ in range(self._random.randint(1, 2)):
            pair = self.sandbox.next_answer(self._client, time.time(), _RENEWAL_PATIENCE)
        if pair is not None and pair.answered is not None:
            time.sleep(max(0.0, pair.answered + self._random.uniform(0, NEAR_SECONDS) - time.time()))

    def _killed(self, role: Role, began: float, got: dict[str, float]) -> None:
        at = self.home.kill()
        time.sleep(_IN_FLIGHT)  # a request that was on its way is still answered
        self.tally.kills += 1
        self.tally.agents += role == "agent"
        pairs = [pair for pair in self.sandbox.rotations(self._client) if pair.issued > began]
        self._note_storing(pairs, at)
        if pairs and not self._stored(pairs[-1], at):
            self.tally.inside += 1
            self._unseen = pairs[-1].old
        if self._unseen:
            self._tries[self._unseen] += 1  # the next start may try it once (S73)
        if self.home.keyring.owner():
            self._compare(got, at)
        else:
            self._restart_keyring()

    def _restart_keyring(self) -> None:
        """Start the keyring that ended by itself. What it had taken is on the disk."""
        self.tally.keyring_ended += 1
        self.home.keyring.kill_daemon()
        self.home.keyring.start_daemon()

    def _stored(self, pair: Rotation, at: float) -> bool:
        back = self._bus.read_back(pair.issued)
        return back is not None and back <= at

    def _note_storing(self, pairs: list[Rotation], at: float) -> None:
        """Note how long each renewal of this life took to be stored."""
        ends = [*(later.issued for _, later in pairwise(pairs)), at]
        for pair, end in zip(pairs, ends, strict=False):
            back = self._bus.read_back(pair.issued)
            if pair.answered is not None and pair.old and back is not None and back <= end:
                self.tally.storing.append(back - pair.answered)
                self.tally.sending.append((self._bus.sent(pair.issued) or back) - pair.answered)

    def _compare(self, got: dict[str, float], at: float) -> None:
        """No token that a program got before the kill may be newer than what the keyring holds after it."""
        newest = self.sandbox.newest_in(self._client, self.home.record(self._id))
        for access, moment in list(got.items()):
            place = self.sandbox.place(access)
            if moment <= at and place is not None:
                self.tally.released += 1
                self.tally.released_early += place[1] > newest

    def _look(self, role: Role | None) -> None:
        """See what the last kill did to the sign-in. Sign in again if it is gone."""
        found = self.home.settled(ACCOUNT)
        if not found and not self.home.keyring.owner():
            self._restart_keyring()
            found = self.home.settled(ACCOUNT, KEYRING_PATIENCE)
        if not found:
            self.tally.failed_starts += 1
            print(f"  a start failed: {role}", flush=True)
        elif found["state"] == "needs_login":
            self.tally.lost_inside += bool(self._unseen)
            self.tally.lost_outside += not self._unseen
            self.tally.told_otherwise += found["reason"] != _INTERRUPTED
            self._signed_in()
        self._unseen = ""

    def _signed_in(self) -> None:
        if self.home.settled(ACCOUNT).get("state") != "ready":
            self.home.sign_in(ACCOUNT)

    _id = ""
