"""The card about the program: its folders, its version, and the libraries in it with their licences."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack import __version__
from keyrack.core.preferences.all_settings import LOOK_FOR_UPDATES
from keyrack.core.system.libraries import libraries
from keyrack.core.system.paths import paths
from keyrack.ui.preferences.action_line import ActionLine
from keyrack.ui.preferences.setting_line import SettingLine
from keyrack.ui.preferences.settings_card import SettingsCard
from keyrack.ui.preferences.updates_line import UpdatesLine
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.widgets.buttons import LinkButton
from keyrack.ui.widgets.controls import Text, breakable, set_property

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions


class ProgramCard(SettingsCard):
    """`open_folder` opens a folder in the desktop's file manager. The libraries are listed when they are asked for.

    `stored` is as that of a setting's line.
    """

    stored = Signal(str)

    def __init__(self, actions: "Actions") -> None:
        super().__init__(self.tr("About Keyrack"))
        self._words = self.tr("Keyrack {version}, under the Apache License 2.0.").format(version=__version__)
        for name, sentence, folder in (
            (
                "folder_settings",
                self.tr("The folder of your settings and provider files."),
                actions.rack.preferences.path.parent,
            ),
            ("folder_log", self.tr("The folder of the log, which holds no secret."), paths(actions.rack.sandbox).logs),
        ):
            line = ActionLine(name, sentence, self.tr("Open"), breakable(str(folder)))
            line.pressed.connect(lambda folder=folder: open_folder(folder))
            self.add(line, line.matches)
        if not actions.rack.sandbox:
            self._add_updates(actions)
        about = QWidget()
        column = QVBoxLayout(about)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        version = Text(self._words, wrap=True)
        version.setObjectName("about_version")
        version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(version)
        self.show_libraries = LinkButton(self.tr("The libraries in it, and their licences"))
        self.show_libraries.setObjectName("about_libraries")
        self.show_libraries.setCheckable(True)
        set_property(self.show_libraries, "inline", value=True)  # it begins where the text above it does
        column.addWidget(self.show_libraries, 0, Qt.AlignmentFlag.AlignLeft)
        self.list = Text(role="caption", wrap=True)
        self.list.setObjectName("about_list")
        self.list.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.list.hide()
        column.addWidget(self.list)
        self.add(about, self._matches)
        self.show_libraries.toggled.connect(self._show_libraries)

    def _add_updates(self, actions: "Actions") -> None:
        choice = SettingLine(LOOK_FOR_UPDATES, actions.rack.preferences)
        choice.stored.connect(self.stored)
        self.add(choice, choice.matches)
        look = UpdatesLine(actions)
        self.add(look, look.matches)

    def _show_libraries(self, shown: bool) -> None:
        if shown and not self.list.text():
            found = (
                f"{each.name} {each.version}: {each.licence or self.tr('see its own page')}" for each in libraries()
            )
            self.list.setText("\n".join(found))
        self.list.setVisible(shown)

    def _matches(self, words: str) -> bool:
        return words.casefold() in f"{self._words} {self.show_libraries.text()}".casefold()


def open_folder(folder: Path) -> None:
    """Open a folder in the desktop's file manager, or the nearest one above it that is there."""
    there = next((each for each in (folder, *folder.parents) if each.is_dir()), folder)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(there)))
