"""What a screen reader is told of our widgets. tests/desktop/test_screen_reader.py reads the same over the bus."""

import gc
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Reason
from keyrack.ui.overview.account_card import AccountCard
from keyrack.ui.parts.counting_button import CountingButton
from keyrack.ui.screen_reader import accessible_face
from keyrack.ui.widgets.buttons import IconButton, PlainButton
from keyrack.ui.widgets.controls import LargeText, Text
from tests.ui.harness import WindowHarness, make_harness

Role, Said = QAccessible.Role, QAccessible.Text


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    accessible_face.install()


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    return made


def face(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def test_the_accounts_are_items_of_one_list_of_which_one_is_chosen(harness: WindowHarness) -> None:
    listed = face(harness.contents.sidebar.list)
    assert (listed.role(), listed.text(Said.Name)) == (Role.List, "Accounts")
    lines = [listed.child(at) for at in range(listed.childCount())]
    said = [(line.role(), line.text(Said.Name)) for line in lines]
    assert said[:3] == [
        (Role.StaticText, "ProBit"),
        (Role.ListItem, "Main desk"),
        (Role.ListItem, "Seoul desk"),
    ]
    assert [listed.indexOfChild(line) for line in lines] == list(range(len(lines)))
    item = lines[1]
    assert (item.childCount(), item.parent().role(), item.state().selected) == (0, Role.List, False)
    item.actionInterface().doAction("Press")
    assert harness.contents.pages.pane is not None
    assert item.state().selected


def test_those_that_are_selected_say_so_in_the_sidebar_on_cards_and_in_the_list(harness: WindowHarness) -> None:
    harness.contents.open("p2")
    entries = {entry.id: face(entry) for entry in harness.contents.sidebar.list.entries()}
    assert [id for id, each in entries.items() if each.state().selected] == ["p2"], "the one that is open"
    harness.contents.pages.show_overview()
    harness.actions.selection.choose(("p1", "w1"))
    overview = harness.contents.pages.overview
    for _ in range(2):
        items = {id: face(item) for id, item in overview.grid.items.items()}
        for faces in (entries, items):
            assert [id for id, each in faces.items() if each.state().selected] == ["p1", "w1"]
            assert all(each.state().multiSelectable for each in faces.values())
        assert items["p1"].text(Said.Description).startswith("Selected. ")
        assert not items["b1"].text(Said.Description).startswith("Selected. ")
        overview.head.list.click()
    harness.actions.selection.clear()
    assert not any(each.state().selectable for each in map(face, overview.grid.items.values()))
    harness.contents.open("p2")
    assert [id for id, each in entries.items() if each.state().selected] == ["p2"]


def test_a_card_is_pressed_as_a_whole_and_only_controls_stand_below_it(harness: WindowHarness) -> None:
    card = harness.contents.pages.overview.cards["w1"]
    spoken = face(card)
    assert (spoken.role(), spoken.text(Said.Name), spoken.childCount()) == (Role.Button, "Trading", 0)
    button = PlainButton("Copy", parent=card)
    button.show()
    assert [spoken.child(at).text(Said.Name) for at in range(spoken.childCount())] == ["Copy"]
    spoken.actionInterface().doAction("Press")
    assert harness.contents.pages.pane is not None


def test_a_minute_is_told_once_for_an_account(harness: WindowHarness) -> None:
    """By the line of the sidebar, and not by the card as well."""
    harness.active("w1")
    card, told = harness.contents.pages.overview.cards["w1"], set()
    for _ in range(120):
        harness.tick()
        told.add((card.accessibleName(), card.accessibleDescription()))
    assert told == {("Trading", "Fresh")}
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    assert card.accessibleDescription() == "Sign in needed"


def test_titles_are_headings_and_amounts_are_none(qtbot: QtBot) -> None:
    title, amount, label = Text("Overview", "title"), LargeText("12", "title"), Text("Words")
    for widget in (title, amount, label):
        qtbot.addWidget(widget)
    assert [face(widget).role() for widget in (title, amount, label)] == [
        Role.Heading,
        Role.StaticText,
        Role.StaticText,
    ]
    assert [face(widget).text(Said.Name) for widget in (title, amount, label)] == ["Overview", "12", "Words"]
    title.setText("Accounts")
    assert face(title).text(Said.Name) == "Accounts"


def test_what_was_told_of_a_widget_goes_with_it(harness: WindowHarness) -> None:
    account = harness.account("w1")
    for _ in range(50):
        card = AccountCard(account, harness.actions)
        assert face(card).role() == Role.Button
        del card
        gc.collect()


def test_a_tool_button_can_be_pressed_with_and_without_a_menu(qtbot: QtBot) -> None:
    back, more = IconButton("back", "Back"), IconButton("more", "More")
    for button in (back, more):
        qtbot.addWidget(button)
    more.setMenu(QMenu(more))
    actions = [face(button).actionInterface().actionNames() for button in (back, more)]
    assert ["Press" in actions[0], "ShowMenu" in actions[1]] == [True, True]


def test_a_button_that_counts_shows_each_second_and_tells_none(qtbot: QtBot) -> None:
    button = CountingButton("Copy token")
    qtbot.addWidget(button)
    button.count("Copied, clears in 2 s", "Copied, clears in 30 s")
    first = button.grab().toImage()
    button.count("Copied, clears in 1 s", "Copied, clears in 30 s")
    assert button.grab().toImage() != first
    assert (button.text(), face(button).text(Said.Name)) == ("Copied, clears in 1 s", "Copied, clears in 30 s")
    button.setText("Copy token")
    assert (button.text(), face(button).text(Said.Name)) == ("Copy token", "Copy token")
