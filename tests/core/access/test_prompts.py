"""The question whether a program may have a token: who waits, who is asked, and when it is a no."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from keyrack.core.access.program import UNKNOWN, Program
from keyrack.core.access.prompts import DENIED_SECONDS, PENDING, SECONDS, AccessPrompts, Question, Reply
from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from keyrack.primitives.clock import Clock
from tests.until import until

pytestmark = pytest.mark.security("S92")
BOT = Program(4711, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)
CURL = Program(4712, "/usr/bin/curl", "", lasting=False)


def account(id: str = "a1") -> Account:
    return Account(Settings(id, id, "p", "r", "client_credentials", "c"), Activity([], lambda: 0.0))


class Room:
    """Asking with a clock that a test moves."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.forward = 0.0
        self.asking = AccessPrompts(Clock(lambda: time.monotonic() + self.forward, time.time), seconds)
        self.detach = self.asking.add_respondent()
        self.changes = 0
        self.asking.changed.connect(self._count)
        self.tasks: list[asyncio.Task[Reply]] = []

    def _count(self) -> None:
        self.changes += 1

    def ask(self, of: Account, program: Program) -> asyncio.Task[Reply]:
        task = asyncio.create_task(self.asking.ask(of, program))
        self.tasks.append(task)
        return task

    async def question(self, count: int = 1) -> Question:
        await until(lambda: len(self.asking.pending) == count)
        return self.asking.pending[-1]


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    made = Room()
    yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)
    assert made.asking.pending == ()


@pytest.mark.parametrize("answer", ["once", "always", "no"])
async def test_the_answer_reaches_the_program(room: Room, answer: str) -> None:
    asked = room.ask(of := account(), BOT)
    question = await room.question()
    assert (question.account, question.program) == (of, BOT)
    assert 30 < question.ends - time.monotonic() <= SECONDS
    assert room.changes == 1
    room.asking.answer(question, answer)  # type: ignore[arg-type]
    assert await asked == Reply(answer, "person")  # type: ignore[arg-type]
    assert (room.asking.pending, room.changes) == ((), 2)
    room.asking.answer(question, "always")
    assert room.changes == 2


async def test_where_nobody_can_answer_the_answer_is_no_at_once() -> None:
    asking = AccessPrompts(Clock())
    assert await asking.ask(account(), BOT) == Reply("no", "nobody")
    asking.add_respondent()()
    assert await asking.ask(account(), BOT) == Reply("no", "nobody")


async def test_who_could_answer_and_goes_leaves_a_no(room: Room) -> None:
    second = room.asking.add_respondent()
    asked = room.ask(account(), BOT)
    await room.question()
    second()
    second()
    assert room.asking.pending != ()
    room.detach()
    assert await asked == Reply("no", "nobody")


async def test_who_nobody_knows_is_told_so() -> None:
    assert UNKNOWN.words == "an unknown program"
    assert Program(1, "", "", lasting=False, called="cr\u202eon").words == "a program that calls itself “cr on”"


async def test_without_an_answer_in_time_it_is_no_and_the_next_call_asks_again() -> None:
    room, one = Room(0.05), account()
    assert await room.asking.ask(one, BOT) == Reply("no", "late")
    assert room.asking.pending == ()
    assert await room.asking.ask(one, BOT) == Reply("no", "late")


async def test_calls_of_one_program_share_a_question(room: Room) -> None:
    one, other = account(), account("b2")
    sisters = [room.ask(one, BOT), room.ask(one, Program(4799, BOT.executable, BOT.script, lasting=True))]
    question = await room.question()
    others = [room.ask(other, BOT), room.ask(one, Program(4711, BOT.executable, "/srv/b.py", lasting=True))]
    await room.question(3)
    room.asking.answer(question, "once")
    assert [(await asked).answer for asked in sisters] == ["once", "once"]
    assert not any(asked.done() for asked in others)


async def test_what_is_allowed_once_at_a_time_is_asked_for_each_process(room: Room) -> None:
    """Nobody knows whether two calls of curl come from the same hand."""
    one = account()
    first, again = room.ask(one, CURL), room.ask(one, CURL)
    other = room.ask(one, Program(4713, "/usr/bin/curl", "", lasting=False))
    await room.question(2)
    room.asking.answer(room.asking.pending[0], "always")
    assert [(await asked).answer for asked in (first, again)] == ["once", "once"]
    assert not other.done()


async def test_two_that_nobody_can_tell_apart_do_not_share_an_answer(room: Room) -> None:
    one = account()
    first, other = room.ask(one, UNKNOWN), room.ask(one, UNKNOWN)
    await room.question(2)
    room.asking.answer(room.asking.pending[0], "once")
    assert (await first).answer == "once"
    assert not other.done()


async def test_after_a_no_the_program_is_refused_for_a_minute_without_a_question(room: Room) -> None:
    one = account()
    asked = room.ask(one, CURL)
    room.asking.answer(await room.question(), "no")
    await asked
    assert await room.asking.ask(one, Program(9, "/usr/bin/curl", "", lasting=False)) == Reply("no", "quiet")
    room.forward = DENIED_SECONDS - 1
    assert (await room.asking.ask(one, CURL)).why == "quiet"
    assert room.changes == 2
    elsewhere, another = room.ask(account("b2"), CURL), room.ask(one, BOT)
    await room.question(2)
    room.forward = DENIED_SECONDS + 1
    again = room.ask(one, CURL)
    await room.question(3)
    assert not any(task.done() for task in (elsewhere, another, again))


async def test_at_most_eight_questions_wait(room: Room) -> None:
    one = account()
    for number in range(PENDING):
        room.ask(one, Program(number, f"/bin/p{number}", "", lasting=True))
    await room.question(PENDING)
    assert await room.asking.ask(one, BOT) == Reply("no", "full")
    joined = room.ask(one, Program(0, "/bin/p0", "", lasting=True))
    await asyncio.sleep(0)
    room.asking.answer(room.asking.pending[0], "once")
    assert (await joined).answer == "once"


async def test_a_program_that_goes_away_takes_its_question_with_it(room: Room) -> None:
    one = account()
    first, second = room.ask(one, BOT), room.ask(one, BOT)
    await room.question()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert [question.program for question in room.asking.pending] == [BOT]
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    assert not room.asking.pending
    assert room.changes == 2
    third = room.ask(one, BOT)
    room.asking.answer(await room.question(), "once")
    assert (await third).answer == "once"


async def test_questions_of_one_account_can_be_settled(room: Room) -> None:
    one, other = account(), account("b2")
    asked, elsewhere = room.ask(one, BOT), room.ask(other, UNKNOWN)
    await room.question(2)
    room.asking.settle("once", "over", one)
    assert await asked == Reply("once", "over")
    room.asking.settle("no", "over")
    assert await elsewhere == Reply("no", "over")
    assert (await asyncio.gather(room.ask(one, BOT), _answer(room)))[0].answer == "once"


async def _answer(room: Room) -> None:
    room.asking.answer(await room.question(), "once")
