"""The menu of a line in the activity of all accounts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from keyrack.ui.parts.entry_menu import EntryMenu
from keyrack.ui.text.amount_text import clock_time

if TYPE_CHECKING:
    from keyrack.core.accounts.activity_record import Entry


class ActivityMenu(EntryMenu):
    """Opens the account of the line, shows its lines alone, or copies the line."""

    def __init__(
        self, entry: "Entry", open_account: Callable[[str], object], only: Callable[[str], object], parent: QWidget
    ) -> None:
        super().__init__("activity_menu", parent)
        self.add("open", self.tr("Open the account"), lambda: open_account(entry.account), keys="Return")
        self.add("only", self.tr("Show only this account"), lambda: only(entry.account), picture="search")
        line = "\t".join((clock_time(entry.line.at), entry.name, entry.sentence))
        self.add("copy", self.tr("Copy the line"), lambda: QGuiApplication.clipboard().setText(line), picture="copy")
