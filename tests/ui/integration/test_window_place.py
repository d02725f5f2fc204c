"""The window fits its screen, and is where it was at its last use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.system.window_note import WindowNote, WindowNotes
from keyrack.ui.integration.window_place import WindowPlace
from keyrack.ui.theme.theme import theme
from keyrack.ui.window.main_window import LEAST, MainWindow
from tests.ui.harness import WindowHarness, make_harness


@pytest.fixture
def harness(tmp_path: Path) -> WindowHarness:
    return make_harness(tmp_path)


def opened(qtbot: QtBot, folder: Path) -> MainWindow:
    """A window as the next start makes it."""
    window = MainWindow(place=WindowPlace(WindowNotes(folder)))
    qtbot.addWidget(window)
    window.show()
    return window


def pane_of(harness: WindowHarness) -> str:
    """The account whose pane is open, "" for none."""
    pane = harness.contents.pages.pane
    return pane.account.id if pane is not None else ""


def left(qtbot: QtBot, folder: Path, page: str = "") -> None:
    """A window that was moved, used and left."""
    window = opened(qtbot, folder)
    window.setGeometry(40, 50, 700, 500)
    WindowPlace(WindowNotes(folder)).keep(window, page)
    window.close()


def test_it_is_no_larger_than_its_screen(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    assert (room.width(), room.height()) == (800, 800), "the made-up screen is smaller than the usual window"
    assert room.width() - 20 <= window.width() < room.width()
    assert window.height() == 680


@pytest.fixture
def large_text(qapp: QApplication) -> Iterator[None]:
    font = QFont(qapp.font())
    font.setPixelSize(26)
    theme().use_font(font, QSize(800, 800))
    yield
    font.setPixelSize(13)
    theme().use_font(font, QSize(800, 800))


@pytest.mark.usefixtures("large_text")
def test_with_large_text_it_grows_as_far_as_the_screen(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    assert room.width() - 20 <= window.width() < room.width()
    assert room.height() - 60 <= window.height() < room.height()


@pytest.mark.usefixtures("large_text")
def test_with_large_text_it_can_be_made_as_small_as_with_any_other(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(100, 100)
    assert (window.width(), window.height()) == LEAST


def test_size_and_place_are_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    left(qtbot, tmp_path)
    again = opened(qtbot, tmp_path)
    assert again.geometry().getRect() == (40, 50, 700, 500)


def test_a_maximised_window_comes_back_maximised_and_shrinks_to_where_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    window = opened(qtbot, tmp_path)
    window.setGeometry(40, 50, 700, 500)
    window.showMaximized()
    WindowPlace(WindowNotes(tmp_path)).keep(window, "")
    again = opened(qtbot, tmp_path)
    assert again.windowState() & Qt.WindowState.WindowMaximized
    again.showNormal()
    assert (again.width(), again.height()) == (700, 500)


def test_a_place_off_every_screen_is_brought_back(qtbot: QtBot, tmp_path: Path) -> None:
    window = opened(qtbot, tmp_path)
    window.setGeometry(5000, 4000, 700, 500)
    WindowPlace(WindowNotes(tmp_path)).keep(window, "")
    again = opened(qtbot, tmp_path)
    assert again.screen().availableGeometry().contains(again.geometry())


def test_a_place_that_was_kept_for_a_smaller_window_is_on_the_screen_with_the_least_one(
    qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(qtbot, tmp_path)
    window.setMinimumSize(1, 1)
    window.setGeometry(300, 430, 480, 320)
    WindowPlace(WindowNotes(tmp_path)).keep(window, "")
    again = opened(qtbot, tmp_path)
    assert (again.width(), again.height()) == LEAST
    assert again.screen().availableGeometry().contains(again.geometry())


@pytest.mark.parametrize("geometry", ["", "AAAA", "!", "\udcff"])
def test_a_place_that_makes_no_sense_is_the_usual_one(qtbot: QtBot, tmp_path: Path, geometry: str) -> None:
    notes = WindowNotes(tmp_path)
    notes.save(WindowNote(geometry))
    window = opened(qtbot, tmp_path)
    assert window.height() == 680
    assert window.screen().availableGeometry().contains(window.mapToGlobal(QPoint(0, 0)))


def test_the_window_notes_it_when_it_is_hidden_and_opens_its_page_again(qtbot: QtBot, tmp_path: Path) -> None:
    place = WindowPlace(WindowNotes(tmp_path / "state"))
    first = make_harness(tmp_path, place=place)
    first.window.show()
    first.contents.open("w1")
    first.window.hide()
    assert WindowNotes(tmp_path / "state").load().page == "w1"
    second = make_harness(tmp_path, place=WindowPlace(WindowNotes(tmp_path / "state")))
    assert pane_of(second) == "w1"


def test_the_page_of_an_account_that_is_gone_is_the_overview(qtbot: QtBot, tmp_path: Path) -> None:
    WindowNotes(tmp_path / "state").save(WindowNote("", "gone"))
    harness = make_harness(tmp_path, place=WindowPlace(WindowNotes(tmp_path / "state")))
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


async def test_a_locked_window_keeps_its_page_for_later(harness: WindowHarness) -> None:
    await harness.rack.lock.load()
    harness.contents.open("b1")
    harness.rack.lock.lock(by_hand=True)
    assert harness.contents.page_to_return_to() == "b1"
    harness.contents.return_to("w1")
    assert harness.contents.page_to_return_to() == "w1"
    assert pane_of(harness) == ""
    harness.rack.lock.unlock_by_press()
    assert pane_of(harness) == "w1"
