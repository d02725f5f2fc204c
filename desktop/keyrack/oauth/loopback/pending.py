"""One sign-in that waits for its authorization response, from the start address to the last page in the browser."""

import asyncio
import secrets

from keyrack.oauth.authorization import pasted_address
from keyrack.oauth.authorization.redirect_uri import RedirectUri
from keyrack.oauth.authorization.response import AuthorizationResponse, parse
from keyrack.oauth.authorization.response_check import AuthorizationRequest, Unproven
from keyrack.oauth.loopback.outcome import Outcome, outcome_of
from keyrack.oauth.oauth_errors import SignInCancelled, WrongAddressPasted
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.primitives.signal import Signal

_MOST_STARTS = 16
_NONCE_BYTES = 32


class PendingSignIn:
    """A sign-in in progress, bound to its request (S30).

    `origin` is the start of its local addresses. `ends` is the moment, by the clock of `Redirects`, after which no
    response counts (S24). `api_key` is a public key that came with the code, if any (WhiteBIT Fast API key Q2).
    `refused` is emitted when an error without proof arrived (S33). `responded` is set when the response is there,
    and `shown` when the browser got its last page. `task` ends the sign-in in time.
    """

    def __init__(self, request: AuthorizationRequest, redirect: RedirectUri, origin: str, ends: float) -> None:
        self.request = request
        self.redirect = redirect
        self.origin = origin
        self.ends = ends
        self.refused = Signal[[]]()
        self.status_name = secrets.token_urlsafe(_NONCE_BYTES)
        self.responded = asyncio.Event()
        self.shown = asyncio.Event()
        self.api_key: Secret | None = None
        self.task: asyncio.Task[None] | None = None
        self._page_due = False
        self._starts: list[str] = []
        self._result: Secret | Failure | None = None
        self._outcome: Outcome | None = None
        self._finished = asyncio.Event()

    def __repr__(self) -> str:
        return f"<PendingSignIn {self.request.provider}>"

    @property
    def authority(self) -> str:
        """The value of Host in a request to its local addresses (S13)."""
        return self.origin.partition("//")[2]

    @property
    def open(self) -> bool:
        """Whether a response still counts."""
        return self._result is None

    def start_address(self) -> str:
        """A new local address that leads to the provider once (S36). Raises the failure that ended the sign-in."""
        if isinstance(self._result, Failure):
            raise self._result
        self._starts = [*self._starts[1 - _MOST_STARTS :], secrets.token_urlsafe(_NONCE_BYTES)]
        return f"{self.origin}/start/{self._starts[-1]}"

    def has_start(self, nonce: str) -> bool:
        """Whether a start address with this nonce exists and was not used."""
        return self.open and nonce in self._starts

    def use_start(self, nonce: str) -> Secret:
        """The provider's address. The start address is used up."""
        self._starts.remove(nonce)
        return self.request.url

    async def code(self) -> Secret:
        """Wait for the code. Raises AccessDenied, RequestRefused, WrongIssuer, SignInExpired or SignInCancelled."""
        await self.responded.wait()
        if isinstance(self._result, Failure):
            raise self._result
        return self._result or Secret("")

    def paste(self, text: str) -> None:
        """Take the address that a person copied from the browser (S26). Raises WrongAddressPasted."""
        try:
            query = pasted_address.query(self.request, self.redirect, text)
            result: Secret | Failure = pasted_address.code(self.request, query)
            self.note_key(parse(query))
        except WrongAddressPasted:
            raise
        except Unproven:
            self.refused.emit()
            return
        except Failure as failure:
            result = failure
        self.settle(result, page_due=False)

    def note_key(self, response: AuthorizationResponse) -> None:
        """Remember a key that came with a checked response."""
        if self.open and response.api_key is not None:
            self.api_key = Secret(response.api_key)

    def settle(self, result: Secret | Failure, *, page_due: bool) -> None:
        """Set the result. Only the first one counts. `page_due` says that a browser will ask for the last page."""
        if self._result is not None:
            return
        self._result = result
        self._page_due = page_due
        self._starts.clear()
        if isinstance(result, Failure):
            self.finish(outcome_of(result))
        self.responded.set()

    def finish(self, outcome: Outcome) -> None:
        """Set the outcome for the last page. Only the first one counts. The listener goes when the page was sent."""
        if self._outcome is None:
            self._outcome = outcome
            self._finished.set()

    async def close(self) -> None:
        """Cancel, unless `finish` was called. Then nothing of the sign-in is left (S25)."""
        if self._outcome is None or not self._page_due:
            await self.abandon()

    async def abandon(self) -> None:
        """Leave the listener now, whether or not the browser got its last page."""
        self.settle(SignInCancelled("redirect_cancelled"), page_due=False)
        self.finish(Outcome.CANCELLED)
        self.shown.set()
        if self.task is not None:
            await asyncio.shield(self.task)

    async def outcome(self, seconds: float) -> Outcome | None:
        """Wait for the outcome, or return None after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await self._finished.wait()
        except TimeoutError:
            return None
        return self._outcome

    async def page_shown(self, seconds: float) -> None:
        """Wait until the browser got its last page, for `seconds` at most. Return at once when no page is due."""
        try:
            async with asyncio.timeout(seconds):
                if self._page_due:
                    await self.shown.wait()
        except TimeoutError:
            pass
