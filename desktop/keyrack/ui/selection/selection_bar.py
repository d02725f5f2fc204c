"""The bar below the page that says how many accounts are selected, offers what can be done with all, and asks."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from keyrack.language.translation import plural
from keyrack.ui.actions.listening import listen
from keyrack.ui.actions.once_a_turn import OncePerTurn
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.selection.selection_question import SelectionQuestion
from keyrack.ui.selection.verbs import Verb, selected_words, verbs
from keyrack.ui.theme.icons import icon
from keyrack.ui.theme.metrics import GAP_M, GAP_S, MARGIN, PAGE_MOST
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import IconButton, PlainButton
from keyrack.ui.widgets.controls import Text, delete_later, set_property, set_text

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions
    from keyrack.ui.actions.selection import Selection


class SelectionBar(QFrame):
    """Follows the selection, and has no height without one.

    `left` tells that its question was answered, `export_asked` asks for the page that exports.
    Buttons for which there is no room stand in a menu beside the others.
    """

    left = Signal()
    export_asked = Signal()

    def __init__(self, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._selection = actions.selection
        self._made = False
        self._offered: list[str] = []
        self._shown: list[QWidget] = []
        self.question: SelectionQuestion | None = None
        self.setProperty("role", "selection")
        self.hide()
        self._later = OncePerTurn(self._show_verbs, parent=self)
        self._selection.changed.connect(self._follow)
        self._selection.asked.connect(self._ask)
        listen(self, actions.sign_in_round.changed, self._later.ask)
        listen(self, actions.rack.accounts.changed, self._later.ask)
        listen(self, actions.rack.accounts.touched, partial(_ask_if_any, self._selection, self._later))
        if len(self._selection):  # the window was laid out anew
            self._follow()

    def _make(self) -> None:
        """Make what it is made of when it is first needed. No start waits for it."""
        self._made = True
        column = QVBoxLayout(self)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_S)
        self.count = Text(role="bold")
        self.count.setObjectName("selected_count")
        row.addWidget(self.count)
        row.addStretch(1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(GAP_S)
        row.addLayout(self._buttons)
        self.more = PlainButton(self.tr("More"))
        self.more.setObjectName("selected_more")
        self.more.setToolTip(self.tr("More for all that are selected"))
        self.more.setAccessibleName(self.more.toolTip())
        set_property(self.more, "menu", value=True)
        self.menu = QMenu(self)
        self.more.setMenu(self.menu)
        row.addWidget(self.more)
        self.none = IconButton("close", self.tr("Select none (Esc)"))
        self.none.setObjectName("select_none")
        self.none.clicked.connect(self._selection.clear)
        row.addWidget(self.none)
        column.addWidget(self._row)

    def _follow(self) -> None:
        """Show how many they are, and say it to a screen reader."""
        count = len(self._selection)
        if count and not self._made:
            self._make()
        if self.question is not None:
            self._answered()
        if count:
            self.count.setAccessibleName(selected_words(count))
            self._show_verbs()
        held = _holds_focus(self)
        self.setVisible(bool(count))
        if held and not count:
            self.left.emit()
        announce(self, selected_words(count) if count else self.tr("No account is selected"))

    def _show_verbs(self) -> None:
        if not len(self._selection):
            return
        offered = verbs(self._actions)
        if [verb.words for verb in offered] != self._offered:
            self._offered = [verb.words for verb in offered]
            self._replace(offered)
        self._fit()

    def _replace(self, offered: list[Verb]) -> None:
        """Make other buttons, and give the focus to the one in place of that which had it."""
        had = next((button.objectName() for button in self.buttons() if button is self.window().focusWidget()), "")
        while self._shown:
            old = self._shown.pop()
            delete_later(old)
        self.menu.clear()
        for verb in offered:
            button = PlainButton(verb.words, verb.icon)
            button.setObjectName(f"selected_{verb.name}")
            button.setAccessibleName(verb.words)
            entry = self.menu.addAction(icon(verb.icon, "second"), verb.words)
            entry.setObjectName(f"selected_menu_{verb.name}")
            for pressed in (button.clicked, entry.triggered):
                pressed.connect(lambda _checked=False, name=verb.name: self._do(name))
            self._buttons.addWidget(button)
            self._shown.append(button)
            if had == button.objectName():
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self, name: str) -> None:
        """Do it with the accounts as they are at this moment."""
        for verb in verbs(self._actions):
            if verb.name == name:
                verb.do()

    def buttons(self) -> list[QWidget]:
        """The buttons of the verbs, from the left."""
        return list(self._shown)

    def _fit(self) -> None:
        """Show the buttons that there is room for, and the rest in the menu. The last goes first: it is Remove."""
        column, count = self.layout(), len(self._selection)
        if not self._made or column is None or not count:
            return
        right = max(int(MARGIN), self.width() - MARGIN - theme().px(PAGE_MOST))  # as wide as the list above it
        column.setContentsMargins(MARGIN, GAP_S, right, GAP_S)
        room = self.width() - MARGIN - right - self.none.sizeHint().width() - GAP_S
        long, short = selected_words(count), plural("{n} selected", "{n} selected", count)
        buttons, advance = self.buttons(), self.count.fontMetrics().horizontalAdvance
        beside, shown = (_fitting(buttons, self.more, room - advance(text) - GAP_M) for text in (long, short))
        set_text(self.count, long if shown and len(beside) == len(shown) else short)
        for at, (button, entry) in enumerate(zip(buttons, self.menu.actions(), strict=True)):
            button.setVisible(at in shown)
            entry.setVisible(at not in shown)
        self.more.setVisible(len(shown) < len(buttons))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other room."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Keep room for every line of a question. A column of pages ignores that texts wrap."""
        column = self.layout()
        if column is not None and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.setMinimumHeight(max(0, column.totalHeightForWidth(self.width())))
        return super().event(event)

    def first_focus(self) -> QWidget | None:
        """The first button. Of a question it is the one that leaves it."""
        if self.question is not None:
            return self.question.cancel
        if not self._made:
            return None
        return next((button for button in self.buttons() if button.isVisible()), self.none)

    def holds(self, focus: QWidget) -> bool:
        """Whether a key that is pressed there is meant for the selection: in the bar, and on an account."""
        return self.isAncestorOf(focus) or getattr(focus, "selected", None) is not None

    def escape(self) -> bool:
        """Leave the question, else select none. Returns whether there was anything to leave."""
        if self.question is not None:
            self._answered()
        elif len(self._selection):
            self._selection.clear()
        else:
            return False
        return True

    def _ask(self, verb: str) -> None:
        """Ask in place of the buttons, once for all accounts."""
        if verb == "export":
            self.export_asked.emit()
            return
        if self.question is not None:
            self._answered()
        self.question = SelectionQuestion(verb, self._actions)
        self.question.answered.connect(self._answered)
        column = self.layout()
        if column is not None:
            column.addWidget(self.question)
        self._row.hide()
        self.question.show()
        self.question.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.question.words)  # last, because a screen reader breaks off at another focus

    def _answered(self) -> None:
        """Show the buttons again, and let the person go on where the question found them."""
        question, self.question = self.question, None
        if question is None:
            return
        held = _holds_focus(question)
        question.hide()
        delete_later(question)
        self._row.show()
        if held:
            self.left.emit()


def _ask_if_any(selection: "Selection", later: OncePerTurn, _account: object) -> None:
    """Without a selection nothing has to be looked at, and no turn of the loop is taken for it."""
    if len(selection):
        later.ask()


def _fitting(buttons: list[QWidget], more: QWidget, room: int) -> set[int]:
    """Which buttons there is room for, beside `more` where it is not for all."""
    widths = [button.sizeHint().width() + GAP_S for button in buttons]
    shown = set(range(len(buttons)))
    for at in reversed(range(len(buttons))):
        beside = more.sizeHint().width() + GAP_S if len(shown) < len(buttons) else 0
        if sum(widths[each] for each in shown) + beside <= room:
            break
        shown.discard(at)
    return shown


def _holds_focus(widget: QWidget) -> bool:
    """Whether the focus of its window is in a widget, also while another window is in front."""
    return any(each is widget.window().focusWidget() for each in widget.findChildren(QWidget))
