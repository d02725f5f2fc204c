"""The question whether a program gets a token: shown below every page, and answered only on purpose."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from keyrack.core.access.prompts import SECONDS
from keyrack.core.status import format_left
from keyrack.ui.actions.listening import listen
from keyrack.ui.text.spoken_text import spoken_time
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_M, GAP_S, GRID, MARGIN, PAGE_MOST
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Badge, ElidedText, Text, set_counting_text, set_text
from keyrack.ui.widgets.flow_layout import FlowLayout
from keyrack.ui.widgets.middle_elided_text import MiddleElidedText
from keyrack.ui.widgets.ring_kind import urgency

if TYPE_CHECKING:
    from keyrack.core.access.program import Program
    from keyrack.core.access.prompts import Answer, Question
    from keyrack.core.rack import Rack

ARM_MS = 500


class QuestionBar(QWidget):
    """Shows the first waiting question and the number of the others. Hidden without one, and while locked.

    It stands below the page, so that the page does not move when a question comes or goes. No button is filled, so
    that the person is not pushed and the page keeps the window's one filled button. “No” stands first, where no other
    button can take its place when the next question comes. The buttons work half a second after the question was
    shown, none is a default, and the focus comes only by Tab or F6. `answered` carries the question and its answer.
    """

    answered = Signal(object, str)

    def __init__(self, rack: "Rack", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rack = rack
        self._question: Question | None = None
        self._arm_timer = QTimer(self)
        self._arm_timer.setSingleShot(True)
        self._arm_timer.setInterval(ARM_MS)
        self._arm_timer.timeout.connect(self._arm)
        self.card = QFrame()
        self.card.setObjectName("question")
        self.card.setProperty("role", "banner")
        self.card.setProperty("kind", "accent")
        self.card.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.program = MiddleElidedText("bold")
        self.program.setObjectName("question_program")
        self.count = Badge("", "accent")
        self.wants = ElidedText()
        self.wants.setObjectName("question_wants")
        self.left = Text(role="second")
        self.left.setObjectName("question_left")
        self.left.setToolTip(self.tr("Without an answer it is “No”."))
        self.place = MiddleElidedText("caption")
        self.place.setObjectName("question_place")
        self.then = MiddleElidedText("caption")
        self.then.setObjectName("question_then")
        self.no = self._button(self.tr("No"), "question_no", "no")
        self.once = self._button(self.tr("Allow once"), "question_once", "once")
        self.always = self._button(self.tr("Always for this program"), "question_always", "always")
        self._arrange()
        listen(self, rack.access.asking.changed, self.refresh)
        listen(self, rack.lock.changed, self.refresh)
        self.hide()
        self.refresh()

    def _button(self, text: str, name: str, answer: "Answer") -> PlainButton:
        button = PlainButton(text)
        button.setObjectName(name)
        button.setEnabled(False)
        button.clicked.connect(lambda: self.answer(answer))
        return button

    def _arrange(self) -> None:
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.card)
        row = QHBoxLayout(self.card)
        row.setContentsMargins(GAP_M, GAP_M, GAP_M, GAP_M)
        row.setSpacing(GAP_M)
        sign = QLabel()
        Icon("terminal", "accent").put_on(sign)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        for wide, beside in ((self.program, self.count), (self.wants, self.left)):
            line = QHBoxLayout()
            line.setSpacing(GAP_M)
            line.addWidget(wide, 1)
            line.addWidget(beside)
            column.addLayout(line)
        column.addWidget(self.place)
        column.addWidget(self.then)
        column.addSpacing(GRID)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.no, self.once, self.always):
            flow.addWidget(button)
        column.addWidget(buttons)
        row.addLayout(column, 1)

    def event(self, event: QEvent) -> bool:
        """Keep room for every line, as the notice does. An answer that cannot be pressed is a no."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(max(0, layout.totalHeightForWidth(self.width())))
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in the middle of a wide window, as the page does."""
        super().resizeEvent(event)
        side = max(int(MARGIN), (self.width() - theme().px(PAGE_MOST)) // 2)
        self._outer.setContentsMargins(side, GAP_S, side, GAP_M)

    def refresh(self) -> None:
        """Follow the waiting questions. The shown one stays until it is answered or over."""
        pending = () if self._rack.lock.locked else self._rack.access.asking.pending
        question = self._question if self._question in pending else next(iter(pending), None)
        if question is not self._question:
            self._question = question
            if question is not None:
                self._show(question)
        self._show_queue([each for each in pending if each is not question])
        self.tick()
        self.setVisible(question is not None)

    def tick(self) -> None:
        """Show the time that is left for an answer."""
        if self._question is not None:
            left = max(0.0, self._question.ends - self._rack.clock.elapsed())
            words = self.tr("{time} left")
            told = words.format(time=spoken_time(left))
            set_counting_text(self.left, words.format(time=format_left(left)), told)
            level = urgency(left, SECONDS)
            self.left.set_tone("" if level == "fresh" else level)

    def _show(self, question: "Question") -> None:
        program, name = question.program, question.account.settings.name
        self.program.show_words(program.words, program.key if program.executable else "")
        set_text(self.wants, self.tr("wants the token of {account}").format(account=name))
        self.place.show_words(self._place(program))
        self.always.setVisible(program.lasting)
        accessible = self.tr("{program} wants the token of {account}").format(program=program.words, account=name)
        self.card.setAccessibleName(accessible)
        for button in (self.no, self.once, self.always):
            button.setAccessibleDescription(accessible)
        self._arm_soon()

    def _place(self, program: "Program") -> str:
        text = self.tr("In {folder}, process {pid}.") if program.place else self.tr("Process {pid}.")
        place = text.format(folder=program.place, pid=program.pid) if program.pid else ""
        if program.lasting:
            return place
        again = self.tr("Keyrack cannot tell for certain what runs in it, so it will ask you each time.")
        return f"{place} {again}".strip()

    def _show_queue(self, others: "list[Question]") -> None:
        self.count.setVisible(bool(others))
        self.then.setVisible(bool(others))
        if not others:
            return
        self.count.setText(self.tr("1 of {count}").format(count=len(others) + 1))
        following, more = others[0], len(others) - 1
        one = self.tr("Then: {program} for {account}")
        text = self.tr("Then: {program} for {account}, and {count} more") if more else one
        name = following.account.settings.name
        self.then.show_words(text.format(program=following.program.words, account=name, count=more))

    def answer(self, answer: "Answer") -> None:
        """Answer the shown question, if there is one."""
        question = self._question
        if question is not None:
            self.answered.emit(question, answer)
            self._rack.access.asking.answer(question, answer)

    def _arm_soon(self) -> None:
        """Enable the buttons in half a second, if the bar is visible."""
        self._disarm()
        if self._question is not None and self.isVisible():
            self._arm_timer.start()

    def _disarm(self) -> None:
        self._arm_timer.stop()
        # Qt would hand the focus of a button that goes out to whatever comes next.
        if any(button.hasFocus() for button in (self.no, self.once, self.always)):
            self.card.setFocus(Qt.FocusReason.OtherFocusReason)
        for button in (self.no, self.once, self.always):
            button.setEnabled(False)

    def _arm(self) -> None:
        for button in (self.no, self.once, self.always):
            button.setEnabled(True)

    def showEvent(self, event: QShowEvent) -> None:
        """The question became visible: arm the buttons and announce it to screen readers."""
        super().showEvent(event)
        self._arm_soon()
        QAccessible.updateAccessibility(QAccessibleEvent(self.card, QAccessible.Event.Alert))

    def hideEvent(self, event: QHideEvent) -> None:
        """A hidden question cannot be answered."""
        super().hideEvent(event)
        self._disarm()

    def changeEvent(self, event: QEvent) -> None:
        """The press that brings the window to the front must not answer."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._arm_soon()
