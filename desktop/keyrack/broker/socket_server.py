"""Serves the local socket: checks who is connected, finds the route, calls its handler, sends JSON (S82 to S88)."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import NoReturn

from keyrack.broker.caller.program_of import program_of
from keyrack.broker.instance.instance import Instance
from keyrack.broker.instance.socket_watch import SECONDS, keep_socket
from keyrack.broker.protocol import responses
from keyrack.broker.protocol.addressing import by_path, target_of
from keyrack.broker.protocol.api_errors import ApiError, no_account, quitting
from keyrack.broker.protocol.request_body import object_of
from keyrack.broker.protocol.route import Answer, Call, Host, Route, RouteTimeouts
from keyrack.broker.routes import (
    account_routes,
    diagnostics_routes,
    event_routes,
    history_routes,
    host_routes,
    lock_routes,
    moving_routes,
    proxy_routes,
    settings_routes,
    sharing_routes,
    sign_in_routes,
    token_routes,
)
from keyrack.broker.routes.host_routes import WITHOUT_RACK
from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.failures import Unexpected
from keyrack.core.rack import Rack
from keyrack.language.languages import accepted
from keyrack.language.translation import asked, speaking
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
    *proxy_routes.ROUTES,
    *settings_routes.ROUTES,
    *history_routes.ROUTES,
    *moving_routes.ROUTES,
    *sharing_routes.ROUTES,
    *diagnostics_routes.ROUTES,
)
STREAMS = 8
LIMITS = ServerLimits(
    read_seconds=READ_SECONDS, body_bytes=BODY_BYTES, connections=CONNECTIONS, queue=QUEUE, backlog=BACKLOG
)

_BY_PATH = by_path(ROUTES)
_HOSTS = (["keyrack"], ["localhost"])
_log = logging.getLogger(__name__)


class SocketServer:
    """Serves the instance's socket over HTTP/1.1, to this user alone.

    `timeouts` and `watch_seconds` may be shorter for a test.
    """

    def __init__(
        self,
        instance: Instance,
        host: Host,
        limits: ServerLimits | None = None,
        timeouts: RouteTimeouts | None = None,
        watch_seconds: float = SECONDS,
    ) -> None:
        self._instance = instance
        self._host = host
        self._timeouts = timeouts or RouteTimeouts()
        self._rack: Rack | None = None
        self._server = HttpServer(limits or LIMITS, responses.refusal)
        self._watch_seconds = watch_seconds
        self._watching: asyncio.Task[NoReturn] | None = None
        self._starting = asyncio.Event()
        self._streams = 0

    @property
    def connections(self) -> int:
        """How many connections are served now."""
        return self._server.connections

    async def serve(self, rack: Rack | None) -> None:
        """Start to serve, or continue with a rack. Returns at once.

        Without a rack only the routes of `host_routes` are served. Other requests wait for the rack.
        """
        self._rack = rack
        if rack is not None:
            self._starting.set()
        if self._watching is None:
            if self._instance.sock is not None:
                self._listen(self._instance.sock)
            self._watching = asyncio.create_task(keep_socket(self._instance, self._listen, self._watch_seconds))

    def _listen(self, sock: socket.socket) -> None:
        """Accept at this socket and no longer at an older one, whose connections go on."""
        self._server.stop_listening()
        self._server.start(sock, lambda accepted: _Connection(self, accepted).answer)

    async def close(self) -> None:
        """End every connection. No token leaves any more (S87). The instance removes the socket itself."""
        self._rack = None
        self._starting.set()
        if self._watching is not None:
            self._watching.cancel()
        await self._server.close(responses.error_response(quitting()))

    async def answer(self, request: ServerRequest, connection: "_Connection") -> ServerResponse:
        """The response to one request of this user."""
        try:
            answer = await self._dispatch(request, connection)
        except Failure as failure:
            return responses.error_response(failure)
        except Exception as error:  # noqa: BLE001  its text may hold a secret
            _log.error("A request could not be answered: %s", type(error).__name__)
            return responses.error_response(Unexpected())
        if isinstance(answer, AsyncIterator):
            return self._stream(answer)
        return responses.ok(answer)

    def _stream(self, answers: AsyncIterator[Mapping[str, object]]) -> ServerResponse:
        if self._streams >= STREAMS:
            return responses.error_response(ApiError("busy", "too_many_streams", streams=str(STREAMS)))
        return responses.stream(self._lines(answers, asked()))

    async def _lines(self, answers: AsyncIterator[Mapping[str, object]], language: str) -> AsyncGenerator[bytes, None]:
        """The lines, each made in the language of the request. What sends them speaks its own."""
        self._streams += 1
        try:
            while True:
                with speaking(language):
                    answer = await anext(answers, None)
                if answer is None:
                    return
                yield responses.line(answer)
        finally:
            self._streams -= 1

    async def _dispatch(self, request: ServerRequest, connection: "_Connection") -> Answer:
        """Find the route, check what it needs, and call its handler. Raises Failure."""
        target = target_of(request.target)
        methods = _BY_PATH.get(target.pattern, {})
        if not methods:
            raise ApiError("not_found", "path_unknown")
        route = methods.get(request.method)
        if route is None:
            raise responses.WrongMethod(tuple(methods))
        if not target.query.keys() <= route.query:
            raise _query_refused(route)
        if self._rack is None and target.pattern in WITHOUT_RACK:
            return WITHOUT_RACK[target.pattern](self._host)
        rack = self._rack or await self._rack_when_started()
        if not route.while_locked:
            rack.lock.refuse_if_locked(by_hand=route.unattended)
        account = _account(rack, target.name) if target.name else None
        body = object_of(request) if request.body else {}
        call = Call(rack, account, target.query, body, connection.program, self._host, self._timeouts)
        return await route.handle(call)

    async def _rack_when_started(self) -> Rack:
        """The rack, which is still being made while Keyrack starts."""
        try:
            async with asyncio.timeout(self._timeouts.starting):
                await self._starting.wait()
        except TimeoutError:
            raise ApiError("busy", "keyrack_starting") from None
        if self._rack is None:
            raise quitting()
        return self._rack


class _Connection:
    """One connection. Its user and its program are found out once."""

    def __init__(self, server: SocketServer, sock: socket.socket) -> None:
        self._server = server
        self._socket = sock
        self._program: Program | None = None
        self._is_this_user = peer_uid(sock) == os.geteuid()

    @property
    def program(self) -> Program:
        """The program at the other end."""
        if self._program is None:
            self._program = program_of(self._socket)
        return self._program

    async def answer(self, request: ServerRequest) -> ServerResponse:
        """Answer in the language that the request asks for, or in this process's own."""
        with speaking(accepted(",".join(request.values("accept-language")))):
            return await self._answer(request)

    async def _answer(self, request: ServerRequest) -> ServerResponse:
        """Refuse another user (S84) and a request that only a browser sends (S88). Else serve it."""
        if not self._is_this_user:
            return responses.error_response(ApiError("refused", "other_user"), last=True)
        if request.values("host") not in _HOSTS:
            return responses.refusal(421)
        if request.values("origin"):
            return responses.error_response(ApiError("refused", "web_page_refused"), last=True)
        return await self._server.answer(request, self)


def _query_refused(route: Route) -> ApiError:
    if not route.query:
        return ApiError("usage", "query_not_taken")
    return ApiError("usage", "query_field_unknown", known=" and ".join(f"“{name}”" for name in sorted(route.query)))


def _account(rack: Rack, name: str) -> Account:
    account = rack.accounts.named(name)
    if account is None:
        rack.lock.refuse_if_locked(by_hand=True)
        raise no_account(name)
    return account
