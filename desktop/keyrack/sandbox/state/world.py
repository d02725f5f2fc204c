"""Everything the sandbox knows, shared by its providers and its control port."""

from keyrack.sandbox.state.clients import Clients
from keyrack.sandbox.state.consent import Consents
from keyrack.sandbox.state.faults import Faults
from keyrack.sandbox.state.issued_grants import Grants
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.limits import Limits
from keyrack.sandbox.state.request_log import Log
from keyrack.sandbox.state.sandbox_clock import Clock
from keyrack.sandbox.state.whitebit_keys import Keys


class World:
    """One sandbox: what its ports share."""

    def __init__(self, lifetimes: Lifetimes) -> None:
        self.lifetimes = lifetimes
        self.clock = Clock()
        self.clients = Clients()
        self.grants = Grants(self.clock)
        self.consents = Consents(self.clock)
        self.limits = Limits(self.clock)
        self.log = Log()
        self.faults = Faults()
        self.keys = Keys(self.clock)
        self.stream_tokens: dict[str, tuple[str, float]] = {}
