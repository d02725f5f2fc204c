"""The head of a page that has a picture instead of figures: the product drawing, a title and a sentence, centred."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.parts.rack_drawing import RackDrawing
from keyrack.ui.theme.metrics import GAP_L, GRID
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import Text

_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class PictureHead(QWidget):
    """The picture gives way where the page is lower than `needed` in designed pixels, so that its buttons are seen."""

    def __init__(self, picture: RackDrawing, title: str, about: Text, needed: int) -> None:
        super().__init__()
        self.picture = picture
        self._needed = needed
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(picture, 0, _MIDDLE)
        column.addSpacing(GAP_L)
        self.title = Text(title, "title", wrap=True)
        for text in (self.title, about):
            text.setAlignment(_MIDDLE)
            column.addWidget(text)

    def fit(self, height: int) -> None:
        """Follow the height of the page in pixels."""
        self.picture.setHidden(height < theme().px(self._needed))
