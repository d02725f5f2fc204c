"""What the window remembers over a restart: `window.json` in the state folder. No secret is in it."""

import json
import logging
from pathlib import Path
from typing import Any, NamedTuple

from keyrack.core.system.private_file import write_private

SCHEMA = 1
_NAME = "window.json"
_LONGEST = 4096
_log = logging.getLogger(__name__)


class WindowNote(NamedTuple):
    """`geometry` is the toolkit's own text for size, place and screen. `page` is an account's id, "" for the overview.

    Both are "" where nothing is known.
    """

    geometry: str = ""
    page: str = ""


class WindowNotes:
    """Reads and writes the note. A damaged file counts as none, and the file of a newer version is left as it is."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._seen = WindowNote()
        self._newer = False

    def load(self) -> WindowNote:
        """The note of the last run, an empty one where there is none that can be read."""
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return self._seen
        except (OSError, ValueError, RecursionError) as problem:
            _log.warning("the window's note could not be read: %s", type(problem).__name__)
            return self._seen
        if isinstance(found, dict):
            schema = found.get("schema")
            self._newer = type(schema) is int and schema > SCHEMA
            self._seen = WindowNote(_text(found, "geometry"), _text(found, "page"))
        return self._seen

    def save(self, note: WindowNote) -> None:
        """Store the note where it differs. A disk that refuses it costs no more than the note."""
        if note == self._seen or self._newer:
            return
        self._seen = note
        text = json.dumps({"schema": SCHEMA, "geometry": note.geometry, "page": note.page})
        try:
            write_private(self._path, f"{text}\n".encode(), durable=False)
        except OSError as problem:
            _log.warning("the window's note could not be saved: %s", type(problem).__name__)


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) and len(value) <= _LONGEST else ""
