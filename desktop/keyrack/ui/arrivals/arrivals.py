"""Opens the page where something that was dropped or pasted goes on, and the pages that export and import."""

import importlib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtWidgets import QApplication, QWidget

from keyrack.ui.account.pasted_credentials import PastedCredentials
from keyrack.ui.add_account.import_step import ImportStep
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.moving.moving_page import MovingPage

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions
    from keyrack.ui.arrivals.incoming import IncomingText

translate = QCoreApplication.translate


class _Pages(Protocol):
    def open(self, id: str) -> None:
        """Open an account's pane, or the overview for ""."""

    def show_small(self, page: QWidget) -> None:
        """Open a page that nothing keeps."""

    def add_account(self) -> None:
        """Open the wizard."""

    def import_provider(self) -> None:
        """Open the wizard at the import of a provider file."""

    def currentWidget(self) -> QWidget | None:
        """The open page."""


class Arrivals:
    """Leads to the pages. They and what recognises are loaded when they are used.

    `say` shows a sentence over the page, and `before` is the account to come back to.
    """

    def __init__(
        self, actions: "Actions", pages: _Pages, say: Callable[[str], object], before: Callable[[], str]
    ) -> None:
        self._actions = actions
        self._pages = pages
        self.say = say
        self._before = before

    @cached_property
    def _incoming(self) -> "IncomingText":
        made: IncomingText = importlib.import_module("keyrack.ui.arrivals.incoming").IncomingText(self._actions, self)
        return made

    def takes(self, mime: QMimeData) -> bool:
        """Whether what is dragged over the window may be dropped there."""
        return self._incoming.takes(mime)

    def take(self, mime: QMimeData) -> None:
        """Take what was dropped where it belongs."""
        self._incoming.take(mime)

    def paste(self) -> None:
        """Take what is on the clipboard where it belongs. A field that has the focus pastes for itself."""
        self._incoming.take(QApplication.clipboard().mimeData())

    def export_accounts(self, chosen: "Sequence[Account]" = ()) -> None:
        """Open the page that exports accounts, with these chosen, or all."""
        if not self._actions.rack.lock.locked:
            form = importlib.import_module("keyrack.ui.moving.export_form").ExportForm(self._actions, chosen)
            self._show(MovingPage("export", translate("Arrivals", "Export"), form, self._before()))

    def import_accounts(self, data: bytes = b"") -> None:
        """Open the page that imports accounts, with an export that came."""
        if not self._actions.rack.lock.locked:
            form = importlib.import_module("keyrack.ui.moving.import_form").ImportForm(self._actions)
            self._show(MovingPage("import", translate("Arrivals", "Import"), form, self._before()))
            if data:
                form.take(data)

    def _show(self, page: MovingPage) -> None:
        page.closed.connect(self._pages.open)
        self._pages.show_small(page)

    def import_provider_file(self, path: Path) -> None:
        """Open the wizard with a provider file that came."""
        self._pages.import_provider()
        page = self._pages.currentWidget()
        if isinstance(page, AddAccountWizard) and isinstance(page.step, ImportStep):
            page.step.take(str(path))

    def add_with(self, found: PastedCredentials, provider: str) -> None:
        """Open the wizard with credentials that came, at their provider where it is known."""
        self._pages.add_account()
        page = self._pages.currentWidget()
        if not isinstance(page, AddAccountWizard):
            return
        page.brought.found = found
        if provider:
            page.choose_region(self._actions.rack.catalog[provider])
        else:
            words = translate("Arrivals", "Found id and secret. Choose the exchange or service that gave you them.")
            self.say(words)
