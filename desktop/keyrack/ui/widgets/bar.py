"""A bar that is filled up to a share of its width."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.theme import theme

BAR_HEIGHT = 8
_TRACK_SHARE = 0.3


@spoken_as(Role.Graphic)
class Bar(QWidget):
    """A thin bar that is filled up to a share of its width, in a colour of the palette."""

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
        """A thin track, and what is filled of it, both with round ends."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        high = float(self.height())
        line = max(1.0, high * _TRACK_SHARE)
        painter.setBrush(theme().palette.edge)
        painter.drawRoundedRect(QRectF(0, (high - line) / 2, self.width(), line), line / 2, line / 2)
        if self.share > 0:
            painter.setBrush(theme().palette.tone(self.tone))
            painter.drawRoundedRect(QRectF(0, 0, max(high, self.width() * self.share), high), high / 2, high / 2)
