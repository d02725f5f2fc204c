"""A sentence above the page that the person can close."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.primitives.failure import plain
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.theme.metrics import MARGIN
from keyrack.ui.widgets.buttons import DangerButton, PlainButton
from keyrack.ui.widgets.controls import Banner, BannerKind

_LONGEST = 500
# What went well. It is read and done with, while a trouble stays until the person has seen it.
_PASSING = ("fresh", "off")
_SHOWN_MS = 6_000
_PER_LETTER_MS = 30
_SPOKEN = 4


class NoticeBar(QWidget):
    """Holds at most one banner. A new one replaces the old one. What went well leaves by itself.

    `connection_pressed` asks for the page on how Keyrack connects. `shown_ms` is how long a short sentence stays.
    """

    connection_pressed = Signal()

    def __init__(self, parent: QWidget | None = None, *, shown_ms: int = _SHOWN_MS) -> None:
        super().__init__(parent)
        self._shown_ms = shown_ms
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.timeout.connect(self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN // 2, MARGIN, 0)
        self.banner = Banner("accent", "", (self.tr("Close"), self.hide))
        self.banner.text.setObjectName("notice")
        self.anyway = DangerButton("")
        self.anyway.setObjectName("anyway")
        self.anyway.clicked.connect(self._go_on)
        self.banner.add(self.anyway)
        self.connection = PlainButton(self.tr("How Keyrack connects…"))
        self.connection.setObjectName("notice_connection")
        self.connection.clicked.connect(self.connection_pressed)
        self.banner.add(self.connection)
        column.addWidget(self.banner)
        self._go_on_with: Callable[[], object] = self.hide
        self.hide()

    def show_notice(self, kind: BannerKind, text: str) -> None:
        """Show a sentence."""
        self.anyway.hide()
        self.connection.hide()
        self.banner.set(kind, plain(text, _LONGEST))
        announce(self, plain(text, _LONGEST), urgent=kind not in _PASSING)
        self.show()
        self._leaving.stop()
        if kind in _PASSING:
            longer = _SPOKEN if QAccessible.isActive() else 1
            self._leaving.start((self._shown_ms + _PER_LETTER_MS * max(0, len(text) - 60)) * longer)

    def offer_connection(self) -> None:
        """Offer the page on how Keyrack connects, beside the sentence that is shown."""
        self.connection.show()

    def ask(self, text: str, words: str, go_on: Callable[[], object]) -> None:
        """Show a warning, with a button to continue all the same."""
        self.show_notice("urgent", text)
        self._go_on_with = go_on
        self.anyway.setText(words)
        self.anyway.show()

    def event(self, event: QEvent) -> bool:
        """Keep room for every line. A column of pages asks for the least height and ignores that texts wrap."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(max(0, layout.totalHeightForWidth(self.width())))
        return super().event(event)

    def _leave(self) -> None:
        """Hide, unless the person is reading it with the pointer on it or has a button of it in focus."""
        focused = [button for button in self.findChildren(PlainButton) if button is self.window().focusWidget()]
        if self.underMouse() or focused:
            self._leaving.start(self._shown_ms)
        else:
            self.hide()

    def _go_on(self) -> None:
        self.hide()
        self._go_on_with()
