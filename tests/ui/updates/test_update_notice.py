"""A newer Keyrack is told once, in the window, when its person can read it."""

import contextlib
import math
import os
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.core.preferences.all_settings import LOOK_FOR_UPDATES, TELL_OF_UPDATES
from keyrack.core.updates.seen_lists import NAME
from keyrack.ui.preferences.effective_choices import EffectiveChoices
from keyrack.ui.updates.update_notice import UpdateNotice
from tests.core.updates.published import HOST, PATH, RELEASE, Desk
from tests.net.tls_server import answer, serving
from tests.ui.harness import WindowHarness, seen, visible_texts
from tests.ui.updates.looking import choose, looking

Looking = tuple[WindowHarness, Desk]
TOLD = "Keyrack 0.2.0 came out on 2026-12-01. This one is 0.1.0. An invented change."


@pytest.fixture
async def shown(qtbot: QtBot, tmp_path: Path) -> AsyncGenerator[Looking]:
    """A window that was told of a list, which is there."""
    harness, desk = looking(qtbot, tmp_path)
    async with serving(answer(body=desk.publisher.list()), desk.authority.server(HOST)) as server:
        choose(harness, desk, server.url(PATH, HOST))
        yield harness, desk


def notices(harness: WindowHarness) -> str:
    """What is told over the page, "" for nothing."""
    return visible_texts(harness.contents.notice)


def begin(harness: WindowHarness) -> UpdateNotice:
    """What a start makes."""
    return UpdateNotice(
        harness.window,
        harness.actions,
        EffectiveChoices(harness.rack.preferences, harness.actions.snooze, harness.window),
    )


async def idle(harness: WindowHarness) -> None:
    await seen(lambda: harness.tasks.idle)


async def begun(pipe: Path) -> int:
    """What writes to a pipe, once somebody reads from it."""
    found: list[int] = []

    def opened() -> bool:
        with contextlib.suppress(OSError):  # nobody reads yet
            found.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        return bool(found)

    await seen(opened)
    return found[0]


async def test_it_is_told_once_for_each_version(shown: Looking) -> None:
    harness, desk = shown
    notice = begin(harness)
    await idle(harness)
    assert not notices(harness)
    await harness.rack.updates.look()
    await seen(lambda: bool(notices(harness)))
    assert TOLD in notices(harness)
    assert "The settings, at “About Keyrack”, say how to get it." in notices(harness)
    await idle(harness)
    harness.contents.notice.hide()
    notice.look()
    await idle(harness)
    begin(harness)
    await idle(harness)
    assert not notices(harness)

    later = desk.publisher.list(2, releases=[RELEASE, {**RELEASE, "version": "0.3.0"}])
    async with serving(answer(body=later), desk.authority.server(HOST)) as server:
        choose(harness, desk, server.url(PATH, HOST))
        await harness.rack.updates.look()
        await seen(lambda: bool(notices(harness)))
    assert "Keyrack 0.3.0 came out on" in notices(harness)


async def test_a_start_tells_what_an_earlier_run_found(shown: Looking) -> None:
    harness, _ = shown
    await harness.rack.updates.look()
    begin(harness)
    await seen(lambda: bool(notices(harness)))


async def test_a_hidden_window_tells_when_it_is_shown(shown: Looking) -> None:
    harness, _ = shown
    harness.window.hide()
    begin(harness)
    await harness.rack.updates.look()
    await idle(harness)
    assert await harness.rack.updates.untold() is not None
    harness.window.show()
    await seen(lambda: bool(notices(harness)))


async def test_a_hidden_window_tells_nothing_once_the_look_was_switched_off(shown: Looking) -> None:
    harness, _ = shown
    harness.window.hide()
    begin(harness)
    await harness.rack.updates.look()
    await idle(harness)
    harness.rack.preferences.choose(LOOK_FOR_UPDATES, False)
    harness.window.show()
    await idle(harness)
    assert not notices(harness)
    assert harness.rack.preferences.value(TELL_OF_UPDATES)


async def test_a_look_that_ends_while_the_last_one_is_read_is_told(shown: Looking) -> None:
    """The note that is read is a pipe, so that the reading ends when the test wants it to."""
    harness, desk = shown
    await harness.rack.updates.look()
    note = desk.folder / "state" / NAME
    later = note.rename(note.with_name("later"))
    os.mkfifo(note)
    begin(harness)
    pipe = await begun(note)
    later.replace(note)
    harness.rack.updates.changed.emit()
    assert not harness.tasks.idle
    os.write(pipe, b"{}")
    os.close(pipe)
    await seen(lambda: bool(notices(harness)))


async def test_a_locked_window_tells_when_it_is_unlocked(shown: Looking) -> None:
    harness, _ = shown
    await harness.rack.lock.load()
    begin(harness)
    harness.rack.lock.lock(by_hand=True)
    await harness.rack.updates.look()
    await idle(harness)
    assert not notices(harness)
    harness.rack.lock.unlock_by_press()
    await seen(lambda: bool(notices(harness)))


async def test_it_waits_while_notices_are_kept_back(shown: Looking) -> None:
    harness, _ = shown
    harness.actions.snooze.begin(60)
    begin(harness)
    await harness.rack.updates.look()
    await idle(harness)
    assert not notices(harness)
    harness.actions.snooze.end()
    await seen(lambda: bool(notices(harness)))


async def test_a_person_who_wants_none_gets_none(shown: Looking) -> None:
    harness, _ = shown
    harness.rack.preferences.choose(TELL_OF_UPDATES, False)
    begin(harness)
    await harness.rack.updates.look()
    await idle(harness)
    assert not notices(harness)
    assert EffectiveChoices(harness.rack.preferences, harness.actions.snooze).quiet_for(TELL_OF_UPDATES) == math.inf
    harness.rack.preferences.choose(TELL_OF_UPDATES, True)
    await seen(lambda: bool(notices(harness)))
