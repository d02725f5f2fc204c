"""A sentence over the page that can be put away."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.net.failure import plain
from keyrack.ui.controls import Banner, BannerKind
from keyrack.ui.theme import MARGIN

_LONGEST = 500


class NoticeBar(QWidget):
    """Holds at most one banner; a new one takes the place of the old."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN // 2, MARGIN, 0)
        self.banner = Banner("accent", "", (self.tr("Close"), self.hide))
        self.banner.text.setObjectName("notice")
        column.addWidget(self.banner)
        self.hide()

    def tell(self, kind: BannerKind, text: str) -> None:
        """Show a sentence."""
        self.banner.set(kind, plain(text, _LONGEST))
        self.show()
