"""Asks the person whether a program may have the token of an account."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.primitives.clock import Clock
from keyrack.primitives.signal import Signal

SECONDS = 34.0
PENDING = 8
QUIET_SECONDS = 60.0

Answer = Literal["once", "always", "no"]
Why = Literal["person", "nobody", "late", "quiet", "full", "over"]


@dataclass(frozen=True, eq=False)
class Question:
    """May this program have the token of this account? `ends` is the moment of `Clock.elapsed` that makes it a no."""

    account: Account
    program: Program
    ends: float


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and who gave it.

    `why` is "person", or for a no without one: "nobody" is there to ask, nobody answered in time ("late"),
    the person refused this program a moment ago ("quiet"), too many questions wait ("full"), or it is "over":
    the account's setting changed, Keyrack was locked or ends.
    """

    answer: Answer
    why: Why


@dataclass(eq=False, slots=True)
class _Wait:
    """A question with those who wait for its answer."""

    question: Question
    reply: asyncio.Future[Reply]
    askers: int = 0
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)


class AccessPrompts:
    """The questions that wait for an answer; `changed` announces each that comes or goes."""

    def __init__(self, clock: Clock, seconds: float = SECONDS) -> None:
        self.changed: Signal[[]] = Signal()
        self._clock = clock
        self._seconds = seconds
        self._waiting: list[_Wait] = []
        self._respondents: list[object] = []
        self._quiet: dict[tuple[str, str, str], float] = {}

    @property
    def pending(self) -> tuple[Question, ...]:
        """The open questions, oldest first."""
        return tuple(wait.question for wait in self._waiting)

    def attach(self) -> Callable[[], None]:
        """Say that somebody can answer from now on; the returned function ends that."""
        respondent = object()
        self._respondents.append(respondent)

        def detach() -> None:
            if respondent in self._respondents:
                self._respondents.remove(respondent)
            if not self._respondents:
                self.settle("no", "nobody")

        return detach

    async def ask(self, account: Account, program: Program) -> Reply:
        """The answer and who gave it: a no at once where nobody can give one, and after 34 s without one.

        Calls of the same program share a question. One that can be allowed for always is the same in each of its
        processes, any other in one alone.
        """
        if not self._respondents:
            return Reply("no", "nobody")
        if self._quiet.get(_subject(account, program), 0.0) > self._clock.elapsed():
            return Reply("no", "quiet")
        wait = self._joined(account, program)
        if wait is None and len(self._waiting) >= PENDING:
            return Reply("no", "full")
        return await self._answered(wait or self._opened(account, program))

    def answer(self, question: Question, answer: Answer) -> None:
        """Answer a question; one that is no longer pending is left alone."""
        wait = next((wait for wait in self._waiting if wait.question is question), None)
        if wait is None:
            return
        if answer == "no":
            self._keep_quiet(question)
        lasting = question.program.lasting
        self._end(wait, Reply("once" if answer == "always" and not lasting else answer, "person"))

    def settle(self, answer: Answer, why: Why, account: Account | None = None) -> None:
        """End every question, or those of one account, because `why` answers them."""
        for wait in tuple(self._waiting):
            if account is None or wait.question.account is account:
                self._end(wait, Reply(answer, why))

    def _joined(self, account: Account, program: Program) -> _Wait | None:
        for wait in self._waiting:
            other = wait.question
            same = other.account is account and _subject(account, other.program) == _subject(account, program)
            # Two without a process number (0) may be anybody, each of them.
            process = program.pid != 0 and other.program.pid == program.pid
            if same and (process or (program.lasting and other.program.lasting)):
                return wait
        return None

    def _opened(self, account: Account, program: Program) -> _Wait:
        loop = asyncio.get_running_loop()
        question = Question(account, program, self._clock.elapsed() + self._seconds)
        wait = _Wait(question, loop.create_future())
        wait.timer = loop.call_later(self._seconds, self._end, wait, Reply("no", "late"))
        self._waiting.append(wait)
        self.changed.emit()
        return wait

    async def _answered(self, wait: _Wait) -> Reply:
        wait.askers += 1
        try:
            # One asker that goes away takes the answer from nobody else.
            return await asyncio.shield(wait.reply)
        finally:
            wait.askers -= 1
            if not wait.askers:
                self._end(wait, Reply("no", "over"))

    def _end(self, wait: _Wait, reply: Reply) -> None:
        if wait not in self._waiting:
            return
        self._waiting.remove(wait)
        if wait.timer is not None:
            wait.timer.cancel()
        wait.reply.set_result(reply)
        self.changed.emit()

    def _keep_quiet(self, question: Question) -> None:
        now = self._clock.elapsed()
        self._quiet = {subject: until for subject, until in self._quiet.items() if until > now}
        self._quiet[_subject(question.account, question.program)] = now + QUIET_SECONDS


def _subject(account: Account, program: Program) -> tuple[str, str, str]:
    return account.id, program.executable, program.script
