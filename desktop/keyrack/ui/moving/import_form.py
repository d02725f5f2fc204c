"""An export that is read, opened by its passphrase, shown, and taken in."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.ui.moving.moving_page import TallForm
from keyrack.ui.moving.plan_card import PlanCard
from keyrack.ui.parts.save_dialog import ask_which
from keyrack.ui.safeguards.keyring_notice import KeyringNotice
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.theme.metrics import GAP_L, GAP_M
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Card, Text, set_text
from keyrack.ui.widgets.fields import TWO_TURN_BELOW, EnterKey, Field, SecretField

if TYPE_CHECKING:
    from keyrack.core.moving.content import Content
    from keyrack.core.moving.importing import Plan
    from keyrack.ui.actions.actions import Actions

_KEY = "import"
_LONGEST_PATH = 4096


class ImportForm(TallForm):
    """Three cards, one after another: the file, its passphrase where it is sealed, and what it would do.

    `leave` is called before it is deleted. An import that runs then goes on.
    """

    def __init__(self, actions: "Actions") -> None:
        super().__init__()
        self._actions = actions
        self._importer = actions.rack.parts.moves.importer
        self._left = False
        self._data = b""
        self._plan: Plan | None = None
        hint = self.tr("Or drop the file anywhere on this window, or copy its text and press Ctrl+V.")
        edit = QLineEdit(maxLength=_LONGEST_PATH, placeholderText=self.tr("~/house.keyrack"))
        edit.setAcceptDrops(False)  # the window takes the file
        self.path = Field(self.tr("Path of the file"), edit, hint, turns_below=TWO_TURN_BELOW)
        self.path.edit.setObjectName("import_path")
        self.read = PlainButton(self.tr("Read the file"), "search")
        self.read.setObjectName("import_read")
        self.browse = PlainButton(self.tr("Browse…"))
        self.browse.setObjectName("import_browse")
        self.passphrase = SecretField(self.tr("Passphrase of the file"))
        self.passphrase.edit.setObjectName("import_passphrase")
        self.open = PrimaryButton(self.tr("Open"))
        self.open.setObjectName("import_open")
        self.sealed = Card()
        self.plan = PlanCard()
        self.state = Text(role="caption", wrap=True)
        self.state.setObjectName("import_state")
        self.state.hide()
        self._arrange()
        self.browse.clicked.connect(self._browse)
        self.read.clicked.connect(self._read_path)
        self.open.clicked.connect(lambda: self._run(self._open))
        self.plan.go.clicked.connect(lambda: self._run(self._import))
        EnterKey(self, self._enter)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        about = self.tr(
            "Takes in what Keyrack exported, on another computer or here. Nothing here is replaced unasked."
        )
        column.addWidget(Text(about, "second", wrap=True))
        column.addWidget(KeyringNotice(self._actions))
        file = Card()
        file.body.addWidget(self.path)
        self.path.row.addWidget(self.browse)
        self.path.row.addWidget(self.read)
        column.addWidget(file)
        self.sealed.body.setSpacing(GAP_M)
        self.sealed.body.addWidget(self.passphrase)
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addStretch(1)
        self.sealed.body.addLayout(row)
        self.sealed.hide()
        for widget in (self.sealed, self.plan, self.state):
            column.addWidget(widget)

    def first_focus(self) -> QWidget:
        """The path, the passphrase, or the button that imports, as far as it came. Afterwards it is the path again."""
        if not self.plan.isHidden() and not self.plan.go.isHidden():
            return self.plan.keep if not self.plan.keep.isHidden() else self.plan.go
        return self.passphrase.edit if not self.sealed.isHidden() else self.path.edit

    def leave(self) -> None:
        """Stop following what runs, and drop what was read and typed."""
        self._left = True
        self._data, self._plan = b"", None
        self._actions.tasks.cancel(_KEY)
        self.passphrase.edit.setText("")

    def take(self, data: bytes) -> None:
        """Look at an export that was dropped or pasted."""
        self._forget()
        self._data = data
        self._run(self._look)

    def _enter(self) -> None:
        if self._plan is not None and not self.plan.go.isHidden():
            self.plan.go.click()
        elif not self.sealed.isHidden():
            self.open.click()
        else:
            self.read.click()

    def _browse(self) -> None:
        filters = ";;".join((self.tr("Exports") + " (*.keyrack *.json)", self.tr("All files") + " (*)"))
        ask_which(self, self.tr("Choose an export"), filters, self._take_chosen)

    def _take_chosen(self, path: Path) -> None:
        self.path.edit.setText(str(path))
        self._read_path()

    def _read_path(self) -> None:
        self._forget()
        if not self.path.entered():
            self.path.show_problem(self.tr("Enter the path of the file first."))
            self.path.edit.setFocus()
            return
        self._run(self._read)

    def _forget(self) -> None:
        self._data, self._plan = b"", None
        self.sealed.hide()
        self.plan.hide()

    def _run(self, operation: Callable[[], Awaitable[None]]) -> None:
        self._actions.tasks.start(_KEY, self._guarded, operation)

    async def _guarded(self, operation: Callable[[], Awaitable[None]]) -> None:
        for field in (self.path, self.passphrase):
            field.show_problem("")
        self._enable(on=False)
        try:
            await operation()
        except Failure as why:
            if not self._left:
                self._refuse(why)
        finally:
            if not self._left:
                self._enable(on=True)
                self._say("")
                self.first_focus().setFocus()

    def _enable(self, *, on: bool) -> None:
        for button in (self.read, self.open, self.plan.go):
            button.setEnabled(on)

    async def _read(self) -> None:
        text = self.path.entered().strip("\"'")
        path = QUrl(text).toLocalFile() if text.startswith("file:") else text
        self._data = await self._importer.read(await asyncio.to_thread(_expanded, path))
        await self._look()

    async def _look(self) -> None:
        if self._importer.is_sealed(self._data):
            self.sealed.show()
        else:
            self._show(await self._importer.open(self._data))

    async def _open(self) -> None:
        self._say(self.tr("Opening the file…"))
        passphrase = Secret(self.passphrase.edit.text())
        self._show(await self._importer.open(self._data, passphrase))
        self.passphrase.edit.setText("")
        self.sealed.hide()

    def _show(self, content: "Content") -> None:
        self._plan = self._importer.plan(content)
        self.plan.show_plan(self._plan)

    async def _import(self) -> None:
        plan, rack = self._plan, self._actions.rack
        if plan is None:
            return
        self._say(self.tr("Importing…"))
        done = await rack.background.finish(self._importer.run(plan, self.plan.replaced(plan)))
        if not self._left:
            self._data, self._plan = b"", None
            self.plan.show_done(done)
            self.first_focus().setFocus()
            announce(self, self.plan.sum.text())  # last: a screen reader breaks off at another focus

    def _refuse(self, why: Failure) -> None:
        field = self.passphrase if not self.sealed.isHidden() else self.path
        field.show_problem(why.sentences())
        self._actions.rack.keyring.wake()  # it may be what failed, and its notice offers a way out

    def _say(self, text: str) -> None:
        set_text(self.state, text)
        self.state.setVisible(bool(text))


def _expanded(path: str) -> Path:
    return Path(path).expanduser()
