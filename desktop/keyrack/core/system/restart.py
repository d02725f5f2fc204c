"""Starts Keyrack again in place of itself, after its files were replaced.

The old process gives up its socket and its lock first, and then becomes the new one: at no moment do two of them run,
and none of them runs for longer than it takes to close and open the window.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import keyrack
from keyrack.core.system.login_start import AT_LOGIN
from keyrack.primitives.failure import plain

# What `app.run` returns in place of an exit code. No exit code of a process is negative.
AGAIN = -1
_ONCE = (AT_LOGIN, "--reset")  # they belong to the start that is over
_SECONDS = 30.0
_SOURCES = Path(keyrack.__file__).resolve().parents[1]
_log = logging.getLogger(__name__)


def command(sources: Path = _SOURCES) -> list[str]:
    """What started this process, for another one like it.

    A checkout is started by the system's Python, which renews the private environment first where that is needed.
    """
    words = [word for word in sys.argv[1:] if word not in _ONCE]
    if (sources / "__main__.py").is_file():
        return [str(getattr(sys, "_base_executable", None) or sys.executable), str(sources), *words]
    started = sys.orig_argv[1 : len(sys.orig_argv) - len(sys.argv[1:])]
    return [sys.executable, *started, *words]


def trouble(started: Sequence[str]) -> str:
    """Ask the new program for its version, to see whether it begins at all. Returns what is in the way, "" for nothing.

    Blocks for some hundredths of a second, at most for half a minute. A checkout is not tried, because it may have to
    set itself up anew first.
    """
    if len(started) > 1 and os.path.isdir(started[1]):
        return ""
    try:
        done = subprocess.run(
            [*started, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            timeout=_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as why:
        return (isinstance(why, OSError) and why.strerror) or type(why).__name__
    if done.returncode == 0:
        return ""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return plain(lines[-1] if lines else "") or str(done.returncode)


def become(started: Sequence[str]) -> int:
    """Become the new program. Returns an exit code where that is not possible.

    Windows has no such step: there the new one is started beside the old one, which ends at once.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    try:
        if os.name == "nt":
            subprocess.Popen(list(started))
        else:
            os.execv(started[0], list(started))  # noqa: S606 - our own command, no shell
    except OSError as problem:
        _log.error("Keyrack could not be started again: %s", problem)
        return 1
    return 0
