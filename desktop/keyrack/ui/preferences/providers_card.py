"""The card of the person's own provider files: what is there, another one, and one less."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.primitives.failure import Failure
from keyrack.ui.preferences.action_line import TURNS_BELOW
from keyrack.ui.preferences.settings_card import SettingsCard
from keyrack.ui.theme.metrics import GAP_L, GRID
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.flow_layout import TurningRow

if TYPE_CHECKING:
    from keyrack.providers.schema import Provider
    from keyrack.ui.actions.actions import Actions

_KEY = "remove_provider"


class ProvidersCard(SettingsCard):
    """A line for each file with its provider's page and its removal, and below them the import of another one."""

    import_pressed = Signal()

    def __init__(self, actions: "Actions") -> None:
        super().__init__(self.tr("Providers of your own"))
        self._actions = actions
        self._catalog = actions.rack.catalog
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GAP_L)
        self._lines: dict[str, QWidget] = {}
        self.state = Text(role="second", wrap=True)
        self.state.setObjectName("providers_state")
        self.add_file = PlainButton(self.tr("Import a provider file…"), "import")
        self.add_file.setObjectName("preferences_import")
        self.add_file.clicked.connect(self.import_pressed)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        column.addLayout(self._rows)
        column.addWidget(self.state)
        column.addWidget(self.add_file, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(whole, self._matches)
        for id in self._catalog.files.own:
            self._lines[id] = self._line(self._catalog[id])
            self._rows.addWidget(self._lines[id])
        self._say(self._about())

    def _line(self, provider: "Provider") -> QWidget:
        line = QWidget()
        row = TurningRow(TURNS_BELOW, line)
        row.setSpacing(GAP_L)
        words = QVBoxLayout()
        words.setSpacing(GRID)
        words.addWidget(Text(provider.name, wrap=True))
        words.addWidget(Text(self._catalog.files.own[provider.id].name, "caption", wrap=True))
        row.addLayout(words, 1)
        page = self._button(f"provider_page:{provider.id}", self.tr("Open its page"), provider.name)
        page.clicked.connect(partial(self._actions.open_page, provider.documentation))
        remove = self._button(f"provider_remove:{provider.id}", self.tr("Remove"), provider.name)
        remove.clicked.connect(lambda: self._actions.tasks.start(_KEY, self._remove, provider))
        for button in (page, remove):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return line

    def _button(self, name: str, text: str, of: str) -> PlainButton:
        button = PlainButton(text)
        button.setObjectName(name)
        button.setAccessibleName(f"{text}: {of}")
        return button

    async def _remove(self, provider: "Provider") -> None:
        try:
            aside = await self._actions.rack.remove_provider(provider.id)
        except Failure as why:
            self._say(why.sentences())
            return
        line = self._lines.pop(provider.id)
        self._rows.removeWidget(line)
        line.hide()
        line.deleteLater()
        text = self.tr("“{name}” was removed. Its file is now called {file}, and is not read.")
        self._say(text.format(name=provider.name, file=aside.name))

    def _about(self) -> str:
        return (
            "" if self._lines else self.tr("None yet. A provider file describes a server that Keyrack does not know.")
        )

    def _say(self, text: str) -> None:
        set_text(self.state, text)
        self.state.setVisible(bool(text))

    def _matches(self, words: str) -> bool:
        names = " ".join(self._catalog[id].name for id in self._lines)
        return words.casefold() in f"{names} {self.add_file.text()}".casefold()
