"""Storage space as a bar with its three figures."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from keyrack.primitives.failure import plain
from keyrack.ui.amounts import HIDDEN, exact_bytes, size
from keyrack.ui.controls import Text
from keyrack.ui.countdown import put
from keyrack.ui.theme import GAP_M, GAP_S, GAP_XL, theme

if TYPE_CHECKING:
    from keyrack.core.accounts.snapshot import Storage

BAR_HEIGHT = 8


class Bar(QWidget):
    """A thin bar that is filled up to a share of itself, in a colour of the palette."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share = 0.0
        self.tone = "accent"
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def set(self, share: float, tone: str) -> None:
        """Fill up to `share` (0 to 1)."""
        if (share, tone) != (self.share, self.tone):
            self.share, self.tone = share, tone
            self.update()

    def sizeHint(self) -> QSize:
        """As high as the design says."""
        return QSize(theme().px(120), theme().px(BAR_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The track, and what is filled of it, both with round ends."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        high = float(self.height())
        painter.setBrush(theme().palette.line)
        painter.drawRoundedRect(QRectF(0, 0, self.width(), high), high / 2, high / 2)
        if self.share > 0:
            painter.setBrush(theme().palette.tone(self.tone))
            painter.drawRoundedRect(QRectF(0, 0, max(high, self.width() * self.share), high), high / 2, high / 2)


class StorageView(QWidget):
    """Used, available and size: rounded to read, and exact underneath."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        self.bar = Bar(self.tr("Storage in use"))
        column.addWidget(self.bar)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_XL)
        grid.setVerticalSpacing(2)
        names = (self.tr("Used"), self.tr("Available"), self.tr("Size"))
        self._figures = [(Text(role="strong"), Text(role="caption")) for _ in names]
        for at, (name, (figure, exact)) in enumerate(zip(names, self._figures, strict=True)):
            for line, label in enumerate((Text(name, "caption"), figure, exact)):
                grid.addWidget(label, line, at)
            grid.setColumnStretch(at, 1)
        column.addLayout(grid)
        self.plan = Text(role="caption", wrap=True)
        column.addSpacing(GAP_S)
        column.addWidget(self.plan)

    def show_storage(self, storage: "Storage", private: bool, stale: bool) -> None:
        """Show figures, or dots in their place."""
        counts = (storage.used, storage.available, storage.size)
        for count, (figure, exact) in zip(counts, self._figures, strict=True):
            put(figure, HIDDEN if private else size(count))
            put(exact, "" if private else exact_bytes(count))
            figure.set_tone("off" if stale else "")
        filled = storage.used / storage.size if storage.used is not None and storage.size else 0.0
        self.bar.set(0.0 if private else max(0.0, min(filled, 1.0)), _tone(filled, stale))
        put(self.plan, self._plan(storage))
        self.plan.setVisible(bool(storage.plan))

    def _plan(self, storage: "Storage") -> str:
        if not storage.plan_ends:
            return self.tr("Plan: {plan}").format(plan=plain(storage.plan, 60))
        ends = plain(storage.plan_ends, 40)[:10]
        return self.tr("Plan: {plan}, until {day}").format(plan=plain(storage.plan, 60), day=ends)


def _tone(filled: float, stale: bool) -> str:
    if stale:
        return "off"
    return "urgent" if filled > 0.97 else "soon" if filled > 0.9 else "accent"
