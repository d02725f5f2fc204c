"""A script that runs Keyrack and kills it, as a power failure would, right before it does something to a file.

`killed_before.py EVENT PATTERN COUNT WORDS…`: the EVENT is one of Python's audit events, and PATTERN is searched for in
the path that it is about. The process ends at the COUNTth such event.
"""

import os
import re
import runpy
import signal
import sys
from typing import Any

SCRIPT = __file__


class _Hook:
    """Kills this process at the right event."""

    def __init__(self, event: str, pattern: str, count: str) -> None:
        self._event, self._pattern, self._left = event, re.compile(pattern), int(count)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event != self._event or not isinstance(arguments[0], str | os.PathLike):
            return
        self._left -= bool(self._pattern.search(os.fspath(arguments[0])))
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.addaudithook(_Hook(*sys.argv[1:4]))
    sys.argv = ["keyrack", *sys.argv[4:]]
    runpy.run_module("keyrack", run_name="__main__", alter_sys=True)
