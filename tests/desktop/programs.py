"""The programs of the real desktop as child processes: started in one environment, ended by their id."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")
PATIENCE = 20.0
_EVERY = 0.02
_TRIES = 5


def wait_until(look: Callable[[], Found], what: str, seconds: float = PATIENCE) -> Found:
    """What `look` finds as soon as it finds something. Raises AssertionError with `what` if it does not in time."""
    ends = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < ends, f"waited {seconds:g} s in vain for {what}"
        time.sleep(_EVERY)
    return found


def in_the_end(act: Callable[[], Found]) -> Found:
    """What `act` returns, tried anew a few times: a busy desktop may miss a key or a movement of the mouse."""
    for _ in range(_TRIES - 1):
        with contextlib.suppress(AssertionError):
            return act()
    return act()


class Programs:
    """Child processes with their output in files in `logs`. `close` ends them, the last one first."""

    def __init__(self, logs: Path, env: dict[str, str]) -> None:
        self.logs = logs
        self.env = env
        self.running: list[subprocess.Popen[bytes]] = []

    def start(
        self, command: Sequence[str], *, pass_fds: Sequence[int] = (), env: dict[str, str] | None = None
    ) -> "subprocess.Popen[bytes]":
        """Start a program with this desktop's environment, or with another one."""
        log = self.logs / f"{Path(command[0]).name}.log"
        with log.open("ab") as written:
            process = subprocess.Popen(
                command,
                env=self.env if env is None else env,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                pass_fds=pass_fds,
            )
        self.running.append(process)
        return process

    def ask(self, *command: str, check: bool = True) -> str:
        """What a short program prints."""
        done = subprocess.run(command, env=self.env, capture_output=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0 or not check, f"{command}: {done.stderr.decode(errors='replace')}"
        return done.stdout.decode(errors="replace")

    def close(self) -> None:
        """End everything that was started here."""
        while self.running:
            end(self.running.pop())


def end(process: "subprocess.Popen[bytes]", seconds: float = 5.0) -> None:
    """Ask a process to end, then make it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
