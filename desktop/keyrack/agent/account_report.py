"""Reports changes of the accounts to the log and to the service manager."""

import logging
from collections import Counter
from collections.abc import Iterator

from keyrack.agent.systemd import Notifier
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Reason, State
from keyrack.core.rack import Rack
from keyrack.core.status import Status, describe
from keyrack.primitives.failure import plain

_PASSING = ("refreshing", "signing_in")
_UNKNOWN = ("refreshing", "")
_GOOD = ("ready", "closed")
_EXPECTED = (str(Reason.NEW), str(Reason.SIGNED_OUT))
_WORDS = {"needs_login": "waiting for a sign-in", "keyring_unavailable": "waiting for the keyring"}
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
        self._summary = ""

    def begin(self) -> None:
        """Log the problems of now, report that the agent is ready, then log each change."""
        for account, status in self._changes():
            if _is_trouble(status):
                self._log_state(account, status)
        self._summary = self.summary()
        _log.info("%s", self._summary)
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
        names = (self._reported.get(account.id, _UNKNOWN)[0] for account in self._rack.accounts)
        parts = [f"{count} {_WORDS.get(name, name)}" for name, count in sorted(Counter(names).items())]
        count = len(self._rack.accounts)
        summary = f"Ready: {count} {'account' if count == 1 else 'accounts'}"
        memory = " Secrets are in memory only." if self._rack.vault_name == "memory" else ""
        return f"{summary} ({', '.join(parts)}).{memory}" if parts else f"{summary}.{memory}"

    def _on_change(self) -> None:
        for account, status in self._changes():
            self._log_state(account, status)
        if (summary := self.summary()) != self._summary:
            self._summary = summary
            self._notifier.status(summary)

    def _changes(self) -> Iterator[tuple[Account, Status]]:
        """The accounts with a state that was not logged yet. States that pass by themselves are left out."""
        for account in self._rack.accounts:
            if self._states.get(account.id) is account.state:
                continue
            self._states[account.id] = account.state
            status = describe(account, self._rack.clock)
            now = status.name, status.reason
            if status.name not in _PASSING and self._reported.get(account.id) != now:
                self._reported[account.id] = now
                yield account, status

    def _log_state(self, account: Account, status: Status) -> None:
        level = logging.WARNING if _is_trouble(status) else logging.INFO
        state = f"{status.name} ({status.reason})" if status.reason else status.name
        words = f"“{plain(status.detail)}”" if status.detail else ""
        sentences = "" if status.name in _GOOD else f" {status.happened} {status.todo} {words}".rstrip()
        _log.log(level, "%s: %s.%s", plain(account.settings.name), state, sentences)


def _is_trouble(status: Status) -> bool:
    return status.name not in (*_PASSING, *_GOOD) and status.reason not in _EXPECTED
