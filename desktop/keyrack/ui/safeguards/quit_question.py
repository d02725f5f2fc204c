"""The question before Keyrack ends: what would be lost if it ended now."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from keyrack.core.accounts.account import Account
from keyrack.core.status import describe, format_left
from keyrack.language.translation import plural

if TYPE_CHECKING:
    from keyrack.core.rack import Rack

# A shorter sign-in window can pass while the person has lunch, a longer one is what people expect of a sign-in.
SHORT_WINDOW = 4 * 3600.0
_NAMED = 3


class AskingWindow(Protocol):
    """The window that shows the question."""

    def ask(
        self, text: Callable[[], str], words: str, go_on: Callable[[], object], keep: tuple[str, Callable[[], object]]
    ) -> object:
        """Show a warning as it is at each second, with a button to continue all the same and one to leave it."""

    def half_filled(self) -> list[str]:
        """The forms by name that hold something entered."""

    def go_on(self) -> object:
        """Go back to the page."""

    def come_forward(self) -> object:
        """Move to the front."""

    def close(self) -> object:
        """Hide in the tray, or minimise."""


class QuitQuestion(QObject):
    """Asks in one question about tokens that are not stored, sign-ins that end soon and forms that are half filled.

    A token that is not stored is asked about each time (S74), a form once, a sign-in that ends soon once in a session.
    `end` ends Keyrack, and `may_hide` says whether a tray would keep it. The end of the desktop's session asks nobody.
    """

    def __init__(
        self, window: AskingWindow, rack: "Rack", end: Callable[[], object], may_hide: Callable[[], bool]
    ) -> None:
        super().__init__()
        self._window = window
        self._rack = rack
        self._end = end
        self._may_hide = may_hide
        self._asked_about_windows = False
        self._asked_about_forms: frozenset[str] = frozenset()

    def ask(self) -> None:
        """Quit, or ask first where quitting would cost a sign-in or what was typed."""
        unsaved = self._rack.unsaved()
        windows, known = not self._asked_about_windows, self._asked_about_forms
        self._asked_about_forms = frozenset(self._window.half_filled())
        forms = self._asked_about_forms - known
        if not self._text(windows=windows, known=known):
            self._end()
            return
        self._asked_about_windows = self._asked_about_windows or bool(self._ending_soon(unsaved))
        self._window.come_forward()
        words = self.tr("Quit anyway") if unsaved or forms else self.tr("Quit")
        hide = self.tr("Keep in the tray") if self._may_hide() else self.tr("Minimise")
        keep = (self.tr("Cancel"), self._window.go_on) if forms else (hide, self._window.close)
        nothing = self.tr("No sign-in would be lost now.")
        self._window.ask(lambda: self._text(windows=windows, known=known) or nothing, words, self._end, keep)

    def _text(self, *, windows: bool, known: frozenset[str]) -> str:
        """What would be lost now, "" for nothing.

        `windows` counts the sign-ins that end soon. The forms that are `known` are not told again.
        """
        unsaved = self._rack.unsaved()
        ending = self._ending_soon(unsaved) if windows else []
        forms = [form for form in self._window.half_filled() if form not in known]
        parts = (self._about_unsaved(unsaved), self._about_windows(ending), self._about_forms(forms))
        return " ".join(part for part in parts if part)

    def _about_forms(self, forms: list[str]) -> str:
        if not forms:
            return ""
        text = self.tr("Half filled: {forms}. If you quit now, what you entered there is lost.")
        return text.format(forms=", ".join(forms))

    def _about_unsaved(self, accounts: list[Account]) -> str:
        if not accounts:
            return ""
        text = self.tr("Not in the keyring yet: the newest token of {}. If you quit now, you must sign in again.")
        return text.format(", ".join(account.settings.name for account in accounts))

    def _ending_soon(self, unsaved: list[Account]) -> list[tuple[float, str]]:
        """The seconds that are left of each short sign-in window and the account's name, the shortest first."""
        found = []
        for account in self._rack.accounts:
            if _goes_on_elsewhere(account):
                continue
            status = describe(account, self._rack.clock)
            # A key goes on working when the sign-in that made it ends.
            if account not in unsaved and not status.is_key and 0 < (status.sign_in_left or 0) < SHORT_WINDOW:
                found.append((status.sign_in_left or 0, account.settings.name))
        return sorted(found)

    def _about_windows(self, ending: list[tuple[float, str]]) -> str:
        if not ending:
            return ""
        if len(ending) == 1:
            left, name = ending[0]
            text = self.tr("Closed for longer than {left}, {name} must be signed in again.")
            return text.format(left=format_left(left), name=name)
        after = self.tr("{name} after {left}")
        named = [after.format(name=name, left=format_left(left)) for left, name in ending[:_NAMED]]
        more = len(ending) - len(named)
        if more:
            named.append(plural("{n} more later", "{n} more later", more))
        return self.tr("While Keyrack is closed, sign-ins end: {accounts}.").format(accounts=", ".join(named))


def _goes_on_elsewhere(account: Account) -> bool:
    """Whether another host renews the account, as far as this one can tell."""
    renewer = account.renewer
    return account.renewed_elsewhere and renewer is not None and bool(renewer.host) and renewer.away is None
