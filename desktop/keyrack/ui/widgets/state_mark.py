"""What a list shows of an account's state: its small mark, and the time left."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import Text, TextRole, Tone
from keyrack.ui.widgets.ring import MARK, Ring
from keyrack.ui.widgets.ring_kind import Kind, kind_for, kind_words

_AT_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FLAGS = int(_AT_RIGHT)
_SAME_WIDTH = str.maketrans("123456789", "000000000")


class TimeLeft(Text):
    """A short text at the right that counts seconds beside many others, on a `ground` as `Ring` has one.

    It has a fixed size, at least `least` wide in designed pixels, and takes another one only for a text of another
    shape: figures are all of one width. A label of Qt's has the row laid out anew for each text.
    """

    def __init__(self, role: TextRole, least: int, ground: Callable[[], QColor]) -> None:
        self._ground = ground
        self._shape: str | None = None
        self._least = theme().px(least)
        super().__init__(role=role)
        self.setAlignment(_AT_RIGHT)

    def setText(self, text: str) -> None:
        """Another text, in the same room where it can."""
        super().setText(text)
        if (shape := text.translate(_SAME_WIDTH)) != self._shape:
            self._shape = shape
            self._fit()

    def _fit(self) -> None:
        self.setMinimumSize(0, 0)  # a hint is never smaller
        hint = self.sizeHint()
        self.setFixedSize(max(self._least, hint.width()), hint.height())

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self._shape is not None:
            self._fit()
            self._own_ground()

    def showEvent(self, event: QShowEvent) -> None:
        """It has its style now."""
        super().showEvent(event)
        self._own_ground()

    def set_tone(self, tone: Tone) -> None:
        """Another colour."""
        super().set_tone(tone)
        self._own_ground()

    def _own_ground(self) -> None:
        """Qt's style sheets take this away from each widget that they have a rule for."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, which always has room."""
        painter = QPainter(self)
        room = self.rect()
        painter.fillRect(room, self._ground())
        painter.drawText(room, _FLAGS, self.text())


class StateMark(QWidget):
    """A ring without text for a status of `status --json`, on a `ground` as `Ring` has one."""

    def __init__(
        self, size: int = MARK, parent: QWidget | None = None, *, ground: Callable[[], QColor] | None = None
    ) -> None:
        super().__init__(parent)
        self.ring = Ring(size, ground=ground)
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
