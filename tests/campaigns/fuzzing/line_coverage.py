"""Notes which lines of some rooms ran, at a cost that falls as they become known."""

import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Self

import keyrack

_ROOT = Path(keyrack.__file__).parent


class LineCoverage:
    """The lines of these rooms that ran in this thread, and how many there are in the functions that ran.

    A function whose lines have all run is watched no longer: the trace then costs its calls alone.
    """

    def __init__(self, rooms: Sequence[str]) -> None:
        self._rooms = tuple(str(_ROOT / room) for room in rooms)
        self._missing: dict[CodeType, set[int]] = {}
        self.seen = 0

    def __enter__(self) -> Self:
        sys.settrace(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _called(self, frame: FrameType, event: str, argument: object) -> Any:
        missing = self._missing.get(frame.f_code)
        if missing is None:
            missing = self._missing[frame.f_code] = self._lines(frame.f_code)
        return self._ran if missing else None

    def _ran(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            missing = self._missing[frame.f_code]
            if frame.f_lineno in missing:
                missing.discard(frame.f_lineno)
                self.seen += 1
        return self._ran

    def _lines(self, code: CodeType) -> set[int]:
        if not code.co_filename.startswith(self._rooms):
            return set()
        return {line for _, _, line in code.co_lines() if line is not None and line > code.co_firstlineno}
