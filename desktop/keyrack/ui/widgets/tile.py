"""A large button with a tile, a name and a sentence, for a choice among a few options."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_L, GAP_M, MONOGRAM
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import pressed_by_enter
from keyrack.ui.widgets.controls import Monogram, Text

_ICON = 20


@spoken_as(Role.Button)
class Tile(QPushButton):
    """Shows a monogram (`letters`, in the hue of the provider `of`) or an icon, a name and a sentence.

    What has no future is `faded`.
    """

    def __init__(
        self,
        name: str,
        sentence: str,
        *,
        letters: str = "",
        of: str = "",
        icon: str = "",
        faded: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self.setAutoDefault(False)
        self.setAccessibleName(name)
        self.setAccessibleDescription(sentence)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_L, GAP_M, GAP_L, GAP_M)
        row.setSpacing(GAP_M)
        row.addWidget(Monogram(letters, of=of) if letters else _pictured(icon), 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout()
        column.setSpacing(2)
        self._sentence = Text(sentence, "second", wrap=True)
        column.addStretch(1)
        column.addWidget(Text(name, "second" if faded else "bold", wrap=True))
        if not sentence:
            self._sentence.hide()
        column.addWidget(self._sentence)
        column.addStretch(1)
        row.addLayout(column, 1)
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As its contents need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its words allow."""
        layout = self.layout()
        return layout.minimumSize() if layout is not None else super().minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        """The sentence wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height at a width."""
        layout = self.layout()
        return max(theme().px(MONOGRAM) + 2 * GAP_L, layout.totalHeightForWidth(width) if layout is not None else 0)


def _pictured(name: str) -> QLabel:
    label = Monogram("")
    Icon(name, "accent", _ICON).put_on(label)
    return label
