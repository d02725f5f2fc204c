"""One entry of the sidebar: the overview, or an account with its state and time left."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from keyrack.core.status import format_left
from keyrack.providers.schema import Provider
from keyrack.ui.parts.copy_button import CopyButton
from keyrack.ui.parts.entry_menu import menu_place
from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.screen_reader.announcement import tell_selected
from keyrack.ui.selection.selected_tick import SelectedTick
from keyrack.ui.text.countdown import Countdown
from keyrack.ui.text.spoken_text import spoken
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.focus_ring import is_by_key
from keyrack.ui.theme.metrics import FOCUS_LINE, GAP_S, GRID, RADIUS_CONTROL
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import ElidedText, Monogram, set_text
from keyrack.ui.widgets.one_stop import OneStop
from keyrack.ui.widgets.ring import MARK
from keyrack.ui.widgets.state_mark import StateMark
from keyrack.ui.window.entries.state_beside import StateBeside

HIGH = 44
TILE = 28


@spoken_as(Role.ListItem)
class SidebarEntry(QAbstractButton):
    """An entry that can be chosen. It shows hover, choice and focus. `stop` moves between the entries.

    `covering` are parts that paint the ground below them themselves.
    """

    def __init__(self, name: str, tile: QWidget, stop: OneStop, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stop = stop
        self._passive = False
        self.covering: tuple[QWidget, ...] = ()
        self.setCheckable(True)
        self.toggled.connect(lambda _checked: self._paint_anew())  # it stands on another ground
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.name = ElidedText(name)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(GAP_S, GRID, GAP_S, GRID)
        self.row.setSpacing(GAP_S)
        self.row.addWidget(tile)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(0)
        self.lines.addWidget(self.name)
        self.row.addLayout(self.lines, 1)
        self.setAccessibleName(name)
        tile.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def nextCheckState(self) -> None:
        """A press checks nothing by itself: the opened page marks its entry."""

    def _paint_anew(self) -> None:
        for part in (self, *self.covering):  # Qt paints nothing anew that covers a part of what is below it
            part.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tab comes back to this entry."""
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
        self._paint_anew()

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

    def _marked(self) -> bool:
        """Whether it stands out from the others."""
        return self.isChecked()

    def ground(self) -> QColor | None:
        """The colour behind its texts, None where that is the sidebar's own."""
        if self._marked():
            return theme().palette.selected
        return theme().palette.hover if self.underMouse() and not self._passive else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the line."""
        colours, ground = theme().palette, self.ground()
        by_key = is_by_key(self)
        if ground is None and not by_key:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if ground is not None:
            painter.setBrush(ground)
            painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)
        if by_key:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.accent, FOCUS_LINE))
            painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)


class AccountEntry(SidebarEntry):
    """An account: monogram, name, mark, and its state as a time at the right edge or as words below the name.

    Under the mouse and with the focus, the token is offered in place of the time, if it is `copyable`. `menu_asked`
    carries a place on the screen. `parts` are those of the status that is shown.
    """

    copy_pressed = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self, id: str, name: str, provider: Provider, stop: OneStop, parent: QWidget) -> None:
        letters = provider.monogram
        self.tile = Monogram(letters, TILE, of=provider.id)
        super().__init__(name, self.tile, stop, parent)
        self.id = id
        self._letters = self._own_letters = letters
        self._number = 0
        self.setObjectName(f"account:{id}")
        self.copyable = False
        self.countdown: Countdown | None = None
        self.parts: tuple[object, ...] = ()
        self._narrow = False
        self._copied = False
        self._copy: CopyButton | None = None
        self.selected: bool | None = None
        self._tick: SelectedTick | None = None
        self.mark = StateMark(MARK, ground=self._solid_ground)
        self.row.addWidget(self.mark)
        self.state = StateBeside(self.row, self.lines, self._solid_ground, self.tr("Time left"))
        self.covering = (self.mark.ring, self.state.time)
        self.mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _solid_ground(self) -> QColor:
        return self.ground() or theme().palette.surface

    def show_own_letters(self, letters: str) -> None:
        """Tell the account from others of its exchange by these letters while its name is not shown."""
        self._own_letters = letters
        set_text(self.tile, letters if self.name.isHidden() else self._letters)

    def show_account(self, name: str, view: AccountView) -> None:
        """Show the account at this moment."""
        if self.name.full_text() != name:
            self.name.setText(name)
            self.set_narrow(self.name.isHidden())
        self.state.show(view)
        self.show_copy(copied=self._copied)
        self.mark.ring.set(1.0 if view.endless else view.fraction, "", view.kind)
        if self.accessibleName() != name:
            self.setAccessibleName(name)
        if self.accessibleDescription() != (said := spoken(view)):
            self.setAccessibleDescription(said)

    def count(self) -> bool:
        """Show the time left, where nothing else has changed. Returns False where it has."""
        countdown = self.countdown
        left = countdown.left() if countdown is not None else None
        if countdown is None or left is None:
            return False
        set_text(self.state.time, format_left(left))
        self.mark.ring.set(countdown.share_of(left), "", self.mark.kind)
        return True

    def set_narrow(self, narrow: bool) -> None:
        """Show only the tile and the mark."""
        super().set_narrow(narrow)
        self._narrow = narrow
        self.show_own_letters(self._own_letters)
        self._show_tip()
        self.show_copy(copied=self._copied)

    def set_selected(self, selected: bool | None) -> None:
        """Show whether it is one of those that are selected, None while nothing is selected anywhere."""
        if selected != self.selected:
            self.selected = selected
            self._place_tick()
            self._paint_anew()
            tell_selected(self)

    def set_number(self, number: int) -> None:
        """Tell in the tooltip by which key it is opened: Ctrl and a number from 1 to 9, none for 0."""
        if number != self._number:
            self._number = number
            self._show_tip()

    def _show_tip(self) -> None:
        name = self.name.full_text().replace("<", "‹") if self.name.isHidden() else ""
        key = f"Ctrl+{self._number}" if self._number else ""
        self.setToolTip(f"{name} ({key})" if name and key else name or key)

    def show_copy(self, *, copied: bool) -> None:
        """Offer the token where the eye is, and say where it has just been copied from."""
        self._copied = copied
        eye = self.underMouse() or is_by_key(self)
        wanted = not self._narrow and not self._passive and (copied or (self.copyable and eye))
        if wanted and self._copy is None:
            self._copy = CopyButton(self, words=False)
            self._copy.setObjectName(f"copy:{self.id}")
            self._copy.clicked.connect(self.copy_pressed)
        if self._copy is not None:
            self._copy.show_copied(copied=copied)
            self._place_copy()
            self._copy.setVisible(wanted)
        self.state.place(narrow=self._narrow, button=wanted)

    def ring_changed(self) -> None:
        """Offer the token also where the person takes to the keyboard only now."""
        self.show_copy(copied=self._copied)

    def _place_copy(self) -> None:
        if self._copy is not None:
            self._copy.move(self.width() - self._copy.width() - GAP_S, (self.height() - self._copy.height()) // 2)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer the token."""
        super().enterEvent(event)
        self._paint_anew()
        self.show_copy(copied=self._copied)

    def leaveEvent(self, event: QEvent) -> None:
        """Offer it no more."""
        super().leaveEvent(event)
        self._paint_anew()
        self.show_copy(copied=self._copied)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Offer the token to somebody who uses the keyboard."""
        super().focusInEvent(event)
        self.show_copy(copied=self._copied)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Offer it no more."""
        super().focusOutEvent(event)
        self.show_copy(copied=self._copied)

    def _place_tick(self) -> None:
        """A tick in place of the tile."""
        if self._tick is None and self.selected:
            self._tick = SelectedTick(self)
        if self._tick is not None:
            self._tick.cover(self.tile, shown=bool(self.selected))

    def _marked(self) -> bool:
        return self.isChecked() or bool(self.selected)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The copy button stays at its edge."""
        super().resizeEvent(event)
        self._place_tick()
        self._place_copy()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu, at the mouse or in the middle."""
        event.accept()
        if not self._passive:
            self.menu_asked.emit(menu_place(self, event))
