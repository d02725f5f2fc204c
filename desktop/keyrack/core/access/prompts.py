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
    """May this program have the token of this account? At `ends`, a moment of `Clock.elapsed`, the answer is no."""

    account: Account
    program: Program
    ends: float


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and its reason.

    `why` is "person" for an answer of the person. A no without one has one of these reasons:
    "nobody": no window or terminal can ask.
    "late": there was no answer in time.
    "quiet": the person refused this program a moment ago.
    "full": too many questions are open.
    "over": the account's setting changed, or Keyrack was locked or ends.
    """

    answer: Answer
    why: Why


@dataclass(eq=False, slots=True)
class _Pending:
    """An open question and the number of its callers."""

    question: Question
    reply: asyncio.Future[Reply]
    askers: int = 0
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)


class AccessPrompts:
    """The open questions. `changed` announces that one was added or removed."""

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
        """Register a window or terminal that can ask the person. The returned function removes it."""
        respondent = object()
        self._respondents.append(respondent)

        def detach() -> None:
            if respondent in self._respondents:
                self._respondents.remove(respondent)
            if not self._respondents:
                self.settle("no", "nobody")

        return detach

    async def ask(self, account: Account, program: Program) -> Reply:
        """The person's answer. It is no at once without a respondent, and after 34 s without an answer.

        Calls of the same program share a question. A program that can always be allowed is the same in each of its
        processes. Any other program is the same only within one process.
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
        """Answer a question. It has no effect on a question that is no longer open."""
        pending = next((pending for pending in self._pending if pending.question is question), None)
        if pending is None:
            return
        if answer == "no":
            self._deny_for_a_while(question)
        lasting = question.program.lasting
        self._end(pending, Reply("once" if answer == "always" and not lasting else answer, "person"))

    def settle(self, answer: Answer, why: Why, account: Account | None = None) -> None:
        """Give every open question, or those of one account, this answer for the reason `why`."""
        for pending in tuple(self._pending):
            if account is None or pending.question.account is account:
                self._end(pending, Reply(answer, why))

    def _shared(self, account: Account, program: Program) -> _Pending | None:
        for pending in self._pending:
            other = pending.question
            same = other.account is account and _subject(account, other.program) == _subject(account, program)
            # Two without a process number (0) may be two different programs.
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
            # A caller that is cancelled does not cancel the reply of the others.
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
