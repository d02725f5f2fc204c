"""Opens the pages that belong to the whole program, and takes what a person drops on the window or pastes into it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from keyrack.ui.account.pasted_credentials import PastedCredentials
from keyrack.ui.add_account.import_step import ImportStep
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.lock.passphrase_page import PassphrasePage
from keyrack.ui.moving.export_form import ExportForm
from keyrack.ui.moving.import_form import ImportForm
from keyrack.ui.moving.incoming import IncomingText
from keyrack.ui.moving.moving_page import MovingPage
from keyrack.ui.parts.over_page import over_names
from keyrack.ui.preferences.preferences_page import PreferencesPage

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions
    from keyrack.ui.window.notice_bar import NoticeBar
    from keyrack.ui.window.pages import Pages


class WayBack(Protocol):
    """The page that a person comes back to."""

    def open(self, id: str) -> None:
        """Show an account's pane, or the overview for ""."""

    def page_to_return_to(self) -> str:
        """The account whose pane is open, "" for the overview."""


class ProgramPages(QObject):
    """Settings, connection, export and import, over `pages`. Each leads back to the page that was open."""

    def __init__(self, actions: "Actions", pages: "Pages", notice: "NoticeBar", place: WayBack) -> None:
        super().__init__(pages)
        self._actions = actions
        self._pages = pages
        self._notice = notice
        self._place = place
        self.incoming = IncomingText(actions, self)

    def begin(self, verb: str) -> None:
        """Do what the menu of the lock button names."""
        {
            "lock": self._actions.lock,
            "passphrase": self._pages.lock_passphrase,
            "preferences": self.open_preferences,
            "connection": self.open_connection,
            "export": self.export_accounts,
            "import": self.import_accounts,
        }[verb]()

    def open_connection(self) -> None:
        """Show the page on how Keyrack connects."""
        self._notice.hide()
        self._pages.show_connection()

    def open_preferences(self) -> None:
        """Show the page of the person's settings. It leads back to the account that is open now."""
        if isinstance(self._pages.currentWidget(), PreferencesPage):
            return
        self._notice.hide()
        page, before = PreferencesPage(self._actions), self._place.page_to_return_to()
        page.closed.connect(lambda: self._place.open(before))
        page.connection_pressed.connect(lambda: self._open_from_preferences(self.open_connection))
        page.passphrase_pressed.connect(lambda: self._open_from_preferences(self._pages.lock_passphrase))
        page.import_pressed.connect(self._pages.import_provider)
        for verb, text in (("export", self.tr("Export…")), ("import", self.tr("Import…"))):
            page.more.add_button(f"more_{verb}", text, partial(self.begin, verb))
        for which, text in over_names().items():
            page.more.add_button(f"more_{which}", text, partial(self._pages.toggle_over, which))
        self._pages.show_small(page)

    def _open_from_preferences(self, open_page: Callable[[], object]) -> None:
        """Open a page that leads back to the settings."""
        open_page()
        page: object = self._pages.currentWidget()
        if isinstance(page, ConnectionPage | PassphrasePage):
            page.closed.connect(lambda *_: self.open_preferences(), Qt.ConnectionType.SingleShotConnection)

    def export_accounts(self) -> None:
        """Show the page that exports accounts."""
        if not self._actions.rack.lock.locked:
            form = ExportForm(self._actions)
            self._notice.hide()
            self._show_moving(MovingPage("export", self.tr("Export"), form, self._place.page_to_return_to()))

    def import_accounts(self, data: bytes = b"") -> None:
        """Show the page that imports accounts, with an export that came."""
        if not self._actions.rack.lock.locked:
            form = ImportForm(self._actions)
            self._notice.hide()
            self._show_moving(MovingPage("import", self.tr("Import"), form, self._place.page_to_return_to()))
            if data:
                form.take(data)

    def _show_moving(self, page: MovingPage) -> None:
        page.closed.connect(self._place.open)
        self._pages.show_small(page)

    def import_provider_file(self, path: Path) -> None:
        """Show the wizard with a provider file that came."""
        self._pages.import_provider()
        page = self._pages.currentWidget()
        if isinstance(page, AddAccountWizard) and isinstance(page.step, ImportStep):
            page.step.take(str(path))

    def add_with(self, found: PastedCredentials, provider: str) -> None:
        """Show the wizard with credentials that came, at their provider where it is known."""
        self._pages.add_account()
        page = self._pages.currentWidget()
        if not isinstance(page, AddAccountWizard):
            return
        page.brought.found = found
        if provider:
            page.choose_region(self._actions.rack.catalog[provider])
        else:
            self.say(self.tr("Found id and secret. Choose the exchange or service that gave you them."))

    def say(self, text: str) -> None:
        """Tell the person something over the page."""
        self._notice.show_notice("accent", text)

    def paste(self) -> None:
        """Take what is on the clipboard where it belongs. A field that has the focus pastes for itself."""
        self.incoming.take(QApplication.clipboard().mimeData())
