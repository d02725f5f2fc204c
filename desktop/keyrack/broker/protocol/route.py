"""A route of the interface, and the call that reaches its handler."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.rack import Rack

Running = Literal["window", "agent"]


@dataclass(frozen=True, slots=True)
class Host:
    """The process that serves. `raise_window` and `stop` are None where it cannot do that.

    `facts` are what it alone knows of the desktop, for the diagnostics.
    """

    running: Running
    raise_window: Callable[[], object] | None = None
    stop: Callable[[], object] | None = None
    facts: Callable[[], Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class RouteTimeouts:
    """How long a request waits before it is answered all the same, in seconds.

    `starting`: for the rack, while Keyrack starts. `step`: for the next step of a sign-in. `turn`: for the turn of a
    renewal in the queue of its client. All are shorter than the verbs of the command line wait.
    """

    starting: float = 5.0
    step: float = 25.0
    turn: float = 25.0


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One request after it was parsed and checked.

    `account` is the one that the path names. `body` may hold secrets, so the class has no repr.
    """

    rack: Rack
    account: Account | None
    query: Mapping[str, str]
    body: Mapping[str, object]
    program: Program
    host: Host
    timeouts: RouteTimeouts = RouteTimeouts()

    @property
    def named(self) -> Account:
        """The account of a route with `{name}`. Raises LookupError on any other route."""
        if self.account is None:
            raise LookupError("no account is named in this path")
        return self.account


Answer = Mapping[str, object] | AsyncIterator[Mapping[str, object]]
Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path of the interface. `{name}` in the path stands for an account's name, percent-encoded.

    `while_locked`: the route is also served while Keyrack is locked by hand.
    `unattended`: the route is also served while Keyrack has locked itself (S91).
    `query`: the names that may stand after the “?”.
    """

    method: str
    path: str
    handle: Handler
    while_locked: bool = False
    unattended: bool = False
    query: frozenset[str] = frozenset()
