"""Programs that want tokens while all goes on: they ask over the socket and by `keyrack token`, and have patience."""

import random
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.campaigns.provider_trace import TracedSandbox
from tests.campaigns.running_keyrack import KeyrackHome
from tests.campaigns.soak_weather import Weather

# The longest pause of Keyrack's own is 30 s and a fifth after failures of a provider. A caller waits for twice that.
PATIENCE = 72.0
_PAUSE = 0.3
_BY_VERB = 0.02
_LOOKED_AT = 0.05
_WANTED = ("", "", "?min_valid=0", "?min_valid=6")


@dataclass(frozen=True, slots=True)
class Place:
    """One account: its name, its provider, its id, its client, and whether its record in the keyring is looked at."""

    name: str
    provider: str
    id: str
    client_id: str
    stored: bool


@dataclass(slots=True)
class Calls:
    """What all callers counted together."""

    given: int = 0
    by_verb: int = 0
    compared: int = 0
    missed: int = 0
    early: int = 0
    broken: int = 0


class Callers:
    """Some threads that ask until `end`. `excused` says that a person's own action is why there is no token."""

    def __init__(
        self,
        home: KeyrackHome,
        sandbox: TracedSandbox,
        weather: Weather,
        places: list[Place],
        excused: Callable[[str], bool],
    ) -> None:
        self.calls = Calls()
        self._home = home
        self._sandbox = sandbox
        self._weather = weather
        self._places = places
        self._excused = excused
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def begin(self, number: int, seed: int) -> None:
        """Start so many."""
        for n in range(number):
            thread = threading.Thread(target=self._run, args=(random.Random(seed + n),), daemon=True)
            thread.start()
            self._threads.append(thread)

    def end(self) -> None:
        """Let each finish its request."""
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self, source: random.Random) -> None:
        try:
            self._call(source)
        except Exception:
            self.calls.broken += 1
            raise

    def _call(self, source: random.Random) -> None:
        while not self._ended.wait(source.uniform(0, 2 * _PAUSE)):
            place = source.choice(self._places)
            token = self._by_verb(place) if source.random() < _BY_VERB else self._asked(place, source)
            if token and place.stored and source.random() < _LOOKED_AT:
                self._compare(place, token)

    def _by_verb(self, place: Place) -> str:
        done = self._home.verb("token", place.name)
        with self._lock:
            self.calls.by_verb += done.returncode == 0
        return done.stdout.strip()

    def _asked(self, place: Place, source: random.Random) -> str:
        """One token, however often it has to be asked for."""
        since, problem = time.monotonic(), ""
        while not self._ended.is_set():
            try:
                answer = self._home.token(place.name, source.choice(_WANTED))
            except OSError as why:
                answer = {"error": {"code": str(why)}}
            if "access_token" in answer:
                with self._lock:
                    self.calls.given += 1
                return str(answer["access_token"])
            problem = str(answer["error"])
            if self._excused(place.name):
                return ""
            if min(time.monotonic() - since, self._weather.well_for(place.provider)) > PATIENCE:
                with self._lock:
                    self.calls.missed += 1
                print(f"  no token of {place.name}: {problem}", flush=True)
                return ""
            self._ended.wait(_PAUSE)
        return ""

    def _compare(self, place: Place, token: str) -> None:
        """The keyring must hold what came with this token, or something newer, unless the account says `unsaved`."""
        given = self._sandbox.place(token)
        try:
            text = self._home.record(place.id)
        except subprocess.SubprocessError:
            return  # the keyring is away just now
        newest = self._sandbox.newest_in(place.client_id, text)
        if given is None or newest >= given[1]:
            early = False
        else:
            state = self._home.account(place.name).get("state", "")
            early = newest >= 0 and state not in ("unsaved", "")
            print(f"  {place.name}: pair {given[1]} was given, the keyring holds {newest}, {state}", flush=True)
        with self._lock:
            self.calls.compared += 1
            self.calls.early += early
