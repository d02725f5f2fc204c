"""One entry of the sidebar: the overview, or an account with its state and time left."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QWidget

from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.text.spoken_text import spoken
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_S, GRID, RADIUS_CONTROL
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import ElidedText, Monogram, Text, set_text
from keyrack.ui.widgets.one_stop import OneStop
from keyrack.ui.widgets.ring import MARK
from keyrack.ui.widgets.state_mark import StateMark

HIGH = 44
_TILE = 28
_TIME_WIDTH = 40
_FOCUS_LINE = 2
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


@spoken_as(Role.Button)
class SidebarEntry(QAbstractButton):
    """An entry that can be chosen. It shows hover, choice and focus. `stop` moves between the entries."""

    def __init__(self, name: str, tile: QWidget, stop: OneStop, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stop = stop
        self._by_key = False
        self._passive = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.name = ElidedText(name)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(GAP_S, GRID, GAP_S, GRID)
        self.row.setSpacing(GAP_S)
        self.row.addWidget(tile)
        self.row.addWidget(self.name, 1)
        self.setAccessibleName(name)
        tile.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def nextCheckState(self) -> None:
        """A press checks nothing by itself: the opened page marks its entry."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the focus only for keyboard use."""
        self._by_key = event.reason() in _BY_KEY
        self._stop.enter(self)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The list's keys come before the button's own."""
        if not self._stop.take(self, event):
            super().keyPressEvent(event)

    def set_passive(self, *, passive: bool) -> None:
        """Show no hover, because a press has no effect. The tooltip stays."""
        self._passive = passive
        self.setCursor(Qt.CursorShape.ArrowCursor if passive else Qt.CursorShape.PointingHandCursor)

    def set_narrow(self, narrow: bool) -> None:
        """Show only the tile and the mark."""
        self.name.setHidden(narrow)
        self.setToolTip(self.name.full_text().replace("<", "‹") if narrow else "")

    def sizeHint(self) -> QSize:
        """One line of the design."""
        return QSize(theme().px(160), theme().px(HIGH))

    def minimumSizeHint(self) -> QSize:
        """At least the tile and the mark."""
        return QSize(theme().px(HIGH), theme().px(HIGH))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the line."""
        colours = theme().palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        hovered = self.underMouse() and not self._passive
        ground: QColor | None = colours.selected if self.isChecked() else colours.hover if hovered else None
        painter.setPen(Qt.PenStyle.NoPen)
        if ground is not None:
            painter.setBrush(ground)
            painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)
        if self._by_key and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.accent, _FOCUS_LINE))
            painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)


@spoken_as(Role.ListItem)
class AccountEntry(SidebarEntry):
    """An account: monogram, name, mark, and the time left at the right edge."""

    def __init__(self, id: str, name: str, letters: str, stop: OneStop) -> None:
        super().__init__(name, Monogram(letters, _TILE), stop)
        self.id = id
        self.setObjectName(f"account:{id}")
        self.mark = StateMark(MARK)
        self.time = Text(role="caption")
        # Without a name of its own, a label tells of each new text as of a new name: once a second.
        self.time.setAccessibleName(self.tr("Time left"))
        self.time.setMinimumWidth(theme().px(_TIME_WIDTH))
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.row.addWidget(self.mark)
        self.row.addWidget(self.time)
        for widget in (self.mark, self.time):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_account(self, name: str, view: AccountView) -> None:
        """Show the account at this moment."""
        set_text(self.name, name)
        set_text(self.time, view.word())
        self.time.set_tone(view.tone)
        self.mark.ring.set(1.0 if view.endless else view.fraction, "", view.kind)
        if self.accessibleName() != name:
            self.setAccessibleName(name)
        if self.accessibleDescription() != (said := spoken(view)):
            self.setAccessibleDescription(said)

    def set_narrow(self, narrow: bool) -> None:
        """Show only the tile and the mark."""
        super().set_narrow(narrow)
        self.time.setHidden(narrow)


def overview_entry(text: str, stop: OneStop) -> SidebarEntry:
    """The entry that opens the overview."""
    picture = QLabel()
    picture.setFixedSize(theme().px(_TILE), theme().px(_TILE))
    picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
    Icon("overview", "second").put_on(picture)
    entry = SidebarEntry(text, picture, stop)
    entry.setObjectName("overview")
    return entry
