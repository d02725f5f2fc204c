"""Answers at Keyrack's socket: who may ask, what is asked, and JSON in both directions (S82 to S88)."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Mapping

from keyrack.broker.caller.program_of import program_of
from keyrack.broker.instance.instance import Instance
from keyrack.broker.protocol import responses
from keyrack.broker.protocol.addressing import by_path, target_of
from keyrack.broker.protocol.api_errors import ApiError, no_account, quitting
from keyrack.broker.protocol.request_body import object_of
from keyrack.broker.protocol.route import Answer, Call, Host, Route
from keyrack.broker.routes import account_routes, event_routes, host_routes, lock_routes, sign_in_routes, token_routes
from keyrack.broker.routes.host_routes import WITHOUT_RACK
from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.failures import Unexpected
from keyrack.core.rack import Rack
from keyrack.net.server.http_server import HttpServer
from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import ServerRequest, ServerResponse
from keyrack.net.unix_peer import peer_uid
from keyrack.primitives.failure import Failure

CONNECTIONS = 32
READ_SECONDS = 10.0
BODY_BYTES = 64 * 1024
QUEUE = 256
BACKLOG = 1024  # a client that does not wait gets "try again" from the kernel when this is full
ROUTES = (
    *token_routes.ROUTES,
    *event_routes.ROUTES,
    *host_routes.ROUTES,
    *account_routes.ROUTES,
    *sign_in_routes.ROUTES,
    *lock_routes.ROUTES,
)
STREAMS = 8
LIMITS = ServerLimits(
    read_seconds=READ_SECONDS, body_bytes=BODY_BYTES, connections=CONNECTIONS, queue=QUEUE, backlog=BACKLOG
)
STARTING_SECONDS = 5.0

_BY_PATH = by_path(ROUTES)
_HOSTS = (["keyrack"], ["localhost"])
_log = logging.getLogger(__name__)


class SocketServer:
    """Serves the instance's socket, over HTTP/1.1 and to this user alone."""

    def __init__(self, instance: Instance, host: Host, limits: ServerLimits | None = None) -> None:
        self._instance = instance
        self._host = host
        self._rack: Rack | None = None
        self._server = HttpServer(limits or LIMITS, responses.refusal)
        self._serves = False
        self._starting = asyncio.Event()
        self._streams = 0

    @property
    def connections(self) -> int:
        """How many connections are served now."""
        return self._server.connections

    async def serve(self, rack: Rack | None) -> None:
        """Begin to answer, or go on with a rack; returns at once. Without one only the window can be raised."""
        self._rack = rack
        if rack is not None:
            self._starting.set()
        if self._instance.sock is not None and not self._serves:
            self._serves = True
            self._server.start(self._instance.sock, lambda accepted: _Visit(self, accepted).answer)

    async def close(self) -> None:
        """End every connection; no token leaves any more (S87). The instance removes the socket itself."""
        self._rack = None
        self._starting.set()
        await self._server.close(responses.problem(quitting()))

    async def answer(self, received: ServerRequest, visit: "_Visit") -> ServerResponse:
        """The answer to one request of this user."""
        try:
            answer = await self._answered(received, visit)
        except Failure as failure:
            return responses.problem(failure)
        except Exception as error:  # noqa: BLE001  its text may hold a secret
            _log.error("A request could not be answered: %s", type(error).__name__)
            return responses.problem(Unexpected())
        if isinstance(answer, AsyncIterator):
            return self._stream(answer)
        return responses.ok(answer)

    def _stream(self, answers: AsyncIterator[Mapping[str, object]]) -> ServerResponse:
        if self._streams >= STREAMS:
            return responses.problem(
                ApiError("busy", f"{STREAMS} programs follow the changes already.", "", "End one of them.")
            )
        return responses.stream(self._lines(answers))

    async def _lines(self, answers: AsyncIterator[Mapping[str, object]]) -> AsyncGenerator[bytes, None]:
        self._streams += 1
        try:
            async for answer in answers:
                yield responses.line(answer)
        finally:
            self._streams -= 1

    async def _answered(self, received: ServerRequest, visit: "_Visit") -> Answer:
        """Find the route, check what it needs, call it; raises Failure."""
        target = target_of(received.target)
        methods = _BY_PATH.get(target.pattern, {})
        if not methods:
            raise ApiError("not_found", "There is no such path.", "This Keyrack speaks version 1 of its interface.")
        route = methods.get(received.method)
        if route is None:
            raise responses.WrongMethod(tuple(methods))
        if not target.query.keys() <= route.query:
            raise ApiError("usage", "The address asks for something that this path does not know.", "", _known(route))
        if self._rack is None and target.pattern in WITHOUT_RACK:
            return WITHOUT_RACK[target.pattern](self._host)
        rack = self._rack or await self._soon()
        if not route.while_locked:
            rack.lock.refuse_if_locked(by_hand=route.unattended)
        account = _account(rack, target.name) if target.name else None
        body = object_of(received) if received.body else {}
        return await route.handle(Call(rack, account, target.query, body, visit.program, self._host))

    async def _soon(self) -> Rack:
        """The rack, which is only being made at the start."""
        try:
            async with asyncio.timeout(STARTING_SECONDS):
                await self._starting.wait()
        except TimeoutError:
            means = "It has not read its accounts yet."
            raise ApiError("busy", "Keyrack is only starting.", means, "Try again.") from None
        if self._rack is None:
            raise quitting()
        return self._rack


class _Visit:
    """One connection: whose it is, and which program's, found out once."""

    def __init__(self, service: SocketServer, sock: socket.socket) -> None:
        self._service = service
        self._socket = sock
        self._program: Program | None = None
        self._is_ours = peer_uid(sock) == os.geteuid()

    @property
    def program(self) -> Program:
        """The program at the other end."""
        if self._program is None:
            self._program = program_of(self._socket)
        return self._program

    async def answer(self, received: ServerRequest) -> ServerResponse:
        """Refuse another user (S84), and what no program but a browser sends (S88); else answer."""
        if not self._is_ours:
            return responses.problem(ApiError("refused", "This Keyrack belongs to another user."), last=True)
        if received.values("host") not in _HOSTS:
            return responses.refusal(421)
        if received.values("origin"):
            return responses.problem(ApiError("refused", "A web page may not ask Keyrack."), last=True)
        return await self._service.answer(received, self)


def _known(route: Route) -> str:
    names = " and ".join(f"“{name}”" for name in sorted(route.query))
    return f"It knows {names} after the “?”." if names else "It takes nothing after the “?”."


def _account(rack: Rack, name: str) -> Account:
    account = rack.accounts.named(name)
    if account is None:
        rack.lock.refuse_if_locked(by_hand=True)
        raise no_account(name)
    return account
