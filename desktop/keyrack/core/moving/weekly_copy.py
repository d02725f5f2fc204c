"""Keeps a copy of the settings on this computer, one each week, without any secret."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from keyrack.core.moving.content import Content
from keyrack.core.system.private_file import write_private
from keyrack.primitives.clock import Clock, believable

FOLDER = "copies"
KEPT = 5
DAYS = 7
LOOK_SECONDS = 3_600.0

_log = logging.getLogger(__name__)


class WeeklyCopy:
    """Files such as `settings-2026-11-29.json` in the state folder, which `keyrack import` takes back in."""

    def __init__(self, state: Path, content: Callable[[], Content], clock: Clock) -> None:
        self.folder = state / FOLDER
        self._content = content
        self._clock = clock

    async def run(self) -> None:
        """Look now and every hour whether a copy is due, until cancelled."""
        while True:
            await self.make_if_due()
            await asyncio.sleep(LOOK_SECONDS)

    async def make_if_due(self) -> Path | None:
        """Make a copy where the last one is a week old, and delete what is more than five. Returns the new one."""
        content, wall = self._content(), self._clock.wall()
        if not content.accounts or not believable(wall):
            return None
        return await asyncio.to_thread(self._make, content, datetime.fromtimestamp(wall, UTC).date())

    def _make(self, content: Content, today: date) -> Path | None:
        try:
            last = max((day for day in map(_day, self._copies()) if day <= today), default=None)
            if last is not None and (today - last).days < DAYS:
                return None
            path = self.folder / f"settings-{today.isoformat()}.json"
            write_private(path, content.encode())
            others = [copy for copy in self._copies() if copy != path]
            for old in others[: 1 - KEPT]:
                old.unlink(missing_ok=True)
        except OSError as problem:
            _log.warning("the weekly copy of the settings could not be made: %s", problem.strerror)
            return None
        return path

    def _copies(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("settings-*.json") if _is_dated(path))


def _day(path: Path) -> date:
    return date.fromisoformat(path.stem.removeprefix("settings-"))


def _is_dated(path: Path) -> bool:
    try:
        _day(path)
    except ValueError:
        return False
    return True
