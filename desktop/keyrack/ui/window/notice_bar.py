"""A sentence that floats over the page and that the person can close."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from keyrack.primitives.failure import plain
from keyrack.ui.parts.banner import Banner, BannerKind
from keyrack.ui.parts.floating import FloatingBar
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.widgets.buttons import DangerButton, PlainButton
from keyrack.ui.widgets.controls import set_text

# The words of a button and what it does.
Choice = tuple[str, Callable[[], object]]
_LONGEST = 500
# What went well. It is read and done with, while a trouble stays until the person has seen it.
_PASSING = ("fresh", "off")
_SHOWN_MS = 6_000
_PER_LETTER_MS = 30
_SPOKEN = 4


class NoticeBar(FloatingBar):
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
        self.banner = Banner("accent", "", (self.tr("Close"), self.hide))
        self.banner.text.setObjectName("notice")
        self.anyway = DangerButton("")
        self.anyway.setObjectName("anyway")
        self.anyway.clicked.connect(lambda: self._leave_with(self._go_on))
        self.keep = PlainButton("")
        self.keep.setObjectName("keep")
        self.keep.clicked.connect(lambda: self._leave_with(self._stay))
        self.banner.add(self.keep)
        self.banner.add(self.anyway)
        self.connection = PlainButton(self.tr("How Keyrack connects…"))
        self.connection.setObjectName("notice_connection")
        self.connection.clicked.connect(self.connection_pressed)
        self.banner.add(self.connection)
        self.column.addWidget(self.banner)
        self._go_on: Callable[[], object] = self.hide
        self._stay: Callable[[], object] = self.hide
        self._asked: Callable[[], str] | None = None
        self.hide()

    def show_notice(self, kind: BannerKind, text: str) -> None:
        """Show a sentence."""
        self._show(kind, text)
        announce(self, plain(text, _LONGEST), urgent=kind not in _PASSING)

    def _show(self, kind: BannerKind, text: str) -> None:
        self._asked = None
        for button in (self.anyway, self.keep, self.connection):
            button.hide()
        if self.banner.button is not None:
            self.banner.button.show()
        self.banner.set(kind, plain(text, _LONGEST))
        self.show()
        self._leaving.stop()
        if kind in _PASSING:
            longer = _SPOKEN if QAccessible.isActive() else 1
            self._leaving.start((self._shown_ms + _PER_LETTER_MS * max(0, len(text) - 60)) * longer)

    def offer_connection(self) -> None:
        """Offer the page on how Keyrack connects, beside the sentence that is shown."""
        self.connection.show()

    def ask(self, text: Callable[[], str], words: str, go_on: Callable[[], object], keep: Choice) -> None:
        """Show a warning as it is at each second, with a button to continue all the same.

        Beside it stands one to leave it, which has the focus.
        """
        self._show("urgent", text())
        self._asked = text
        if self.banner.button is not None:
            self.banner.button.hide()
        self._go_on = go_on
        self.anyway.setText(words)
        self.anyway.show()
        words, self._stay = keep
        self.keep.setText(words)
        self.keep.show()
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.banner.text.text(), urgent=True)  # last: a screen reader breaks off at another focus

    def tick(self) -> None:
        """Show the question as it is a second later. It is not said again."""
        if self._asked is not None and not self.isHidden():
            set_text(self.banner.text, plain(self._asked(), _LONGEST))

    def first_focus(self) -> QWidget | None:
        """The first button that does nothing which cannot be taken back."""
        buttons = [button for button in self.findChildren(PlainButton) if button.isVisible()]
        return next((button for button in buttons if not isinstance(button, DangerButton)), None)

    def _leave(self) -> None:
        """Hide, unless the person is reading it with the pointer on it or has a button of it in focus."""
        focused = [button for button in self.findChildren(PlainButton) if button is self.window().focusWidget()]
        if self.underMouse() or focused:
            self._leaving.start(self._shown_ms)
        else:
            self.hide()

    def end_passing(self) -> None:
        """Hide what went well. The page that it was about is covered."""
        if self._leaving.isActive():
            self._leaving.stop()
            self.hide()

    def _leave_with(self, choice: Callable[[], object]) -> None:
        self.hide()
        choice()
