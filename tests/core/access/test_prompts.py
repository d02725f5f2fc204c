"""The question whether a program may have a token: who waits, who is asked, and when the answer is no."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from keyrack.core.access.program import UNKNOWN, Program
from keyrack.core.access.prompts import DENIED_SECONDS, PENDING, SECONDS, AccessPrompts, Question, Reply
from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from tests.clock import FakeClock
from tests.until import until

pytestmark = pytest.mark.security("S92")
BOT = Program(4711, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)
CURL = Program(4712, "/usr/bin/curl", "", lasting=False)


def account(id: str = "a1") -> Account:
    return Account(Settings(id, id, "p", "r", "client_credentials", "c"), Activity([], lambda: 0.0))


class PromptsFixture:
    """Asking with a clock that a test moves."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.clock = FakeClock.running()
        self.asking = AccessPrompts(self.clock.clock, seconds)
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
async def prompting() -> AsyncIterator[PromptsFixture]:
    made = PromptsFixture()
    yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)
    assert made.asking.pending == ()


@pytest.mark.parametrize("answer", ["once", "always", "no"])
async def test_the_answer_reaches_the_program(prompting: PromptsFixture, answer: str) -> None:
    asked = prompting.ask(of := account(), BOT)
    question = await prompting.question()
    assert (question.account, question.program) == (of, BOT)
    assert 30 < question.ends - time.monotonic() <= SECONDS
    assert prompting.changes == 1
    prompting.asking.answer(question, answer)  # type: ignore[arg-type]
    assert await asked == Reply(answer, "person")  # type: ignore[arg-type]
    assert (prompting.asking.pending, prompting.changes) == ((), 2)
    prompting.asking.answer(question, "always")
    assert prompting.changes == 2


async def test_where_nobody_can_answer_the_answer_is_no_at_once() -> None:
    asking = AccessPrompts(FakeClock.running().clock)
    assert await asking.ask(account(), BOT) == Reply("no", "nobody")
    asking.add_respondent()()
    assert await asking.ask(account(), BOT) == Reply("no", "nobody")


async def test_who_could_answer_and_goes_leaves_a_no(prompting: PromptsFixture) -> None:
    second = prompting.asking.add_respondent()
    asked = prompting.ask(account(), BOT)
    await prompting.question()
    second()
    second()
    assert prompting.asking.pending != ()
    prompting.detach()
    assert await asked == Reply("no", "nobody")


async def test_who_nobody_knows_is_told_so() -> None:
    assert UNKNOWN.words == "an unknown program"
    assert Program(1, "", "", lasting=False, called="cr\u202eon").words == "a program that calls itself “cr on”"


async def test_without_an_answer_in_time_it_is_no_and_the_next_call_asks_again() -> None:
    prompting, one = PromptsFixture(0.05), account()
    assert await prompting.asking.ask(one, BOT) == Reply("no", "late")
    assert prompting.asking.pending == ()
    assert await prompting.asking.ask(one, BOT) == Reply("no", "late")


async def test_calls_of_one_program_share_a_question(prompting: PromptsFixture) -> None:
    one, other = account(), account("b2")
    sisters = [prompting.ask(one, BOT), prompting.ask(one, Program(4799, BOT.executable, BOT.script, lasting=True))]
    question = await prompting.question()
    others = [prompting.ask(other, BOT), prompting.ask(one, Program(4711, BOT.executable, "/srv/b.py", lasting=True))]
    await prompting.question(3)
    prompting.asking.answer(question, "once")
    assert [(await asked).answer for asked in sisters] == ["once", "once"]
    assert not any(asked.done() for asked in others)


async def test_what_is_allowed_once_at_a_time_is_asked_for_each_process(prompting: PromptsFixture) -> None:
    """Two calls of curl may come from different callers."""
    one = account()
    first, again = prompting.ask(one, CURL), prompting.ask(one, CURL)
    other = prompting.ask(one, Program(4713, "/usr/bin/curl", "", lasting=False))
    await prompting.question(2)
    prompting.asking.answer(prompting.asking.pending[0], "always")
    assert [(await asked).answer for asked in (first, again)] == ["once", "once"]
    assert not other.done()


async def test_two_that_nobody_can_tell_apart_do_not_share_an_answer(prompting: PromptsFixture) -> None:
    one = account()
    first, other = prompting.ask(one, UNKNOWN), prompting.ask(one, UNKNOWN)
    await prompting.question(2)
    prompting.asking.answer(prompting.asking.pending[0], "once")
    assert (await first).answer == "once"
    assert not other.done()


async def test_after_a_no_the_program_is_refused_for_a_minute_without_a_question(prompting: PromptsFixture) -> None:
    one = account()
    asked = prompting.ask(one, CURL)
    prompting.asking.answer(await prompting.question(), "no")
    await asked
    assert await prompting.asking.ask(one, Program(9, "/usr/bin/curl", "", lasting=False)) == Reply("no", "quiet")
    prompting.clock.move(DENIED_SECONDS - 1)
    assert (await prompting.asking.ask(one, CURL)).why == "quiet"
    assert prompting.changes == 2
    elsewhere, another = prompting.ask(account("b2"), CURL), prompting.ask(one, BOT)
    await prompting.question(2)
    prompting.clock.move(2)
    again = prompting.ask(one, CURL)
    await prompting.question(3)
    assert not any(task.done() for task in (elsewhere, another, again))


async def test_at_most_eight_questions_wait(prompting: PromptsFixture) -> None:
    one = account()
    for number in range(PENDING):
        prompting.ask(one, Program(number, f"/bin/p{number}", "", lasting=True))
    await prompting.question(PENDING)
    assert await prompting.asking.ask(one, BOT) == Reply("no", "full")
    joined = prompting.ask(one, Program(0, "/bin/p0", "", lasting=True))
    await asyncio.sleep(0)
    prompting.asking.answer(prompting.asking.pending[0], "once")
    assert (await joined).answer == "once"


async def test_a_program_that_goes_away_takes_its_question_with_it(prompting: PromptsFixture) -> None:
    one = account()
    first, second = prompting.ask(one, BOT), prompting.ask(one, BOT)
    await prompting.question()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert [question.program for question in prompting.asking.pending] == [BOT]
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    assert not prompting.asking.pending
    assert prompting.changes == 2
    third = prompting.ask(one, BOT)
    prompting.asking.answer(await prompting.question(), "once")
    assert (await third).answer == "once"


async def test_questions_of_one_account_can_be_settled(prompting: PromptsFixture) -> None:
    one, other = account(), account("b2")
    asked, elsewhere = prompting.ask(one, BOT), prompting.ask(other, UNKNOWN)
    await prompting.question(2)
    prompting.asking.settle("once", "over", one)
    assert await asked == Reply("once", "over")
    prompting.asking.settle("no", "over")
    assert await elsewhere == Reply("no", "over")
    assert (await asyncio.gather(prompting.ask(one, BOT), _answer(prompting)))[0].answer == "once"


async def _answer(prompting: PromptsFixture) -> None:
    prompting.asking.answer(await prompting.question(), "once")
