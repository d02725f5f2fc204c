"""A row for each removal that can be undone, of one account or of several, with a button that undoes it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from keyrack.language.translation import plural
from keyrack.ui.actions.listening import listen
from keyrack.ui.parts.banner import Banner
from keyrack.ui.parts.floating import FloatingBar
from keyrack.ui.theme.metrics import GAP_S

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.removals import Removals


class UndoBar(FloatingBar):
    """Follows the removals, and has no height without one.

    `undone` carries the id of an account that is back, "" where several are.
    """

    undone = Signal(str)

    def __init__(self, removals: "Removals", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._removals = removals
        self._rows: dict[tuple[str, ...], Banner] = {}
        self.column.setSpacing(GAP_S)
        listen(self, removals.changed, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Add and take away rows. A row that stays is not touched."""
        pending = {tuple(account.id for account in group): group for group in self._removals.groups}
        for ids in self._rows.keys() - pending.keys():
            row = self._rows.pop(ids)
            self.column.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        for ids, group in pending.items():
            if ids not in self._rows:
                self._rows[ids] = row = self._row(group)
                self.column.addWidget(row)
        self.setVisible(bool(pending))

    def first_focus(self) -> QWidget | None:
        """The button that brings back what was removed last."""
        return next((row.button for row in reversed(self._rows.values())), None)

    def _row(self, group: "Sequence[Account]") -> Banner:
        account = group[0]
        text = self.tr("“{name}” removed.").format(name=account.settings.name)
        if len(group) > 1:
            text = plural("{n} account removed.", "{n} accounts removed.", len(group))
        row = Banner("off", text, (self.tr("Undo"), lambda: self._undo(group)))
        if row.button is not None:
            row.button.setObjectName(f"undo:{account.id}")
            row.button.setAccessibleDescription(text)
        return row

    def _undo(self, group: "Sequence[Account]") -> None:
        self._removals.undo(group[0])
        self.undone.emit(group[0].id if len(group) == 1 else "")
