"""The diagnostics, seen before they are copied or saved (S105)."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from keyrack.core.diagnostics.diagnostic_report import diagnostics
from keyrack.ui.help.file_saving import FileSaving
from keyrack.ui.help.text_shown import TextShown
from keyrack.ui.integration.desktop_facts import desktop_facts
from keyrack.ui.parts.over_page import OverPage
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

_NAME = "keyrack-diagnostics.txt"


class DiagnosticsPage(OverPage):
    """The text, which can be copied and saved as it is shown and not otherwise."""

    def __init__(self, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__("diagnostics", QCoreApplication.translate("DiagnosticsPage", "Diagnostics"), parent)
        self._actions = actions
        self.text = TextShown(self.tr("Diagnostics"))
        self.text.setObjectName("diagnostics_text")
        self.text.setPlainText(diagnostics(actions.rack, {"Runs": "window", **desktop_facts()}))
        self.copy = PlainButton(self.tr("Copy"), "copy")
        self.copy.setObjectName("diagnostics_copy")
        self.copy.clicked.connect(self._copy)
        self.saving = FileSaving(self, _NAME, self.text.toPlainText, self._say)
        self.save = PlainButton(self.tr("Save…"))
        self.save.setObjectName("diagnostics_save")
        self.save.clicked.connect(self.saving.ask)
        self.said = Text(role="caption", wrap=True)
        self._arrange()

    def _arrange(self) -> None:
        about = self.tr(
            "This helps whoever helps you. It holds no secret, no amount, no path and no name of an account. Keyrack "
            "sends it nowhere: read it, then copy or save it."
        )
        self.content.addWidget(Text(about, "second", wrap=True))
        self.content.addWidget(self.text, 1)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for each in (self.copy, self.save, self.said):
            flow.addWidget(each)
        self.content.addWidget(buttons)

    def first_focus(self) -> QPlainTextEdit:
        """The text, so that the arrows scroll it."""
        return self.text

    def _copy(self) -> None:
        self._actions.copying.text(self.text.toPlainText())
        self._say(self.tr("Copied."), good=True)

    def _say(self, text: str, good: bool) -> None:
        self.said.set_tone("fresh" if good else "urgent")
        self.said.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        set_text(self.said, text)
