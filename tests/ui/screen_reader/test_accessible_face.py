"""What a screen reader is told of our widgets. tests/desktop/test_screen_reader.py reads the same over the bus."""

import gc
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Reason
from keyrack.ui.overview.account_card import AccountCard
from keyrack.ui.parts.counting_button import CountingButton
from keyrack.ui.screen_reader import accessible_face
from keyrack.ui.widgets.buttons import IconButton, PlainButton
from keyrack.ui.widgets.controls import LargeText, Text
from tests.ui.harness import WindowHarness, button, holdings, make_harness

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


def test_the_entry_of_the_overview_says_whether_that_is_open(harness: WindowHarness) -> None:
    entry = face(harness.contents.sidebar.overview)
    for id, is_open in (("p1", False), ("", True)):
        harness.contents.open(id)
        state = entry.state()
        assert (entry.role(), state.selectable, state.selected) == (Role.ListItem, True, is_open)
        assert not state.expandable
    assert entry.parent().indexOfChild(entry) >= 0


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


@pytest.mark.parametrize("layout", ["cards", "list"])
def test_no_label_of_an_account_tells_of_what_it_counts(harness: WindowHarness, layout: str) -> None:
    """Qt tells of each new text of a label that has no name, also of one that nobody finds in the tree."""
    overview = harness.contents.pages.overview
    button(harness, f"layout_{layout}").click()
    harness.active("w1").show_balances(holdings(harness.clock))
    labels = overview.grid.items["w1"].findChildren(QLabel)
    told = set[tuple[str, ...]]()
    for _ in range(3):
        harness.tick()
        told.add(tuple(label.accessibleName() for label in labels))
    assert len(told) == 1
    assert all(told.pop())


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
    for each in (back, more):
        qtbot.addWidget(each)
    more.setMenu(QMenu(more))
    actions = [face(each).actionInterface().actionNames() for each in (back, more)]
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


async def test_buttons_that_stay_pressed_are_told_for_what_they_are(harness: WindowHarness) -> None:
    head, pages = harness.contents.pages.overview.head, harness.contents.pages
    layouts = [face(head.cards), face(head.list)]
    assert [(each.role(), each.state().checked) for each in layouts] == [
        (Role.RadioButton, True),
        (Role.RadioButton, False),
    ]
    layouts[1].actionInterface().doAction("Toggle")
    assert [each.state().checked for each in layouts] == [False, True]
    pages.toggle_over("help")
    tabs = [face(button(harness, f"over_{which}")) for which in ("help", "keys", "activity", "log", "diagnostics")]
    assert {each.role() for each in tabs} == {Role.PageTab}
    assert tabs[0].parent().role() == Role.PageTabList
    assert [(each.text(Said.Name), each.state().selected) for each in tabs[:2]] == [("Help", True), ("All keys", False)]
    tabs[1].actionInterface().doAction("Press")
    assert button(harness, "over_keys").isChecked()
    pages.toggle_over("keys")
    harness.contents.program.open_preferences()
    link = face(button(harness, "about_libraries"))
    assert (link.role(), link.text(Said.Name)) == (Role.Button, "The libraries in it, and their licences")
    for opened in (True, False):
        link.actionInterface().doAction("Press")
        assert (link.state().expandable, link.state().expanded, link.state().collapsed) == (True, opened, not opened)


def test_the_layouts_are_one_of_two_also_where_somebody_listened_before_they_were_made(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """Qt asks for a button's role once, as soon as it has a name. It is in no group then."""
    QAccessible.setActive(True)
    head = make_harness(tmp_path).contents.pages.overview.head
    layouts = [face(head.cards), face(head.list)]
    assert [(each.role(), each.state().checked) for each in layouts] == [
        (Role.RadioButton, True),
        (Role.RadioButton, False),
    ]


def test_the_buttons_on_cards_and_lines_name_their_account(harness: WindowHarness) -> None:
    for id in ("w1", "w2"):
        harness.signed_out(id, Reason.REFRESH_EXPIRED)
    overview = harness.contents.pages.overview
    for _ in range(2):
        actions = [overview.grid.items[id].action for id in ("w1", "w2")]
        names = [face(action).text(Said.Name) for action in actions if action is not None]
        assert names == ["Sign in: Trading", "Sign in: Trading EU"]
        overview.head.list.click()
    account = harness.account("w2")
    account.configure(replace(account.settings, name="Desk"))
    action = overview.grid.items["w2"].action
    assert action is not None
    assert (action.text(), face(action).text(Said.Name)) == ("Sign in", "Sign in: Desk")


async def test_pages_come_and_go_while_somebody_listens(harness: WindowHarness) -> None:
    QAccessible.setActive(True)
    gc.collect()
    gc.freeze()  # what the tests before left would be looked at a hundred times
    contents, pages = harness.contents, harness.contents.pages
    for _ in range(10):
        for go in (
            pages.add_account,
            pages.lock_passphrase,
            pages.show_connection,
            contents.program.open_preferences,
            partial(pages.toggle_over, "help"),
            partial(pages.toggle_over, "help"),
            contents.arrivals.import_accounts,
            partial(contents.open, "w1"),
            partial(contents.open, "b1"),
            partial(contents.open, ""),
        ):
            go()
            assert out_of_order(contents) == []
            gc.collect()
            QApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def out_of_order(widget: QWidget) -> list[str]:
    """What is read after something that stands below it."""
    spoken, found, before = face(widget), [], list[QAccessibleInterface]()
    for child in (spoken.child(at) for at in range(spoken.childCount())):
        inner = child.object()
        if not isinstance(inner, QWidget) or not inner.isVisible() or inner.rect().isEmpty():
            continue
        box = child.rect()
        found += [
            f"{inner.objectName()} {inner} of {widget}"
            for other in (each.rect() for each in before)
            if box.bottom() < other.top() and box.left() <= other.right() and other.left() <= box.right()
        ]
        before.append(child)
        found += out_of_order(inner)
    return found


async def test_a_page_is_read_from_above(harness: WindowHarness) -> None:
    contents, pages = harness.contents, harness.contents.pages
    harness.active("w1").show_balances(holdings(harness.clock))
    found: dict[str, list[str]] = {}

    def look(page: str) -> None:
        QApplication.processEvents()
        shown = pages.currentWidget()
        assert shown is not None
        found[page] = out_of_order(shown)

    look("cards")
    pages.overview.head.list.click()
    look("list")
    harness.window.resize(640, 420)
    look("small list")
    harness.window.resize(1000, 680)
    look("list again")
    contents.open("w1")
    look("pane")
    harness.window.resize(1700, 900)
    look("wide pane")
    harness.window.resize(1000, 680)
    look("pane again")
    contents.program.open_preferences()
    look("settings")
    for which in ("help", "keys", "activity", "log", "diagnostics"):
        pages.toggle_over(which)
        look(which)
        pages.toggle_over(which)
    for name, go in (
        ("add", pages.add_account),
        ("passphrase", pages.lock_passphrase),
        ("connection", pages.show_connection),
        ("import", pages.import_provider),
        ("moving in", contents.arrivals.import_accounts),
        ("moving out", contents.arrivals.export_accounts),
    ):
        go()
        look(name)
    assert {page: wrong for page, wrong in found.items() if wrong} == {}


def test_a_button_of_qt_is_told_as_qt_tells_it(qtbot: QtBot) -> None:
    """Also where it gets a menu or stays pressed only after somebody asked for it."""
    for made in (PlainButton("Go"), IconButton("back", "Go")):
        qtbot.addWidget(made)
        spoken = face(made)
        assert (spoken.role(), spoken.text(Said.Name)) == (Role.Button, "Go")
        pressed = list[bool]()
        made.clicked.connect(lambda checked, pressed=pressed: pressed.append(checked))
        spoken.actionInterface().doAction("Press")
        made.setCheckable(True)
        assert (spoken.role(), spoken.state().checkable, spoken.state().checked) == (Role.CheckBox, True, False)
        assert spoken.actionInterface().actionNames()[:2] == ["Toggle", "Press"]
        spoken.actionInterface().doAction("Toggle")
        assert (spoken.state().checked, pressed) == (True, [False, True])
        made.setEnabled(False)
        assert spoken.actionInterface().actionNames() == []
        made.setEnabled(True)
        made.setCheckable(False)
        made.setMenu(QMenu(made))
        assert (spoken.role(), spoken.state().hasPopup) == (Role.ButtonMenu, True)
        assert "ShowMenu" in spoken.actionInterface().actionNames()
        assert "Press" not in spoken.actionInterface().actionNames()


async def test_no_button_says_its_name_twice(harness: WindowHarness) -> None:
    """Qt takes the tooltip for a description where there is none."""
    for id in ("w1", "w2"):
        harness.signed_out(id, Reason.REFRESH_EXPIRED)
    contents, pages = harness.contents, harness.contents.pages
    told: dict[str, str] = {}
    for go in (
        partial(harness.window.resize, 640, 420),
        partial(harness.window.resize, 1000, 680),
        partial(contents.open, "w1"),
        pages.add_account,
        contents.program.open_preferences,
        contents.arrivals.import_accounts,
        partial(pages.toggle_over, "help"),
    ):
        go()
        QApplication.processEvents()
        shown = [each for each in harness.window.findChildren(QAbstractButton) if each.isVisible()]
        for each in map(face, shown):
            name, description = each.text(Said.Name), each.text(Said.Description)
            assert not name or (description != name and f"{name} (" not in description), (go, name)
            told[name] = description
    assert told["Menu"] == "Settings, lock, export and import, activity, help"
    assert (told["Add account"], told["Hide amounts"], told["Back"], told["Cards"]) == ("Ctrl+N", "Ctrl+H", "Esc", "")


def test_a_button_with_a_picture_tells_its_key_apart_from_its_name(qtbot: QtBot) -> None:
    for name, told in (("Back (Esc)", ("Back", "Esc")), ("More", ("More", ""))):
        button = IconButton("back", name)
        qtbot.addWidget(button)
        assert (button.toolTip(), face(button).text(Said.Name), face(button).text(Said.Description)) == (name, *told)
