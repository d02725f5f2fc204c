"""One of several values of a setting, in a box that opens."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QFrame, QStyledItemDelegate

from keyrack.core.preferences.all_settings import AnySetting
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import is_enter

_LEAST, _WIDE = 150, 250
_SCROLLING = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)


class ChoiceBox(QComboBox):
    """`chosen` tells that the person chose another value, which is `value`."""

    chosen = Signal()

    def __init__(self, setting: AnySetting) -> None:
        super().__init__()
        self._setting = setting
        for choice in setting.choices:
            self.addItem(choice.words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by mouse too: a page that is made anew goes on here
        self.setItemDelegate(QStyledItemDelegate(self))  # that of Qt's knows nothing of the sheet
        self.setMinimumWidth(theme().px(_LEAST))
        self.setMaximumWidth(theme().px(_WIDE))
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

    def sizeHint(self) -> QSize:
        """One width for all boxes of a page, so that they have one edge. Large text in a small window leaves less."""
        return QSize(theme().px(_WIDE), super().sizeHint().height())

    def showPopup(self) -> None:
        """Open the list with the border of a menu. No sheet reaches the frame around it, only its palette does."""
        frame = self.view().parentWidget()
        if isinstance(frame, QFrame):
            colours = frame.palette()
            colours.setColor(QPalette.ColorRole.WindowText, theme().palette.rim)
            frame.setPalette(colours)
            frame.setFrameStyle(QFrame.Shape.Box | QFrame.Shadow.Plain)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page, which would change a setting by the way else."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it, as Space does. The keys that scroll are the page's: they would change a setting."""
        if event.key() in _SCROLLING:
            event.ignore()
        elif is_enter(event):
            event.accept()
            self.showPopup()
        else:
            super().keyPressEvent(event)
