"""The sandbox, which also tells on standard output what it issued, what it was shown, and when it had answered.

    python -m tests.campaigns.traced_sandbox --cap-access 2

The first line is the announcement, as ever. Each further line is one JSON object: `what`, `at` in seconds since 1970,
`request` with its number, and what belongs to it. It holds the tokens themselves, so nobody keeps it on a disk.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from itertools import count

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keyrack.sandbox.__main__ import Sandbox, main
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.issued_grants import Grants, IssuedToken
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.stand_in import StandIn

_request: ContextVar[int] = ContextVar("request", default=0)
_numbers = count(1)
_touched: set[int] = set()


def tell(what: str, **fields: object) -> None:
    """Write one line, at once."""
    number = _request.get()
    _touched.add(number)
    line = {"what": what, "at": time.time(), "request": number, **fields}
    print(json.dumps(line), flush=True)


class TracedGrants(Grants):
    """Tells of each token that it makes, and of each refresh token that it is shown."""

    def code(self, kind: str, provider: str, client_id: str, account: str) -> str:
        made = super().code(kind, provider, client_id, account)
        tell("issued", kind="code", token=made, client_id=client_id)
        return made

    def access(self, client: Client, account: str, lifetime: float, make: Callable[[], str]) -> str:
        made = super().access(client, account, lifetime, make)
        tell("issued", kind="access", token=made, client_id=client.client_id)
        return made

    def refresh(self, client: Client, account: str, lifetime: float, make: Callable[[], str]) -> str:
        made = super().refresh(client, account, lifetime, make)
        tell("issued", kind="refresh", token=made, client_id=client.client_id)
        return made

    def refreshable(self, token: str, client: Client) -> IssuedToken | None:
        found = super().refreshable(token, client)
        tell("shown", token=token, client_id=client.client_id, good=found is not None)
        return found


class Traced:
    """Numbers the requests of a provider, and tells when a response that held a token was sent to its last byte."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        number = next(_numbers)
        _request.set(number)
        began = time.time()

        async def sent(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body") and number in _touched:
                tell("answered", began=began, path=scope["path"])
                _touched.discard(number)

        await self._inner(scope, receive, sent)


class TracedSandbox(Sandbox):
    """The sandbox with its ports behind `Traced`."""

    def __init__(self, found: Iterable[StandIn], lifetimes: Lifetimes) -> None:
        super().__init__(found, lifetimes)
        self.world.grants = TracedGrants(self.world.clock)

    def app(self, stand_in: StandIn) -> ASGIApp:
        return Traced(super().app(stand_in))


if __name__ == "__main__":
    main(sys.argv[1:], TracedSandbox)
