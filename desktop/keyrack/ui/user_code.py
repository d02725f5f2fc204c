"""Entry of a code that the provider shows on a page of its own (Bitport)."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.core.status import format_left
from keyrack.net.secret import Secret
from keyrack.ui.controls import PlainButton, Text
from keyrack.ui.countdown import put
from keyrack.ui.fields import SecretEdit
from keyrack.ui.theme import GAP_S, theme

LONGEST_CODE = 256
FREE_ATTEMPTS = 3
PAUSE_SECONDS = 30.0
_WIDTH = 240


class Attempts:
    """Counts codes that were refused: after the third, each further one waits 30 s (S55)."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._failed: dict[str, tuple[int, float]] = {}

    def wait(self, account: str) -> float:
        """Seconds until the next code may be sent, 0 for now."""
        count, last = self._failed.get(account, (0, 0.0))
        return max(0.0, last + PAUSE_SECONDS - self._elapsed()) if count >= FREE_ATTEMPTS else 0.0

    def ended(self, account: str, good: bool) -> None:
        """Remember how an attempt ended."""
        if good:
            self._failed.pop(account, None)
        else:
            self._failed[account] = (self._failed.get(account, (0, 0.0))[0] + 1, self._elapsed())


class UserCodeEntry(QWidget):
    """A masked line, a button that opens the provider's page, and what is wrong with the entry.

    `submitted` carries the code as a Secret; the line is emptied before, so that a code is sent once.
    """

    submitted = Signal(object)

    def __init__(self, provider: str, open_page: Callable[[], object], wait: Callable[[], float]) -> None:
        super().__init__()
        self._wait = wait
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        self.edit = SecretEdit(self.tr("Code from {provider}").format(provider=provider), LONGEST_CODE)
        self.edit.setObjectName("user_code")
        self.edit.setPlaceholderText(self.tr("Paste the code here"))
        self.edit.setMaximumWidth(theme().px(_WIDTH))
        self.page = PlainButton(self.tr("Get a code"), "external")
        self.page.setObjectName("user_code_page")
        self.page.clicked.connect(lambda: open_page())
        self.problem = Text(role="caption", tone="urgent", wrap=True)
        self.problem.hide()
        row = QHBoxLayout()
        row.setSpacing(GAP_S)
        row.addWidget(self.edit, 1)
        row.addWidget(self.page)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.problem)
        self.edit.returnPressed.connect(self.submit)
        self.edit.textEdited.connect(lambda _: self._say(""))

    def submit(self) -> None:
        """Send the code once, or say why not."""
        code: Secret | None = self.edit.take()
        if code is None:
            self._say(self.tr("Paste the code first. “Get a code” opens the page that shows it."))
            self.edit.setFocus()
        elif self._wait() > 0:
            self.tick()
        else:
            self.edit.clear()
            self._say("")
            self.submitted.emit(code)

    def tick(self) -> None:
        """How long to wait after too many refused codes."""
        wait = self._wait()
        self.edit.setEnabled(wait <= 0)
        if wait > 0:
            text = self.tr("Three codes were refused. The next one can be sent in {time}.")
            self._say(text.format(time=format_left(wait)))
        elif not self.edit.isEnabled() or self.problem.text().startswith(self.tr("Three codes")):
            self._say("")

    def _say(self, text: str) -> None:
        put(self.problem, text)
        self.problem.setVisible(bool(text))
