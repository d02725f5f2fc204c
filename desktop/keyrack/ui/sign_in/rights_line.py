"""What a token may do, as two sentences: what can do harm, and what it can see."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from keyrack.language.translation import plural
from keyrack.ui.text.scope_text import SHOWN, Right, rights, rights_sentence
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_M, GAP_S
from keyrack.ui.widgets.controls import Text, Tone, set_text

_NAMED = 20


class RightsLine(QWidget):
    """Risky rights first and in amber with what follows from them, then the others.

    `key_of` is the company of an API key, "" for a token.
    """

    def __init__(self, *, key_of: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[Right] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        keyed = self.tr(
            "Keyrack does not need that: delete the key at {company}, sign in again, and tick only reading."
        )
        token = self.tr("Whoever holds this token can act for you.")
        self._follows = keyed.format(company=key_of) if key_of else token
        self.warning = _Line("alert", "soon")
        self.others = _Line("eye", "")
        column.addWidget(self.warning)
        column.addWidget(self.others)

    def show_scopes(self, scopes: Iterable[str], risky: Iterable[str]) -> None:
        """Show the rights of a token. Nothing is drawn when they have not changed."""
        found = rights(scopes, risky)
        if found == self._shown:
            return
        self._shown = found
        shown, more = found[:SHOWN], len(found) - SHOWN
        dangers = [right for right in shown if right.risky]
        others = [right for right in shown if not right.risky]
        parts = [rights_sentence(others)] if others else []
        if not found:
            parts.append(self.tr("The provider does not state the rights."))
        if more > 0:
            parts.append(plural("{n} more right.", "{n} more rights.", more))
        self.others.sign.become("eye" if found else "info", "second")  # an eye says that something can be seen
        self.others.tell(" ".join(parts), [right for right in found if not right.risky])
        self.warning.tell(f"{rights_sentence(dangers)} {self._follows}" if dangers else "", dangers)


class _Line(QWidget):
    """A sign and a sentence. The provider's own names of the rights are its tooltip."""

    def __init__(self, sign: str, tone: Tone) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_M)
        picture = QLabel()
        self.sign = Icon(sign, tone or "second").put_on(picture)
        self.text = Text(role="body" if tone else "second", tone=tone, wrap=True)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)

    def tell(self, sentence: str, named: list[Right]) -> None:
        """Show a sentence, or hide for ""."""
        set_text(self.text, sentence)
        self.text.setToolTip(", ".join(right.scope for right in named[:_NAMED]).replace("<", "‹"))
        self.setVisible(bool(sentence))
