"""Switches the sandbox's faults on and off at random, and knows which provider was well since when."""

import random
import threading
import time
from dataclasses import dataclass

from keyrack.sandbox.find_stand_ins import stand_ins
from keyrack.sandbox.state.fault_kinds import DOWN, EVERYWHERE, IN_MESSAGES, MESSAGES
from tests.campaigns.provider_trace import TracedSandbox

MOST_AT_ONCE = 6
SHORTEST, LONGEST = 2.0, 15.0
# What may cost a sign-in by the provider's own word, or because its answer with the new token did not arrive whole.
COSTLY = {
    *("lost", "truncated", "malformed", "drip", "closed", "ended:404", "ended:410", "code:13021", "client", "dead"),
    *("refused", "refused:401", "withdrawn", "withdrawn:200", "foreign", "gone"),
    *("says:invalid_grant", "says:access_denied", "says:expired_token"),
}
_ELSEWHERE = "redirect:http://127.0.0.1:9/"  # nothing of a test leaves the computer


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault as POST /faults takes it, and when it ends (monotonic seconds)."""

    provider: str
    endpoint: str
    written: str
    ends: float


class Weather:
    """`change` is called every now and then by one thread. The questions may be asked by any."""

    def __init__(self, sandbox: TracedSandbox, source: random.Random) -> None:
        self._sandbox = sandbox
        self._random = source
        self._on: list[Fault] = []
        self._well: dict[str, float] = {}
        self._costly: dict[str, float] = {}
        self._lock = threading.Lock()
        self._offered = _offered()
        self.used: set[tuple[str, str, str]] = set()

    @property
    def offered(self) -> int:
        """How many faults there are to choose from."""
        return len(self._offered)

    def change(self) -> None:
        """End the faults whose time has come, and begin another if there is room."""
        now = time.monotonic()
        over = [fault for fault in self._on if fault.ends <= now]
        if over:
            left = [fault for fault in self._on if fault.ends > now]
            self._sandbox.clear_faults()
            for fault in left:
                self._sandbox.fault(fault.provider, fault.endpoint, fault.written)
            self._note(over, left)
        if len(self._on) < MOST_AT_ONCE:
            provider, endpoint, written = self._random.choice(self._offered)
            fault = Fault(provider, endpoint, written, now + self._random.uniform(SHORTEST, LONGEST))
            self._note((), [*self._on, fault])
            self._sandbox.fault(provider, endpoint, written)
            self.used.add((provider, endpoint, written))

    def clear(self) -> None:
        """End all."""
        self._sandbox.clear_faults()
        self._note(self._on, [])

    def well_for(self, provider: str) -> float:
        """For how many seconds nothing was switched on at a provider. 0 while something is."""
        with self._lock:
            if any(fault.provider == provider for fault in self._on):
                return 0.0
            return time.monotonic() - self._well.get(provider, 0.0)

    def costly_within(self, provider: str, seconds: float) -> bool:
        """Whether a fault that may cost a sign-in is on, or was on in the last seconds."""
        with self._lock:
            on = any(fault.provider == provider and fault.written in COSTLY for fault in self._on)
            return on or time.monotonic() - self._costly.get(provider, -seconds) < seconds

    def _note(self, over: "list[Fault] | tuple[()]", on: list[Fault]) -> None:
        now = time.monotonic()
        with self._lock:
            self._on = on
            for fault in over:
                self._well[fault.provider] = now
                if fault.written in COSTLY:
                    self._costly[fault.provider] = now


def _offered() -> list[tuple[str, str, str]]:
    """Every fault of every endpoint: provider, endpoint, and the fault as it is written."""
    found = []
    for stand_in in stand_ins():
        for endpoint, own in (*stand_in.endpoints.items(), ("*", DOWN)):
            everywhere = IN_MESSAGES if endpoint.startswith(MESSAGES) else EVERYWHERE
            for written in (*everywhere, *own):
                safe = _ELSEWHERE if written.startswith("redirect:") else written
                found.append((stand_in.id, endpoint, safe))
    return found
