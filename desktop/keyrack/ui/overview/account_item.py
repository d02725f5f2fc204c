"""One account on the overview, as a card or as a line: what mouse and keys do with it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel

from keyrack.ui.actions.account_steps import Step, can_copy, next_step, step_words, take_step
from keyrack.ui.parts.copy_button import CopyButton, SmallButton
from keyrack.ui.parts.entry_menu import menu_place
from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.screen_reader.announcement import tell_described
from keyrack.ui.text.countdown import Countdown
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.focus_ring import is_by_key
from keyrack.ui.theme.icons import Icon
from keyrack.ui.widgets.controls import Card

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QWidget

    from keyrack.core.accounts.account import Account, Settings
    from keyrack.providers.schema import Provider
    from keyrack.ui.actions.actions import Actions

translate = QCoreApplication.translate
_PIN = 12
_STEPPING = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right),
    *(Qt.Key.Key_Home, Qt.Key.Key_End),
)


@spoken_as(Role.Button)
class AccountItem(Card):
    """A card or a line that opens its account's pane, offers its token under the mouse, and offers its next step.

    `opened` carries the account's id. `step_asked` carries the id and a step that goes on in the pane, `key_pressed`
    the id and an arrow, Home or End, `entered` the id when it gets the focus, `menu_asked` the id and a place on the
    screen. `selected` is whether it is one of those that are selected, None while nothing is selected anywhere.
    """

    opened = Signal(str)
    step_asked = Signal(str, str)
    key_pressed = Signal(str, int)
    entered = Signal(str)
    menu_asked = Signal(str, QPoint)

    def __init__(self, account: "Account", actions: "Actions", parent: "QWidget | None" = None, *, words: bool) -> None:
        super().__init__(parent, hover=True)
        self.account = account
        self._actions = actions
        self._rack = actions.rack
        self._provider = actions.rack.provider_of(account.settings)
        self._words = words
        self._step: Step = ""
        self.countdown: Countdown | None = None
        self.copy: CopyButton | None = None
        self.action: SmallButton | None = None
        self.selected: bool | None = None
        self.pin = PinSign()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # one of them all is the stop of the Tab key
        self.setMinimumWidth(0)  # in a large font it is as narrow as the page
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        actions.clipboard.changed.connect(self.show_copy)

    def refresh(self) -> None:
        """Show the account as it is now."""
        raise NotImplementedError

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode."""
        raise NotImplementedError

    def tick(self) -> None:
        """Show the same account a second later."""
        view = AccountView(self.account, self._rack.clock)
        self.countdown = Countdown(view, self.account, self._rack.clock)
        self.show_view(view)
        name = self.account.settings.name
        if self.accessibleName() != name:
            self.setAccessibleName(name)
        step = next_step(view)
        self._offer(step)
        if self.action is not None and step:
            self.action.say_whose(self.action.text(), name)
        if self.copy is not None:
            self.show_copy()
        # The minutes are told by the line of the sidebar. Told here too, each would be heard twice.
        pinned = self._rack.arrangement.is_pinned(self.account)
        self.pin.setVisible(pinned)
        said = f"{self.tr('Pinned')}. {view.headline()}" if pinned else view.headline()
        said = self.tr("Selected. {state}").format(state=said) if self.selected else said
        if self.accessibleDescription() != said:
            self.setAccessibleDescription(said)

    def count(self) -> bool:
        """Show the time left, where nothing else has changed. Returns False where it has."""
        raise NotImplementedError

    def show_view(self, view: AccountView) -> None:
        """Show the state at this moment."""
        raise NotImplementedError

    def fit(self, width: int) -> bool:
        """Be arranged for a width. Returns whether that may have changed the height."""
        raise NotImplementedError

    def place_action(self, button: SmallButton) -> None:
        """Give the button of the next step its place."""
        raise NotImplementedError

    def copy_place(self, button: CopyButton) -> QPoint:
        """The upper left corner of the copy button, which lies over the rest."""
        raise NotImplementedError

    def show_copy(self) -> None:
        """Offer the token where the eye is, and say where it has just been copied from."""
        copied = self._actions.clipboard.owner == self.account.id
        wanted = copied or self.underMouse() or is_by_key(self)
        if wanted and not copied:
            wanted = can_copy(self.account, AccountView(self.account, self._rack.clock))
        if wanted and self.copy is None:
            self.copy = CopyButton(self, words=self._words)
            self.copy.clicked.connect(lambda: self._actions.copy(self.account))
        if self.copy is not None:
            self.copy.show_copied(copied=copied)
            self.copy.move(self.copy_place(self.copy))
            self.copy.setVisible(wanted)

    def _offer(self, step: Step) -> None:
        if step == self._step:
            return
        self._step = step

        def act() -> None:
            if not take_step(self._step, self.account, self._actions):
                self.step_asked.emit(self.account.id, self._step)

        if step and self.action is None:
            self.action = SmallButton("", parent=self)
            self.action.clicked.connect(act)
            self.place_action(self.action)
        if self.action is not None:
            self.action.setText(step_words(step))
            self.action.setToolTip(self.tr("Edit credentials") if step == "edit" else "")
            self.action.setVisible(bool(step))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer the token."""
        super().enterEvent(event)
        self.show_copy()

    def leaveEvent(self, event: "QEvent") -> None:
        """Offer it no more."""
        super().leaveEvent(event)
        self.show_copy()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Offer the token to somebody who uses the keyboard, and have what it tells by now read anew."""
        tell_described(self)
        super().focusInEvent(event)
        self.show_copy()
        self.entered.emit(self.account.id)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Offer it no more."""
        super().focusOutEvent(event)
        self.show_copy()

    ring_changed = show_copy  # also where the person takes to the keyboard only now

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The copy button stays at its edge."""
        super().resizeEvent(event)
        if self.copy is not None:
            self.copy.move(self.copy_place(self.copy))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu, at the mouse or in the middle."""
        event.accept()
        self.menu_asked.emit(self.account.id, menu_place(self, event))

    def click(self) -> None:
        """Open the pane."""
        self.opened.emit(self.account.id)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the pane."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Space open it too. Arrows go on to another one."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.click()
        elif event.key() in _STEPPING and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.key_pressed.emit(self.account.id, event.key())
        else:
            super().keyPressEvent(event)


class PinSign(QLabel):
    """The sign of an account that is pinned to the top. It stands on a line below the name, which keeps its room."""

    def __init__(self) -> None:
        super().__init__()
        Icon("pin", "second", _PIN).put_on(self)
        self.setToolTip(self.tr("Pinned"))
        self.hide()


def keep_quiet(item: AccountItem, name: str) -> None:
    """Give the labels on an item a steady `name`. Without one, each tells a screen reader of each second's new text.

    Nobody reads it: the item is read as a whole, and no label stands below it.
    """
    for label in item.findChildren(QLabel):
        label.setAccessibleName(name)


def site_words(provider: "Provider", settings: "Settings", between: str = "  ·  ") -> str:
    """The exchange and the site of it, with a word where other hosts share the account."""
    shared = translate("AccountItem", "shared") if settings.group else ""
    return between.join(part for part in (provider.name, provider.site(settings.region), shared) if part)
