"""The current colours, sizes and motion, following the system's settings live."""

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QStyleFactory

from keyrack.ui.theme.contrast import Contrast
from keyrack.ui.theme.fallback_face import face_for
from keyrack.ui.theme.focus_ring import FocusRing
from keyrack.ui.theme.metrics import SCALE, TYPE, TypeRole
from keyrack.ui.theme.motion import Motion
from keyrack.ui.theme.palette import LIGHT, Palette, Scheme, palette_of
from keyrack.ui.theme.stylesheet import stylesheet


class Theme(QObject):
    """The current colours, sizes and motion. `changed` is emitted when one of them changes."""

    changed = Signal()

    def __init__(self, system_scheme: Callable[[], Qt.ColorScheme] = lambda: _hints().colorScheme()) -> None:
        super().__init__()
        self._system_scheme = system_scheme
        self._forced: Scheme | None = None
        self._forced_motion: bool | None = None
        self._contrast = Contrast(self)
        self._contrast.changed.connect(self._follow)
        self._forced_contrast: bool | None = None
        self._motion = Motion(self)
        self._motion.changed.connect(self.changed)
        self._font = QFont()
        self._percent = 100
        self._system: tuple[QFont, QSize] | None = None
        self._palette = LIGHT
        self._system_dark = False
        self._app: QApplication | None = None

    @property
    def palette(self) -> Palette:
        """The current colours."""
        return self._palette

    @property
    def started(self) -> bool:
        """Whether an application has the look."""
        return self._app is not None

    @property
    def scale(self) -> float:
        """The factor by which everything is larger than designed, because the system's font is."""
        return SCALE.factor

    def start(self, app: QApplication, *, own_face: bool = False) -> None:
        """Give `app` the look and follow the system from now on, with Keyrack's face where the system's is bare."""
        self._app = app
        self._take_font(app.font(), app.primaryScreen().availableSize())
        if own_face:
            self._font = face_for(self._font)
        self._system_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < 128
        app.setStyle(QStyleFactory.create("Fusion"))
        _hints().colorSchemeChanged.connect(self._follow)
        FocusRing(app)
        self._dress(self._wanted())
        QTimer.singleShot(0, self._motion.query)
        QTimer.singleShot(0, self._contrast.query)

    def use(self, scheme: Scheme | None) -> None:
        """Force a scheme, or with None follow the system again."""
        self._forced = scheme
        self._follow()

    def use_contrast(self, more: bool | None) -> None:
        """Force more contrast or the usual one, or with None do as the system asks."""
        self._forced_contrast = more
        self._follow()

    def use_font(self, font: QFont, room: QSize) -> None:
        """Take another font as the system's, on a screen with this room. Windows that are there keep their gaps."""
        self._take_font(font, room)
        self._dress(self._palette)

    def enlarge(self, percent: int) -> None:
        """Make all texts so many times as large as the system's font says. Windows that are there keep their gaps."""
        if percent == self._percent:
            return
        self._percent = percent
        if self._system is not None:
            self._take_font(*self._system)
            self._font = face_for(self._font)
            self._dress(self._palette)

    def take_face(self) -> None:
        """Use Keyrack's face where the system's is a bare one."""
        face = face_for(self._font)
        if face is not self._font:
            self._font = face
            self._dress(self._palette)

    def allow_motion(self, allowed: bool | None) -> None:
        """Force motion on or off, or with None do as the system asks."""
        self._forced_motion = allowed
        self.changed.emit()

    def motion(self) -> bool:
        """Whether things may move: not when the system asks for reduced motion."""
        return self._motion.allowed if self._forced_motion is None else self._forced_motion

    def px(self, designed: float) -> int:
        """A designed length in pixels at the system's font size."""
        return SCALE.px(designed)

    def font(self, role: TypeRole) -> QFont:
        """The system's font at a step of the type scale, with tabular figures."""
        size, weight = TYPE[role]
        font = QFont(self._font)
        font.setPixelSize(self.px(size))
        font.setWeight(weight)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def _take_font(self, font: QFont, room: QSize) -> None:
        self._font, self._system = QFont(font), (font, room)
        SCALE.fit(self._font, room, self._percent)

    def _follow(self, _scheme: Qt.ColorScheme = Qt.ColorScheme.Unknown) -> None:
        # Every widget is polished again, so the colours that are there already are not set once more.
        if self._wanted() is not self._palette:
            self._apply()

    def _wanted(self) -> Palette:
        strong = self._contrast.more if self._forced_contrast is None else self._forced_contrast
        return palette_of(self._forced or self._scheme(), strong=strong)

    def _scheme(self) -> Scheme:
        scheme = self._system_scheme()
        dark = self._system_dark if scheme == Qt.ColorScheme.Unknown else scheme == Qt.ColorScheme.Dark
        return "dark" if dark else "light"

    def _apply(self) -> None:
        if (wanted := self._wanted()) is not self._palette:
            self._dress(wanted)

    def _dress(self, palette: Palette) -> None:
        self._palette = palette
        if self._app is not None:
            self._app.setFont(self.font("body"))
            self._app.setPalette(_qt_palette(self._palette))
            self._app.setStyleSheet(stylesheet(self._palette, self.px))
        self.changed.emit()


@cache
def theme() -> Theme:
    """The program's one theme."""
    return Theme()


def _hints() -> QStyleHints:
    return QGuiApplication.styleHints()


def _qt_palette(colours: Palette) -> QPalette:
    """Qt's palette in our colours, for widgets that paint without the stylesheet."""
    role = QPalette.ColorRole
    palette = QPalette()
    for name, colour in (
        (role.Window, colours.ground),
        (role.WindowText, colours.text),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.ground),
        (role.Text, colours.text),
        (role.Button, colours.surface),
        (role.ButtonText, colours.text),
        (role.ToolTipBase, colours.surface),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.second),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.Mid, colours.line),
    ):
        palette.setColor(name, colour)
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, colours.off)
    return palette
