"""A short list inside a card: a caption, its rows, and a sentence, such as for an empty list."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from keyrack.ui.theme.metrics import GAP_M, GRID
from keyrack.ui.widgets.controls import Text, delete_later, set_text


class RowList(QWidget):
    """Rows of widgets, a single one as wide as the list. The columns `wide` share the room that is left."""

    def __init__(self, title: str, wide: tuple[int, ...] = (0,), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(Text(title, "caption"))
        self.sentence = Text(role="second", wrap=True)
        column.addWidget(self.sentence)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GAP_M)
        self._grid.setVerticalSpacing(GRID)
        self._columns = max(wide, default=0) + 1
        for column_at in wide:
            self._grid.setColumnStretch(column_at, 1)
        column.addLayout(self._grid)

    def fill(self, rows: Sequence[Sequence[QWidget]], sentence: str) -> None:
        """Show other rows, below a sentence if it is not ""."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                delete_later(widget)
        for at, row in enumerate(rows):
            if len(row) == 1:
                self._grid.addWidget(row[0], at, 0, 1, self._columns, Qt.AlignmentFlag.AlignVCenter)
                continue
            for column, widget in enumerate(row):
                self._grid.addWidget(widget, at, column, Qt.AlignmentFlag.AlignVCenter)
        set_text(self.sentence, sentence)
        self.sentence.setVisible(bool(sentence))
