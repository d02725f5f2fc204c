"""The fields for hosts that the person types in."""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from keyrack.core.accounts.hosts import Hosts
from keyrack.core.failures import DraftProblem
from keyrack.ui.theme.metrics import GAP_L
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.fields import Field

if TYPE_CHECKING:
    from keyrack.providers.schema import Flow

translate = QCoreApplication.translate
_LONGEST = 500


def elsewhere(flow: "Flow") -> "Flow":
    """The same flow without a page of the provider, because the key is made at another exchange."""
    where = translate(
        "Hosts", "Create an API key with read rights at that exchange, and copy its client id and secret."
    )
    return msgspec.structs.replace(flow, credentials_help=where, credentials_url="")


class HostFields(QWidget):
    """Token address, API address and WebSocket address, each with its problem below."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.token_endpoint = self._field(self.tr("Token address"), "https://accounts.example.com/token")
        self.api = self._field(self.tr("API address"), "https://api.example.com/api/exchange/v1")
        self.stream = self._field(
            self.tr("WebSocket address"),
            "wss://api.example.com/api/exchange/v1/ws",
            self.tr("For live balances. Left empty, Keyrack asks for them every minute."),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        about = self.tr(
            "For an exchange that speaks {name}'s protocol on hosts of its own. "
            "Your key goes to the first, its tokens to the other two."
        )
        column.addWidget(Text(about.format(name=name), "second", wrap=True))
        for key, field in self._fields().items():
            field.edit.setObjectName(f"field_{key}")
            column.addWidget(field)

    @staticmethod
    def _field(name: str, example: str, hint: str = "") -> Field:
        return Field(name, QLineEdit(maxLength=_LONGEST, placeholderText=example), hint)

    def _fields(self) -> dict[str, Field]:
        return {"token_endpoint": self.token_endpoint, "api": self.api, "stream": self.stream}

    def first_empty(self) -> QWidget | None:
        """The first field that has to be filled and is not."""
        return next((field.edit for field in (self.token_endpoint, self.api) if not field.entered()), None)

    def hosts(self) -> Hosts:
        """What was entered."""
        return Hosts(self.token_endpoint.entered(), self.api.entered(), self.stream.entered())

    def show_problem(self, problem: DraftProblem | None) -> bool:
        """Show the problem beside its field and move the focus there. Returns whether it belongs to these fields."""
        for key, field in self._fields().items():
            mine = problem is not None and problem.field == key
            field.show_problem(problem.sentences() if problem is not None and mine else "")
            if mine:
                field.edit.setFocus()
        return problem is not None and problem.field in self._fields()
