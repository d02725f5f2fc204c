"""Reports what becomes of the accounts, to the log and to the service manager."""

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
    """Follows every account from `begin` on: a line for each change of its state, one line of all for the manager."""

    def __init__(self, rack: Rack, notifier: Notifier) -> None:
        self._rack = rack
        self._notifier = notifier
        self._states: dict[str, State] = {}
        self._known: dict[str, tuple[str, str]] = {}
        self._words = ""

    def begin(self) -> None:
        """Say what is wrong now, that the agent is ready, and then each change."""
        for account, status in self._news():
            if _is_trouble(status):
                self._tell(account, status)
        self._words = self.words()
        _log.info("%s", self._words)
        self._notifier.ready(self._words)
        self._rack.accounts.touched.connect(self._look)

    def end(self) -> None:
        """Say whose newest token ends with the agent, because the keyring refused it; nobody can be asked (S74)."""
        for account in self._rack.unsaved():
            _log.error(
                "%s: the keyring did not take its newest token, so it must sign in again.", plain(account.settings.name)
            )

    def words(self) -> str:
        """All accounts in one sentence."""
        names = (self._known.get(account.id, _UNKNOWN)[0] for account in self._rack.accounts)
        parts = [f"{count} {_WORDS.get(name, name)}" for name, count in sorted(Counter(names).items())]
        count = len(self._rack.accounts)
        words = f"Ready: {count} {'account' if count == 1 else 'accounts'}"
        memory = " Secrets are in memory only." if self._rack.vault_name == "memory" else ""
        return f"{words} ({', '.join(parts)}).{memory}" if parts else f"{words}.{memory}"

    def _look(self) -> None:
        for account, status in self._news():
            self._tell(account, status)
        if (words := self.words()) != self._words:
            self._words = words
            self._notifier.status(words)

    def _news(self) -> Iterator[tuple[Account, Status]]:
        """The accounts whose state is another one than it was told; what passes by itself is not told."""
        for account in self._rack.accounts:
            if self._states.get(account.id) is account.state:
                continue
            self._states[account.id] = account.state
            status = describe(account, self._rack.clock)
            now = status.name, status.reason
            if status.name not in _PASSING and self._known.get(account.id) != now:
                self._known[account.id] = now
                yield account, status

    def _tell(self, account: Account, status: Status) -> None:
        level = logging.WARNING if _is_trouble(status) else logging.INFO
        state = f"{status.name} ({status.reason})" if status.reason else status.name
        sentences = "" if status.name in _GOOD else f" {status.happened} {status.todo}".rstrip()
        _log.log(level, "%s: %s.%s", plain(account.settings.name), state, sentences)


def _is_trouble(status: Status) -> bool:
    return status.name not in (*_PASSING, *_GOOD) and status.reason not in _EXPECTED
