"""Starts a second Keyrack on the built-in sandbox, beside the running one."""

import sys

from PySide6.QtCore import QProcess


def sandbox_command(started_as: list[str]) -> list[str]:
    """The command that started this Keyrack, with its own options replaced by --sandbox."""
    kept = [part for part in started_as[1:] if part in ("-m", "-I", "-s", "-E") or not part.startswith("-")]
    return [started_as[0], *kept, "--sandbox"]


def start_sandbox() -> None:
    """Start it without waiting for it."""
    program, *arguments = sandbox_command([sys.executable, *sys.orig_argv[1:]])
    QProcess.startDetached(program, arguments)
