"""The page of all keys shows each shortcut of the window, and each key that it shows does what it says."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.actions.account_menu import AccountMenu
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.balances.table_model import Column
from keyrack.ui.balances.table_view import BalancesTable
from keyrack.ui.keyboard.all_keys import KeyRow, all_keys
from keyrack.ui.keyboard.key_caps import KeyCaps
from keyrack.ui.keyboard.keys_page import KeysPage
from keyrack.ui.parts.over_page import OverPage
from keyrack.ui.preferences.preferences_page import PreferencesPage
from tests.checkout import DESKTOP
from tests.ui.harness import WindowHarness, button, field, holdings, seen, visible_texts
from tests.ui.question_harness import asked, window_with_questions

HELD = {"Ctrl": Qt.KeyboardModifier.ControlModifier, "Shift": Qt.KeyboardModifier.ShiftModifier}
# What a key is called in the sources of the window.
SOURCE_NAMES = {"Escape": "Esc", "PageUp": "PgUp", "PageDown": "PgDown", "Enter": "Return", "Delete": "Del"}
QT_NAMES = {
    ",": "Comma",
    "Esc": "Escape",
    "PgUp": "PageUp",
    "PgDown": "PageDown",
    "/": "Slash",
    "?": "Question",
    "Del": "Delete",
}
ONLY_HELD = {"Shift", "Control", "Alt", "AltGr", "Meta", "Super_L", "Super_R"}


@pytest.fixture
async def harness(qtbot: QtBot, tmp_path: Path) -> AsyncIterator[WindowHarness]:
    async with window_with_questions(qtbot, tmp_path) as made:
        yield made


def press(harness: WindowHarness, keys: str) -> None:
    """Press keys at the window as the screen does, so that they take the whole way through Qt."""
    *held, last = re.split(r"\+(?=.)", keys)
    modifiers = Qt.KeyboardModifier.NoModifier
    for name in held:
        modifiers |= HELD[name]
    QTest.keyClick(harness.window.windowHandle(), Qt.Key[f"Key_{QT_NAMES.get(last, last)}"], modifiers)
    QApplication.processEvents()


def focused(harness: WindowHarness) -> str:
    return harness.window.focusWidget().objectName()


def page(harness: WindowHarness) -> KeysPage:
    harness.contents.pages.toggle_over()
    shown = harness.contents.pages.currentWidget()
    assert isinstance(shown, KeysPage)
    return shown


def test_no_shortcut_of_the_window_is_missing_on_it(harness: WindowHarness) -> None:
    listed = {QKeySequence(keys) for key in all_keys() for keys in key.keys}
    bound = {each.key() for each in harness.window.findChildren(QShortcut)}
    bound |= {each for action in harness.window.findChildren(QAction) for each in action.shortcuts()}
    assert bound
    assert bound <= listed
    shown = page(harness)
    assert len(shown.findChildren(KeyCaps)) == len(all_keys())
    for key in all_keys():
        assert key.sentence in visible_texts(shown)


def test_no_key_that_a_widget_takes_for_itself_is_missing_on_it() -> None:
    listed = {part for key in all_keys() for keys in key.keys for part in keys.split("+")}
    taken: set[str] = set()
    for path in (DESKTOP / "keyrack/ui").rglob("*.py"):
        taken |= set(re.findall(r"Qt\.Key\.Key_(\w+)", path.read_text("utf-8")))
    assert taken
    assert {SOURCE_NAMES.get(name, name) for name in taken - ONLY_HELD} <= listed


def test_keys_are_drawn_as_caps(qtbot: QtBot) -> None:
    def caps(*keys: str) -> list[str]:
        drawn = KeyCaps(keys)
        qtbot.addWidget(drawn)
        return [label.text() for label in drawn.findChildren(QLabel)]

    assert caps("Ctrl+PgDown") == ["Ctrl", "PgDn"]
    assert caps("Up", "Down") == ["↑", "↓"]
    assert caps("Left", "Right") == ["←", "→"]
    assert caps("F1", "Ctrl+?") == ["F1", "Ctrl", "?"]
    assert caps("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4") == ["Ctrl", "1", "…", "4"]


@pytest.mark.parametrize("keys", ["F1", "Ctrl+/", "Ctrl+?"])
def test_it_lies_over_the_page_that_was_open_and_is_left_by_the_same_key_or_esc(
    harness: WindowHarness, keys: str
) -> None:
    pages = harness.contents.pages
    pages.add_account_at("whitebit")
    button(harness, "region:eu").click()
    secret = field(harness, "field_client_secret")
    QTest.keyClicks(secret, "canary-half")
    secret.setFocus()
    for leave in (keys, "Esc"):
        press(harness, keys)
        assert isinstance(pages.currentWidget(), KeysPage)
        press(harness, leave)
        assert isinstance(pages.currentWidget(), AddAccountWizard)
        assert field(harness, "field_client_secret") is secret
        assert secret.text() == "canary-half"
        assert secret.hasFocus()


def test_the_mouse_finds_it_and_leaves_it(harness: WindowHarness) -> None:
    menu = harness.contents.sidebar.menu.menu()
    entry = next(action for action in menu.actions() if action.objectName() == "menu_keys")
    assert entry.text() == "All keys\tF1"
    entry.trigger()
    button(harness, "keys_back").click()
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


def test_what_happened_meanwhile_is_right_on_the_page_below(harness: WindowHarness) -> None:
    pages = harness.contents.pages
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.contents.open("w1")
    page(harness)
    press(harness, "Ctrl+H")
    press(harness, "Esc")
    assert pages.pane is not None
    assert pages.pane.balances.table.private
    page(harness)
    harness.rack.accounts.remove(harness.account("w1"))
    press(harness, "Esc")
    assert pages.currentWidget() is pages.overview


def test_another_page_takes_the_place_of_both(harness: WindowHarness) -> None:
    pages = harness.contents.pages
    harness.contents.open("w1")
    page(harness)
    harness.contents.open("p1")
    assert pages.pane is not None
    assert pages.pane.account.id == "p1"
    assert pages.kept.spare is not None
    assert pages.count() == 3, "the overview, this one, and the pane for the next account"


def test_its_columns_stand_beside_each_other_where_there_is_room(harness: WindowHarness, qtbot: QtBot) -> None:
    shown = page(harness)

    def tops() -> list[int]:
        headings = ("The whole window", "The list of accounts")
        labels = [label for label in shown.findChildren(QLabel) if label.text() in headings]
        return [label.mapTo(shown, label.rect().topLeft()).y() for label in labels]

    qtbot.waitUntil(lambda: len(set(tops())) == 1)
    harness.window.resize(640, 420)
    qtbot.waitUntil(lambda: len(set(tops())) == 2)
    before = tops()[0]
    press(harness, "PgDown")
    qtbot.waitUntil(lambda: tops()[0] < before)


def test_in_little_room_keys_stand_below_their_sentence_and_stick_out_nowhere(qtbot: QtBot) -> None:
    shown = KeysPage()
    qtbot.addWidget(shown)
    shown.resize(270, 400)
    shown.show()
    caps = {each.accessibleName(): each for each in shown.findChildren(KeyCaps)}

    def sentence_of(keys: KeyCaps) -> QLabel:
        row = keys.parentWidget()
        assert row is not None
        return next(label for label in row.findChildren(QLabel) if label.wordWrap())

    longest = caps["F1, Ctrl+/, Ctrl+?"]
    qtbot.waitUntil(lambda: sentence_of(longest).geometry().bottom() < longest.y())
    assert sentence_of(caps["F11"]).geometry().right() < caps["F11"].x()
    for each in caps.values():
        assert each.mapTo(shown, each.rect().topRight()).x() < shown.width()


Check = Callable[[WindowHarness, KeyRow], Awaitable[None]]


async def shows_preferences(harness: WindowHarness, key: KeyRow) -> None:
    press(harness, key.keys[0])
    assert isinstance(harness.contents.pages.currentWidget(), PreferencesPage)


async def adds(harness: WindowHarness, key: KeyRow) -> None:
    press(harness, key.keys[0])
    assert isinstance(harness.contents.pages.currentWidget(), AddAccountWizard)
    button(harness, "provider:whitebit").click()
    press(harness, key.keys[0])
    assert button(harness, "provider:whitebit").isVisible()


async def shows_keys(harness: WindowHarness, key: KeyRow) -> None:
    press(harness, key.keys[0])
    assert isinstance(harness.contents.pages.currentWidget(), KeysPage)


async def shows_another(harness: WindowHarness, key: KeyRow) -> None:
    press(harness, key.keys[0])
    shown = harness.contents.pages.currentWidget()
    assert isinstance(shown, OverPage)
    assert shown.which == key.does
    press(harness, key.keys[0])
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


async def finds(harness: WindowHarness, key: KeyRow) -> None:
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.contents.open("w1")
    press(harness, key.keys[0])
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.balances.search.hasFocus()


async def goes_round(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.sidebar.overview.setFocus()
    await asked(harness)
    contents = harness.contents
    order: list[QWidget] = [contents.pages, contents.question, contents.sidebar]
    for part in order if key.does == "next_part" else [*reversed(order[:2]), order[2]]:
        press(harness, key.keys[0])
        assert part.isAncestorOf(harness.window.focusWidget()), part


async def leaves(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.pages.add_account()
    press(harness, key.keys[0])
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


async def hides(harness: WindowHarness, key: KeyRow) -> None:
    press(harness, key.keys[0])
    assert harness.contents.pages.privacy.on


async def takes_what_is_on_the_clipboard(harness: WindowHarness, key: KeyRow) -> None:
    QApplication.clipboard().setText("sample-id:canary")
    press(harness, key.keys[0])
    await seen(lambda: "Found id and secret." in visible_texts(harness.window))


async def locks(harness: WindowHarness, key: KeyRow) -> None:
    press(harness, key.keys[0])
    assert harness.rack.lock.locked


async def undoes(harness: WindowHarness, key: KeyRow) -> None:
    harness.tasks.start("remove", harness.rack.removals.remove, harness.account("w1"))
    await seen(lambda: harness.rack.accounts.find("w1") is None)
    press(harness, key.keys[0])
    assert harness.rack.accounts.find("w1") is not None
    await seen(lambda: harness.tasks.idle)


async def fills_the_screen(harness: WindowHarness, key: KeyRow) -> None:
    press(harness, key.keys[0])
    assert harness.window.isFullScreen()
    press(harness, key.keys[0])
    assert not harness.window.isFullScreen()


async def closes(harness: WindowHarness, key: KeyRow) -> None:
    press(harness, key.keys[0])
    assert harness.window.isMinimized()


async def quits(harness: WindowHarness, key: KeyRow) -> None:
    asked_to: list[bool] = []
    harness.window.quit_asked.connect(lambda: asked_to.append(True))
    press(harness, key.keys[0])
    assert asked_to == [True]


async def copies(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.open("w1")
    press(harness, key.keys[0])
    await seen(lambda: QGuiApplication.clipboard().text() == "canary-access-token")
    harness.clipboard.clear()


async def refreshes(harness: WindowHarness, key: KeyRow) -> None:
    renewed: list[str] = []
    harness.actions.refresh = lambda account: renewed.append(account.id)  # type: ignore[method-assign]
    harness.contents.open("w1")
    press(harness, key.keys[0])
    harness.contents.open("")
    press(harness, key.keys[0])
    assert renewed == ["w1", *harness.rack.accounts.ids()]


async def opens_each(harness: WindowHarness, key: KeyRow) -> None:
    entries = harness.contents.sidebar.list.entries()
    for keys, entry in zip(key.keys, entries, strict=False):
        press(harness, keys)
        assert harness.contents.pages.pane is not None
        assert harness.contents.pages.pane.account.id == entry.id
        assert entry.toolTip() == keys
    press(harness, key.keys[-1])
    assert harness.contents.notice.banner.text.text() == "The list has no account with the number 9."


async def steps(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.open("p2")
    press(harness, key.keys[0])
    assert harness.contents.pages.pane is not None
    assert harness.contents.pages.pane.account.id == ("b1" if key.does == "next" else "p1")


async def moves_in_the_list(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.sidebar.overview.setFocus()
    press(harness, key.keys[1])
    assert focused(harness).startswith("account:")
    press(harness, key.keys[0])
    assert focused(harness) == "overview"


async def goes_to_the_ends(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.sidebar.overview.setFocus()
    press(harness, key.keys[1])
    assert focused(harness) == "account:w2"
    press(harness, key.keys[0])
    assert focused(harness) == "overview"


async def finds_by_letters(harness: WindowHarness, key: KeyRow) -> None:
    for letter, id in (("A", "b1"), ("M", "p1"), ("T", "w1")):
        assert letter in key.keys
        harness.contents.sidebar.overview.setFocus()
        await asyncio.sleep(0)
        press(harness, letter)
        assert focused(harness) == f"account:{id}"
        press(harness, "Home")  # another search begins


async def opens_the_entry(harness: WindowHarness, key: KeyRow) -> None:
    for keys, entry in zip(key.keys, harness.contents.sidebar.list.entries(), strict=False):
        entry.setFocus()
        press(harness, keys)
        assert harness.contents.pages.pane is not None
        assert harness.contents.pages.pane.account.id == entry.id


async def chooses_rows(harness: WindowHarness, key: KeyRow) -> None:
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.contents.open("w1")
    assert harness.contents.pages.pane is not None
    table = harness.contents.pages.pane.balances.table
    table.setFocus()
    table.selectRow(1)
    press(harness, key.keys[0])
    assert table.currentIndex().row() == 0
    press(harness, key.keys[1])
    assert table.currentIndex().row() == 1


async def balances_of(harness: WindowHarness) -> BalancesTable:
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.contents.open("w1")
    assert harness.contents.pages.pane is not None
    harness.contents.pages.pane.balances.table.setFocus()
    return harness.contents.pages.pane.balances.table


async def goes_to_the_ends_of_the_rows(harness: WindowHarness, key: KeyRow) -> None:
    table = await balances_of(harness)
    press(harness, key.keys[1])
    assert table.currentIndex().row() == table.proxy.rowCount() - 1
    press(harness, key.keys[0])
    assert table.currentIndex().row() == 0


async def sorts(harness: WindowHarness, key: KeyRow) -> None:
    header = (await balances_of(harness)).horizontalHeader()
    press(harness, key.keys[1])
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (Column.PLACE, Qt.SortOrder.AscendingOrder)
    press(harness, key.keys[1])
    assert header.sortIndicatorSection() == Column.AVAILABLE
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    press(harness, key.keys[0])
    press(harness, key.keys[0])
    press(harness, key.keys[0])
    assert header.sortIndicatorSection() == Column.ASSET, "there is none before it"


async def turns_the_order(harness: WindowHarness, key: KeyRow) -> None:
    table = await balances_of(harness)
    first = table.proxy.index(0, 0).data()
    table.selectRow(2)
    press(harness, key.keys[0])
    assert table.proxy.index(table.proxy.rowCount() - 1, 0).data() == first
    assert table.currentIndex().row() == 0
    press(harness, key.keys[1])
    assert table.proxy.index(0, 0).data() == first


async def goes_to_the_next_control(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.pages.lock_passphrase()
    assert focused(harness) == "passphrase_new"
    press(harness, key.keys[0])
    assert focused(harness) != "passphrase_new"
    press(harness, key.keys[1])
    assert focused(harness) == "passphrase_new"


async def sends(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.open("w1")
    assert harness.contents.pages.pane is not None
    harness.contents.pages.pane.open_form("rename")
    field(harness, "field_name").setText("Desk")
    press(harness, key.keys[0])
    await seen(lambda: harness.account("w1").settings.name == "Desk")


async def ticks(harness: WindowHarness, key: KeyRow) -> None:
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.contents.open("w1")
    assert harness.contents.pages.pane is not None
    zeros: QCheckBox = harness.contents.pages.pane.balances.zeros
    zeros.setFocus()
    press(harness, key.keys[0])
    assert zeros.isChecked()


async def takes_another(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.pages.show_connection()
    first = focused(harness)
    press(harness, key.keys[1])
    assert focused(harness) != first
    press(harness, key.keys[0])
    assert focused(harness) == first
    assert button(harness, first).isChecked()


async def moves_the_account(harness: WindowHarness, key: KeyRow) -> None:
    up = key.does == "move_up"
    harness.contents.open("p2" if up else "p1")
    press(harness, key.keys[0])
    assert harness.rack.arrangement.ids()[:2] == ("p2", "p1")


async def selects_all(harness: WindowHarness, key: KeyRow) -> None:
    on_card(harness, "p1")
    press(harness, key.keys[0])
    assert len(harness.actions.selection) == len(harness.rack.accounts)


async def selects_the_entry(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.sidebar.list.entries()[0].setFocus()
    for count in (1, 0):
        press(harness, key.keys[0])
        assert len(harness.actions.selection) == count


async def selects_a_range(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.sidebar.list.entries()[0].setFocus()
    press(harness, key.keys[1])
    assert [each.id for each in harness.actions.selection.accounts()] == ["p1", "p2"]
    assert focused(harness) == "account:p2"
    press(harness, key.keys[0])
    assert [each.id for each in harness.actions.selection.accounts()] == ["p1"]


async def asks_to_remove(harness: WindowHarness, key: KeyRow) -> None:
    harness.contents.sidebar.list.entries()[0].setFocus()
    press(harness, key.keys[0])
    assert "Remove “Main desk”?" in visible_texts(harness.window)
    harness.contents.open("")
    harness.contents.sidebar.list.entries()[0].setFocus()
    press(harness, "Ctrl+A")
    press(harness, key.keys[0])
    assert "Remove 6 accounts?" in visible_texts(harness.window)
    assert focused(harness) == "selection_cancel"


async def opens_the_menu(harness: WindowHarness, key: KeyRow) -> None:
    on_card(harness, "p1")
    press(harness, key.keys[0])
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, AccountMenu)
    menu.close()


def on_card(harness: WindowHarness, id: str) -> None:
    harness.contents.pages.show_overview()
    harness.contents.pages.overview.grid.enter(id)
    assert focused(harness) == f"card:{id}"


async def goes_among_the_cards(harness: WindowHarness, key: KeyRow) -> None:
    on_card(harness, "p1")
    press(harness, key.keys[1])
    assert focused(harness) != "card:p1"
    press(harness, key.keys[0])
    assert focused(harness) == "card:p1"


async def goes_to_the_first_and_last_card(harness: WindowHarness, key: KeyRow) -> None:
    on_card(harness, "p2")
    press(harness, key.keys[1])
    assert focused(harness) == "card:w2"
    press(harness, key.keys[0])
    assert focused(harness) == "card:p1"


async def finds_what_is_typed(harness: WindowHarness, key: KeyRow) -> None:
    on_card(harness, "p1")
    for letter in ("A", "R", "C"):
        assert letter in key.keys
        press(harness, letter)
    assert harness.contents.pages.overview.grid.ids == ("b1", "b2")
    assert field(harness, "find_account").text().lower() == "arc"
    press(harness, "Esc")
    on_card(harness, "p1")
    press(harness, "Ctrl+X")
    assert focused(harness) == "card:p1"


async def opens_the_card(harness: WindowHarness, key: KeyRow) -> None:
    for keys in key.keys:
        on_card(harness, "w1")
        press(harness, keys)
        assert harness.contents.pages.pane is not None
        assert harness.contents.pages.pane.account.id == "w1"


CHECKS: dict[tuple[str, str], Check] = {
    ("window", "Ctrl+N"): adds,
    ("window", "Ctrl+Z"): undoes,
    ("window", "F1"): shows_keys,
    ("window", "Ctrl+,"): shows_preferences,
    ("window", "Shift+F1"): shows_another,
    ("window", "Ctrl+Shift+A"): shows_another,
    ("window", "Ctrl+Shift+D"): shows_another,
    ("window", "Ctrl+F"): finds,
    ("window", "F6"): goes_round,
    ("window", "Shift+F6"): goes_round,
    ("window", "Esc"): leaves,
    ("window", "Shift+F10"): opens_the_menu,
    ("window", "Ctrl+H"): hides,
    ("window", "Ctrl+V"): takes_what_is_on_the_clipboard,
    ("window", "Ctrl+L"): locks,
    ("window", "F11"): fills_the_screen,
    ("window", "Ctrl+W"): closes,
    ("window", "Ctrl+Q"): quits,
    ("account", "Ctrl+C"): copies,
    ("account", "F5"): refreshes,
    ("list", "Ctrl+1"): opens_each,
    ("list", "Ctrl+PgDown"): steps,
    ("list", "Ctrl+PgUp"): steps,
    ("selection", "Ctrl+A"): selects_all,
    ("selection", "Ctrl+Space"): selects_the_entry,
    ("selection", "Shift+Up"): selects_a_range,
    ("selection", "Del"): asks_to_remove,
    ("list", "Up"): moves_in_the_list,
    ("list", "PgUp"): moves_in_the_list,
    ("list", "Home"): goes_to_the_ends,
    ("list", "A"): finds_by_letters,
    ("list", "Return"): opens_the_entry,
    ("list", "Ctrl+Shift+Up"): moves_the_account,
    ("list", "Ctrl+Shift+Down"): moves_the_account,
    ("overview", "Up"): goes_among_the_cards,
    ("overview", "Left"): goes_among_the_cards,
    ("overview", "Home"): goes_to_the_first_and_last_card,
    ("overview", "Return"): opens_the_card,
    ("overview", "A"): finds_what_is_typed,
    ("balances", "Up"): chooses_rows,
    ("balances", "Home"): goes_to_the_ends_of_the_rows,
    ("balances", "Left"): sorts,
    ("balances", "Return"): turns_the_order,
    ("forms", "Tab"): goes_to_the_next_control,
    ("forms", "Return"): sends,
    ("forms", "Space"): ticks,
    ("forms", "Up"): takes_another,
}


@pytest.mark.parametrize("key", all_keys(), ids=lambda key: f"{key.place}-{key.keys[0]}")
async def test_no_key_on_it_is_dead(harness: WindowHarness, key: KeyRow) -> None:
    await CHECKS[key.place, key.keys[0]](harness, key)
