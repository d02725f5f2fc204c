"""Asks the person at the agent's terminal whether a program may have a token; without a terminal nobody is there."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable

from keyrack.core.access.prompts import AccessPrompts, Answer, Question
from keyrack.primitives.failure import plain

if sys.platform != "win32":
    import termios

_INPUT = 1024
_WORDS: dict[str, Answer] = {"o": "once", "once": "once", "a": "always", "always": "always", "n": "no", "no": "no"}


class Terminal:
    """One question at a time on the terminal `descriptor`, which is read only while a question stands there."""

    def __init__(self, asking: AccessPrompts, descriptor: int = 0) -> None:
        self._asking = asking
        self._descriptor = descriptor
        self._shown: Question | None = None
        self._endings: list[Callable[[], None]] = []

    def begin(self) -> None:
        """Be there for questions, if this is a terminal."""
        if sys.platform != "win32" and os.isatty(self._descriptor):
            self._endings = [self._asking.add_respondent(), self._asking.changed.connect(self._look)]
            self._look()

    def close(self) -> None:
        """Be there no longer."""
        self._hide()
        while self._endings:
            self._endings.pop()()

    def _look(self) -> None:
        """Show the oldest question; one that is shown goes when it is no longer pending."""
        if self._shown is not None and self._shown not in self._asking.pending:
            self._hide()
            self._write("\nThis is no longer asked.\n")
        if self._shown is None and self._asking.pending:
            self._show(self._asking.pending[0])

    def _show(self, question: Question) -> None:
        self._shown = question
        if not self._is_ours():
            self._say("no")
            return
        # What was typed before the question stood there was no answer to it.
        termios.tcflush(self._descriptor, termios.TCIFLUSH)
        asyncio.get_running_loop().add_reader(self._descriptor, self._read)
        self._write(f"\n{_sentence(question)}\n{_choice(question)} ")

    def _hide(self) -> None:
        if self._shown is not None:
            self._shown = None
            asyncio.get_running_loop().remove_reader(self._descriptor)

    def _read(self) -> None:
        """One line, or the terminal's end; a background job may not read and answers no."""
        if self._shown is None:
            return
        if not self._is_ours():
            self._say("no")
            return
        try:
            typed = os.read(self._descriptor, _INPUT)
        except OSError:
            typed = b""
        if not typed:
            self._say("no")
            self.close()
            return
        answer = _WORDS.get(typed.decode(errors="replace").strip().lower())
        if answer is None or (answer == "always" and not self._shown.program.lasting):
            self._write(f"{_choice(self._shown)} ")
        else:
            self._say(answer)

    def _say(self, answer: Answer) -> None:
        question = self._shown
        self._hide()
        if question is not None:
            self._asking.answer(question, answer)

    def _is_ours(self) -> bool:
        """Whether the terminal listens to us, and not to the shell that put us into the background."""
        with contextlib.suppress(OSError):
            return os.tcgetpgrp(self._descriptor) == os.getpgrp()
        return False

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self._descriptor, text.encode(errors="replace"))


def _sentence(question: Question) -> str:
    program = question.program
    place = f" in {program.place}" if program.place else ""
    name = plain(question.account.settings.name)
    return f"{program.words}{place} (process {program.pid}) wants the token of {name}."


def _choice(question: Question) -> str:
    always = ", [a]lways for this program" if question.program.lasting else ""
    return f"[o]nce{always}, [n]o?"
