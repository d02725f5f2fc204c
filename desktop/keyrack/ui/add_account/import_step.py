"""The step in which the person's own provider file is read, shown and added."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from keyrack.primitives.failure import Failure
from keyrack.ui.parts.callout import Callout
from keyrack.ui.parts.provider_facts import ProviderFacts
from keyrack.ui.parts.save_dialog import ask_which
from keyrack.ui.theme.metrics import GAP_L
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Card, Text
from keyrack.ui.widgets.fields import TWO_TURN_BELOW, EnterKey, Field
from keyrack.ui.widgets.flow_layout import button_row

if TYPE_CHECKING:
    from keyrack.providers.files.user_file import UserFile
    from keyrack.ui.actions.actions import Actions

LONGEST_PATH = 4096
_KEY = "import_provider"


class ImportStep(QWidget):
    """A path to type, a file to choose or to drop, then the file's facts. `added` carries the provider."""

    added = Signal(object)

    def __init__(self, actions: "Actions") -> None:
        super().__init__()
        self._actions = actions
        self._source = Path()
        self._file: UserFile | None = None
        self.setAcceptDrops(True)
        self.path = Field(
            self.tr("Path of the file"),
            QLineEdit(maxLength=LONGEST_PATH, placeholderText=self.tr("~/exchange.toml")),
            self.tr("Type or paste the path, or drop the file anywhere on this page."),
            turns_below=TWO_TURN_BELOW,
        )
        self.path.edit.setObjectName("provider_path")
        self.read = PlainButton(self.tr("Read the file"), "search")
        self.read.setObjectName("read_provider")
        self.browse = PlainButton(self.tr("Browse…"))
        self.browse.setObjectName("browse_provider")
        self.facts = ProviderFacts()
        self.warning = Callout()
        self.proceed = PrimaryButton("")
        self.proceed.setObjectName("add_provider")
        self.result = Card()
        self._arrange()
        self.read.clicked.connect(lambda: self.inspect(self._entered()))
        self.browse.clicked.connect(self._browse)
        EnterKey(self, self.read.click)
        self.path.edit.textEdited.connect(lambda _: self.result.hide())
        self.proceed.clicked.connect(self._proceed)

    @property
    def unfinished(self) -> bool:
        """Whether it holds a path that is to survive leaving and coming back."""
        return bool(self.path.entered())

    def first_focus(self) -> QWidget:
        """The path, or what was read from it: a second Enter must not add a file that nobody looked at."""
        return self.facts if not self.result.isHidden() else self.path.edit

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        card = Card()
        card.body.setSpacing(GAP_L)
        about = self.tr(
            "A provider file tells the addresses of an exchange, how one signs in there and where its answers keep "
            "the figures. Keyrack checks it here and uses it only once you have added it."
        )
        card.body.addWidget(Text(about, "second", wrap=True))
        card.body.addWidget(self.path)
        self.path.row.addWidget(self.browse)
        self.path.row.addWidget(self.read)
        column.addWidget(card)
        self.result.body.setSpacing(GAP_L)
        self.result.body.addWidget(Text(self.tr("What Keyrack read"), "strong"))
        for widget in (self.facts, self.warning):
            self.result.body.addWidget(widget)
        self.result.body.addLayout(button_row(self.proceed))
        self.result.hide()
        column.addWidget(self.result)

    def _entered(self) -> str:
        text = self.path.entered().strip("\"'")
        return QUrl(text).toLocalFile() if text.startswith("file:") else text

    def _browse(self) -> None:
        filters = self.tr("Provider files") + " (*.toml)"
        ask_which(self, self.tr("Choose a provider file"), filters, lambda path: self.take(str(path)))

    def inspect(self, path: str) -> None:
        """Read a file and show its facts, or what is wrong with it."""
        self.result.hide()
        if not path:
            self.path.show_problem(self.tr("Enter the path of the file first."))
            self.path.edit.setFocus()
            return
        self._source = Path(path).expanduser()
        self._actions.tasks.start(_KEY, self._guarded, self._inspect)

    def event(self, event: QEvent) -> bool:
        """Keep room for every line. A scrolling page asks for the least height and ignores that texts wrap."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept one local file."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file that was dropped."""
        event.acceptProposedAction()
        self.take(_dropped(event))

    def take(self, path: str) -> None:
        """Read a file that came from elsewhere on the window."""
        self.path.edit.setText(path)
        self.inspect(self._entered())

    def _proceed(self) -> None:
        if self._file is not None:
            self._actions.tasks.start(_KEY, self._guarded, self._fetch_addresses if self._file.wishes else self._add)

    async def _guarded(self, operation: Callable[[], Awaitable[None]]) -> None:
        self.path.show_problem("")
        for button in (self.read, self.proceed):
            button.setEnabled(False)
        try:
            await operation()
        except Failure as why:
            self.path.show_problem(" ".join(part for part in (why.happened, why.means, why.detail) if part))
        finally:
            for button in (self.read, self.proceed):
                button.setEnabled(True)
            self.first_focus().setFocus()

    async def _inspect(self) -> None:
        files = self._actions.rack.catalog.files
        self._show(await asyncio.to_thread(files.inspect, self._source))

    async def _fetch_addresses(self) -> None:
        """Read the metadata that the file names, once, and show what it holds (S38)."""
        if self._file is not None:
            self._show(await self._actions.rack.catalog.files.fill(self._file, self._source))

    async def _add(self) -> None:
        if self._file is not None:
            self.added.emit(self._actions.rack.catalog.add(self._file, self._source))

    def _show(self, file: "UserFile") -> None:
        self._file = file
        self.facts.show_file(file)
        if file.wishes:
            self.warning.say(self.tr("The addresses are asked for once, now, and shown before anything is stored."))
            self.proceed.setText(self.tr("Ask for the addresses"))
        else:
            self.warning.say(
                self.tr("Your secrets and tokens for this provider go to these addresses. Check who gave you the file.")
            )
            self.proceed.setText(self.tr("Add this provider"))
        self.result.show()


def _dropped(event: QDropEvent) -> str:
    found = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return found[0] if len(found) == 1 else ""
