"""A small window that stands alone before the program's own, and the one that says why there is no program."""

from PySide6.QtCore import QEvent, QEventLoop, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from keyrack.ui.theme.icons import product_icon
from keyrack.ui.theme.metrics import GAP_L, GAP_M, MARGIN
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PrimaryButton
from keyrack.ui.widgets.controls import Text, delete_later
from keyrack.ui.widgets.flow_layout import button_row

_LOGO = 48
_WIDTH = 460


class SmallWindow(QWidget):
    """The mark and a headline. What stands below them is added to `column`. Esc closes it."""

    def __init__(self, headline: str, *, sandbox: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setWindowTitle(self.tr("Keyrack – Sandbox") if sandbox else "Keyrack")
        self.setWindowIcon(product_icon())
        self.setFixedWidth(theme().px(_WIDTH))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self.column.setSpacing(GAP_M)
        head = QHBoxLayout()
        head.setSpacing(GAP_L)
        logo = QLabel()
        logo.setPixmap(product_icon().pixmap(theme().px(_LOGO), theme().px(_LOGO)))
        head.addWidget(logo)
        head.addWidget(Text(headline, "title", wrap=True), 1)
        self.column.addLayout(head)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)

    def event(self, event: QEvent) -> bool:
        """Keep room for every line. A window is asked for no height at its width."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return super().event(event)


class NoStart(SmallWindow):
    """Why Keyrack does not start. `closed` is emitted when it was read."""

    closed = Signal()

    def __init__(self, sentences: str, *, sandbox: bool = False) -> None:
        super().__init__(self.tr("Keyrack did not start"), sandbox=sandbox)
        told = Text(sentences, role="body", wrap=True)
        told.setObjectName("no_start")
        self.column.addWidget(told)
        read = PrimaryButton(self.tr("Close"))
        read.setObjectName("close_no_start")
        read.clicked.connect(self.close)
        self.column.addLayout(button_row(read))
        read.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """However it is closed, it was read."""
        super().closeEvent(event)
        self.closed.emit()


def tell(sentences: str, *, sandbox: bool) -> int:
    """Show why there is no start, until it is closed. Returns the exit code of a failed start."""
    window = NoStart(sentences, sandbox=sandbox)
    loop = QEventLoop()
    window.closed.connect(loop.quit)
    window.show()
    loop.exec()
    delete_later(window)
    return 1
