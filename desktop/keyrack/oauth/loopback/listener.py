"""The responses of one port of the redirect addresses, for all sign-ins that share it (S37)."""

import hashlib
import socket
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace

from keyrack.net.peer import same_user
from keyrack.net.server.http_server import HttpServer
from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import ServerRequest, ServerResponse
from keyrack.oauth.authorization.response import AuthorizationResponse, NotOurs, parse
from keyrack.oauth.authorization.response_check import Unproven, code_of, has_state_of
from keyrack.oauth.loopback import closing_pages
from keyrack.oauth.loopback.pending import PendingSignIn
from keyrack.oauth.loopback.request_filter import rejection
from keyrack.oauth.oauth_errors import SignInExpired, WrongIssuer
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret

START = "/start/"
STATUS = "/done/"
# A silent connection gives its place up at once, and none waits for a place (S16, S17). A browser sends the cookies of
# every program that ever listened at this address, whatever its port (RFC 6265 section 8.5).
LIMITS = ServerLimits(
    read_seconds=5.0,
    line_bytes=16 * 1024,
    head_bytes=64 * 1024,
    head_lines=256,
    connections=16,
    queue=0,
    silent_seconds=0.0,
    write_seconds=5.0,
    tick_seconds=0.25,
)

_MOST_REMEMBERED = 64


class Listener:
    """Serves one port as long as a sign-in is pending there.

    `elapsed` counts suspend. The status page waits `page_seconds` for the end of the sign-in (S20).
    `check_peer` refuses a browser of another user (S23).
    """

    def __init__(self, port: int, elapsed: Callable[[], float], *, page_seconds: float, check_peer: bool) -> None:
        self.port = port
        self.pending: list[PendingSignIn] = []
        self.addresses: set[str] = set()
        self._elapsed = elapsed
        self._page_seconds = page_seconds
        self._check_peer = check_peer
        self._used: deque[bytes] = deque(maxlen=_MOST_REMEMBERED)
        self._server = HttpServer(LIMITS, self._unread, keep_alive=False)

    def serve(self, sockets: Mapping[str, socket.socket]) -> None:
        """Accept on further sockets of this port."""
        self.addresses |= sockets.keys()
        for sock in sockets.values():
            self._server.start(sock, lambda _: self.handle)

    def remove(self, sign_in: PendingSignIn) -> None:
        """Remove a sign-in that is over. Its state is remembered as used (S12)."""
        if sign_in in self.pending:
            self.pending.remove(sign_in)
            self._used.append(_digest(sign_in.request.state.reveal()))

    async def close(self) -> None:
        """Stop listening at once. Responses that are being sent have half a second to complete."""
        await self._server.close()

    async def handle(self, request: ServerRequest) -> ServerResponse:
        """The response to one request. Only a genuine one changes anything (S9)."""
        rejected = rejection(request, {sign_in.authority for sign_in in self.pending})
        if rejected is not None:
            return rejected
        path, _, query = request.target.partition("?")
        here = [sign_in for sign_in in self.pending if sign_in.authority in request.values("host")]
        if path.startswith(START):
            return self._start(request, here, path.removeprefix(START))
        if path.startswith(STATUS):
            return await self._status(here, path.removeprefix(STATUS))
        candidates = [sign_in for sign_in in here if _is_at(sign_in, path)]
        return self._callback(request, candidates, query) if candidates else closing_pages.refusal(404)

    def _start(self, request: ServerRequest, here: list[PendingSignIn], nonce: str) -> ServerResponse:
        for sign_in in here:
            if sign_in.has_start(nonce):
                if not self._is_own_user(request):
                    return closing_pages.refusal(403)
                return closing_pages.see_other(sign_in.use_start(nonce).reveal())
        return closing_pages.used()

    async def _status(self, here: list[PendingSignIn], name: str) -> ServerResponse:
        sign_in = next((sign_in for sign_in in here if sign_in.status_name == name), None)
        if sign_in is None:
            return closing_pages.refusal(404)
        outcome = await sign_in.outcome(self._page_seconds)
        page = closing_pages.working() if outcome is None else closing_pages.ended(outcome)
        return replace(page, sent=sign_in.shown.set)

    def _callback(self, request: ServerRequest, candidates: list[PendingSignIn], query: str) -> ServerResponse:
        try:
            response = parse(query)
        except NotOurs:
            return self._not_taken(candidates)
        matching = [sign_in for sign_in in candidates if has_state_of(sign_in.request, response)]
        # Without a state, a sign-in that only waits for its last page would stand in the way of the next one.
        chosen = [sign_in for sign_in in matching if sign_in.open] or matching[-1:]
        if len(chosen) != 1:
            return self._unmatched(candidates, response)
        if not self._is_own_user(request):
            return closing_pages.refusal(403)
        return self._complete(chosen[0], response)

    def _complete(self, sign_in: PendingSignIn, response: AuthorizationResponse) -> ServerResponse:
        if sign_in.open and self._elapsed() >= sign_in.ends:
            sign_in.settle(SignInExpired("redirect_expired"), page_due=False)
        if not sign_in.open:
            return closing_pages.used()
        try:
            result: Secret | Failure = code_of(sign_in.request, response)
            sign_in.note_key(response)
        except Unproven:
            sign_in.refused.emit()
            return closing_pages.reported()
        except NotOurs:
            return closing_pages.not_taken()
        except Failure as failure:
            result = failure
        sign_in.settle(result, page_due=True)
        if isinstance(result, WrongIssuer):
            return replace(closing_pages.wrong_provider(), sent=sign_in.shown.set)
        return closing_pages.see_other(STATUS + sign_in.status_name)

    def _unmatched(self, candidates: list[PendingSignIn], response: AuthorizationResponse) -> ServerResponse:
        if response.state is not None and _digest(response.state) in self._used:
            return closing_pages.used()
        return self._not_taken(candidates)

    def _not_taken(self, candidates: list[PendingSignIn]) -> ServerResponse:
        return closing_pages.not_taken() if _waits(candidates) else closing_pages.refusal(400)

    def _unread(self, status: int) -> ServerResponse:
        return closing_pages.unread(status) if _waits(self.pending) else closing_pages.refusal(status)

    def _is_own_user(self, request: ServerRequest) -> bool:
        return not self._check_peer or same_user(request.connection)


def _waits(sign_ins: list[PendingSignIn]) -> bool:
    return any(sign_in.open for sign_in in sign_ins)


def _is_at(sign_in: PendingSignIn, path: str) -> bool:
    redirect = sign_in.redirect
    return redirect.loopback and redirect.fits_path(path, slash_optional=not sign_in.request.state_echo)


def _digest(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()
