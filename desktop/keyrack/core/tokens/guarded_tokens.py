"""The only way out for a token: to a program at the local socket, or to the clipboard of the person."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from keyrack.core.access.lock import Lock
from keyrack.core.access.policy import AccessPolicy
from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import Active, key_of, token_of
from keyrack.core.failures import NoTokenToGive, NotSignedIn
from keyrack.core.tokens.token_source import TokenSource
from keyrack.core.vault.record_store import RecordStore
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api_key import ApiKey


@dataclass(frozen=True, slots=True)
class GivenToken:
    """An access token on its way out. `expires` is in elapsed seconds, None where the provider named no lifetime."""

    secret: Secret = field(repr=False)
    expires: float | None


class GuardedTokens:
    """Checks who may have a token, renews it where needed, gives it, and records it (S91, S92).

    `restore` reads the record of an account that is not known yet from the vault, without a prompt.
    """

    def __init__(
        self,
        accounts: Accounts,
        access: AccessPolicy,
        lock: Lock,
        source: TokenSource,
        records: RecordStore,
        restore: Callable[[Account], Awaitable[object]],
    ) -> None:
        self._accounts = accounts
        self._access = access
        self._lock = lock
        self._source = source
        self._records = records
        self._restore = restore

    async def give(self, account: Account, program: Program | None, at_least: float | None = None) -> GivenToken:
        """A token for `program` that lives for `at_least` seconds, by default min(30 s, half its lifetime).

        `program` is None for the person at the window. The lock and the account's setting are checked before the
        renewal and again after it. What was given or refused is recorded before this returns. Raises AccessRefused,
        AccountGone for an account that is being removed, LockRefused, NoTokenToGive for an account with a key,
        NotSignedIn, LifetimeTooShort, or why the renewal or the keyring failed.
        """
        self._check_access(account, program)
        if not isinstance(account.state, Active):
            await self._restore(account)
        if not isinstance(account.state, Active):
            raise self._source.why_missing(account)
        if key_of(account.state) is not None and program is not None:
            raise NoTokenToGive(account.settings.name)
        if program is not None:
            await self._access.admit(account, program)
        try:
            secret = await self._source.fresh(account, at_least, asked=True)
        except Failure:
            self._check_access(account, program)
            raise
        self._check_access(account, program)
        if program is not None:
            self._access.released(account, program)
        token = token_of(account.state)
        return GivenToken(secret, token.expires if token is not None else None)

    def give_key(self, account: Account) -> ApiKey:
        """The account's API key, for the person at the window.

        Raises LockRefused, AccountGone, or NotSignedIn without a key.
        """
        self._lock.refuse_if_locked()
        self._accounts.refuse_if_gone(account)
        key = self._records.api_key(account.id)
        if key is None:
            raise NotSignedIn("no_key_to_copy", account=account.settings.name)
        return key

    def _check_access(self, account: Account, program: Program | None) -> None:
        """Raise where a lock, the account's setting or its removal refuses now. The person is not prompted."""
        self._accounts.refuse_if_gone(account)
        if program is None:
            self._lock.refuse_if_locked()
        else:
            self._access.admit_still(account, program)
