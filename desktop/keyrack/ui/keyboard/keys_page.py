"""The page of all keys, made from the table of keys."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from keyrack.ui.keyboard.all_keys import KeyRow, Place, all_keys, place_name
from keyrack.ui.keyboard.key_caps import KeyCaps
from keyrack.ui.parts.cards_page import CardsPage
from keyrack.ui.parts.over_page import Over, OverPage
from keyrack.ui.theme.metrics import GAP_L, GAP_S, GRID
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import Card, Text

_SENTENCE_LEAST = 110
_COLUMNS: tuple[tuple[Place, ...], ...] = (
    ("window", "account"),
    ("list", "selection", "overview", "balances", "forms"),
)


class KeysPage(CardsPage):
    """A card for each place, in two columns where they fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("keys", QCoreApplication.translate("KeysPage", "All keys"), parent)
        self.hold(
            [
                [_card(place, [key for key in all_keys() if key.place == place]) for place in places]
                for places in _COLUMNS
            ]
        )


class PageBelow:
    """The page of a stack that others are shown over, with its place and what has the focus there."""

    def __init__(self, pages: QStackedWidget, page: QWidget, place: str) -> None:
        self._pages = pages
        self.page = page
        self.place = place
        self._focus = QApplication.focusWidget()

    def cover(self, over: OverPage, leave: Callable[[], object], go: Callable[[Over], object]) -> None:
        """Show a page over it, or another one in its place. `leave` is called when the person leaves that page."""
        before = self._pages.currentWidget()
        over.closed.connect(leave)
        over.moved.connect(go)
        self._pages.addWidget(over)
        self._pages.setCurrentWidget(over)
        if before is not self.page and before is not None:
            self._pages.removeWidget(before)
            before.deleteLater()

    def restore_focus(self) -> None:
        """Put the focus back, if what had it is still there."""
        focus = self._focus
        if focus is not None and isValid(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)


class _Row(QWidget):
    """A sentence and its keys beside it, or below it where both have no room."""

    def __init__(self, key: KeyRow) -> None:
        super().__init__()
        self._caps = KeyCaps(key.keys)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP_L)
        self._row.addWidget(Text(key.sentence, wrap=True), 1)
        self._row.addWidget(self._caps, 0, Qt.AlignmentFlag.AlignVCenter)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the keys that are held at once."""
        return QSize(self._caps.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for a few words in each line of the sentence."""
        super().resizeEvent(event)
        beside = self.width() >= self._caps.sizeHint().width() + GAP_L + theme().px(_SENTENCE_LEAST)
        towards = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._row.setDirection(towards)
        self._row.setSpacing(GAP_L if beside else GRID)


def _card(place: Place, keys: list[KeyRow]) -> Card:
    card = Card()
    card.setMinimumWidth(0)
    card.body.addWidget(Text(place_name(place), "strong"))
    rows = QVBoxLayout()
    rows.setSpacing(GAP_S)
    for key in keys:
        rows.addWidget(_Row(key))
    card.body.addLayout(rows)
    return card
