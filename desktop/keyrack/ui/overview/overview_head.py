"""The head of the overview: how the accounts are, the sum, and what narrows the list down or acts on all of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from keyrack.language.translation import plural
from keyrack.ui.balances.value_labels import OverallValueLabels
from keyrack.ui.history.past_block import BESIDE_FROM, PastBlock
from keyrack.ui.overview.head_parts import InsteadOfLink, KeptHeight, PrivacyEye
from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.metrics import GAP_L, GAP_S, GAP_XL, GRID, MARGIN
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import IconButton, LinkButton, PlainButton
from keyrack.ui.widgets.controls import ElidedText, Text, set_property, set_text
from keyrack.ui.widgets.fields import FindField
from keyrack.ui.widgets.flow_layout import FlowLayout, TurningRow

if TYPE_CHECKING:
    from keyrack.ui.actions.sign_in_round import SignInRound

# Fewer accounts are seen at a glance.
FIND_FROM = 6
_FIND_LEAST, _FIND_MOST = 120, 188
# What a button has besides its words: icon, gap, padding and border.
_AROUND_WORDS = 56

translate = QCoreApplication.translate


class OverviewHead(QWidget):
    """Title, summary and sum, below them the tools, and beside these the pictures of the past.

    `narrowed` announces another text in Find or another choice of those that need the person. `entered` announces Enter
    and `left` Down in Find. `layout_chosen` carries whether the list is wanted instead of the cards.
    """

    narrowed = Signal()
    entered = Signal()
    left = Signal()
    layout_chosen = Signal(bool)
    sign_in_pressed = Signal()

    def __init__(self, past: PastBlock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._past = past
        self.title = ElidedText(self.tr("Overview"), "title")
        self.summary = Text(role="second", wrap=True)
        self.summary.setObjectName("summary")
        self.needing = LinkButton("")
        self.needing.setObjectName("needing")
        self.needing.setCheckable(True)
        set_property(self.needing, "inline", value=True)
        self.needing.hide()
        self.instead = InsteadOfLink()
        self.worth = OverallValueLabels()
        self.eye = PrivacyEye()
        self.refresh_all = _named(PlainButton(self.tr("Refresh all"), "refresh"), "refresh_all")
        self.refresh_all.setAccessibleName(self.refresh_all.text())
        self._round_words: tuple[str, ...] = ("",)
        self._all_below = False
        self._height = KeptHeight()
        self.search = AccountFind()
        self.sign_in_all = _named(PlainButton(self.tr("Sign in to all"), "sign-in"), "sign_in_all")
        self.sign_in_all.hide()
        self._tools, self._switches = QWidget(), QWidget()
        self.cards = LayoutButton("overview", self.tr("Cards"), "layout_cards")
        self.list = LayoutButton("list", self.tr("List"), "layout_list")
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP_L)
        column.setSpacing(GAP_S)
        row = self._row = QHBoxLayout()
        row.setSpacing(GAP_L)
        row.addWidget(self.title, 1)
        row.addWidget(self.worth)
        row.addWidget(self.eye)
        row.addWidget(self.refresh_all)
        switch = QHBoxLayout(self._switches)
        switch.setContentsMargins(0, 0, 0, 0)
        switch.setSpacing(GRID)
        switch.addWidget(self.cards)
        switch.addWidget(self.list)
        row.addWidget(self._switches)
        column.addLayout(row)
        self._below = QHBoxLayout()
        flow = FlowLayout(self._tools)
        for tool in (self.search, self.sign_in_all):
            flow.addWidget(tool)
        left = QVBoxLayout()
        left.setSpacing(GAP_S)
        left.addWidget(self.summary)
        left.addWidget(self.needing, 0, Qt.AlignmentFlag.AlignLeft)
        left.addLayout(self._below)
        left.addWidget(self.worth.note)
        left.addWidget(self._past.note)
        left.addWidget(self._tools)
        left.addWidget(self.instead)
        left.addStretch(1)
        beside = TurningRow(BESIDE_FROM)
        beside.setSpacing(GAP_XL)
        beside.addLayout(left, 1)
        beside.addWidget(self._past, 1)
        column.addLayout(beside)

    def _connect(self) -> None:
        group = QButtonGroup(self)
        for button in (self.cards, self.list):
            group.addButton(button)
        self.list.toggled.connect(self.layout_chosen)
        self.search.entered.connect(self.entered)
        self.search.left.connect(self.left)
        self.search.textChanged.connect(lambda _text: self.narrowed.emit())
        self.needing.toggled.connect(lambda _checked: self.narrowed.emit())
        self.sign_in_all.clicked.connect(self.sign_in_pressed)

    def stand_on_page(self, *, on_page: bool) -> None:
        """Leave the margins at both sides to the page that it scrolls with, or keep them."""
        side = 0 if on_page else int(MARGIN)
        self._column.setContentsMargins(side, MARGIN, side, GAP_L)

    def event(self, event: QEvent) -> bool:
        """Keep room for every line. A scrolling page asks for the least height and ignores that texts wrap."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show):
            if event.type() == QEvent.Type.Show or not self._column.contentsMargins().left():  # it scrolls away
                self._height.forget()
            high = self._column.totalHeightForWidth(self.width())
            self.setMinimumHeight(self._height.at((self.width(), self._past.isHidden(), self.instead.low), high))
        return super().event(event)

    def choose_layout(self, *, lines: bool) -> None:
        """Show which layout is chosen."""
        (self.list if lines else self.cards).setChecked(True)

    def start_finding(self) -> None:
        """Show Find and move the focus into it."""
        self.search.show()
        self._hide_unused()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def go_on_finding(self, typed: str) -> None:
        """Add what was typed elsewhere to what is looked for."""
        self.start_finding()
        self.search.setText(self.search.text() + typed)

    def clear(self) -> None:
        """Show all accounts again."""
        self.needing.setChecked(False)
        self.search.clear()

    def show_summary(self, text: str, *, urgent: bool) -> None:
        """Say how the accounts are."""
        set_text(self.summary, text)
        self.summary.set_tone("urgent" if urgent else "")

    def leave_out_all(self, left_out: bool) -> None:
        """Offer "Show all" no more, because it is offered below."""
        self._all_below = left_out

    def show_counts(self, needing: int, total: int) -> None:
        """Offer to find among many accounts, and to see only those that need the person."""
        narrowed = self.needing.isChecked()
        if narrowed:
            words = spoken = plural("Show all {n}", "Show all {n}", total)
        else:
            words = plural("Show only this one", "Show only these {n}", needing)
            spoken = plural("Show only the one that needs you", "Show only the {n} that need you", needing)
        self.needing.setText(words)
        self.needing.setAccessibleName(spoken)
        shown = not self._all_below if narrowed else 0 < needing < total
        if shown:
            self.instead.hide()  # first, because both together would be higher
        self.needing.setVisible(shown)
        self.instead.stand(wanted=total > 1 and not shown, high=self.needing.sizeHint().height())
        self.search.setVisible(total >= FIND_FROM or bool(self.search.text()) or self.search.hasFocus())
        self._hide_unused()

    def show_round(self, waiting: int, sign_ins: "SignInRound") -> None:
        """Offer to sign in to all that need no browser, or say how far that is."""
        self.sign_in_all.setVisible(waiting > 1 or sign_ins.running)
        self.sign_in_all.setEnabled(not sign_ins.running)
        if sign_ins.running:
            text = self.tr("Signing in: {ended} of {total}").format(ended=sign_ins.ended, total=sign_ins.total)
            self._round_words = (text, f"{sign_ins.ended} / {sign_ins.total}")
        else:
            text = self.tr("Sign in to all that need no browser ({n})").format(n=waiting)
            shorter = (self.tr("Sign in, no browser ({n})"), self.tr("Sign in to all ({n})"))
            self._round_words = (text, *(words.format(n=waiting) for words in shorter))
        self.sign_in_all.setAccessibleName(text)
        self._fit_words()
        self._hide_unused()

    def _fit_words(self) -> None:
        """Shorten the words of buttons that there is no room for."""
        room = self.width() - 2 * MARGIN
        around = (self.title, self.eye, self._switches)
        beside = room - sum(part.sizeHint().width() + GAP_L for part in around)
        _fit(self.refresh_all, (self.tr("Refresh all"), ""), beside)
        if not self._past.isHidden() and room >= theme().px(BESIDE_FROM):
            room = (room - GAP_XL) // 2
        _fit_tools(self.search, self.sign_in_all, self._round_words, room)

    def _hide_unused(self) -> None:
        """Give no room to tools that are all hidden."""
        self._tools.setHidden(self.search.isHidden() and self.sign_in_all.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other room for the sum and for words."""
        super().resizeEvent(event)
        self.place_worth()

    def place_worth(self) -> None:
        """Put the sum beside the title where there is room, else below it."""
        self._fit_words()
        parts = (self.title, self.worth, self.eye, self.refresh_all, self._switches)
        needed = sum(part.sizeHint().width() for part in parts) + 4 * GAP_L + 2 * MARGIN
        beside = self._row.indexOf(self.worth) >= 0
        if beside == (needed <= self.width()):
            return
        if beside:
            self._row.removeWidget(self.worth)
            self._below.addWidget(self.worth, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._below.removeWidget(self.worth)
            self._row.insertWidget(1, self.worth)


def _fit(button: PlainButton, texts: Sequence[str], room: int) -> None:
    """Show the first text for which there is room, else the last. The first is the tooltip of a shorter one."""
    around, metrics = theme().px(_AROUND_WORDS), button.fontMetrics()
    text = next((text for text in texts if metrics.horizontalAdvance(text) + around <= room), texts[-1])
    if button.text() != text:
        button.setText(text)
        button.setToolTip("" if text == texts[0] else texts[0])


def _fit_tools(search: "AccountFind", button: PlainButton, texts: Sequence[str], room: int) -> None:
    """Keep Find and the button beside it in one line, where one of the button's texts leaves room for that."""
    least, most = theme().px(_FIND_LEAST), theme().px(_FIND_MOST)
    _fit(button, texts, room if search.isHidden() else room - least - GAP_S)
    left = room - (0 if button.isHidden() else button.sizeHint().width() + GAP_S)
    search.setMaximumWidth(left if least <= left < most else most)


def _named(button: PlainButton, name: str) -> PlainButton:
    button.setObjectName(name)
    return button


@spoken_as(Role.RadioButton)
class LayoutButton(IconButton):
    """One of the layouts, of which one stays pressed. Arrows choose the other one."""

    def __init__(self, icon: str, name: str, object_name: str) -> None:
        super().__init__(icon, name)
        self.setObjectName(object_name)
        self.setCheckable(True)
        # Tab reaches the chosen one. Qt sees to that only when one of them gets the focus.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.toggled.connect(lambda on: self.setFocusPolicy(Qt.FocusPolicy.TabFocus if on else Qt.FocusPolicy.NoFocus))


class AccountFind(FindField):
    """Finds accounts. `entered` announces Enter, for the first hit, and `left` Down."""

    entered = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__(translate("OverviewHead", "Find an account"))
        self.setObjectName("find_account")
        self.setToolTip(translate("OverviewHead", "Find by name, exchange, asset or state (Ctrl+F)"))
        self.setMinimumWidth(theme().px(_FIND_LEAST))
        self.setMaximumWidth(theme().px(_FIND_MOST))

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+C to the first hit where no text is selected."""
        copies = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy)
        if copies and event.type() == QEvent.Type.ShortcutOverride and not self.hasSelectedText():
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Down are for what is found."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)
