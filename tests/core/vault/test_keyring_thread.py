"""The keyring's thread: one call at a time, deadlines, and no old write that is made late."""

import asyncio
import threading
import time

import pytest

from keyrack.core.vault.keyring_thread import PROMPTED_SECONDS, UNATTENDED_SECONDS, KeyringCall, KeyringThread
from keyrack.core.vault.vault_errors import Asking, Dismissed, Missing, Stuck


def test_the_deadlines_are_the_documented_ones() -> None:
    assert (UNATTENDED_SECONDS, PROMPTED_SECONDS) == (5, 120)
    thread = KeyringThread()
    assert (thread.unattended, thread.prompted) == (5, 120)


@pytest.mark.security("S59")
async def test_calls_run_one_at_a_time_off_the_loops_thread() -> None:
    thread = KeyringThread()
    busy = threading.Lock()
    seen: list[tuple[int, str]] = []

    def work(number: int) -> int:
        assert busy.acquire(blocking=False), "two calls at once"
        time.sleep(0.002)
        seen.append((number, threading.current_thread().name))
        busy.release()
        return number

    got = await asyncio.gather(*(thread.run(lambda _, n=n: work(n)) for n in range(20)))  # type: ignore[misc]
    assert got == list(range(20))
    assert seen == [(n, "keyring") for n in range(20)]
    assert next(t for t in threading.enumerate() if t.name == "keyring").daemon
    await thread.close()


@pytest.mark.security("S59")
async def test_after_a_deadline_nothing_starts_until_the_late_call_came_back() -> None:
    thread = KeyringThread(unattended=0.05)
    back = threading.Event()
    written: list[str] = []

    def stuck_write(call: KeyringCall) -> None:
        back.wait(20)
        call.raise_if_abandoned()
        written.append("old")

    with pytest.raises(Stuck):
        await thread.run(stuck_write)
    with pytest.raises(Stuck):
        await thread.run(lambda _: written.append("given up while it waited"))
    assert written == []
    newer = asyncio.create_task(thread.run(lambda _: written.append("new")))
    await asyncio.sleep(0)
    back.set()
    await newer
    assert written == ["new"], "an old generation must not land late"
    await thread.close()


@pytest.mark.security("S59")
async def test_the_loop_answers_at_once_while_a_call_is_stuck() -> None:
    thread = KeyringThread(unattended=0.3)
    back = threading.Event()
    stuck = asyncio.create_task(thread.run(lambda _: back.wait(20)))
    longest, last = 0.0, time.monotonic()
    while not stuck.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    back.set()
    assert longest < 1
    with pytest.raises(Stuck):
        await stuck
    await thread.close()


@pytest.mark.security("S60")
async def test_while_the_keyrings_question_is_open_others_hear_that_it_asks() -> None:
    thread = KeyringThread(unattended=0.05)
    asking, answered = threading.Event(), threading.Event()

    def asks(call: KeyringCall) -> str:
        call.prompt_open = True
        asking.set()
        answered.wait(20)
        call.prompt_open = False
        return "unlocked"

    prompted = asyncio.create_task(thread.run(asks, prompt=True))
    await asyncio.to_thread(asking.wait, 10)
    with pytest.raises(Asking):
        await thread.run(lambda _: None)
    answered.set()
    assert await prompted == "unlocked"
    await thread.close()


async def test_one_dismissed_question_answers_for_all_that_waited() -> None:
    thread = KeyringThread()
    asked = 0

    def asks(_: KeyringCall) -> None:
        nonlocal asked
        asked += 1
        time.sleep(0.02)
        raise Dismissed

    results = await asyncio.gather(*(thread.run(asks, prompt=True) for _ in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [Dismissed] * 5
    assert asked == 1
    with pytest.raises(Dismissed):
        await thread.run(asks, prompt=True)
    assert asked == 2, "pressing the button again asks again"
    await thread.close()


async def test_errors_of_any_kind_come_out_as_vault_failures() -> None:
    thread = KeyringThread()

    def broken(_: KeyringCall) -> None:
        raise FileNotFoundError(2, "No such file")

    with pytest.raises(Exception, match="lost"):
        await thread.run(broken)

    def missing(_: KeyringCall) -> None:
        raise Missing

    with pytest.raises(Missing):
        await thread.run(missing)
    await thread.close()


@pytest.mark.security("S59")
def test_a_loop_that_has_closed_does_not_break_the_thread() -> None:
    thread = KeyringThread(unattended=0.05)
    back, done = threading.Event(), threading.Event()

    def late(_: KeyringCall) -> None:
        back.wait(20)

    async def first() -> None:
        with pytest.raises(Stuck):
            await thread.run(late)

    asyncio.run(first())
    back.set()

    async def second() -> int:
        return await thread.run(lambda _: 7)

    assert asyncio.run(second()) == 7
    asyncio.run(thread.close())
    done.set()


@pytest.mark.security("S59")
async def test_a_lasting_call_is_made_although_nobody_waits_any_more() -> None:
    thread = KeyringThread(unattended=0.05)
    back, made = threading.Event(), threading.Event()
    with pytest.raises(Stuck):
        await thread.run(lambda _: back.wait(20))

    def lasting(call: KeyringCall) -> None:
        call.raise_if_abandoned()
        made.set()

    with pytest.raises(Stuck):
        await thread.run(lasting, lasting=True)
    back.set()
    assert await asyncio.to_thread(made.wait, 20)
    await thread.close()


async def test_a_cancelled_caller_does_not_undo_its_write() -> None:
    thread = KeyringThread()
    go, written = threading.Event(), threading.Event()

    def write(_: KeyringCall) -> None:
        go.wait(20)
        written.set()

    task = asyncio.create_task(thread.run(write))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go.set()
    await thread.run(lambda _: None)
    assert written.is_set()
    await thread.close()


async def test_closing_lets_waiting_writes_be_done_and_takes_no_more() -> None:
    thread = KeyringThread()
    written: list[int] = []
    tasks = [asyncio.create_task(thread.run(lambda _, n=n: written.append(n))) for n in range(5)]  # type: ignore[misc]
    await asyncio.sleep(0)
    await thread.close()
    await asyncio.gather(*tasks)
    assert written == list(range(5))
    with pytest.raises(Stuck):
        await thread.run(lambda _: None)
    await thread.close()


async def test_closing_does_not_wait_for_a_stuck_call() -> None:
    thread = KeyringThread(unattended=0.05)
    back = threading.Event()
    with pytest.raises(Stuck):
        await thread.run(lambda _: back.wait(30))
    began = time.monotonic()
    await thread.close()
    assert time.monotonic() - began < 3
    back.set()
