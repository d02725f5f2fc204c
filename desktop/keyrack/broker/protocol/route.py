"""What a request of the local socket may ask for: a route, and the call that reaches its handler."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.rack import Rack

Running = Literal["window", "agent"]


@dataclass(frozen=True, slots=True)
class Host:
    """The program that serves; `raise_window` and `stop` are None where it cannot do that."""

    running: Running
    raise_window: Callable[[], object] | None = None
    stop: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One request, read and checked; `account` is the one that its path names, `body` may hold secrets."""

    rack: Rack
    account: Account | None
    query: Mapping[str, str]
    body: Mapping[str, object]
    program: Program
    host: Host

    @property
    def named(self) -> Account:
        """The account of a route with `{name}`, which the service looked up; LookupError on any other route."""
        if self.account is None:
            raise LookupError("no account is named in this path")
        return self.account


Answer = Mapping[str, object] | AsyncIterator[Mapping[str, object]]
Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One verb of the interface; `{name}` in the path stands for an account's name, percent-encoded.

    `while_locked` says that it also answers while Keyrack is locked by hand, `unattended` that it does
    while Keyrack has locked itself (S91); `query` is what may stand after the “?”.
    """

    method: str
    path: str
    handle: Handler
    while_locked: bool = False
    unattended: bool = False
    query: frozenset[str] = frozenset()
