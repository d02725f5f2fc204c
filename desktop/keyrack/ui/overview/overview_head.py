"""The head of the overview: how the accounts are, the sum, and what narrows the list down or acts on all of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from keyrack.ui.balances.value_labels import OverallValueLabels
from keyrack.ui.theme.metrics import GAP_L, GAP_S, GRID, MARGIN
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import IconButton, LinkButton, PlainButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.fields import FindField

if TYPE_CHECKING:
    from keyrack.ui.actions.sign_in_round import SignInRound

# Fewer accounts are seen at a glance.
FIND_FROM = 6
_FIND_WIDTH = 224
_FIND_LEAST = 120


class OverviewHead(QWidget):
    """Title, summary and sum, and below them the tools.

    `narrowed` announces another text in Find or another choice of those that need the person. `entered` announces Enter
    and `left` Down in Find. `layout_chosen` carries whether the list is wanted instead of the cards.
    """

    narrowed = Signal()
    entered = Signal()
    left = Signal()
    layout_chosen = Signal(bool)
    sign_in_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Text(self.tr("Overview"), "title")
        self.summary = Text(role="second")
        self.summary.setObjectName("summary")
        self.needing = LinkButton("")
        self.needing.setObjectName("needing")
        self.needing.setCheckable(True)
        self.needing.hide()
        self.worth = OverallValueLabels()
        self.refresh_all = PlainButton(self.tr("Refresh all"), "refresh")
        self.refresh_all.setObjectName("refresh_all")
        self.search = FindField(self.tr("Find an account"))
        self.search.setObjectName("find_account")
        self.search.setToolTip(self.tr("Find by name, exchange, asset or state (Ctrl+F)"))
        self.search.setMinimumWidth(theme().px(_FIND_LEAST))
        self.search.setMaximumWidth(theme().px(_FIND_WIDTH))
        self.search.installEventFilter(self)
        self.sign_in_all = PlainButton("", "sign-in")
        self.sign_in_all.setObjectName("sign_in_all")
        self.sign_in_all.hide()
        self.cards = self._switch("overview", self.tr("Cards"), "layout_cards")
        self.list = self._switch("list", self.tr("List"), "layout_list")
        self._arrange()
        self._connect()

    def _switch(self, icon: str, name: str, object_name: str) -> IconButton:
        button = IconButton(icon, name)
        button.setObjectName(object_name)
        button.setCheckable(True)
        return button

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP_L)
        column.setSpacing(GAP_S)
        row = self._row = QHBoxLayout()
        row.setSpacing(GAP_L)
        self.names = QWidget()
        names = QVBoxLayout(self.names)
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.summary)
        row.addWidget(self.names, 1)
        row.addWidget(self.worth)
        row.addWidget(self.refresh_all)
        column.addLayout(row)
        self._below = QHBoxLayout()
        column.addLayout(self._below)
        column.addWidget(self.worth.note)
        tools = QHBoxLayout()
        tools.setSpacing(GAP_S)
        tools.addWidget(self.search, 3)
        tools.addWidget(self.needing)
        tools.addStretch(1)
        tools.addWidget(self.sign_in_all)
        switch = QHBoxLayout()
        switch.setSpacing(GRID)
        switch.addWidget(self.cards)
        switch.addWidget(self.list)
        tools.addLayout(switch)
        column.addSpacing(GRID)
        column.addLayout(tools)

    def _connect(self) -> None:
        group = QButtonGroup(self)
        for button in (self.cards, self.list):
            group.addButton(button)
        self.list.toggled.connect(self.layout_chosen)
        self.search.textChanged.connect(lambda _text: self.narrowed.emit())
        self.needing.toggled.connect(lambda _checked: self.narrowed.emit())
        self.sign_in_all.clicked.connect(self.sign_in_pressed)

    def choose_layout(self, *, lines: bool) -> None:
        """Show which layout is chosen."""
        (self.list if lines else self.cards).setChecked(True)

    def start_finding(self) -> None:
        """Show Find and move the focus into it."""
        self.search.show()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def clear(self) -> None:
        """Show all accounts again."""
        self.needing.setChecked(False)
        self.search.clear()

    def show_summary(self, text: str, *, urgent: bool) -> None:
        """Say how the accounts are."""
        set_text(self.summary, text)
        self.summary.set_tone("urgent" if urgent else "")

    def show_counts(self, needing: int, total: int) -> None:
        """Offer to find among many accounts, and to see only those that need the person."""
        narrowed = self.needing.isChecked()
        words = self.tr("Show all {n}") if narrowed else self.tr("Show only the {n} that need you")
        if not narrowed and needing == 1:
            words = self.tr("Show only the one that needs you")
        self.needing.setText(words.format(n=total if narrowed else needing))
        self.needing.setVisible(narrowed or 0 < needing < total)
        wanted = total >= FIND_FROM or bool(self.search.text()) or self.search.hasFocus()
        self.search.setVisible(wanted)

    def show_round(self, waiting: int, sign_ins: "SignInRound") -> None:
        """Offer to sign in to all that need no browser, or say how far that is."""
        self.sign_in_all.setVisible(waiting > 1 or sign_ins.running)
        self.sign_in_all.setEnabled(not sign_ins.running)
        if sign_ins.running:
            text = self.tr("Signing in: {ended} of {total}").format(ended=sign_ins.ended, total=sign_ins.total)
        else:
            text = self.tr("Sign in to all that need no browser ({n})").format(n=waiting)
        if self.sign_in_all.text() != text:
            self.sign_in_all.setText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other room for the sum."""
        super().resizeEvent(event)
        self.place_worth()

    def place_worth(self) -> None:
        """Put the sum beside the title where there is room, else below it."""
        parts = (self.names, self.worth, self.refresh_all)
        needed = sum(part.sizeHint().width() for part in parts) + 2 * GAP_L + 2 * MARGIN
        beside = self._row.indexOf(self.worth) >= 0
        if beside == (needed <= self.width()):
            return
        if beside:
            self._row.removeWidget(self.worth)
            self._below.addWidget(self.worth, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._below.removeWidget(self.worth)
            self._row.insertWidget(1, self.worth)

    def eventFilter(self, _find: QObject, event: QEvent) -> bool:
        """Enter opens the first hit, Down goes to it, and Ctrl+C copies from it where no text is selected."""
        if not isinstance(event, QKeyEvent):
            return False
        copies = event.matches(QKeySequence.StandardKey.Copy) and not self.search.hasSelectedText()
        if event.type() == QEvent.Type.ShortcutOverride and copies:
            event.ignore()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            return False
        return True
