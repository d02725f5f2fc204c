"""One sign-in attempt, from the press of the button to the stored token, for every flow."""

import asyncio
import logging
from dataclasses import replace
from functools import partial

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.credential import Credential
from keyrack.core.accounts.masking import mask
from keyrack.core.accounts.state import (
    Active,
    Authorizing,
    Closed,
    Idle,
    LoggedOut,
    Opening,
    Reason,
    Running,
    State,
    Step,
    Unreadable,
    Unsaved,
    key_of,
)
from keyrack.core.api_keys.key_sign_in import KeySignIn
from keyrack.core.failures import ExchangeClosed, Unexpected, WrongAccount
from keyrack.core.sign_in.confirmation import Confirmation
from keyrack.core.sign_in.first_failure import without_promise
from keyrack.core.sign_in.flows_without_redirect import request_token
from keyrack.core.sign_in.identity import identify
from keyrack.core.sign_in.network_wait import NetworkWait
from keyrack.core.sign_in.redirect_flow import begin_redirect, page_for
from keyrack.core.sign_in.sign_in_context import SignInContext
from keyrack.core.vault.vault_errors import Corrupt, Missing, VaultFailure
from keyrack.oauth.authorization.response_check import AuthorizationRequest
from keyrack.oauth.loopback.outcome import Outcome
from keyrack.oauth.loopback.pending import PendingSignIn
from keyrack.oauth.oauth_errors import AccessDenied, BrowserMissing, ServiceEnded, SignInCancelled
from keyrack.oauth.registered_client import OAuthClient
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import REDIRECT_FLOWS

_log = logging.getLogger(__name__)

CONFIRM_SECONDS = 120.0


class SignInAttempt:
    """One attempt. Its client, request and account belong together from start to end (S30).

    `pending` is the redirect that is awaited, `key` the steps of an account whose credential is a key. `failure` is
    what the attempt failed with. `browser` is whether a browser was opened. `network` is the wait for a network.
    """

    def __init__(
        self, context: SignInContext, account: Account, *, browser: bool = True, patient: bool = False
    ) -> None:
        self.pending: PendingSignIn | None = None
        self.failure: Failure | None = None
        self.browser = browser
        self._browser_opening = browser
        self._storing = False
        self._context = context
        self._account = account
        self._state_before = account.state
        self._shown: State = account.state
        self._confirmation = Confirmation(context.clock)
        self.network = NetworkWait(context.clock, account, self._show, patient=patient)
        self._site = context.sites.of(account)  # to the end, even where its provider's file is changed meanwhile
        keys = self._site.keys
        self.key = KeySignIn(context.keys, keys, account, self._show) if keys is not None else None

    @property
    def storing(self) -> bool:
        """Whether a secret is being stored in the keyring. It must not be cancelled then (S25)."""
        return self._storing or (self.key is not None and self.key.storing)

    @property
    def step_for_person(self) -> Step | None:
        """The step at which the attempt waits for the person, None while it does not."""
        step = self._shown.step if isinstance(self._shown, Authorizing) else None
        opened = not self._browser_opening
        ready = _is_ready(step, self.pending, self.key, opened=opened, asked=self._confirmation.pending)
        return step if ready else None

    async def run(self, user_code: Secret | None) -> bool:
        """Sign in. Returns whether it succeeded. The outcome is in the account's state, and nothing is raised."""
        try:
            if not await self._prepare():
                self.failure = _failure_of(self._state_before)
                return False
            if self.key is not None and (key := await self.key.without_browser()) is not None:
                await self._store(key, "")
            elif self._account.settings.flow in REDIRECT_FLOWS:
                await self._by_redirect()
            else:
                await self._without_redirect(user_code)
        except Failure as why:
            self._end_without_token(without_promise(why))
        except asyncio.CancelledError:
            self._end_without_token(None)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the account must not stay in the browser
            _log.exception("a sign-in broke: %s", type(problem).__name__)
            self._end_without_token(Unexpected())
        return isinstance(self._shown, Active)

    async def _prepare(self) -> bool:
        """Read the vault and stop a renewal.

        Returns False where no sign-in is needed, or where the keyring cannot be read.
        """
        unread = isinstance(self._state_before, Opening | Unreadable)
        await self._context.restorer.restore(self._account, prompt=True)
        await self._context.refresher.stop(self._account)
        self._state_before = self._shown = self._account.state
        ends_it = Opening | Unreadable | Closed | Active if unread else Opening | Unreadable | Closed
        if isinstance(self._state_before, ends_it):
            return False
        self._step("exchanging")
        try:
            await self._context.records.load(self._account.id, prompt=True)
        except (Missing, Corrupt) as why:
            if self._site.provider.flows[self._account.settings.flow].needs_secret is True:
                raise _without_secret(why) from None
        return True

    def _step(self, step: Step, ends: float | None = None, identity: str = "") -> None:
        self._show(Authorizing(self._context.clock.elapsed(), ends, step, identity))

    def _show(self, state: State) -> None:
        if self._account.state is self._shown:
            before, self._shown = self._shown, state
            self._account.become(state, expected=before)

    def _end_without_token(self, why: Failure | None) -> None:
        self.failure = why or cancelled()
        self._account.note("sign_in_cancelled" if why is None else "sign_in_failed", why=why)
        if isinstance(self._shown, Authorizing):
            self._show(_after_failure(_with_grant(self._state_before, self.key), why))

    async def _without_redirect(self, user_code: Secret | None) -> None:
        ask = partial(request_token, self._context, self._account, user_code, self._show)
        token = await self.network.until_sent(ask)
        await self._store(token, await identify(self._context, self._account, token))

    async def _by_redirect(self) -> None:
        started = await begin_redirect(self._context, self._account)
        pending = self.pending = started.pending
        self._step("browser", started.ends)
        stop_listening = pending.refused.connect(self._refusal_received)
        # In a task beside the wait, because it takes seconds to know that a browser stays in the foreground.
        opening = asyncio.create_task(self._open_first()) if self.browser else None
        try:
            code = await pending.code()
            self._step("exchanging")
            await self._exchange(started.request, started.client, pending, code)
        except Failure as why:
            pending.finish(page_for(why))
            raise
        finally:
            stop_listening()
            if opening is not None:
                opening.cancel()
            await pending.close()

    async def _exchange(
        self, request: AuthorizationRequest, client: OAuthClient, pending: PendingSignIn, code: Secret
    ) -> None:
        token = await self._site.endpoint.authorization_code(client, code, request.verifier, request.nonce)
        credential: Credential = token
        if self.key is not None:
            credential = await self.key.after_browser(
                token, pending.api_key, lambda: pending.finish(Outcome.GO_ON_AT_PROVIDER)
            )
        identity = await identify(self._context, self._account, credential)
        if not request.state_echo:
            pending.finish(Outcome.CONFIRM_IN_APP)
            await self._confirm_identity(identity)
        saved = await self._store(credential, identity)
        pending.finish(Outcome.SIGNED_IN if saved else Outcome.NOT_SAVED)

    async def _confirm_identity(self, identity: str) -> None:
        """Let the person confirm the account. Raises SignInCancelled without a yes in time (S33)."""
        ends = self._context.clock.elapsed() + CONFIRM_SECONDS
        self._confirmation.ask()
        self._step("confirming", ends, mask(identity))
        if not await self._confirmation.answered_yes(ends):
            raise SignInCancelled("account_not_confirmed")
        self._step("exchanging")

    async def _store(self, credential: Credential, identity: str) -> bool:
        """Store the credential and show it. Returns whether it was stored. From here on nothing is cancelled (S25)."""
        account, state = self._account, Active(credential)
        if account.state is not self._shown:
            raise SignInCancelled("sign_in_overtaken")
        self._storing = True
        await self._context.keys.read_only_keys.doubt_before_sign_in(account)
        try:
            await self._context.records.save_credential(account.id, credential, identity, prompt=True)
        except VaultFailure as why:
            state = Active(credential, Unsaved(why))
        if identity:
            account.configure(replace(account.settings, identity=mask(identity)))
        self._show(state)
        account.note("signed_in_as" if identity else "signed_in", identity=mask(identity))
        return state.renewal == Idle()

    async def _open_first(self) -> None:
        try:
            await self.open_browser()
        finally:
            self._browser_opening = False
        self._account.changed.emit()  # from now on it is known whether a browser was opened

    async def open_browser(self) -> None:
        """Open the browser on a new start address, while a response is still accepted (S36)."""
        if self.pending is None or not self.pending.open:
            return
        missing: BrowserMissing | None = None
        try:
            await self._context.browser(self.pending.start_address())
        except BrowserMissing as why:
            missing = why
            self._account.note("browser_missing", why=why)
        self.browser = missing is None
        if isinstance(self._shown, Authorizing) and self._shown.step == "browser" and self._shown.why is not missing:
            self._show(replace(self._shown, why=missing))

    def _refusal_received(self) -> None:
        if isinstance(self._shown, Authorizing) and self._shown.step == "browser":
            self._show(replace(self._shown, step="refusal"))

    def confirm(self, yes: bool) -> None:
        """Answer the question that is shown: is this the right account, or should the refused sign-in end."""
        shown = self._shown
        if not isinstance(shown, Authorizing):
            return
        if shown.step == "confirming":
            self._confirmation.answer(yes)
        elif shown.step == "refusal" and self.pending is not None:
            if yes:
                self.pending.settle(AccessDenied(), page_due=False)
            else:
                self._show(replace(shown, step="browser"))


def _is_ready(
    step: Step | None, pending: PendingSignIn | None, key: KeySignIn | None, *, opened: bool, asked: bool
) -> bool:
    """Whether the attempt waits for the person at this step."""
    if step in ("browser", "refusal"):
        return pending is not None and pending.open and opened
    if step in ("public_key", "key"):
        return key is not None and (key.waits_for_key if step == "key" else key.waits_for_paste)
    return step == "device" or asked


def cancelled() -> SignInCancelled:
    """The failure of a sign-in that the person cancelled."""
    return SignInCancelled("sign_in_cancelled_by_person")


def _without_secret(why: Missing | Corrupt) -> VaultFailure:
    """The same failure for a flow that cannot do without the client secret."""
    return Missing("keyring_secret_missing") if isinstance(why, Missing) else Corrupt("keyring_secret_corrupt")


def _failure_of(state: State) -> Failure | None:
    """Why no sign-in is possible. None where none is needed."""
    if isinstance(state, Unreadable):
        return state.why
    return (state.why or ExchangeClosed()) if isinstance(state, Closed) else None


def _with_grant(before: State, attempt: KeySignIn | None) -> State:
    """The state before the attempt, with the token that the attempt renewed: the one before it is used up."""
    key, grant = key_of(before), attempt.grant if attempt is not None else None
    if not isinstance(before, Active) or key is None or grant is None:
        return before
    return replace(before, credential=replace(key, grant=grant))


def _after_failure(before: State, why: Failure | None) -> State:
    if isinstance(why, ServiceEnded) and key_of(before) is None:
        return Closed(why)  # a key works without the sign-in that made it
    if isinstance(before, Active):
        # The sign-in from before the attempt stays.
        return replace(before, renewal=Idle()) if isinstance(before.renewal, Running) else before
    if why is None or not isinstance(before, LoggedOut):
        return before
    if isinstance(why, AccessDenied):
        return LoggedOut(Reason.DENIED, why)
    return LoggedOut(Reason.WRONG_ACCOUNT if isinstance(why, WrongAccount) else before.reason, why)
