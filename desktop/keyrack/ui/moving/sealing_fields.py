"""The passphrase of an export, entered twice, with what it is worth."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.core.moving.exporting import LONGEST, SHORTEST
from keyrack.core.moving.strength import Strength, strength_of
from keyrack.primitives.secret import Secret
from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.widgets.controls import Text, Tone, set_text
from keyrack.ui.widgets.fields import SecretField

translate = QCoreApplication.translate


class SealingFields(QWidget):
    """Two fields and a line that says how hard the passphrase is to guess."""

    def __init__(self) -> None:
        super().__init__()
        hint = self.tr("Nobody can open the file without it, you neither. Keyrack does not keep it.")
        self.first = SecretField(self.tr("Passphrase for the file"), hint)
        self.strength = Text(role="caption", wrap=True)
        self.strength.setObjectName("export_strength")
        self.again = SecretField(self.tr("The same again"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        for name, field in (("passphrase", self.first), ("again", self.again)):
            field.edit.setObjectName(f"export_{name}")
            field.edit.setMaxLength(LONGEST)
        for widget in (self.first, self.strength, self.again):
            column.addWidget(widget)
        self.first.edit.textChanged.connect(self._judge)
        self._judge("")

    def entered(self) -> Secret | None:
        """The passphrase. None where it is too short or the two differ, which is then said at its field."""
        self.clear_problems()
        passphrase = Secret(self.first.edit.text())
        if len(passphrase) < SHORTEST:
            self._complain(self.first, translate("SealingFields", "A passphrase has at least {shortest} characters."))
            return None
        if passphrase != Secret(self.again.edit.text()):
            self._complain(self.again, translate("SealingFields", "These are two different ones."))
            return None
        return passphrase

    def clear_problems(self) -> None:
        """Take all problems away."""
        self.first.show_problem("")
        self.again.show_problem("")

    def clear(self) -> None:
        """Empty both fields, without an undo history."""
        self.first.edit.setText("")
        self.again.edit.setText("")

    def _complain(self, field: SecretField, text: str) -> None:
        field.show_problem(text.format(shortest=SHORTEST))
        field.edit.setFocus()

    def _judge(self, text: str) -> None:
        strength = strength_of(Secret(text), SHORTEST)
        words = _words(strength) if text else self.tr("Several words that do not belong together are easy to remember.")
        set_text(self.strength, words)
        self.strength.set_tone(_TONES[strength] if text else "")


_TONES: dict[Strength, Tone] = {"short": "urgent", "weak": "soon", "fair": "", "strong": "fresh"}


def _words(strength: Strength) -> str:
    return {
        "short": translate("SealingFields", "Too short: at least {shortest} characters.").format(shortest=SHORTEST),
        "weak": translate("SealingFields", "Weak: who has the file may guess it."),
        "fair": translate("SealingFields", "Fair: to guess it takes much time and money."),
        "strong": translate("SealingFields", "Strong: nobody guesses it."),
    }[strength]
