"""The person of the long run: signs in and out, locks and unlocks, and looks which sign-ins were lost."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

from keyrack.sandbox.browser import LostError
from tests.campaigns.running_keyrack import KeyrackHome
from tests.campaigns.soak_callers import Place
from tests.campaigns.soak_weather import Weather

PASSPHRASE = "an invented passphrase of the long run"
# A fault may cost a sign-in some time after it was on: the next renewal finds out.
_LATE = 90.0
_EXCUSED_AFTER = 3.0
_SIGN_IN_SECONDS = 15.0
_KEYS = "whitebit-fast-key"
_ENDED = ("needs_login", "closed")
_FAILED = (OSError, AssertionError, RuntimeError, LookupError, LostError, ValueError)


class Person:
    """One thread calls `look` and the actions. Any thread may ask `excused`."""

    def __init__(self, home: KeyrackHome, weather: Weather, places: list[Place], source: random.Random) -> None:
        self._home = home
        self._weather = weather
        self._places = {place.name: place for place in places}
        self._random = source
        self._busy: dict[str, float] = {}
        self._all_until = 0.0
        self._lock = threading.Lock()
        self._out: set[str] = set()
        self.lost: Counter[str] = Counter()
        self.unready: list[str] = []
        self.allowed = 0
        self.signed_in = self.signed_out = self.locked = 0

    def excused(self, name: str) -> bool:
        """Whether there is no token of this account now because of what the person does."""
        with self._lock:
            now = time.monotonic()
            return name in self._out or now < max(self._all_until, self._busy.get(name, 0.0))

    def sign_in_everywhere(self) -> None:
        """The first sign-in of every account, with the passphrase that a lock needs."""
        self._home.ask("PUT", "/v1/lock/passphrase", old=None, new=PASSPHRASE)
        for name in self._places:
            self._home.sign_in(name)

    def look(self) -> bool:
        """See which sign-ins ended, and sign in again where the provider is well. True when all are signed in."""
        try:
            accounts = self._home.ask("GET", "/v1/status")["accounts"]
        except (OSError, KeyError):
            return False
        self.unready = []
        for account in accounts:
            place = self._places.get(account["name"])
            if place is None:
                continue
            if account["state"] != "ready":
                self.unready.append(f"{place.name}: {account['state']} {account['reason']}")
            if account["state"] in _ENDED:
                self._ended(place, account["state"], account["reason"])
        return not self.unready

    def _ended(self, place: Place, state: str, reason: str) -> None:
        with self._lock:
            known = place.name in self._out
            self._out.add(place.name)
        if not known:
            allowed = self._weather.costly_within(place.provider, _LATE)
            self.allowed += allowed
            if not allowed:
                self.lost[f"{place.name}: {state} {reason}"] += 1
                print(f"  a sign-in was lost: {place.name}: {state} {reason}", flush=True)
        if self._weather.well_for(place.provider) > 0:
            with suppress(*_FAILED), self._doing(place.name):
                if place.provider == _KEYS:
                    self._delete_keys()
                self._home.sign_in(place.name, _SIGN_IN_SECONDS)
                self.signed_in += 1
                self._out.discard(place.name)

    def _delete_keys(self) -> None:
        """Delete the keys by hand, as WhiteBIT's page asks: while there is one it makes no other."""
        for key in self._home.sandbox.ask("GET", "/keys"):
            self._home.sandbox.ask("DELETE", "/keys", {"externalId": key["externalId"]})

    def sign_out(self) -> None:
        """Sign out somewhere. `look` signs in again."""
        name = self._random.choice(list(self._places))
        with self._lock:
            self._out.add(name)
        with suppress(*_FAILED), self._doing(name):
            self._home.ask("POST", f"/v1/accounts/{quote(name)}/logout")
            self.signed_out += 1

    def lock_for_a_while(self) -> None:
        """Lock, see that no token is given, unlock."""
        with self._lock:
            self._all_until = time.monotonic() + 30
        try:
            with suppress(*_FAILED):
                self._home.ask("POST", "/v1/lock")
                given = self._home.token(next(iter(self._places)))
                if "access_token" in given:
                    self.lost["a token was given while locked"] += 1
                time.sleep(self._random.uniform(0.5, 3))
        finally:
            self._unlock()
            self.locked += 1
            with self._lock:
                self._all_until = time.monotonic() + _EXCUSED_AFTER

    def _unlock(self) -> None:
        for _ in range(60):
            with suppress(OSError):
                if self._home.ask("POST", "/v1/unlock", passphrase=PASSPHRASE).get("locked") is False:
                    return
            time.sleep(0.5)

    @contextmanager
    def _doing(self, name: str) -> Iterator[None]:
        """Excuse an account while this lasts, and a little longer."""
        with self._lock:
            self._busy[name] = time.monotonic() + 120
        try:
            yield
        finally:
            with self._lock:
                self._busy[name] = time.monotonic() + _EXCUSED_AFTER
