"""Brings what other hosts stored to the accounts of this one: records, settings, removals, and who renews."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import cast

from keyrack.core.accounts.account import Account, ScriptPolicy, Settings
from keyrack.core.accounts.collection import folded
from keyrack.core.accounts.renewer import Renewer
from keyrack.core.accounts.state import (
    Active,
    Authorizing,
    LoggedOut,
    Opening,
    Reason,
    Running,
    State,
    Unreadable,
    Unsaved,
    renewed_of,
)
from keyrack.core.preferences.all_settings import PROGRAMS
from keyrack.core.sharing.group_entries import GroupEntries, Held
from keyrack.core.sharing.group_records import REFUSED, GroupRecords
from keyrack.core.sharing.own_parts import OwnParts
from keyrack.core.sharing.shared_record import SharedRecord
from keyrack.primitives.failure import Failure

_log = logging.getLogger(__name__)


class Followers:
    """The shared accounts of this host, as the group has them.

    A state is replaced only by a newer generation, because an attempt of this host may hold a token that the group has
    not got yet. `away` is what is wrong with the store, None while it answers. `begun` are the accounts whose first
    record is being written: what the group had of them before does not count.
    """

    def __init__(
        self,
        group: str,
        entries: GroupEntries,
        group_records: GroupRecords,
        parts: OwnParts,
    ) -> None:
        self.away: Failure | None = None
        self.begun: set[str] = set()
        self._group = group
        self._entries = entries
        self._group_records = group_records
        self._accounts = parts.accounts
        self._account_store = parts.account_store
        self._records = parts.records
        self._preferences = parts.preferences
        self._restorer = parts.restorer
        self._adopted: dict[str, int] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def follow(self, ids: Iterable[str]) -> None:
        """Take over what is new of these accounts."""
        ids = list(ids)
        self._add_unknown(ids)
        for id in ids:
            try:
                await self.adopt(id)
            except Failure as why:
                _log.warning("a shared account could not be taken over: %s", why.in_english())

    def _add_unknown(self, ids: Iterable[str]) -> None:
        """Add all accounts that this host does not know yet in one write, because there may be a thousand."""
        names = {folded(account.settings.name) for account in self._accounts}
        new = []
        for id in ids:
            held = self._entries.accounts.get(id)
            if held is None or held.entry.removed or self._account_store.knows(id):
                continue
            settings = _named(self._new(id, held), lambda name: folded(name) in names)
            names.add(folded(settings.name))
            new.append(settings)
        try:
            self._account_store.add_together(new, Opening())
        except Failure as why:
            _log.warning("shared accounts could not be added: %s", why.in_english())

    async def adopt(self, id: str) -> None:
        """Take over what the group has of one account. Raises AccountsFileFailure or DraftProblem."""
        async with self._locks.setdefault(id, asyncio.Lock()):
            if id in self.begun:
                return
            held = self._entries.accounts.get(id)
            account = self._accounts.kept.get(id)
            if held is not None and held.entry.removed:
                await self._forget(account, held.entry)
                return
            if account is None and held is not None:
                account = self._account_store.add(self._named(self._new(id, held)), Opening())
            if account is None:
                return
            if held is not None:
                await self._take_over(account, held)
            self.show_renewer(account)

    async def _take_over(self, account: Account, held: Held) -> None:
        if self._adopted.get(account.id) == held.modified:
            return
        if held.entry.writer == self._group_records.host and _is_renewing(account.state):
            return  # the watch was faster than the answer. The attempt shows the token once the keyring has it.
        settings = self._named(held.entry.settings.on(account.settings))
        if account.settings.group and settings != account.settings:
            self._account_store.change(account, settings)
        if not account.settings.group:
            return
        known, entry = self._records.cached(account.id), held.entry
        newer = known is None or entry.generation > known.generation
        if newer or entry.generation == (known.generation if known is not None else 0):
            self._records.adopt(account.id, self._group_records.by_own_clock(entry))
        if (newer or self._is_behind(account, entry)) and not await self._restorer.judge(account):
            return  # a sign-in is under way. Its end brings the account here again.
        self._adopted[account.id] = held.modified
        if entry.ended in REFUSED and isinstance(account.state, Active):
            account.become(LoggedOut(Reason(entry.ended)), expected=account.state)

    async def make_own(self, account: Account) -> None:
        """Have this host alone renew the account from now on, by the record that its keyring has."""
        self._account_store.change(account, replace(account.settings, group=""))
        account.show_renewer(None)
        if isinstance(account.state, Opening | Unreadable):
            await self._restorer.judge(account)

    async def decide(self) -> None:
        """Find out whether accounts were shared whose transactions had no answer. Till then this host renews none."""
        for id in filter(self._group_records.unsure, tuple(self.begun)):
            account = self._accounts.kept.get(id)
            try:
                await self._group_records.look(id)
            except Failure as why:
                _log.info("whether an account was shared is not known yet: %s", why.in_english())
                continue
            self.begun.discard(id)
            held = self._entries.accounts.get(id)
            if account is not None and (held is None or held.entry.removed):
                await self.make_own(account)

    async def take_marks_back(self) -> None:
        """Make those one's own again that a former life of this host marked as shared, and then was killed.

        No record of them was ever there. The lease of that life has ended, so none that it sent can be written now.
        """
        for account in tuple(self._accounts.kept.values()):
            id = account.id
            marked = account.settings.group == self._group and id not in self.begun
            known = id in self._entries.accounts or id in self._entries.refused or self._entries.has_seen(id)
            if not marked or known or isinstance(account.state, Authorizing):
                continue
            _log.warning("an account was marked as shared and is not: this host renews it again")
            try:
                await self.make_own(account)
                await self._restorer.judge(account)
            except Failure as why:
                _log.warning("an account could not become this host's own again: %s", why.in_english())

    def is_late(self, account: Account) -> bool:
        """Whether the group has a record that the account here has not got yet."""
        held = self._entries.accounts.get(account.id)
        return held is not None and self._adopted.get(account.id) != held.modified

    def _is_behind(self, account: Account, entry: SharedRecord) -> bool:
        """Whether the state was made of another record, although this host's own memory has the generation.

        A verb of this host may have stored a newer one before the account followed the last.
        """
        state = account.state
        if isinstance(state, LoggedOut):
            return entry.record.signed_in and state.reason not in (*REFUSED, Reason.NEW_CREDENTIALS)
        if not isinstance(state, Active):
            return isinstance(state, Opening | Unreadable)
        token = None if isinstance(state.renewal, Running | Unsaved) else renewed_of(state)
        return token is not None and token.refresh != entry.record.refresh

    def _new(self, id: str, held: Held) -> Settings:
        """The settings of an account that begins here, with what this host's person has chosen for new accounts."""
        return held.entry.settings.new(id, self._group, cast("ScriptPolicy", self._preferences.value(PROGRAMS)))

    def show_renewer(self, account: Account) -> None:
        """Show who renews the account now."""
        id, held = account.id, self._entries.accounts.get(account.id)
        leader, why = self._entries.election.leader(id), self._entries.refused.get(id) or self.away
        host = leader.host if leader is not None else ""
        since = held.entry.since if held is not None and host and held.entry.host == host else None
        here = self._group_records.leads(id)
        account.show_renewer(Renewer(self._entries.hosts.get(host, host), here, since, why))

    def show_all(self) -> None:
        """Show of every shared account who renews it."""
        for account in tuple(self._accounts.kept.values()):
            if account.settings.group:
                self.show_renewer(account)

    def _named(self, settings: Settings) -> Settings:
        """The settings under a name that no other account here has."""

        def taken(name: str) -> bool:
            other = self._accounts.named(name)
            return other is not None and other.id != settings.id

        return _named(settings, taken)

    async def _forget(self, account: Account | None, entry: SharedRecord) -> None:
        """Remove an account that was removed on another host, or by this one before it was killed.

        One that this host keeps as its own has its record in the keyring by now.
        """
        if account is None or not account.settings.group or isinstance(account.state, Authorizing):
            return
        if entry.kept and entry.writer == self._group_records.host:
            await self.make_own(account)
            return
        if entry.writer == self._group_records.host and not isinstance(account.state, Opening | Unreadable):
            return  # the removal on this host is under way
        self._account_store.remove(account)
        await self._records.delete(account.id)


def _is_renewing(state: State) -> bool:
    return isinstance(state, Active) and isinstance(state.renewal, Running)


def _named(settings: Settings, taken: Callable[[str], bool]) -> Settings:
    """The settings under a name that is not taken."""
    name, count = settings.name, 2
    while taken(name):
        name, count = f"{settings.name} {count}", count + 1
    return settings if name == settings.name else replace(settings, name=name)
