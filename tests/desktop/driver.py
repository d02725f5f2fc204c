"""The real app in a process of its own, pressed and read from outside."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.checkout import DESKTOP, FROM_SOURCE, ROOT
from tests.desktop.programs import PATIENCE, end, wait_until


class Refused(Exception):
    """The runner could not do what it was asked. The message says why."""


class Driver:
    """One running Keyrack: `ask` speaks to the runner, `click` and `keys` to the X server."""

    def __init__(self, env: dict[str, str], *arguments: str, log: Path, before: Sequence[str] = ()) -> None:
        self.env = {**env, **FROM_SOURCE, "PYTHONPATH": f"{ROOT}{os.pathsep}{DESKTOP}"}
        self.tools = {**self.env, "PATH": os.environ["PATH"]}
        self.log = log
        self._heard = b""
        with log.open("ab") as written:
            self.process = subprocess.Popen(
                [*before, sys.executable, "-m", "tests.desktop.runner", *arguments],
                env=self.env,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
            )

    @property
    def pid(self) -> int:
        """The process id of Keyrack."""
        return self.process.pid

    def ready(self) -> "Driver":
        """Return when the window is filled."""
        self.until("filled", None, bool, "a filled window")
        return self

    def ask(self, verb: str, told: object = None) -> Any:
        """The runner's answer. Raises Refused."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({verb: told}).encode() + b"\n")
        self.process.stdin.flush()
        answer = json.loads(self._line())
        if "problem" in answer:
            raise Refused(f"{verb} {told}: {answer['problem']}")
        return answer["answer"]

    def _line(self) -> bytes:
        assert self.process.stdout is not None
        ends = time.monotonic() + PATIENCE
        while b"\n" not in self._heard:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, ends - time.monotonic()))
            more = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            assert more, f"Keyrack did not answer\n{self.said()}"
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return line

    def said(self) -> str:
        """Everything it printed."""
        return self.log.read_text("utf-8", "replace")

    def until(self, verb: str, told: object, good: Any, what: str, seconds: float = PATIENCE) -> Any:
        """The answer as soon as `good` is true of it."""

        def look() -> list[Any]:
            try:
                answer = self.ask(verb, told)
            except Refused:
                return []
            return [answer] if good(answer) else []

        try:
            return wait_until(look, what, seconds)[0]
        except AssertionError as vain:
            raise AssertionError(f"{vain}\n{self.texts()}\n{self.said()}") from None

    def texts(self) -> str:
        """All that is written in the window."""
        try:
            return "\n".join(self.ask("texts"))
        except Refused as why:
            return str(why)

    def until_state(self, account: str, name: str, step: str = "", seconds: float = PATIENCE) -> dict[str, Any]:
        """Wait until an account is in a state (and step)."""
        found: dict[str, Any] = self.until(
            "state",
            account,
            lambda state: state["name"] == name and step in ("", state["step"]),
            f"{account} to be {name} {step}",
            seconds,
        )
        return found

    def until_shown(self, name: str) -> None:
        """Wait until a widget can be seen."""
        self.until("visible", name, bool, f"{name} to be visible")

    def until_said(self, *words: str) -> str:
        """Wait until all these words are in the window. Returns its texts."""
        self.until("texts", None, lambda texts: all(word in "\n".join(texts) for word in words), f"{words}")
        return self.texts()

    def click(self, name: str, held: str = "") -> None:
        """Press a widget with the X server's mouse, perhaps while a key is held."""
        self.until("where", name, bool, f"a place to press {name}")
        x, y = map(str, self.settled(name))
        before, after = (("keydown", held), ("keyup", held)) if held else ((), ())
        self._xdotool("mousemove", x, y, *before, "click", "1", *after)

    def open_account(self, name: str) -> None:
        """Press an account of the list. Returns when its pane is open, so that no other account's button is pressed."""
        self.click(f"account:{name}")
        self.until("page", None, lambda page: page == name, f"the pane of {name}")

    def click_at(self, x: int, y: int) -> None:
        """Press the mouse at a place of the screen."""
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def right_click_at(self, x: int, y: int) -> None:
        """Press the right button of the mouse at a place of the screen."""
        self._xdotool("mousemove", str(x), str(y), "click", "3")

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the mouse at one place of the screen, and release it at another one."""
        self._xdotool("mousemove", *map(str, start), "mousedown", "1")
        for share in (0.2, 0.6, 1.0):
            x, y = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
            self._xdotool("mousemove", "--sync", str(x), str(y))
        self._xdotool("mouseup", "1")

    def move_to(self, x: int, y: int) -> None:
        """Let the mouse rest at a place of the screen."""
        self._xdotool("mousemove", str(x - 1), str(y), "mousemove", str(x), str(y))

    def settled(self, name: str) -> list[int]:
        """Where a widget is once two looks agree: layouts move things for a moment."""
        before: list[int] = []

        def look() -> list[int]:
            nonlocal before
            found = self.ask("where", name)
            same, before = found == before, found
            return found if same else []

        return wait_until(look, f"{name} to stand still")

    def keys(self, *keys: str) -> None:
        """Press keys, as xdotool names them, in the window that has the focus."""
        self._xdotool("key", "--clearmodifiers", *keys)

    def type(self, name: str, text: str) -> None:
        """Write into a line with the X server's mouse and keyboard."""
        self.click(name)
        self.write(text)

    def write(self, text: str) -> None:
        """Write in place of what the focused line holds. The text goes through a pipe, because it may be a secret."""
        self.keys("ctrl+a", "Delete")
        command = ["xdotool", "type", "--clearmodifiers", "--delay", "2", "--file", "-"]
        subprocess.run(command, env=self.tools, input=text.encode(), timeout=PATIENCE, check=True)

    def resize(self, width: int, height: int) -> None:
        """Have the window manager give the window another size."""
        self._xdotool("getactivewindow", "windowsize", str(width), str(height))
        self.until("size", None, lambda size: size == [width, height], f"a window of {width} x {height}")

    def move(self, x: int, y: int) -> None:
        """Have the window manager put the window at another place."""
        before = self.ask("frame")
        self._xdotool("getactivewindow", "windowmove", str(x), str(y))
        self.until("frame", None, lambda frame: frame != before, f"a window at {x}, {y}")

    def titles(self) -> list[str]:
        """The titles of this process's windows on the screen, as the window manager has them."""
        found = self._xdotool("search", "--onlyvisible", "--pid", str(self.pid), "--name", "Keyrack", check=False)
        return [self._xdotool("getwindowname", window).strip() for window in found.split()]

    def focused(self) -> str:
        """The title of the window that has the focus, as the X server has it."""
        return self._xdotool("getwindowfocus", "getwindowname", check=False).strip()

    def _xdotool(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self.tools, capture_output=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0 or not check, done.stderr.decode(errors="replace")
        return done.stdout.decode()

    def terminate(self) -> int:
        """Send SIGTERM and wait. Returns the exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self._close_pipes()

    def close(self) -> None:
        """End it, however it is."""
        end(self.process)
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
