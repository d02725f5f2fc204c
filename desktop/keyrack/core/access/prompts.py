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
DENIED_SECONDS = 60.0

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
class _Pending:
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
        self._pending: list[_Pending] = []
        self._respondents: list[object] = []
        self._denied_until: dict[tuple[str, str, str], float] = {}

    @property
    def pending(self) -> tuple[Question, ...]:
        """The open questions, oldest first."""
        return tuple(pending.question for pending in self._pending)

    def add_respondent(self) -> Callable[[], None]:
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
        if self._denied_until.get(_subject(account, program), 0.0) > self._clock.elapsed():
            return Reply("no", "quiet")
        pending = self._shared(account, program)
        if pending is None and len(self._pending) >= PENDING:
            return Reply("no", "full")
        return await self._wait_for_reply(pending or self._open(account, program))

    def answer(self, question: Question, answer: Answer) -> None:
        """Answer a question; one that is no longer pending is left alone."""
        pending = next((pending for pending in self._pending if pending.question is question), None)
        if pending is None:
            return
        if answer == "no":
            self._deny_for_a_while(question)
        lasting = question.program.lasting
        self._end(pending, Reply("once" if answer == "always" and not lasting else answer, "person"))

    def settle(self, answer: Answer, why: Why, account: Account | None = None) -> None:
        """End every question, or those of one account, because `why` answers them."""
        for pending in tuple(self._pending):
            if account is None or pending.question.account is account:
                self._end(pending, Reply(answer, why))

    def _shared(self, account: Account, program: Program) -> _Pending | None:
        for pending in self._pending:
            other = pending.question
            same = other.account is account and _subject(account, other.program) == _subject(account, program)
            # Two without a process number (0) may be anybody, each of them.
            process = program.pid != 0 and other.program.pid == program.pid
            if same and (process or (program.lasting and other.program.lasting)):
                return pending
        return None

    def _open(self, account: Account, program: Program) -> _Pending:
        loop = asyncio.get_running_loop()
        question = Question(account, program, self._clock.elapsed() + self._seconds)
        pending = _Pending(question, loop.create_future())
        pending.timer = loop.call_later(self._seconds, self._end, pending, Reply("no", "late"))
        self._pending.append(pending)
        self.changed.emit()
        return pending

    async def _wait_for_reply(self, pending: _Pending) -> Reply:
        pending.askers += 1
        try:
            # One asker that goes away takes the answer from nobody else.
            return await asyncio.shield(pending.reply)
        finally:
            pending.askers -= 1
            if not pending.askers:
                self._end(pending, Reply("no", "over"))

    def _end(self, pending: _Pending, reply: Reply) -> None:
        if pending not in self._pending:
            return
        self._pending.remove(pending)
        if pending.timer is not None:
            pending.timer.cancel()
        pending.reply.set_result(reply)
        self.changed.emit()

    def _deny_for_a_while(self, question: Question) -> None:
        now = self._clock.elapsed()
        self._denied_until = {subject: until for subject, until in self._denied_until.items() if until > now}
        self._denied_until[_subject(question.account, question.program)] = now + DENIED_SECONDS


def _subject(account: Account, program: Program) -> tuple[str, str, str]:
    return account.id, program.executable, program.script
