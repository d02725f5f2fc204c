"""The choice of the period that the pictures show, and the way to the figures as a file."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from keyrack.core.history.periods import PERIODS, PeriodName
from keyrack.ui.text.course_text import period_name
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import QuietButton
from keyrack.ui.widgets.controls import set_property

if TYPE_CHECKING:
    from keyrack.core.history.periods import Period

# As low as the line of text that it stands beside.
_HIGH = 24


class PeriodButton(QuietButton):
    """A button with a menu. `chosen` carries the period's name."""

    chosen = Signal(str)
    export_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.setObjectName("period")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme().px(_HIGH))
        self.entries = QMenu(self)
        self._actions = self._filled()
        self.entries.addSeparator()
        self.export = self.entries.addAction(self.tr("Export as CSV…"))
        self.export.setObjectName("export_history")
        self.export.triggered.connect(self.export_pressed)
        self.setMenu(self.entries)
        set_property(self, "menu", value=True)

    def _filled(self) -> dict[PeriodName, QAction]:
        group, made = QActionGroup(self), {}
        for name in PERIODS:
            entry = made[name] = self.entries.addAction(period_name(name))
            entry.setCheckable(True)
            entry.setObjectName(f"period:{name}")
            entry.triggered.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            group.addAction(entry)
        return made

    def show_period(self, period: "Period") -> None:
        """Show which one is chosen."""
        words = period_name(period.name)
        if self.text() != words:
            self.setText(words)
            self.setAccessibleName(self.tr("Period of the pictures: {period}").format(period=words))
        self._actions[period.name].setChecked(True)
