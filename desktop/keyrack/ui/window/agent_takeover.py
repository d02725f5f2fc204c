"""The window of a Keyrack that was started beside an agent: stop the agent and take over, or leave it running."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QEventLoop, QTimer, Signal
from PySide6.QtGui import QCloseEvent

from keyrack.primitives.failure import Failure
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Text, delete_later
from keyrack.ui.widgets.flow_layout import button_row
from keyrack.ui.window.small_window import SmallWindow

T = TypeVar("T")

_POLL_MS = 30


class AgentTakeover(SmallWindow):
    """The question. `agent_kept` is emitted when the agent stays, `stop_pressed` when it is to stop."""

    agent_kept = Signal()
    stop_pressed = Signal()

    def __init__(self, *, sandbox: bool = False) -> None:
        super().__init__(self.tr("Keyrack runs as an agent"), sandbox=sandbox)
        self._busy = False
        self.problem = Text(role="body", tone="urgent", wrap=True)
        self.problem.setObjectName("take_over_problem")
        self.problem.hide()
        self.stop = PrimaryButton(self.tr("Stop the agent and take over"))
        self.stop.setObjectName("take_over")
        self.keep_agent = PlainButton(self.tr("Leave it running"))
        self.keep_agent.setObjectName("leave_agent")
        about = self.tr(
            "It renews your tokens without a window. Only one Keyrack may do that: two would break each other's "
            "sign-ins. If this window takes over, your scripts get their tokens from it."
        )
        self.column.addWidget(Text(about, "second", wrap=True))
        self.column.addWidget(self.problem)
        self.column.addLayout(button_row(self.stop, self.keep_agent))
        self.stop.clicked.connect(self.stop_pressed)
        self.keep_agent.clicked.connect(self.close)

    def show_busy(self) -> None:
        """Show that the agent is being stopped."""
        self._busy = True
        self.problem.hide()
        self.stop.setText(self.tr("Stopping the agent…"))
        self.stop.setEnabled(False)
        self.keep_agent.setEnabled(False)

    def show_problem(self, why: Failure | None) -> None:
        """Show why the agent did not stop. The person may try again."""
        self._busy = False
        sentences = why.sentences() if why else self.tr("The agent could not be stopped. Stop it where it was started.")
        self.problem.setText(sentences)
        self.problem.show()
        self.stop.setText(self.tr("Try again"))
        self.stop.setEnabled(True)
        self.keep_agent.setEnabled(True)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing leaves the agent running, unless it is being stopped."""
        event.setAccepted(not self._busy)
        if not self._busy:
            self.agent_kept.emit()


class _BackgroundWork(Generic[T]):
    """Runs a function in a thread. `done` is set when it has returned or raised."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self.done = False
        self.result: T | None = None
        self.error: Exception | None = None
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self.result = self._work()
        except Exception as error:  # noqa: BLE001 - told in the window's own thread
            self.error = error
        self.done = True


def ask(work: Callable[[], T], *, sandbox: bool) -> T | None:
    """Show the question. Returns what `work` returned when the agent is to stop, None when it stays."""
    window = AgentTakeover(sandbox=sandbox)
    loop = QEventLoop()
    started: list[_BackgroundWork[T]] = []
    timer = QTimer(window, interval=_POLL_MS)

    def start_work() -> None:
        window.show_busy()
        started[:] = [_BackgroundWork(work)]
        timer.start()

    def poll() -> None:
        if not started[0].done:
            return
        timer.stop()
        if started[0].error is None:
            loop.quit()
            return
        window.show_problem(started[0].error if isinstance(started[0].error, Failure) else None)
        started.clear()

    window.stop_pressed.connect(start_work)
    window.agent_kept.connect(loop.quit)
    timer.timeout.connect(poll)
    window.show()
    loop.exec()
    window.hide()
    delete_later(window)
    return started[0].result if started else None
