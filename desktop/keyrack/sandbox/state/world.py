"""Everything that a running sandbox knows, shared by its stand-ins and its control port."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from keyrack.sandbox.people.person import People
from keyrack.sandbox.state.clients import Client, Clients
from keyrack.sandbox.state.consent import Consents
from keyrack.sandbox.state.faults import Declared, Faults
from keyrack.sandbox.state.issued_grants import Grants
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.limits import Limits
from keyrack.sandbox.state.request_log import RequestLog
from keyrack.sandbox.state.sandbox_clock import Clock

Own = TypeVar("Own")
MakeState = Callable[[Clock], object]


class World:
    """One sandbox: what its ports share. The mappings are keyed by provider id."""

    def __init__(
        self,
        people: Mapping[str, People],
        clients: Iterable[Client],
        faults: Declared,
        states: Mapping[str, MakeState],
        lifetimes: Lifetimes,
    ) -> None:
        self.people = people
        self.lifetimes = lifetimes
        self.clock = Clock()
        self.clients = Clients(people, clients)
        self.grants = Grants(self.clock)
        self.consents = Consents(self.clock, people)
        self.limits = Limits(self.clock)
        self.log = RequestLog()
        self.faults = Faults(faults)
        self._states = {provider: make(self.clock) for provider, make in states.items()}

    def own(self, provider: str, kind: type[Own]) -> Own:
        """The state that this stand-in alone keeps, as its declaration made it.

        Raises TypeError when it is of another kind.
        """
        found = self._states[provider]
        if not isinstance(found, kind):
            raise TypeError(f"the state of {provider} is a {type(found).__name__}")
        return found
