"""Finds, starts and ends the programs of the agent's private keyring. None of them outlives the agent."""

import asyncio
import contextlib
import ctypes
import shutil
import signal
import sys
from pathlib import Path

from keyrack.primitives.failure import Failure, plain

_ENDING_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class ProgramMissing(Failure):
    """A program that the agent's own keyring needs is not installed, or does not run."""


def programs_of(*names: str) -> tuple[str, ...]:
    """The paths of the programs. Raises ProgramMissing."""
    found = [shutil.which(name) for name in names]
    for name, path in zip(names, found, strict=True):
        if path is None:
            raise ProgramMissing("program_not_installed", program=name)
    return tuple(path for path in found if path is not None)


async def start_program(command: list[str], environment: dict[str, str]) -> asyncio.subprocess.Process:
    """Start a program that ends with this process, however that ends, and not by the terminal's Ctrl+C.

    Raises ProgramMissing.
    """
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
    except OSError as error:
        name, reason = Path(command[0]).name, plain(str(error.strerror))
        raise ProgramMissing("program_not_startable", program=name, reason=reason) from error


def _end_with_parent() -> None:
    """prctl(2), between fork and exec, where only this one call is made."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


async def end_program(process: asyncio.subprocess.Process | None) -> None:
    """Terminate a program, and kill it after one second."""
    if process is None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _ENDING_SECONDS)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
