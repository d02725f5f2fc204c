"""Starts a second Keyrack on the built-in sandbox, beside the running one."""

import sys
from collections.abc import Callable
from importlib.machinery import PathFinder

from PySide6.QtCore import QProcess

from keyrack.primitives.failure import Failure


def sandbox_command(started_as: list[str]) -> list[str]:
    """The command that started this Keyrack, with its own options replaced by --sandbox."""
    kept = [part for part in started_as[1:] if part in ("-m", "-I", "-s", "-E") or not part.startswith("-")]
    return [started_as[0], *kept, "--sandbox"]


def start_sandbox() -> None:
    """Start it without waiting for it. Raises Failure where it lacks its libraries or the system starts nothing."""
    # A wheel asks for them only in its extra `sandbox`, and nobody sees what a process beside this one complains of.
    if PathFinder.find_spec("uvicorn") is None:
        raise Failure("sandbox_without_libraries")
    program, *arguments = sandbox_command([sys.executable, *sys.orig_argv[1:]])
    if not QProcess.startDetached(program, arguments)[0]:
        raise Failure("sandbox_not_begun")


def start_or_say(start: Callable[[], object], say: Callable[[str], object]) -> None:
    """Start the sandbox, or say why it does not start."""
    try:
        start()
    except Failure as why:
        say(why.sentences())
