"""What is said below the balances: what failed, what is left out, and which columns have no room."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from keyrack.language.translation import translated
from keyrack.ui.balances.table_model import FIGURES, BalancesModel, Column
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.widgets.controls import Text, set_text

if TYPE_CHECKING:
    from keyrack.core.accounts.balances_snapshot import Balances
    from keyrack.ui.balances.table_view import BalancesTable


class BalanceNotes(QVBoxLayout):
    """A line for each thing that there is to say. The others take no room."""

    def __init__(self, table: "BalancesTable", model: BalancesModel) -> None:
        super().__init__()
        self._table = table
        self._model = model
        self.failure = Text(role="caption", tone="soon", wrap=True)
        self.left_out = Text(role="caption", tone="soon", wrap=True)
        self.left_out.setObjectName("left_out")
        self.leaves_out = Text(role="caption", wrap=True)
        self.leaves_out.setObjectName("leaves_out")
        self.folded = Text(role="caption", wrap=True)
        self.folded.setObjectName("folded_columns")
        self.setSpacing(GAP_S)
        for line in (self.failure, self.left_out, self.folded, self.leaves_out):
            line.hide()
            self.addWidget(line)
        table.fitted.connect(self._show_folded)

    def show_notes(self, balances: "Balances | None", *, zeros_listed: bool) -> None:
        """Say it for this snapshot. None is one that is not there yet."""
        _say(self.failure, balances.failure.happened if balances and balances.failure else "")
        _say(self.left_out, balances.left_out_words if balances else "")
        left = [translated(balances.leaves_out)] if balances and balances.leaves_out else []
        if self._table.proxy.rowCount() and not zeros_listed:
            left.append(self.tr("Assets at zero are not listed."))
        _say(self.leaves_out, " ".join(left))
        self._show_folded()

    def _show_folded(self) -> None:
        there = [column for column in FIGURES if column != Column.VALUE or self._model.unit]
        folded = [column for column in there if column not in self._table.fit.widths and self._table.proxy.rowCount()]
        names = ", ".join(self._model.headerData(column, Qt.Orientation.Horizontal) for column in folded)
        _say(self.folded, self.tr("Not shown at this width: {columns}.").format(columns=names) if names else "")


def _say(line: Text, words: str) -> None:
    set_text(line, words)
    line.setVisible(bool(words))
