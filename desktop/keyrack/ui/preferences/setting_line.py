"""A line of the page: a setting's sentence, its control, and its default."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.core.preferences.all_settings import AnySetting
from keyrack.core.preferences.settings_file import SettingsFailure
from keyrack.ui.actions.listening import listen
from keyrack.ui.preferences.action_line import TURNS_BELOW
from keyrack.ui.preferences.choice_box import ChoiceBox
from keyrack.ui.theme.metrics import GAP_L, GRID
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import CheckBox
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.flow_layout import TurningRow

if TYPE_CHECKING:
    from keyrack.core.preferences.preferences import Preferences

# Where the text beside a box begins.
_INDENT = 28


class SettingLine(QWidget):
    """Puts each change in force at once, and follows one that came from elsewhere.

    `stored` carries why the last choice holds only until Keyrack ends, "" where it is stored.
    """

    stored = Signal(str)

    def __init__(self, setting: AnySetting, preferences: "Preferences") -> None:
        super().__init__()
        self.setting = setting
        self._preferences = preferences
        words = setting.words_of(setting.default)
        self.by_default = Text(self.tr("Default: {value}").format(value=words), "caption", wrap=True)
        self.control: CheckBox | ChoiceBox = ChoiceBox(setting) if setting.choices else CheckBox(setting.sentence)
        self.control.setObjectName(f"setting:{setting.name}")
        self.control.setAccessibleName(setting.sentence)
        self.control.setAccessibleDescription(self.by_default.text())
        self._arrange()
        self.refresh()
        listen(self, preferences.changed, self._changed)

    def _arrange(self) -> None:
        if isinstance(self.control, CheckBox):
            column = QVBoxLayout(self)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(self.control)
            self.by_default.setContentsMargins(theme().px(_INDENT), 0, 0, 0)
            column.addWidget(self.by_default)
            self.control.clicked.connect(self._choose)
            return
        row = TurningRow(TURNS_BELOW, self)
        row.setSpacing(GAP_L)
        words = QVBoxLayout()
        words.setSpacing(GRID)
        sentence = Text(self.setting.sentence, wrap=True)
        sentence.setBuddy(self.control)
        words.addWidget(sentence)
        words.addWidget(self.by_default)
        row.addLayout(words, 1)
        row.addWidget(self.control, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.control.chosen.connect(self._choose)

    def matches(self, words: str) -> bool:
        """Whether its sentence, its name or one of its choices has these words."""
        said = (self.setting.sentence, self.setting.name, *(choice.words for choice in self.setting.choices))
        return words.casefold() in " ".join(said).casefold()

    def refresh(self) -> None:
        """Show what is in force."""
        value = self._preferences.value(self.setting)
        if isinstance(self.control, ChoiceBox):
            self.control.show_value(value)
        else:
            self.control.setChecked(bool(value))

    def _choose(self) -> None:
        value = self.control.value if isinstance(self.control, ChoiceBox) else self.control.isChecked()
        try:
            why = self._preferences.choose(self.setting, value)
        except SettingsFailure as refused:
            why = refused
            self.refresh()
        self.stored.emit("" if why is None else why.sentences())

    def _changed(self, name: str) -> None:
        if name == self.setting.name:
            self.refresh()
