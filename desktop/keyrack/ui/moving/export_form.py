"""What goes, what cannot and why, the passphrase, and the file."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from keyrack.language.translation import plural
from keyrack.primitives.failure import Failure
from keyrack.ui.moving.export_choice import AccountChoice, RotatingChoice
from keyrack.ui.moving.moving_page import TallForm
from keyrack.ui.moving.sealing_fields import SealingFields
from keyrack.ui.parts.save_dialog import ask_where
from keyrack.ui.safeguards.keyring_notice import KeyringNotice
from keyrack.ui.theme.metrics import GAP_L, GAP_M
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Card, Text, Tone, set_text
from keyrack.ui.widgets.fields import TWO_TURN_BELOW, EnterKey, Field
from keyrack.ui.widgets.flow_layout import button_row

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.moving.exporting import ExportOutcome
    from keyrack.ui.actions.actions import Actions

translate = QCoreApplication.translate
_KEY = "export"
_LOOK = "export_look"
_LONGEST_PATH = 4096


class ExportForm(TallForm):
    """The accounts, what cannot go, the passphrase twice, and where the file is written.

    `leave` is called before it is deleted. An export that runs then goes on.
    """

    def __init__(self, actions: "Actions", chosen: "Sequence[Account]" = ()) -> None:
        super().__init__()
        self._actions = actions
        self._left = False
        self.accounts = AccountChoice(list(actions.rack.accounts), chosen)
        self.rotating = RotatingChoice()
        self.sealing = SealingFields()
        hint = self.tr("It is made anew and readable by you alone. A memory stick will do.")
        edit = QLineEdit(self._first_path(), maxLength=_LONGEST_PATH)
        self.path = Field(self.tr("File"), edit, hint, turns_below=TWO_TURN_BELOW)
        self.path.edit.setObjectName("export_path")
        self.export = PrimaryButton(self.tr("Export"))
        self.settings = PlainButton(self.tr("Export the settings alone"))
        self.browse = PlainButton(self.tr("Browse…"))
        self.browse.setObjectName("export_browse")
        self.path.row.addWidget(self.browse)
        self.result = Text(wrap=True)
        self.result.setObjectName("export_result")
        self.result.hide()
        self._arrange()
        self.browse.clicked.connect(self._browse)
        self.export.clicked.connect(self._start)
        self.settings.clicked.connect(lambda: self._run(self._export_settings))
        self.accounts.changed.connect(self._look)
        EnterKey(self, self._start)
        self._look()

    def _first_path(self) -> str:
        today = datetime.fromtimestamp(self._actions.rack.clock.wall(), UTC).date().isoformat()
        return f"~/keyrack-{today}.keyrack"

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        about = self.tr(
            "One file with settings, client secrets, API keys, lasting tokens, your own provider files and your "
            "choices. How Keyrack connects and the lock passphrase stay here."
        )
        column.addWidget(Text(about, "second", wrap=True))
        column.addWidget(KeyringNotice(self._actions))
        which = Card()
        which.body.setSpacing(GAP_M)
        which.body.addWidget(Text(self.tr("These accounts"), "strong"))
        which.body.addWidget(self.accounts)
        which.body.addWidget(self.rotating)
        column.addWidget(which)
        where = Card()
        where.body.setSpacing(GAP_M)
        where.body.addWidget(Text(self.tr("Sealed in this file"), "strong"))
        for widget in (self.sealing, self.path, self.result):
            where.body.addWidget(widget)
        for name, button in (("export", self.export), ("export_settings", self.settings)):
            button.setObjectName(name)
        where.body.addLayout(button_row(self.export, self.settings))
        settings = self.tr("The settings alone hold no secret and need no passphrase, such as for a colleague.")
        where.body.addWidget(Text(settings, "caption", wrap=True))
        column.addWidget(where)

    def first_focus(self) -> QWidget:
        """What stands first, so that the page begins at its top however many accounts there are."""
        return self.accounts.first_focus()

    def leave(self) -> None:
        """Stop following what runs, and clear what was typed."""
        self._left = True
        for key in (_KEY, _LOOK):
            self._actions.tasks.cancel(key)
        self.sealing.clear()

    def _look(self) -> None:
        """Name the accounts whose sign-in cannot be in two places."""
        self._actions.tasks.cancel(_LOOK)
        self._actions.tasks.start(_LOOK, self._name_rotating)

    async def _name_rotating(self) -> None:
        try:
            found = await self._actions.rack.parts.moves.exporter.rotating(self.accounts.chosen)
        except Failure:  # the keyring's notice says so
            self._actions.rack.keyring.wake()
            return
        if not self._left:
            self.rotating.show_names([account.settings.name for account in found])

    def _browse(self) -> None:
        """Ask for another file, beginning at the one that is entered. One that is there already is refused later."""
        file = self._file() if self.path.entered() else Path(self._first_path()).expanduser()
        dialog = ask_where(self, translate("FileSaving", "Save as"), file, self._take_chosen)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)

    def _take_chosen(self, path: Path) -> None:
        self.path.edit.setText(str(path))
        self.path.show_problem("")

    def _start(self) -> None:
        if self.sealing.entered() is not None:
            self._run(self._export)

    def _run(self, operation: Callable[[], Awaitable[None]]) -> None:
        self.path.show_problem("")
        self._actions.tasks.start(_KEY, self._guarded, operation)

    async def _guarded(self, operation: Callable[[], Awaitable[None]]) -> None:
        self._say("", self.tr("Sealing and writing the file…"))
        self._enable(on=False)
        try:
            await operation()
        except Failure as why:
            self._refuse(why)
        finally:
            if not self._left:
                self._enable(on=True)

    async def _export(self) -> None:
        passphrase = self.sealing.entered()
        if passphrase is None:
            return
        chosen, hand_over = self.accounts.chosen, self.rotating.hand_over
        rack = self._actions.rack
        work = rack.parts.moves.exporter.export(self._file(), passphrase, chosen, hand_over=hand_over)
        outcome = await rack.background.finish(work)
        if not self._left:
            self.sealing.clear()
            self._say("urgent" if outcome.kept else "fresh", self._told(outcome))
            self._look()

    async def _export_settings(self) -> None:
        chosen: list[Account] = self.accounts.chosen
        await self._actions.rack.parts.moves.exporter.export_settings(self._file(), chosen)
        if not self._left:
            self._say("fresh", self.tr("The settings are in {file}, without any secret.").format(file=self._file()))

    def _file(self) -> Path:
        return Path(self.path.entered()).expanduser()

    def _told(self, outcome: "ExportOutcome") -> str:
        count = len(outcome.accounts)
        told = [plural("1 account is in {file}.", "{n} accounts are in {file}.", count, file=self._file())]
        if outcome.ended:
            told.append(self.tr("Ended here: {names}. Import the file soon.").format(names=", ".join(outcome.ended)))
        for name, why in outcome.kept.items():
            words = self.tr("{name} could not be ended here, so do not import it elsewhere. {why}")
            told.append(words.format(name=name, why=why.sentences()))
        return " ".join(told)

    def _refuse(self, why: Failure) -> None:
        if self._left:
            return
        self._say("", "")
        self.path.show_problem(why.sentences())
        self._actions.rack.keyring.wake()  # it may be what failed, and its notice offers a way out

    def _enable(self, *, on: bool) -> None:
        for button in (self.export, self.settings):
            button.setEnabled(on)

    def _say(self, tone: Tone, text: str) -> None:
        self.result.set_tone(tone)
        set_text(self.result, text)
        self.result.setVisible(bool(text))
