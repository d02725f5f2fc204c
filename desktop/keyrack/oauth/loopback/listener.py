"""What one port of the redirect addresses answers, for all sign-ins that share it (S37)."""

import hashlib
import socket
from collections import deque
from collections.abc import Callable, Mapping

from keyrack.net.peer import same_user
from keyrack.net.server.http_server import HttpServer
from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import ServerRequest, ServerResponse
from keyrack.oauth.authorization.response import AuthorizationResponse, NotOurs, parse
from keyrack.oauth.authorization.response_check import Unproven, check, claims
from keyrack.oauth.loopback import closing_pages
from keyrack.oauth.loopback.pending import PendingSignIn
from keyrack.oauth.loopback.request_filter import turned_away
from keyrack.oauth.oauth_errors import SignInExpired, WrongIssuer
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret

START = "/start/"
STATUS = "/done/"

# A silent connection gives its place up at once, and none waits for a place (S16, S17).
LIMITS = ServerLimits(
    read_seconds=5.0, connections=16, queue=0, silent_seconds=0.0, write_seconds=5.0, tick_seconds=0.25
)

_MOST_REMEMBERED = 64


class Listener:
    """The answers of one port; it serves as long as sign-ins are waiting at it."""

    def __init__(self, port: int, elapsed: Callable[[], float], *, page_seconds: float, check_peer: bool) -> None:
        self.port = port
        self.waitings: list[PendingSignIn] = []
        self.addresses: set[str] = set()
        self._elapsed = elapsed
        self._page_seconds = page_seconds
        self._check_peer = check_peer
        self._used: deque[bytes] = deque(maxlen=_MOST_REMEMBERED)
        self._server = HttpServer(LIMITS, closing_pages.refusal, keep_alive=False)

    def serve(self, sockets: Mapping[str, socket.socket]) -> None:
        """Accept on further sockets of this port."""
        self.addresses |= sockets.keys()
        for sock in sockets.values():
            self._server.start(sock, lambda _: self.handle)

    def remove(self, waiting: PendingSignIn) -> None:
        """The sign-in is over; its state is remembered as used."""
        if waiting in self.waitings:
            self.waitings.remove(waiting)
            self._used.append(_digest(waiting.request.state.reveal()))

    async def close(self) -> None:
        """Stop listening now, and end what is being answered soon."""
        await self._server.close()

    async def handle(self, received: ServerRequest) -> ServerResponse:
        """The answer to one request; only a genuine one changes anything (S9)."""
        refused = turned_away(received, {waiting.authority for waiting in self.waitings})
        if refused is not None:
            return refused
        path, _, query = received.target.partition("?")
        here = [waiting for waiting in self.waitings if waiting.authority in received.values("host")]
        if path.startswith(START):
            return self._start(received, here, path.removeprefix(START))
        if path.startswith(STATUS):
            return await self._status(here, path.removeprefix(STATUS))
        candidates = [waiting for waiting in here if _is_at(waiting, path)]
        return self._callback(received, candidates, query) if candidates else closing_pages.refusal(404)

    def _start(self, received: ServerRequest, here: list[PendingSignIn], nonce: str) -> ServerResponse:
        for waiting in here:
            if waiting.has_start(nonce):
                if not self._is_ours(received):
                    return closing_pages.refusal(403)
                return closing_pages.see_other(waiting.take_start(nonce).reveal())
        return closing_pages.used()

    async def _status(self, here: list[PendingSignIn], name: str) -> ServerResponse:
        waiting = next((waiting for waiting in here if waiting.status_name == name), None)
        if waiting is None:
            return closing_pages.refusal(404)
        outcome = await waiting.told(self._page_seconds)
        page = closing_pages.working() if outcome is None else closing_pages.ended(outcome)
        return ServerResponse(page.status, page.headers, page.body, sent=waiting.shown.set)

    def _callback(self, received: ServerRequest, candidates: list[PendingSignIn], query: str) -> ServerResponse:
        try:
            response = parse(query)
        except NotOurs:
            return closing_pages.refusal(400)
        claimed = [waiting for waiting in candidates if claims(waiting.request, response)]
        # Without a state, a sign-in that is only owed its last page would stand in the way of the next one.
        meant = [waiting for waiting in claimed if waiting.open] or claimed[-1:]
        if len(meant) != 1:
            return self._unclaimed(response)
        if not self._is_ours(received):
            return closing_pages.refusal(403)
        return self._answer(meant[0], response)

    def _answer(self, waiting: PendingSignIn, response: AuthorizationResponse) -> ServerResponse:
        if waiting.open and self._elapsed() >= waiting.ends:
            waiting.settle(expired(), page_due=False)
        if not waiting.open:
            return closing_pages.used()
        try:
            result: Secret | Failure = check(waiting.request, response)
            waiting.note_key(response)
        except Unproven:
            waiting.refused.emit()
            return closing_pages.reported()
        except NotOurs:
            return closing_pages.refusal(400)
        except Failure as failure:
            result = failure
        waiting.settle(result, page_due=True)
        if isinstance(result, WrongIssuer):
            page = closing_pages.wrong_provider()
            return ServerResponse(page.status, page.headers, page.body, sent=waiting.shown.set)
        return closing_pages.see_other(STATUS + waiting.status_name)

    def _unclaimed(self, response: AuthorizationResponse) -> ServerResponse:
        if response.state is not None and _digest(response.state) in self._used:
            return closing_pages.used()
        return closing_pages.refusal(400)

    def _is_ours(self, received: ServerRequest) -> bool:
        return not self._check_peer or same_user(received.connection)


def expired() -> SignInExpired:
    """What ends a sign-in that nobody answered (S24)."""
    return SignInExpired(
        "Nobody came back from the provider in time.", "The sign-in was ended.", "Press Sign in to start again."
    )


def _is_at(waiting: PendingSignIn, path: str) -> bool:
    redirect = waiting.redirect
    return redirect.loopback and redirect.fits_path(path, slash_optional=not waiting.request.state_echo)


def _digest(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()
