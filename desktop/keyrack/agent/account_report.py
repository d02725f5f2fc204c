"""Reports changes of the accounts to the log and to the service manager."""

import logging
from collections import Counter

from keyrack.agent.systemd import Notifier
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Idle, Running, State
from keyrack.core.rack import Rack
from keyrack.core.status import Status, describe
from keyrack.language.translation import SOURCE, mark_plural, plural, speaking, tr
from keyrack.primitives.failure import plain

_PASSING = ("refreshing", "signing_in")
_UNKNOWN = ("refreshing", "")
_GOOD = ("ready", "closed")
_WORDS = {
    "needs_login": mark_plural("{n} waiting for a sign-in", "{n} waiting for a sign-in"),
    "keyring_unavailable": mark_plural("{n} waiting for the keyring", "{n} waiting for the keyring"),
}
_log = logging.getLogger(__name__)


class AccountReport:
    """Follows every account from `begin` on.

    Each change of an account's state is a line of the log. The service manager gets one line about all accounts.
    """

    def __init__(self, rack: Rack, notifier: Notifier) -> None:
        self._rack = rack
        self._notifier = notifier
        self._states: dict[str, State] = {}
        self._reported: dict[str, tuple[str, str]] = {}
        self._counts: Counter[str] = Counter()
        self._summary = ""

    def begin(self) -> None:
        """Log the problems of now, report that the agent is ready, then log each change."""
        for account in self._rack.accounts:
            status = self._news(account)
            if status is not None and _is_trouble(status):
                self._log_state(account, status)
        self._summary = self.summary()
        with speaking(SOURCE):
            _log.info("%s", self.summary())
        self._notifier.ready(self._summary)
        self._rack.accounts.touched.connect(self._on_change)

    def end(self) -> None:
        """Log each account that loses its newest token now, because the keyring refused it (S74)."""
        for account in self._rack.unsaved():
            _log.error(
                "%s: the keyring did not take its newest token, so it must sign in again.", plain(account.settings.name)
            )

    def summary(self) -> str:
        """All accounts in one sentence."""
        parts = [_counted(name, count) for name, count in sorted(self._counts.items()) if count]
        count, states = len(self._rack.accounts), ", ".join(parts)
        if parts:
            summary = plural("Ready: {n} account ({states}).", "Ready: {n} accounts ({states}).", count, states=states)
        else:
            summary = plural("Ready: {n} account.", "Ready: {n} accounts.", count)
        return f"{summary} {tr('Secrets are in memory only.')}" if self._rack.vault_name == "memory" else summary

    def _on_change(self, changed: Account | None) -> None:
        for account in self._rack.accounts if changed is None else (changed,):
            status = self._news(account)
            if status is not None:
                self._log_state(account, status)
        if (summary := self.summary()) != self._summary:
            self._summary = summary
            self._notifier.status(summary)

    def _news(self, account: Account) -> Status | None:
        """The status of an account whose state was not logged yet. None for states that pass by themselves."""
        if self._rack.accounts.find(account.id) is not account:
            if account.id in self._reported:
                self._counts[self._reported.pop(account.id)[0]] -= 1
            return None
        if account.id not in self._reported:
            self._reported[account.id] = _UNKNOWN
            self._counts[_UNKNOWN[0]] += 1
        before = self._reported[account.id]
        if account.state is self._states.get(account.id) or _is_ordinary(account.state, before):
            return None
        self._states[account.id] = account.state
        with speaking(SOURCE):  # it goes to the log
            status = describe(account, self._rack.clock)
        now = status.name, status.reason
        if status.name in _PASSING or before == now:
            return None
        self._reported[account.id] = now
        self._counts[before[0]] -= 1
        self._counts[now[0]] += 1
        return status

    def _log_state(self, account: Account, status: Status) -> None:
        level = logging.WARNING if _is_trouble(status) else logging.INFO
        state = f"{status.name} ({status.reason})" if status.reason else status.name
        words = f"“{plain(status.detail)}”" if status.detail else ""
        sentences = "" if status.name in _GOOD else f" {status.happened} {status.todo} {words}".rstrip()
        _log.log(level, "%s: %s.%s", plain(account.settings.name), state, sentences)


def _counted(name: str, count: int) -> str:
    """So many accounts in a state. The names of the others are what `status` of the command line shows."""
    forms = _WORDS.get(name)
    return plural(*forms, count) if forms is not None else f"{count} {name}"


def _is_ordinary(state: State, before: tuple[str, str]) -> bool:
    """Whether this is a renewal, or its end, of an account that was reported as ready."""
    return before[0] == "ready" and isinstance(state, Active) and isinstance(state.renewal, Running | Idle)


def _is_trouble(status: Status) -> bool:
    return status.needs_person or status.name == "retrying"
