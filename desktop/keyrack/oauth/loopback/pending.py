"""One sign-in that waits for its answer, from the start address to the page at the end."""

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

    `origin` is where its local addresses are; `ends` the moment, by the clock of `Redirects`,
    after which no answer counts (S24). `api_key` is what came beside the code, if anything did
    (WhiteBIT Fast API key Q2). `refused` is announced when an error arrived that nothing
    proves (S33).
    """

    def __init__(self, request: AuthorizationRequest, redirect: RedirectUri, origin: str, ends: float) -> None:
        self.request = request
        self.redirect = redirect
        self.origin = origin
        self.ends = ends
        self.refused = Signal[[]]()
        self.status_name = secrets.token_urlsafe(_NONCE_BYTES)
        self.answered = asyncio.Event()
        self.shown = asyncio.Event()
        self.api_key: Secret | None = None
        self.life: asyncio.Task[None] | None = None
        self._page_due = False
        self._starts: list[str] = []
        self._result: Secret | Failure | None = None
        self._outcome: Outcome | None = None
        self._told = asyncio.Event()

    def __repr__(self) -> str:
        return f"<Waiting {self.request.provider}>"

    @property
    def authority(self) -> str:
        """What a browser sends as Host to its local addresses (S13)."""
        return self.origin.partition("//")[2]

    @property
    def open(self) -> bool:
        """Whether an answer still counts."""
        return self._result is None

    def start_address(self) -> str:
        """A new local address that leads to the provider once (S36); raises what ended the sign-in."""
        if isinstance(self._result, Failure):
            raise self._result
        self._starts = [*self._starts[1 - _MOST_STARTS :], secrets.token_urlsafe(_NONCE_BYTES)]
        return f"{self.origin}/start/{self._starts[-1]}"

    def has_start(self, nonce: str) -> bool:
        """Whether a start address with this nonce was minted and not used."""
        return self.open and nonce in self._starts

    def take_start(self, nonce: str) -> Secret:
        """The provider's address; the start address is used up."""
        self._starts.remove(nonce)
        return self.request.url

    async def answer(self) -> Secret:
        """The code; raises AccessDenied, RequestRefused, WrongIssuer, SignInExpired or SignInCancelled."""
        await self.answered.wait()
        if isinstance(self._result, Failure):
            raise self._result
        return self._result or Secret("")

    def paste(self, text: str) -> None:
        """Take the address that a person copied from the browser; raises BadPaste (S26)."""
        try:
            result: Secret | Failure = pasted_address.code(self.request, self.redirect, text)
            self.note_key(parse(text.strip().partition("?")[2]))
        except WrongAddressPasted:
            raise
        except Unproven:
            self.refused.emit()
            return
        except Failure as failure:
            result = failure
        self.settle(result, page_due=False)

    def note_key(self, response: AuthorizationResponse) -> None:
        """Remember a key that came with a response which was checked."""
        if self.open and response.api_key is not None:
            self.api_key = Secret(response.api_key)

    def settle(self, result: Secret | Failure, *, page_due: bool) -> None:
        """The answer is there, once and for all; `page_due` says that a browser will ask how it ended."""
        if self._result is not None:
            return
        self._result = result
        self._page_due = page_due
        self._starts.clear()
        if isinstance(result, Failure):
            self.finish(outcome_of(result))
        self.answered.set()

    def finish(self, outcome: Outcome) -> None:
        """Say how the sign-in ended; the first word counts. The listener goes once the browser was told."""
        if self._outcome is None:
            self._outcome = outcome
            self._told.set()

    async def close(self) -> None:
        """Cancel, unless `finish` was called; then nothing of the sign-in is left (S25)."""
        if self._outcome is None or not self._page_due:
            await self.abandon()

    async def abandon(self) -> None:
        """Leave the listener now, whether or not the browser was told."""
        self.settle(SignInCancelled("The sign-in was cancelled.", "Nothing was changed."), page_due=False)
        self.finish(Outcome.CANCELLED)
        self.shown.set()
        if self.life is not None:
            await asyncio.shield(self.life)

    async def told(self, seconds: float) -> Outcome | None:
        """How the sign-in ended, or None when that is not known in time."""
        try:
            async with asyncio.timeout(seconds):
                await self._told.wait()
        except TimeoutError:
            return None
        return self._outcome

    async def page_shown(self, seconds: float) -> None:
        """Return when the browser was told how it ended, or no page is due, or the time is over."""
        try:
            async with asyncio.timeout(seconds):
                if self._page_due:
                    await self.shown.wait()
        except TimeoutError:
            pass
