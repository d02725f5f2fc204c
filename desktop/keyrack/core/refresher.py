"""Keeps every token fresh: one task that sleeps until the next is due, one attempt per account."""

import asyncio
import logging
import random
from dataclasses import replace

from keyrack.core import renewal
from keyrack.core.account import Account
from keyrack.core.accounts import Accounts
from keyrack.core.clock import Clock
from keyrack.core.failures import SignInLapsed
from keyrack.core.intent import Intents
from keyrack.core.records import Records
from keyrack.core.services import Services
from keyrack.core.sleeper import Sleeper
from keyrack.core.state import Active, LoggedOut, Reason, Retrying, Running, Unsaved
from keyrack.core.vault_errors import VaultFailure
from keyrack.net.errors import NoAnswer
from keyrack.net.failure import Failure
from keyrack.oauth.errors import ClientRejected, InvalidGrant
from keyrack.oauth.token import Token

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 5
CLOSING_SECONDS = 4.0


class Refresher:
    """Renews tokens before they end; nothing else in the program does (S70, S71).

    A token becomes visible only after it was stored and read back (S72).
    """

    def __init__(
        self, accounts: Accounts, services: Services, records: Records, intents: Intents, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._services = services
        self._records = records
        self._intents = intents
        self._clock = clock
        self._random = random.SystemRandom()
        self._attempts: dict[str, asyncio.Task[None]] = {}
        self._failures: dict[str, int] = {}
        self._save_again: dict[str, float] = {}
        self._jitter: dict[str, tuple[Token, float]] = {}
        self._at_once = asyncio.Semaphore(MOST_AT_ONCE)
        self._sleeper = Sleeper(clock)

    def wake(self) -> None:
        """Look again at once: something changed."""
        self._sleeper.wake()

    async def run(self) -> None:
        """Start what is due, sleep until the next due moment, for ever."""
        while True:
            now, nearest = self._clock.elapsed(), None
            for account in self._accounts:
                at = self._due(account)
                if at is not None and at <= now:
                    self._start(account)
                elif at is not None:
                    nearest = at if nearest is None else min(nearest, at)
            await self._sleeper.sleep_until(nearest)

    def _due(self, account: Account) -> float | None:
        state = account.state
        if not isinstance(state, Active) or isinstance(state.renewal, Running):
            return None
        if isinstance(state.renewal, Retrying):
            return state.renewal.at
        at = self._due_with_jitter(account, state.token)
        if isinstance(state.renewal, Unsaved):
            again = self._save_again.get(account.id, 0.0)
            return again if at is None else min(at, again)
        return at

    def _due_with_jitter(self, account: Account, token: Token) -> float | None:
        at = renewal.due(token)
        if at is None:
            return None if token.renewable else token.expires
        known = self._jitter.get(account.id)
        if known is None or known[0] is not token:
            known = self._jitter[account.id] = (token, renewal.jitter(token, self._random))
        return at + known[1]

    def _start(self, account: Account) -> asyncio.Task[None]:
        running = self._attempts.get(account.id)
        if running is None:
            running = self._attempts[account.id] = asyncio.create_task(self._attempt(account))
            running.add_done_callback(lambda _: self._attempts.pop(account.id, None))
        return running

    async def renew(self, account: Account) -> None:
        """Ask for a new token now, or join the attempt that is under way; the outcome is in the state."""
        if isinstance(account.state, Active) and account.state.token.renewable:
            await asyncio.wait({self._start(account)})

    async def _attempt(self, account: Account) -> None:
        before = account.state
        if not isinstance(before, Active):
            return
        running = replace(before, renewal=Running())
        if not account.become(running, expected=before):
            return
        try:
            new = await self._renewed(account, before)
        except Failure as why:
            self._failed(account, running, why)
            return
        if account.state is running:
            await self._store(account, running, new)

    async def _renewed(self, account: Account, before: Active) -> Token:
        token, now = before.token, self._clock.elapsed()
        if isinstance(before.renewal, Unsaved) and now < (renewal.due(token) or now + 1):
            return token
        if not token.renewable or (token.refresh_expires is not None and now >= token.refresh_expires):
            raise SignInLapsed("The sign-in ended because it was not renewed in time.")
        service = self._services.of(account)
        interval = service.server.dialect.refresh_interval
        if token.lifetime is not None and token.refresh is None:
            interval = min(interval, renewal.LEAD_SHARE * token.lifetime)
        async with self._at_once, self._services.pace(account).turn(interval):
            return await self._ask(account, token)

    async def _ask(self, account: Account, token: Token) -> Token:
        endpoint, client = self._services.of(account).endpoint, self._records.client(account)
        if token.refresh is None:
            return await endpoint.refresh(client, token)
        uncertain = self._intents.read(account.id) is not None
        self._note_intent(account)
        try:
            return await endpoint.refresh(client, token)
        except NoAnswer:
            raise
        except InvalidGrant as why:
            self._intents.clear(account.id)
            raise (Interrupted(why.happened, detail=why.detail) if uncertain else why) from None
        except Failure:
            if not uncertain:
                self._intents.clear(account.id)
            raise

    def _note_intent(self, account: Account) -> None:
        try:
            self._intents.write(account.id, self._records.generation(account.id) + 1)
        except OSError as problem:
            # A full disk must not cost the sign-in: only the reason after a crash would be less exact.
            _log.warning("the note of a renewal could not be written: %s", problem.strerror)

    async def _store(self, account: Account, running: Active, new: Token) -> None:
        try:
            await self._records.keep(account.id, new)
        except VaultFailure as why:
            count = self._count(account)
            self._save_again[account.id] = self._clock.elapsed() + renewal.backoff(count, None, self._random)
            if account.become(Active(new, Unsaved(why)), expected=running):
                account.note("A new token could not be stored in the keyring.", why.detail)
            return
        self._intents.clear(account.id)
        self._failures.pop(account.id, None)
        if account.become(Active(new), expected=running):
            account.note("Token renewed.")

    def _failed(self, account: Account, running: Active, why: Failure) -> None:
        reason = self._end_of(account, why)
        if reason is not None:
            if account.become(LoggedOut(reason, why), expected=running):
                account.note("The sign-in ended.", why.detail)
            return
        wait = renewal.backoff(self._count(account), getattr(why, "retry_after", None), self._random)
        at, window = self._clock.elapsed() + wait, running.token.refresh_expires
        state = replace(running, renewal=Retrying(at if window is None else min(at, window), why))
        if account.become(state, expected=running):
            account.note(f"Renewal failed: {why.happened}", why.detail)

    def _end_of(self, account: Account, why: Failure) -> Reason | None:
        if isinstance(why, SignInLapsed):
            return Reason.REFRESH_EXPIRED
        if isinstance(why, Interrupted):
            return Reason.INTERRUPTED_REFRESH
        if isinstance(why, InvalidGrant):
            return Reason.REFRESH_REJECTED
        again = self._services.of(account).server.dialect.renewal == "again"
        return Reason.REFRESH_REJECTED if again and isinstance(why, ClientRejected) else None

    def _count(self, account: Account) -> int:
        self._failures[account.id] = self._failures.get(account.id, 0) + 1
        return self._failures[account.id]

    async def stop(self, account: Account) -> None:
        """End the attempt of one account, if one is under way."""
        attempt = self._attempts.get(account.id)
        if attempt is not None:
            attempt.cancel()
            await asyncio.wait({attempt})

    async def close(self) -> None:
        """Let attempts end within 4 s, then leave their intent notes to the next start (S73)."""
        attempts = set(self._attempts.values())
        if attempts:
            _, late = await asyncio.wait(attempts, timeout=CLOSING_SECONDS)
            for attempt in late:
                attempt.cancel()


class Interrupted(InvalidGrant):
    """The refresh token is dead after an earlier renewal whose answer never came (S73)."""
