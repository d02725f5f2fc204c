"""One sign-in from the button to the stored token, for each way to sign in."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from keyrack.core.account import Account
from keyrack.core.clock import Clock
from keyrack.core.failures import WrongAccount
from keyrack.core.masking import mask
from keyrack.core.outcomes import page_for
from keyrack.core.records import Records
from keyrack.core.services import Service, Services
from keyrack.core.state import Active, Authorizing, Closed, Idle, LoggedOut, Reason, State, Unreadable, Unsaved
from keyrack.core.vault_errors import VaultFailure
from keyrack.net.failure import Failure
from keyrack.net.secret import Secret
from keyrack.oauth.authorization import AuthorizationRequest
from keyrack.oauth.errors import AccessDenied, BrowserMissing, SignInCancelled
from keyrack.oauth.loopback import Redirects
from keyrack.oauth.outcome import Outcome
from keyrack.oauth.request import make_request
from keyrack.oauth.waiting import Waiting
from keyrack.oauth.token import Token

WINDOW = 300.0
WINDOW_WITHOUT_STATE = 120.0
CONFIRM_SECONDS = 120.0


@dataclass(slots=True)
class Pending:
    """What belongs to one sign-in while it lasts."""

    before: State
    task: "asyncio.Task[None] | None" = None
    waiting: Waiting | None = None
    verdict: "asyncio.Future[bool] | None" = field(default=None)


class Login:
    """All sign-ins under way; how each ends is in its account's state, nothing is raised."""

    def __init__(
        self,
        services: Services,
        records: Records,
        redirects: Redirects,
        clock: Clock,
        browser: Callable[[str], Awaitable[None]],
    ) -> None:
        self._services = services
        self._records = records
        self._redirects = redirects
        self._clock = clock
        self._browser = browser
        self._pending: dict[str, Pending] = {}

    async def sign_in(self, account: Account, user_code: Secret | None = None) -> None:
        """Sign in as the account's flow says; returns when it ended, however it did."""
        if account.id in self._pending:
            return
        if self._services.of(account).region.closed:
            account.become(Closed(), expected=account.state)
            return
        pending = self._pending[account.id] = Pending(account.state)
        pending.task = asyncio.create_task(self._run(account, pending, user_code))
        await asyncio.wait({pending.task})

    async def _run(self, account: Account, pending: Pending, user_code: Secret | None) -> None:
        self._step(account, "exchanging")
        try:
            await self._records.read(account.id, prompt=True)
            if account.settings.flow == "authorization_code":
                await self._by_redirect(account, pending)
            else:
                await self._directly(account, pending, user_code)
        except Failure as why:
            self._back(account, pending, why)
        except asyncio.CancelledError:
            self._back(account, pending, None)
        finally:
            del self._pending[account.id]

    def _step(
        self,
        account: Account,
        step: Literal["browser", "exchanging", "confirming", "refusal"],
        ends: float | None = None,
        identity: str = "",
    ) -> None:
        account.become(Authorizing(self._clock.elapsed(), ends, step, identity), expected=account.state)

    def _back(self, account: Account, pending: Pending, why: Failure | None) -> None:
        cancelled = why is None or isinstance(why, SignInCancelled)
        account.note("Sign-in cancelled." if cancelled or why is None else f"Sign-in failed: {why.happened}")
        account.become(_after_failure(pending.before, None if cancelled else why), expected=account.state)

    async def _directly(self, account: Account, pending: Pending, user_code: Secret | None) -> None:
        service, client = self._services.of(account), self._records.client(account)
        if account.settings.flow == "user_code":
            token = await service.endpoint.user_code(client, user_code or Secret(""))
        else:
            async with self._services.pace(account).turn(0.0):
                token = await service.endpoint.client_credentials(client)
        identity = await self._identify(account, service, token)
        await self._keep(account, token, identity)

    async def _by_redirect(self, account: Account, pending: Pending) -> None:
        service, client = self._services.of(account), self._records.client(account)
        request = make_request(service.server, client, service.provider.id, account.id)
        blind = not request.state_echo
        window = WINDOW_WITHOUT_STATE if blind else WINDOW
        waiting = pending.waiting = await self._redirects.begin(request, window)
        try:
            self._step(account, "browser", self._clock.elapsed() + window)
            stop_listening = waiting.refused.connect(lambda: self._refusal_seen(account))
            await self._open(account, waiting)
            code = await waiting.answer()
            stop_listening()
            self._step(account, "exchanging")
            await self._exchange(account, pending, request, code)
            waiting.finish(Outcome.SIGNED_IN)
        except Failure as why:
            waiting.finish(page_for(why))
            raise
        finally:
            await waiting.close()

    async def _exchange(
        self, account: Account, pending: Pending, request: AuthorizationRequest, code: Secret
    ) -> None:
        service, client = self._services.of(account), self._records.client(account)
        token = await service.endpoint.authorization_code(client, code, request.verifier)
        identity = await self._identify(account, service, token)
        if not request.state_echo and pending.waiting is not None:
            pending.waiting.finish(Outcome.CONFIRM_IN_APP)
            await self._confirmed(account, pending, identity)
        await self._keep(account, token, identity)

    async def _confirmed(self, account: Account, pending: Pending, identity: str) -> None:
        self._step(account, "confirming", self._clock.elapsed() + CONFIRM_SECONDS, mask(identity))
        pending.verdict = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                kept = await pending.verdict
        except TimeoutError:
            kept = False
        if not kept:
            raise SignInCancelled("The account was not confirmed.", "Its token was thrown away.", "Sign in again.")
        self._step(account, "exchanging")

    async def _identify(self, account: Account, service: Service, token: Token) -> str:
        """Whose token it is, "" if the provider does not tell; raises WrongAccount (S34)."""
        if token.access is None or service.provider.identity is None:
            return ""
        try:
            identity = await service.api.identity(token.access)
        except Failure:
            # The figure is missing, the sign-in is good: the pane shows the client id instead.
            return ""
        known = (await self._records.read(account.id)).identity
        if known and identity and known != identity:
            raise WrongAccount(
                "Another account signed in than the one this entry belongs to.", detail=mask(identity)
            )
        return identity

    async def _keep(self, account: Account, token: Token, identity: str) -> None:
        state = Active(token)
        try:
            await self._records.keep(account.id, token, identity)
        except VaultFailure as why:
            state = Active(token, Unsaved(why))
        if identity:
            account.configure(replace(account.settings, identity=mask(identity)))
        account.become(state, expected=account.state)
        account.note("Signed in.", f"as {mask(identity)}" if identity else "")

    def _refusal_seen(self, account: Account) -> None:
        state = account.state
        if isinstance(state, Authorizing) and state.step == "browser":
            account.become(replace(state, step="refusal"), expected=state)

    async def _open(self, account: Account, waiting: Waiting) -> None:
        try:
            await self._browser(waiting.start_address())
        except BrowserMissing as why:
            account.note(f"{why.happened} {why.todo}")

    async def open_again(self, account: Account) -> None:
        """Open the browser once more, on a new start address."""
        waiting = self._waiting(account)
        if waiting is not None:
            await self._open(account, waiting)

    def copy_link(self, account: Account) -> str:
        """A new start address for another browser on this computer; "" when nothing waits."""
        waiting = self._waiting(account)
        return waiting.start_address() if waiting is not None else ""

    def paste(self, account: Account, text: str) -> None:
        """Take the address that the browser ended at; raises BadPaste (S26)."""
        waiting = self._waiting(account)
        if waiting is not None:
            waiting.paste(text)

    def _waiting(self, account: Account) -> Waiting | None:
        pending = self._pending.get(account.id)
        return pending.waiting if pending is not None else None

    def confirm(self, account: Account, yes: bool) -> None:
        """Answer the question that the sign-in asks: is this the account, or was the sign-in refused?"""
        pending, state = self._pending.get(account.id), account.state
        if pending is None or not isinstance(state, Authorizing):
            return
        if state.step == "refusal":
            if yes:
                self.cancel(account)
            else:
                account.become(replace(state, step="browser"), expected=state)
        elif pending.verdict is not None and not pending.verdict.done():
            pending.verdict.set_result(yes)

    def cancel(self, account: Account) -> None:
        """End the sign-in at whatever step it is (S25)."""
        pending = self._pending.get(account.id)
        if pending is not None and pending.task is not None:
            pending.task.cancel()

    async def close(self) -> None:
        """End every sign-in and wait until its listener is closed."""
        tasks = {pending.task for pending in self._pending.values() if pending.task is not None}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


def _after_failure(before: State, why: Failure | None) -> State:
    if isinstance(before, Active) and not isinstance(why, AccessDenied):
        return Active(before.token, before.renewal if isinstance(before.renewal, Unsaved) else Idle())
    if isinstance(before, Unreadable) and isinstance(why, VaultFailure):
        return Unreadable(why)
    reason = before.reason if isinstance(before, LoggedOut) else Reason.NEW
    if isinstance(why, AccessDenied):
        reason = Reason.DENIED
    elif isinstance(why, WrongAccount):
        reason = Reason.WRONG_ACCOUNT
    return LoggedOut(reason, why)
