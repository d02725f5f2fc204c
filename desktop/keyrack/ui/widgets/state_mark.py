"""The small mark of an account's state, for lists."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from keyrack.ui.widgets.ring import MARK, Ring
from keyrack.ui.widgets.ring_kind import Kind, kind_for, kind_words


class StateMark(QWidget):
    """A ring without text for a status of `status --json`."""

    def __init__(self, size: int = MARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ring = Ring(size)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.ring)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def kind(self) -> Kind:
        """The kind that is shown now."""
        return self.ring.kind

    def set(self, status: str, fraction: float | None) -> None:
        """Show a status and the share of the lifetime that is left (None: no lifetime was sent)."""
        self.ring.set(fraction, "", kind_for(status, fraction))
        self.setAccessibleName(kind_words(self.kind))
