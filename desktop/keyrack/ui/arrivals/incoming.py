"""Looks at what a person drops on the window or pastes into it, and says where it belongs."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QMimeData

from keyrack.core.moving.content import is_plain_export
from keyrack.core.moving.sealing import is_sealed
from keyrack.primitives.failure import Failure
from keyrack.ui.account.pasted_credentials import PastedCredentials, provider_named, recognise

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

translate = QCoreApplication.translate
_KEY = "incoming"
_PROVIDER_FILE = ".toml"


class Receiving(Protocol):
    """What the window does with what came."""

    def import_accounts(self, data: bytes) -> None:
        """Open the import page with an export."""

    def import_provider_file(self, path: Path) -> None:
        """Open the wizard with a provider file."""

    def add_with(self, found: PastedCredentials, provider: str) -> None:
        """Open the wizard with credentials, at their provider where it is known."""

    def say(self, text: str) -> None:
        """Tell the person something."""


class IncomingText:
    """Takes one file or one text. Nothing of it is shown, logged or kept here."""

    def __init__(self, actions: "Actions", window: Receiving) -> None:
        self._actions = actions
        self._window = window

    @staticmethod
    def takes(mime: QMimeData) -> bool:
        """Whether there is one local file, or a text."""
        return bool(_file_of(mime)) or (mime.hasText() and not mime.hasUrls())

    def take(self, mime: QMimeData) -> None:
        """Look at it, a file in a thread."""
        if self._actions.rack.lock.locked:
            self._window.say(translate("IncomingText", "Unlock first."))
        elif path := _file_of(mime):
            self._actions.tasks.start(_KEY, self._take_file, Path(path))
        elif mime.hasText():
            self._take_text(mime.text())

    async def _take_file(self, path: Path) -> None:
        if path.suffix == _PROVIDER_FILE:
            self._window.import_provider_file(path)
            return
        try:
            data = await self._actions.rack.parts.moves.importer.read(path)
        except Failure as why:
            self._window.say(why.sentences())
            return
        if is_sealed(data):
            self._window.import_accounts(data)
        else:
            self._take_text(data.decode("utf-8-sig", "replace"), path.name)

    def _take_text(self, text: str, name: str = "") -> None:
        if is_sealed(text.encode("utf-8", "replace")[:100]) or is_plain_export(text):
            self._window.import_accounts(text.encode("utf-8", "replace"))
            return
        found = recognise(text)
        if found is None or found.secret is None:
            words = translate("IncomingText", "Keyrack found no id with a secret in it, and no export of its own.")
            self._window.say(words)
            return
        self._window.add_with(found, provider_named(f"{name}\n{text}", self._actions.rack.catalog))


def _file_of(mime: QMimeData) -> str:
    found = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    return found[0] if len(found) == 1 else ""
