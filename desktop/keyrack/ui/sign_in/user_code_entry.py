"""The entry for a code or a refresh token that the provider shows on a separate page."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.oauth.endpoints.token_response import LONGEST_TOKEN
from keyrack.ui.theme.metrics import GAP_M, GAP_S
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.fields import EnterKey
from keyrack.ui.widgets.flow_layout import TurningRow
from keyrack.ui.widgets.secret_edit import SecretEdit

LONGEST = 2048
_WIDTH = 260
_TURNS_BELOW = 180


class UserCodeEntry(QWidget):
    """A masked field, a button that opens the provider's page, and the problem with the entry.

    `submitted` carries the code as a Secret. The field is cleared before, so that a code is sent once (S55).
    The core counts refused codes and makes the person wait.
    """

    submitted = Signal(object)

    def __init__(self, provider: str, open_page: Callable[[], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_M, 0, 0)
        column.setSpacing(GAP_S)
        self.edit = SecretEdit()
        self.edit.setMaxLength(LONGEST)
        self.edit.setAccessibleName(self.tr("Code from {provider}").format(provider=provider))
        self.edit.setObjectName("user_code")
        self.edit.setPlaceholderText(self.tr("Paste the code here"))
        self.edit.setMaximumWidth(theme().px(_WIDTH))
        self.missing = self.tr("Paste the code first. “Get a code” opens the page that shows it.")
        self.page = PlainButton(self.tr("Get a code"), "external")
        self.page.setObjectName("user_code_page")
        self.page.clicked.connect(lambda _=False: open_page())
        self.problem = Text(role="caption", tone="urgent", wrap=True)
        self.problem.hide()
        row = TurningRow(_TURNS_BELOW)
        row.setSpacing(GAP_S)
        row.addWidget(self.edit, 100)
        row.addWidget(self.page)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.problem)
        EnterKey(self, self.submit)
        self.edit.textChanged.connect(lambda text: self._show_problem("") if text else None)

    def submit(self) -> None:
        """Send the code once, or show that there is none."""
        code = self.edit.take()
        if not code.reveal().strip():
            self._show_problem(self.missing)
            self.edit.setFocus()
            return
        self._show_problem("")
        self.submitted.emit(code)

    def _show_problem(self, text: str) -> None:
        set_text(self.problem, text)
        self.problem.setVisible(bool(text))


class RefreshTokenEntry(UserCodeEntry):
    """The same for a refresh token, which the person makes on the provider's page and pastes once."""

    def __init__(self, provider: str, open_page: Callable[[], object]) -> None:
        super().__init__(provider, open_page)
        self.edit.setMaxLength(LONGEST_TOKEN)
        self.edit.setAccessibleName(self.tr("Refresh token from {provider}").format(provider=provider))
        self.edit.setObjectName("refresh_token")
        self.edit.setPlaceholderText(self.tr("Paste the refresh token here"))
        self.missing = self.tr("Paste the refresh token first.")
        self.page.setText(self.tr("Get a token"))
