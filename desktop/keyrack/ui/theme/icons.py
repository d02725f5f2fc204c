"""Keyrack's icons, tinted from the palette and redrawn when it changes."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QLabel

from keyrack.resources import resource
from keyrack.ui.theme.metrics import ICON
from keyrack.ui.theme.theme import theme

_RATIOS = (1.0, 2.0, 3.0)
_PRODUCT_SIZES = (16, 22, 24, 32, 48, 64, 128, 256)
_PRODUCT_SMALL = 24
_BESIDE_TEXT = 4


class Icon(QObject):
    """One icon on one button or label. Its tint follows the palette.

    `name` is a file in resources/icons, `tone` a colour of the palette, `size` in designed pixels.
    """

    def __init__(self, name: str, tone: str = "text", size: int = ICON) -> None:
        super().__init__()
        self._name = name
        self._tone = tone
        self._size = size
        self._target: QAbstractButton | QLabel | None = None

    def put_on(self, target: QAbstractButton | QLabel) -> "Icon":
        """Show the icon on `target`, which becomes its owner."""
        self._target = target
        self.setParent(target)
        theme().changed.connect(self._draw)
        self._draw()
        return self

    def become(self, name: str, tone: str) -> None:
        """Show another picture or another colour."""
        self._name, self._tone = name, tone
        self._draw()

    def _draw(self) -> None:
        side = theme().px(self._size)
        if isinstance(self._target, QLabel):
            ratio = self._target.devicePixelRatioF()
            self._target.setPixmap(pixmap(self._name, theme().palette.tone(self._tone), side, ratio))
        elif self._target is not None:
            beside = theme().px(_BESIDE_TEXT) if self._target.text() else 0
            self._target.setIcon(icon(self._name, self._tone, self._size, beside))
            self._target.setIconSize(QSize(side + beside, side))


def icon(name: str, tone: str = "text", size: int = ICON, beside: int = 0) -> QIcon:
    """An icon in a colour of the current palette, for 1x to 3x.

    `size` is in designed pixels. `beside` is empty room to its right in pixels, before a button's text.
    """
    colours = theme().palette
    return _icon(name, colours.tone(tone).name(), colours.off.name(), theme().px(size), beside)


def product_icon() -> QIcon:
    """Keyrack's product icon at every size a desktop asks for. Small sizes have a separate drawing."""
    made = QIcon()
    for size in _PRODUCT_SIZES:
        name = "keyrack-small" if size <= _PRODUCT_SMALL else "keyrack"
        made.addPixmap(pixmap(name, QColor(Qt.GlobalColor.black), size, 1.0))
    return made


def pixmap(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    """One drawing of `size` logical pixels in `colour` at a device pixel ratio."""
    return _pixmap(name, colour.name(), "", size, ratio)


def two_tone(name: str, colour: QColor, mark: QColor, size: int, ratio: float) -> QPixmap:
    """A drawing in `colour` with its state mark in the colour `mark`."""
    return _pixmap(name, colour.name(), mark.name(), size, ratio)


def _with_room(picture: QPixmap, beside: int) -> QPixmap:
    if not beside:
        return picture
    ratio = picture.devicePixelRatio()
    wider = QPixmap(picture.width() + round(beside * ratio), picture.height())
    wider.setDevicePixelRatio(ratio)
    wider.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wider)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return wider


@lru_cache(maxsize=256)
def _icon(name: str, normal: str, disabled: str, side: int, beside: int) -> QIcon:
    made = QIcon()
    for ratio in _RATIOS:
        for colour, mode in ((normal, QIcon.Mode.Normal), (disabled, QIcon.Mode.Disabled)):
            made.addPixmap(_with_room(_pixmap(name, colour, "", side, ratio), beside), mode)
    return made


@lru_cache(maxsize=512)
def _pixmap(name: str, colour: str, mark: str, size: int, ratio: float) -> QPixmap:
    drawing = _source(name).replace("currentColor", colour).replace("markColor", mark or colour)
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, picture.width(), picture.height()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")
