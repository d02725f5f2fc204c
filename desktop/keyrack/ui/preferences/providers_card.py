"""The card of the providers: those that come with Keyrack, the person's own files, and the import of another one."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.preferences.provider_line import ProviderLine
from keyrack.ui.preferences.settings_card import SettingsCard
from keyrack.ui.theme.metrics import GAP_L
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Text, set_text

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions


class ProvidersCard(SettingsCard):
    """A sentence on those that come with Keyrack, a line for each file, and below them the import of another one."""

    import_pressed = Signal()

    def __init__(self, actions: "Actions") -> None:
        super().__init__(self.tr("Providers"))
        self._catalog = actions.rack.catalog
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GAP_L)
        self._lines: dict[str, ProviderLine] = {}
        self.shipped = Text(self._about_shipped(), "second", wrap=True)
        self.shipped.setObjectName("providers_shipped")
        self.state = Text(role="second", wrap=True)
        self.state.setObjectName("providers_state")
        self.add_file = PlainButton(self.tr("Import a provider file…"), "import")
        self.add_file.setObjectName("preferences_import")
        self.add_file.clicked.connect(self.import_pressed)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        column.addWidget(self.shipped)
        column.addLayout(self._rows)
        column.addWidget(self.state)
        column.addWidget(self.add_file, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(whole, self._matches)
        for id in self._catalog.files.own:
            line = ProviderLine(actions, self._catalog[id])
            line.removed.connect(partial(self._removed, id))
            self._lines[id] = line
            self._rows.addWidget(line)
        self._say(self._about())

    def _removed(self, id: str, sentence: str) -> None:
        line = self._lines.pop(id)
        self._rows.removeWidget(line)
        line.hide()
        line.deleteLater()
        self._say(sentence)
        self.add_file.setFocus(Qt.FocusReason.OtherFocusReason)

    def _about_shipped(self) -> str:
        shipped = [provider.name for id, provider in self._catalog.items() if id not in self._catalog.files.own]
        text = self.tr("These come with Keyrack, and change only with a newer Keyrack: {names}.")
        return text.format(names=", ".join(shipped))

    def _about(self) -> str:
        about = self.tr("No file of your own yet. One describes a server that Keyrack does not know.")
        return "" if self._lines else about

    def _say(self, text: str) -> None:
        set_text(self.state, text)
        self.state.setVisible(bool(text))

    def _matches(self, words: str) -> bool:
        names = " ".join(line.name.text() for line in self._lines.values())
        return words.casefold() in f"{names} {self.shipped.text()} {self.add_file.text()}".casefold()
