"""The permission of the person's own programs for an account: off, ask, allow (S92)."""

import shlex
from dataclasses import replace
from typing import Literal

from keyrack.core.access.audit import Audit
from keyrack.core.access.lock import Lock
from keyrack.core.access.program import Program
from keyrack.core.access.prompts import AccessPrompts, Why
from keyrack.core.accounts.account import Account, ScriptPolicy
from keyrack.core.accounts.accounts_file import AccountsFileFailure
from keyrack.core.accounts.store import AccountStore
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure

MOST_PROGRAMS = 200
_CODES: dict[Why, str] = {
    "person": "access_denied_by_person",
    "nobody": "access_prompt_impossible",
    "late": "access_prompt_expired",
    "quiet": "access_denied_recently",
    "full": "access_prompts_full",
    "over": "access_prompt_withdrawn",
}


class AccessRefused(Failure):
    """A program gets no token of the account. `kind` is "refused" (by the setting or the person) or "locked"."""

    def __init__(self, kind: Literal["refused", "locked"], code: str, account: Account) -> None:
        name = account.settings.name
        super().__init__(code, account=name, name=shlex.quote(name))
        self.kind: Literal["refused", "locked"] = kind


class AccessPolicy:
    """Admits programs to tokens by the account's setting, and records each release and refusal."""

    def __init__(self, account_store: AccountStore, audit: Audit, clock: Clock, lock: Lock) -> None:
        self.asking = AccessPrompts(clock)
        self._account_store = account_store
        self._audit = audit
        self._lock = lock
        lock.changed.connect(self._withdraw_if_locked)

    def choose(self, account: Account, policy: ScriptPolicy) -> None:
        """Set the permission of programs, which also answers the account's open prompts.

        Raises AccountsFileFailure and then changes nothing.
        """
        self._account_store.change(account, replace(account.settings, scripts=policy))
        if policy != "ask":
            self.asking.settle("once" if policy == "allow" else "no", "over", account)

    def allow(self, account: Account, program: Program) -> None:
        """Always allow a program, unless it can only be allowed once. Raises AccountsFileFailure."""
        kept = account.settings.programs
        if program.lasting and program.key not in kept:
            self._account_store.change(
                account, replace(account.settings, programs=(*kept, program.key)[-MOST_PROGRAMS:])
            )

    def forget(self, account: Account, key: str) -> None:
        """Remove a program that is always allowed. Raises AccountsFileFailure."""
        kept = tuple(other for other in account.settings.programs if other != key)
        self._account_store.change(account, replace(account.settings, programs=kept))

    async def admit(self, account: Account, program: Program) -> None:
        """Return when the program may have the token. Raises AccessRefused, which is recorded.

        A lock by hand refuses every program, an automatic lock refuses for the accounts that ask (S91).
        """
        try:
            await self._admit(account, program)
        except AccessRefused:
            self._audit.record(account, program, granted=False)
            raise

    def admit_still(self, account: Account, program: Program) -> None:
        """Raise as `admit` does if the lock or the setting refuses by now. It does not prompt."""
        try:
            self._refuse_now(account)
        except AccessRefused:
            self._audit.record(account, program, granted=False)
            raise

    def released(self, account: Account, program: Program) -> None:
        """Record a release. It is called before the token is sent."""
        self._audit.record(account, program, granted=True)

    def withdraw(self, account: Account) -> None:
        """Refuse the open prompts of an account that is being removed."""
        self.asking.settle("no", "over", account)

    async def close(self) -> None:
        """Refuse the open prompts and write the last lines."""
        self.asking.settle("no", "over")
        self._audit.close()

    async def _admit(self, account: Account, program: Program) -> None:
        if self._is_free(account, program):
            return
        reply = await self.asking.ask(account, program)
        self._refuse_if_locked(account)
        if reply.answer == "no" or account.settings.scripts == "off":
            raise AccessRefused("refused", _CODES[reply.why], account)
        if reply.answer == "always":
            self._keep(account, program)

    def _is_free(self, account: Account, program: Program) -> bool:
        """Whether no prompt is needed. Raises AccessRefused where a prompt is of no use."""
        self._refuse_now(account)
        settings = account.settings
        return settings.scripts == "allow" or (program.lasting and program.key in settings.programs)

    def _refuse_now(self, account: Account) -> None:
        self._refuse_if_locked(account)
        if account.settings.scripts == "off":
            raise AccessRefused("refused", "access_off", account)

    def _refuse_if_locked(self, account: Account) -> None:
        if self._lock.locked and (self._lock.by_hand or account.settings.scripts == "ask"):
            raise AccessRefused("locked", "access_while_locked", account)

    def _withdraw_if_locked(self) -> None:
        if self._lock.locked:
            self.asking.settle("no", "over")

    def _keep(self, account: Account, program: Program) -> None:
        try:
            self.allow(account, program)
        except AccountsFileFailure as why:
            account.note("program_allowed_once", why=why)
