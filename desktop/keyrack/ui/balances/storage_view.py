"""Storage space as a bar with its three figures."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.primitives.failure import plain
from keyrack.ui.text.amount_text import HIDDEN, exact_bytes, size
from keyrack.ui.theme.metrics import GAP_M, GAP_S
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.bar import Bar
from keyrack.ui.widgets.controls import LargeText, Text, set_text
from keyrack.ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from keyrack.providers.holding import Storage


_FIGURE_WIDTH = 132


class StorageView(QWidget):
    """Used, available and size: rounded to read, and exact below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        self.bar = Bar(self.tr("Storage in use"))
        column.addWidget(self.bar)
        figures = FlowLayout(gap=GAP_M, least=theme().px(_FIGURE_WIDTH))
        names = (self.tr("Used"), self.tr("Available"), self.tr("Size"))
        self._figures = [(LargeText(role="strong"), Text(role="caption")) for _ in names]
        for name, (figure, exact) in zip(names, self._figures, strict=True):
            figures.addWidget(_one_below_the_other(Text(name, "caption"), figure, exact))
        column.addLayout(figures)
        self.plan = Text(role="caption", wrap=True)
        column.addSpacing(GAP_S)
        column.addWidget(self.plan)

    def show_storage(self, storage: "Storage", private: bool, stale: bool) -> None:
        """Show figures, or dots in their place."""
        counts = (storage.used, storage.available, storage.size)
        for count, (figure, exact) in zip(counts, self._figures, strict=True):
            set_text(figure, HIDDEN if private else size(count))
            set_text(exact, "" if private else exact_bytes(count))
            figure.set_tone("off" if stale else "")
        filled = storage.used / storage.size if storage.used is not None and storage.size else 0.0
        self.bar.set(0.0 if private else max(0.0, min(filled, 1.0)), _tone(filled, stale))
        set_text(self.plan, self._plan(storage))
        self.plan.setVisible(bool(storage.plan))

    def _plan(self, storage: "Storage") -> str:
        if not storage.plan_ends:
            return self.tr("Plan: {plan}").format(plan=plain(storage.plan, 60))
        ends = plain(storage.plan_ends, 40)[:10]
        return self.tr("Plan: {plan}, until {day}").format(plan=plain(storage.plan, 60), day=ends)


def _one_below_the_other(*labels: Text) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    for label in labels:
        column.addWidget(label)
    return holder


def _tone(filled: float, stale: bool) -> str:
    if stale:
        return "off"
    return "urgent" if filled > 0.97 else "soon" if filled > 0.9 else "accent"
