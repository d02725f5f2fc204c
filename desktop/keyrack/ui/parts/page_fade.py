"""The change from one page to the next: the old one fades into the new one."""

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QRect, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QStackedWidget, QWidget

from keyrack.ui.theme.metrics import MOVE_MS
from keyrack.ui.theme.theme import theme


class PageFade(QWidget):
    """Lies over the pages for a moment and shows pictures of both. No page is painted more than twice for it.

    A change during a change, such as with a held key, is not faded.
    """

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__(pages)
        self._pages = pages
        self._old = QImage()
        self._new = QPixmap()
        self._fading = QVariantAnimation(self, duration=MOVE_MS, startValue=0.0, endValue=1.0)
        self._fading.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fading.valueChanged.connect(self.update)
        self._fading.finished.connect(self.hide)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._start)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        pages.installEventFilter(self)
        self.hide()

    @property
    def runs(self) -> bool:
        """Whether a change is being shown now."""
        return not self.isHidden()

    def begin(self) -> None:
        """Keep what is on the screen. Called before the page changes."""
        ran = self.runs
        self.hide()
        if not ran and theme().motion() and self._pages.isVisible():
            self._old = _on_screen(self._pages)

    def go(self) -> None:
        """Fade from what was on the screen. Called when the page has changed."""
        if not self._old.isNull():
            self.setGeometry(self._pages.rect())
            self.raise_()
            self.show()
            self._later.start()  # when the new page is laid out, and not in the turn that made it

    def _start(self) -> None:
        page = self._pages.currentWidget()
        if page is None or self.isHidden():
            return
        self._new = page.grab()
        self._fading.start()

    def hideEvent(self, _event: object) -> None:
        """Forget the pictures, which may show amounts."""
        self._later.stop()
        self._fading.stop()
        self._old, self._new = QImage(), QPixmap()

    def eventFilter(self, _pages: QObject, event: QEvent) -> bool:
        """End with the pages, and where their size is another."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Hide):
            self.hide()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Both pictures, the new one over the old one."""
        painter = QPainter(self)
        painter.drawImage(QPoint(), self._old)
        if not self._new.isNull():
            painter.setOpacity(float(self._fading.currentValue()))
            painter.drawPixmap(QPoint(), self._new)


def _on_screen(widget: QWidget) -> QImage:
    """What is on the screen in the place of a widget, without painting it anew. Null where that cannot be read."""
    window = widget.window()
    # A window that was never shown has no store, though the type says otherwise.
    device = getattr(window.backingStore(), "paintDevice", QImage)()
    if not isinstance(device, QImage):
        return QImage()
    ratio = window.devicePixelRatioF()
    corner, size = widget.mapTo(window, QPoint()) * ratio, widget.size() * ratio
    picture = device.copy(QRect(corner, size))
    picture.setDevicePixelRatio(ratio)
    return picture
