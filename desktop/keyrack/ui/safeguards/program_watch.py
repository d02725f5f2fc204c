"""Watches the program's files for all contents that the window has one after the other."""

import logging
from typing import TYPE_CHECKING

from keyrack.core.system.program_files import Change, ProgramFiles

if TYPE_CHECKING:
    from keyrack.primitives.clock import Clock

LOOK_SECONDS = 30.0
PUT_OFF_SECONDS = 24 * 3600.0
_log = logging.getLogger(__name__)


class ProgramWatch:
    """Looks at most twice a minute. What it found and the person put off outlives a change of language or size."""

    def __init__(self, clock: "Clock", files: ProgramFiles | None = None) -> None:
        self._clock = clock
        self._files = files or ProgramFiles()
        self._change: Change | None = None
        self._look_at = 0.0
        self._tell_at = 0.0

    def look(self) -> Change | None:
        """What is to be told now, None for nothing."""
        now = self._clock.elapsed()
        if now >= self._look_at:
            self._look_at = now + LOOK_SECONDS
            before, self._change = self._change, self._files.look()
            if self._change is not before:
                self._tell_at = 0.0
                _log.info("The program's files changed: %s", self._change.value if self._change else "as they were")
        return self._change if now >= self._tell_at else None

    def put_off(self) -> None:
        """Tell nothing for a day, unless the files change once more."""
        self._tell_at = self._clock.elapsed() + PUT_OFF_SECONDS
