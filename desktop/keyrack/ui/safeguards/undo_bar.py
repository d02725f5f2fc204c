"""A row for each removal that can be undone, of one account or of several, with a button that counts its time down."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from keyrack.core.status import format_left
from keyrack.language.translation import plural
from keyrack.ui.actions.listening import listen
from keyrack.ui.parts.banner import Banner
from keyrack.ui.parts.counting_button import CountingPlainButton
from keyrack.ui.parts.floating import FloatingBar
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import delete_later

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.removals import Removals


# From here on the key and the time would push the button below its sentence.
_LARGE_TEXT = 1.3


class _Row(Banner):
    """One removal."""

    def __init__(self, id: str, text: str) -> None:
        super().__init__("off", text)
        self.undo = CountingPlainButton("")
        self.undo.setObjectName(f"undo:{id}")
        self.undo.setAccessibleDescription(text)
        self.add_beside(self.undo)


class UndoBar(FloatingBar):
    """Follows the removals, and has no height without one. A key undoes the last of them, whose button names it.

    `undone` carries the id of an account that is back, "" where several are.
    """

    undone = Signal(str)

    def __init__(self, removals: "Removals", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._removals = removals
        self._rows: dict[tuple[str, ...], _Row] = {}
        self.column.setSpacing(GAP_S)
        listen(self, removals.changed, self._follow)
        self.refresh()

    def _follow(self) -> None:
        """Show another removal and announce it. A bar that is made anew does not say again what is there."""
        before = {id for ids in self._rows for id in ids}
        self.refresh()
        for ids, row in self._rows.items():
            if not before.intersection(ids):
                announce(self, f"{row.undo.accessibleDescription()} {self.tr('Undo (Ctrl+Z)')}")

    def refresh(self) -> None:
        """Add and take away rows. A row that stays is not touched."""
        pending = {tuple(account.id for account in group): group for group in self._removals.groups}
        for ids in self._rows.keys() - pending.keys():
            row = self._rows.pop(ids)
            self.column.removeWidget(row)
            delete_later(row)
        for ids, group in pending.items():
            if ids not in self._rows:
                self._rows[ids] = row = self._row(group)
                self.column.addWidget(row)
        self.setVisible(bool(pending))
        self.tick()

    def tick(self) -> None:
        """Show how long each of them can still be undone, where large text leaves room for that."""
        large = theme().scale >= _LARGE_TEXT
        for group in (groups := self._removals.groups):
            row = self._rows.get(tuple(account.id for account in group))
            if row is not None:
                words = self.tr("Undo (Ctrl+Z)") if group is groups[-1] and not large else self.tr("Undo")
                seconds = (self._removals.seconds_left(group[0]), self._removals.seconds)
                now, longest = (words if large else f"{words}  {format_left(math.ceil(each))}" for each in seconds)
                row.undo.count(now, longest)

    def undo_last(self) -> bool:
        """Undo what was removed last. Returns whether there was something."""
        groups = self._removals.groups
        if groups:
            self._undo(groups[-1])
        return bool(groups)

    def first_focus(self) -> QWidget | None:
        """The button that brings back what was removed last."""
        return next((row.undo for row in reversed(self._rows.values())), None)

    def _row(self, group: "Sequence[Account]") -> _Row:
        account = group[0]
        text = self.tr("“{name}” removed.").format(name=account.settings.name)
        if len(group) > 1:
            text = plural("{n} account removed.", "{n} accounts removed.", len(group))
        row = _Row(account.id, text)
        row.undo.clicked.connect(lambda: self._undo(group))
        return row

    def _undo(self, group: "Sequence[Account]") -> None:
        self._removals.undo(group[0])
        back = self.tr("“{name}” is back.").format(name=group[0].settings.name)
        if len(group) > 1:
            back = plural("{n} account is back.", "{n} accounts are back.", len(group))
        announce(self, back)
        self.undone.emit(group[0].id if len(group) == 1 else "")
