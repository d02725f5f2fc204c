"""Asks the person at the agent's terminal whether a program may have a token.

Without a terminal no question can be answered, and the program is refused.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable

from keyrack.core.access.prompts import AccessPrompts, Answer, Question
from keyrack.language.translation import tr
from keyrack.primitives.failure import plain

if sys.platform != "win32":
    import termios

_INPUT = 1024
_WORDS: dict[str, Answer] = {"o": "once", "once": "once", "a": "always", "always": "always", "n": "no", "no": "no"}


class Terminal:
    """Shows one question at a time on the terminal `descriptor`, which is read only while a question is shown."""

    def __init__(self, asking: AccessPrompts, descriptor: int = 0) -> None:
        self._asking = asking
        self._descriptor = descriptor
        self._shown: Question | None = None
        self._disconnects: list[Callable[[], None]] = []

    def begin(self) -> None:
        """Start to answer questions, if the descriptor is a terminal."""
        if sys.platform != "win32" and os.isatty(self._descriptor):
            self._disconnects = [self._asking.add_respondent(), self._asking.changed.connect(self._update)]
            self._update()

    def close(self) -> None:
        """Stop to answer questions."""
        self._hide()
        while self._disconnects:
            self._disconnects.pop()()

    def _update(self) -> None:
        """Show the oldest question. A shown question disappears when it is no longer pending."""
        if self._shown is not None and self._shown not in self._asking.pending:
            self._hide()
            self._write(f"\n{tr('This is no longer asked.')}\n")
        if self._shown is None and self._asking.pending:
            self._show(self._asking.pending[0])

    def _show(self, question: Question) -> None:
        self._shown = question
        if not self._is_foreground():
            self._answer("no")
            return
        # What was typed before the question was shown is no answer to it.
        termios.tcflush(self._descriptor, termios.TCIFLUSH)
        asyncio.get_running_loop().add_reader(self._descriptor, self._read)
        self._write(f"\n{_sentence(question)}\n{_choice(question)} ")

    def _hide(self) -> None:
        if self._shown is not None:
            self._shown = None
            asyncio.get_running_loop().remove_reader(self._descriptor)

    def _read(self) -> None:
        """Read one line, or the terminal's end. A background job may not read, so its answer is no."""
        if self._shown is None:
            return
        if not self._is_foreground():
            self._answer("no")
            return
        try:
            typed = os.read(self._descriptor, _INPUT)
        except OSError:
            typed = b""
        if not typed:
            self._answer("no")
            self.close()
            return
        answer = _WORDS.get(typed.decode(errors="replace").strip().lower())
        if answer is None or (answer == "always" and not self._shown.program.lasting):
            self._write(f"{_choice(self._shown)} ")
        else:
            self._answer(answer)

    def _answer(self, answer: Answer) -> None:
        question = self._shown
        self._hide()
        if question is not None:
            self._asking.answer(question, answer)

    def _is_foreground(self) -> bool:
        """Whether this process is in the terminal's foreground, and not put into the background by the shell."""
        with contextlib.suppress(OSError):
            return os.tcgetpgrp(self._descriptor) == os.getpgrp()
        return False

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self._descriptor, text.encode(errors="replace"))


def _sentence(question: Question) -> str:
    program = question.program
    words, pid, account = program.words, str(program.pid), plain(question.account.settings.name)
    if not program.place:
        return tr("{program} (process {pid}) wants the token of {account}.", program=words, pid=pid, account=account)
    return tr(
        "{program} in {place} (process {pid}) wants the token of {account}.",
        program=words,
        place=program.place,
        pid=pid,
        account=account,
    )


def _choice(question: Question) -> str:
    """The answers. The letters in brackets are what is typed, in every language."""
    if question.program.lasting:
        return tr("[o]nce, [a]lways for this program, [n]o?")
    return tr("[o]nce, [n]o?")
