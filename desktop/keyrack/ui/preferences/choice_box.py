"""One of several values of a setting, in a box that opens."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox

from keyrack.core.preferences.all_settings import AnySetting
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import is_enter

_LEAST, _MOST = 150, 250


class ChoiceBox(QComboBox):
    """`chosen` tells that the person chose another value, which is `value`."""

    chosen = Signal()

    def __init__(self, setting: AnySetting) -> None:
        super().__init__()
        self._setting = setting
        for choice in setting.choices:
            self.addItem(choice.words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by mouse too: a page that is made anew goes on here
        self.setMinimumWidth(theme().px(_LEAST))
        self.setMaximumWidth(theme().px(_MOST))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(lambda _at: self.chosen.emit())

    @property
    def value(self) -> object:
        """The value that is chosen."""
        return self._setting.choices[self.currentIndex()].value

    def show_value(self, value: object) -> None:
        """Show another value, which emits nothing."""
        values = [choice.value for choice in self._setting.choices]
        self.setCurrentIndex(values.index(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page, which would change a setting by the way else."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it, as Space does."""
        if is_enter(event):
            event.accept()
            self.showPopup()
        else:
            super().keyPressEvent(event)
