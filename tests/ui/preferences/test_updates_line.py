"""The lines about updates on the page of the settings: the choice, a look now, and what the last one found."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.preferences.all_settings import LOOK_FOR_UPDATES, TELL_OF_UPDATES
from keyrack.ui.preferences.preferences_page import PreferencesPage
from keyrack.ui.text.amount_text import clock_time
from tests.checkout import ROOT
from tests.core.updates.published import HOST, PATH, Desk
from tests.net.tls_server import answer, serving
from tests.ui.harness import WindowHarness, button, field, in_front, seen, visible_texts
from tests.ui.updates.looking import choose, looking

NAME = "look_for_updates_now"
Looking = tuple[WindowHarness, Desk]


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> Looking:
    return looking(qtbot, tmp_path)


async def opened(harness: WindowHarness) -> PreferencesPage:
    harness.contents.program.open_preferences()
    page = harness.contents.program.settings
    assert page is not None
    await seen(lambda: harness.tasks.idle)
    return page


def result(harness: WindowHarness) -> str:
    (label,) = harness.window.findChildren(QLabel, "updates_result")
    return label.text()


def press(harness: WindowHarness) -> None:
    """Press it by the keyboard."""
    button(harness, NAME).setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button(harness, NAME), Qt.Key.Key_Space)


async def test_it_is_off_and_says_that_nothing_is_published(shown: Looking) -> None:
    harness, _ = shown
    page = await opened(harness)
    (choice,) = page.findChildren(QWidget, f"setting:{LOOK_FOR_UPDATES.name}")
    assert not choice.isChecked()  # type: ignore[attr-defined]
    assert result(harness) == "No release list is published yet, so there is nobody to ask."
    assert [each.isVisible() for each in page.findChildren(QWidget, "updates_command")] == [False]
    press(harness)
    await seen(lambda: "updates_address" in result(harness))


async def test_a_look_is_told_with_its_time_and_the_command(shown: Looking) -> None:
    harness, desk = shown
    async with serving(answer(body=desk.publisher.list()), desk.authority.server(HOST)) as server:
        choose(harness, desk, server.url(PATH, HOST))
        await opened(harness)
        assert result(harness) == "Keyrack has not looked yet."
        press(harness)
        assert result(harness) == "Looking…"
        press(harness)  # once more, which is no second look
        assert harness.window.focusWidget() is button(harness, NAME)
        await seen(lambda: "0.2.0" in result(harness))
        assert server.connections == 1
    news, when, _, how = result(harness).split("\n")
    command = field(harness, "updates_command").text()
    assert news.startswith("Keyrack 0.2.0 came out on 2026-12-01.")
    assert how == "The line below brings it in."
    assert command == f"git -C {ROOT} pull --ff-only"
    assert when == f"The list was read at {clock_time(harness.clock.wall)}."
    assert button(harness, NAME).accessibleDescription().endswith(command)
    assert field(harness, "updates_command").isReadOnly()
    button(harness, "updates_command_copy").click()
    assert QGuiApplication.clipboard().text() == command

    harness.clock.move(3600)
    looked = clock_time(harness.clock.wall - 3600)
    press(harness)  # the server is gone
    await seen(lambda: result(harness).startswith("localhost cannot be reached"))
    harness.contents.pages.show_overview()
    await opened(harness)
    failed, known, when, *_ = result(harness).split("\n")
    assert failed.startswith(f"The look at {clock_time(harness.clock.wall)} failed. localhost cannot be reached.")
    assert known.startswith("Keyrack 0.2.0 came out")
    assert when == f"The list was read at {looked}."


async def test_a_look_by_itself_is_shown_on_an_open_page(shown: Looking) -> None:
    harness, desk = shown
    async with serving(answer(body=desk.publisher.list(releases=[])), desk.authority.server(HOST)) as server:
        choose(harness, desk, server.url(PATH, HOST))
        await opened(harness)
        await harness.rack.updates.look()
        await seen(lambda: result(harness).startswith("Keyrack 0.1.0 is the newest version."))


async def test_a_page_that_is_left_during_a_look_is_no_trouble(shown: Looking) -> None:
    harness, desk = shown
    async with serving(answer(body=desk.publisher.list()), desk.authority.server(HOST)) as server:
        choose(harness, desk, server.url(PATH, HOST))
        await opened(harness)
        press(harness)
        harness.contents.pages.show_overview()
        await seen(lambda: harness.tasks.idle)
        assert server.connections == 1


async def test_a_look_that_was_broken_off_does_not_hide_the_next_one(shown: Looking) -> None:
    harness, desk = shown

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    tls = desk.authority.server(HOST)
    async with serving(silent, tls) as server, serving(answer(body=desk.publisher.list()), tls) as other:
        choose(harness, desk, server.url(PATH, HOST))
        await opened(harness)
        press(harness)
        await seen(lambda: bool(server.heads))
        harness.tasks.cancel("updates_look")
        choose(harness, desk, other.url(PATH, HOST))
        await seen(lambda: harness.tasks.idle)
        await harness.rack.updates.look()
        await seen(lambda: "0.2.0" in result(harness))


async def test_they_are_found_by_their_words(shown: Looking) -> None:
    harness, _ = shown
    page = await opened(harness)
    page.search.setText("newer keyrack")
    said = visible_texts(page)
    assert LOOK_FOR_UPDATES.sentence in said
    assert TELL_OF_UPDATES.sentence in said


def test_the_sandbox_has_none_of_them(qtbot: QtBot, tmp_path: Path) -> None:
    harness = in_front(qtbot, tmp_path)
    harness.contents.program.open_preferences()
    assert not harness.window.findChildren(QWidget, NAME)
    assert TELL_OF_UPDATES.sentence not in visible_texts(harness.window)
