"""Opens the pages that belong to the whole program, as the menu of the lock button names them."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt

from keyrack.ui.arrivals.arrivals import Arrivals
from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.lock.passphrase_page import PassphrasePage
from keyrack.ui.moving.moving_page import MovingPage
from keyrack.ui.parts.over_page import over_names

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions
    from keyrack.ui.preferences.preferences_page import PreferencesPage
    from keyrack.ui.window.notice_bar import NoticeBar
    from keyrack.ui.window.pages import Pages


class WayBack(Protocol):
    """The page that a person comes back to."""

    def open(self, id: str) -> None:
        """Show an account's pane, or the overview for ""."""

    def page_to_return_to(self) -> str:
        """The account whose pane is open, "" for the overview."""


class ProgramPages(QObject):
    """The settings, and all that is reached from them, over `pages`. Each leads back to the page that was open.

    `before_settings` is where those lead that were opened last: an account, or "" for the overview.
    """

    def __init__(
        self, actions: "Actions", pages: "Pages", notice: "NoticeBar", arrivals: Arrivals, place: WayBack
    ) -> None:
        super().__init__(pages)
        self._actions = actions
        self._pages = pages
        self._notice = notice
        self._arrivals = arrivals
        self._place = place
        self._settings: PreferencesPage | None = None
        self.before_settings = ""

    @property
    def settings(self) -> "PreferencesPage | None":
        """The page of the settings, if it is open."""
        return self._settings if self._settings is self._pages.currentWidget() else None

    def begin(self, verb: str) -> None:
        """Do what an entry of the menu says."""
        verbs: dict[str, Callable[[], object]] = {
            "lock": self._actions.lock,
            "passphrase": self._pages.lock_passphrase,
            "preferences": self.open_preferences,
            "connection": self.open_connection,
            "export": self._arrivals.export_accounts,
            "import": self._arrivals.import_accounts,
        }
        verbs[verb]()

    def open_connection(self) -> None:
        """Show the page on how Keyrack connects."""
        self._notice.hide()
        self._pages.show_connection()

    def open_preferences(self, before: str | None = None) -> None:
        """Show the page of the person's settings, which is loaded now.

        It leads back to the account `before`, "" for the overview, None for the one that is open.
        """
        from keyrack.ui.preferences.preferences_page import PreferencesPage

        if self.settings is not None:
            return
        self._notice.hide()
        page = self._settings = PreferencesPage(self._actions, self._pages)
        there = self.before_settings = self._place.page_to_return_to() if before is None else before
        page.closed.connect(lambda: self._place.open(there))
        page.connection_pressed.connect(lambda: self._open_from_preferences(self.open_connection))
        page.passphrase_pressed.connect(lambda: self._open_from_preferences(self._pages.lock_passphrase))
        page.sharing_pressed.connect(lambda: self.open_sharing(there))
        page.import_pressed.connect(self._pages.import_provider)
        for verb, text in (("export", self.tr("Export…")), ("import", self.tr("Import…"))):
            page.more.add_button(f"more_{verb}", text, partial(self.begin, verb))
        for which, text in over_names().items():
            page.more.add_button(f"more_{which}", text, partial(self._pages.toggle_over, which))
        self._pages.show_small(page)

    def open_sharing(self, before: str) -> None:
        """Show the page on the group of hosts, which is loaded now. It leads back to the settings.

        Those lead back to the account `before`, "" for the overview.
        """
        from keyrack.ui.sharing.sharing_form import SharingForm

        page = MovingPage("sharing", self.tr("Shared with other hosts"), SharingForm(self._actions), before)
        page.closed.connect(self.open_preferences)
        self._pages.show_small(page)

    def _open_from_preferences(self, open_page: Callable[[], object]) -> None:
        """Open a page that leads back to the settings."""
        open_page()
        page: object = self._pages.currentWidget()
        if isinstance(page, ConnectionPage | PassphrasePage):
            page.closed.connect(lambda *_: self.open_preferences(), Qt.ConnectionType.SingleShotConnection)
