"""Stores each account's activity in the state folder: an object with a `schema` and the lines, newest first (S68)."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from keyrack.core.accounts.activity import GIVEN, KEPT_LINES, REFUSED, Activity, Line, Notice
from keyrack.core.system.private_file import checked_id, put_aside, remove_private, write_private
from keyrack.language.translation import Phrase

SCHEMA = 1
_FOLDER = "activity"
_BEGINNINGS_OF_0_1_0 = {"Gave the token to ": GIVEN, "Refused the token to ": REFUSED}
# Parameters that may be sentences.
_PHRASES = frozenset({"what", "meaning", "advice", "reason", "why", "last", "connects", "place"})
_log = logging.getLogger(__name__)


class _StoredLine(msgspec.Struct):
    """A line in the file. Version 0.1.0 wrote a sentence, `what`, instead of the notice."""

    at: float
    notice: Notice | None = None
    detail: str = ""
    what: str = ""

    def line(self) -> Line:
        """The line with its notice."""
        notice = self.notice if self.notice is not None else _notice_of_0_1_0(self.what)
        return Line(self.at, _with_phrases(notice), self.detail)


def _with_phrases(notice: Notice) -> Notice:
    """The notice with what the file has in English, to be translated again where it is shown."""
    params = {name: Phrase(value) if name in _PHRASES else value for name, value in notice.params.items()}
    cause = _with_phrases(notice.cause) if notice.cause is not None else None
    return Notice(notice.code, params, cause)


class _Head(msgspec.Struct):
    schema: int


class _Stored(msgspec.Struct):
    """The file. Version 0.1.0 wrote the lines alone, as a list."""

    schema: int
    lines: list[_StoredLine]


class _Written(msgspec.Struct):
    schema: int
    lines: list[Line]


def _notice_of_0_1_0(what: str) -> Notice:
    for beginning, code in _BEGINNINGS_OF_0_1_0.items():
        if what.startswith(beginning):
            return Notice(code, {"program": what.removeprefix(beginning)})
    return Notice("note", {"text": what})


class ActivityFiles:
    """One file for each account. A damaged file is renamed and kept, and one of a newer version is left as it is.

    A full disk costs only the newest lines.

    A thread writes the files, so that no renewal makes the window wait for the disk.
    """

    def __init__(self, state: Path) -> None:
        self._folder = state / _FOLDER
        self._writer = ThreadPoolExecutor(1, "activity")
        self._unsaved: dict[str, list[Line]] = {}
        self._newer: set[str] = set()

    def flush(self) -> None:
        """Wait until every line so far is written."""
        self._writer.submit(int).result()

    def close(self) -> None:
        """Wait until all lines are written. Nothing can be saved afterwards."""
        self._writer.shutdown()

    def activity(self, account: str, wall: Callable[[], float]) -> Activity:
        """The account's activity, which is saved after each change."""
        return Activity(self.load(account), wall, lambda lines: self.save(account, lines))

    def load(self, account: str) -> list[Line]:
        """The lines, newest first. The list is empty when there is no file or it cannot be read.

        Of a newer version's file it is one line that says so.
        """
        path = self._path(account)
        try:
            data = path.read_bytes()
            if not data.startswith(b"[") and msgspec.json.decode(data, type=_Head).schema > SCHEMA:
                self._newer.add(account)
                return [Line(path.stat().st_mtime, Notice("activity_newer"))]
            stored = msgspec.json.decode(data, type=list[_StoredLine] | _Stored)
            lines = stored.lines if isinstance(stored, _Stored) else stored
            return [line.line() for line in lines[:KEPT_LINES]]
        except FileNotFoundError:
            return []
        except OSError as error:
            _log.warning("activity could not be read: %s", error.strerror)
            return []
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self._put_aside(path)

    def save(self, account: str, lines: list[Line]) -> None:
        """Schedule the account's lines to be written. A failure is only logged."""
        if account in self._newer:
            return
        self._unsaved[account] = lines
        self._writer.submit(self._write, account)

    def _write(self, account: str) -> None:
        lines = self._unsaved.pop(account, None)
        if lines is None:
            return  # an earlier call has written them
        try:
            write_private(
                self._path(account), msgspec.json.encode(_Written(SCHEMA, lines), enc_hook=str), durable=False
            )
        except OSError as error:
            _log.warning("activity could not be saved: %s", error.strerror)

    def delete(self, account: str) -> None:
        """Delete the account's file after the writes that are scheduled."""
        self._writer.submit(self._delete_file, account)

    def _delete_file(self, account: str) -> None:
        try:
            remove_private(self._path(account))
        except OSError as error:
            _log.warning("activity could not be removed: %s", error.strerror)

    def _path(self, account: str) -> Path:
        return self._folder / f"{checked_id(account)}.json"

    def _put_aside(self, path: Path) -> list[Line]:
        try:
            aside = put_aside(path)
        except OSError:
            return []
        _log.warning("activity could not be read and was kept as %s", aside.name)
        return []
