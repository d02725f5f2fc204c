"""The sidebar: grouped, in a steady order, readable without colours, and usable when narrow."""

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from weakref import ref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.state import Reason, Retrying, Unreadable
from keyrack.net.network_errors import Unreachable
from keyrack.ui.theme.palette import Scheme
from keyrack.ui.theme.theme import theme
from keyrack.ui.window.entries.sidebar_entry import AccountEntry
from keyrack.ui.window.sidebar import Sidebar
from tests.ui.harness import ACCOUNTS, WindowHarness, button, make_harness, visible_texts
from tests.ui.painted import PaintedWidgets


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    return made


def order(sidebar: Sidebar) -> list[str]:
    entries = sidebar.findChildren(AccountEntry)
    return [entry.objectName() for entry in sorted(entries, key=lambda entry: entry.y())]


def entry(harness: WindowHarness, id: str) -> AccountEntry:
    found = harness.window.findChild(AccountEntry, f"account:{id}")
    assert found is not None
    return found


def test_accounts_are_grouped_by_exchange_and_keep_their_order(harness: WindowHarness) -> None:
    expected = [f"account:{id}" for id in ("p1", "p2", "b1", "b2", "w1", "w2")]
    assert order(harness.contents.sidebar) == expected
    harness.active("w2")
    harness.signed_out("p1", Reason.REFRESH_REJECTED)
    harness.tick()
    assert order(harness.contents.sidebar) == expected


def test_nothing_of_a_removed_account_is_kept(harness: WindowHarness) -> None:
    """Its state may hold a token."""
    why = Unreachable("whitebit.com", "Keyrack connects directly.")
    account, known = harness.feed("b2", Unreadable(why)), ref(why)
    harness.tick()
    harness.rack.accounts.remove(account)
    harness.tick()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    del account, why
    gc.collect()
    assert known() is None


def test_a_later_account_joins_its_exchange_and_the_others_stay_the_same_widgets(
    harness: WindowHarness, qtbot: QtBot
) -> None:
    before = {id: entry(harness, id) for id in ("p1", "w1")}
    new = Account(replace(ACCOUNTS[0], id="p3", name="Third desk"), Activity([], harness.rack.clock.wall))
    harness.rack.accounts.add(new)
    qtbot.waitUntil(lambda: order(harness.contents.sidebar).index("account:p3") == 2)
    assert all(entry(harness, id) is widget for id, widget in before.items())
    harness.rack.accounts.remove(new)
    assert harness.window.findChild(AccountEntry, "account:p3") is None


def test_time_left_stands_at_the_right_edge_and_state_is_a_word_and_a_shape(harness: WindowHarness) -> None:
    harness.active("w1")
    harness.signed_out("w2", Reason.REFRESH_EXPIRED)
    assert entry(harness, "w1").state.time.text() == "3:41"
    assert entry(harness, "w1").state.time.alignment() & Qt.AlignmentFlag.AlignRight
    assert entry(harness, "w2").state.words.text() == "sign in"
    assert entry(harness, "w1").mark.kind != entry(harness, "w2").mark.kind
    assert entry(harness, "w2").accessibleName() == "Trading EU"
    assert entry(harness, "w2").accessibleDescription() == "Sign in needed"


def test_the_badge_of_the_sandbox_is_permanent(harness: WindowHarness, qtbot: QtBot, tmp_path: Path) -> None:
    for width in (1000, 640):
        harness.window.resize(width, 420)
        assert harness.contents.sidebar.brand.badge.isVisible()
    real = make_harness(tmp_path / "real", sandbox=False)
    qtbot.addWidget(real.window)
    real.window.show()
    assert not real.contents.sidebar.brand.badge.isVisible()
    assert "Sandbox" not in real.window.windowTitle()


async def test_in_the_rail_accounts_of_one_exchange_have_letters_of_their_own(harness: WindowHarness) -> None:
    ids = ("p1", "p2", "b1", "b2", "w1", "w2")
    assert [entry(harness, id).tile.text() for id in ids] == ["PB", "PB", "BP", "BP", "WB", "WB"]
    harness.contents.sidebar.set_narrow(True)
    assert [entry(harness, id).tile.text() for id in ids] == ["MD", "SD", "AR", "AC", "TR", "TE"]
    await harness.rack.rename(harness.account("w2"), "Hedge")
    assert entry(harness, "w2").tile.text() == "HE"
    assert entry(harness, "w2").toolTip() == "Hedge (Ctrl+6)"
    harness.rack.accounts.remove(harness.account("w2"))
    assert entry(harness, "w1").tile.text() == "WB", "it is the only one now"
    harness.contents.sidebar.set_narrow(False)
    assert entry(harness, "b1").tile.text() == "BP"
    assert entry(harness, "b1").toolTip() == "Ctrl+3"


def test_narrow_it_is_a_rail_with_names_in_tooltips(harness: WindowHarness) -> None:
    harness.window.resize(640, 420)
    assert harness.contents.sidebar.width() < 110
    assert "Trading EU" not in visible_texts(harness.contents.sidebar)
    assert entry(harness, "w2").toolTip() == "Trading EU (Ctrl+6)"
    assert entry(harness, "w2").mark.isVisible()
    harness.window.resize(1000, 680)
    assert entry(harness, "w2").name.isVisible()


def test_the_buttons_below_the_list_have_room_for_their_words(harness: WindowHarness, qtbot: QtBot) -> None:
    sidebar = harness.contents.sidebar
    for scheme in ("dark", "light"):
        theme().use(scheme)
        qtbot.waitUntil(lambda: not sidebar.add.text_is_cut and not sidebar.menu.text_is_cut)
    theme().use(None)


def test_a_press_opens_the_pane_and_the_keys_step_through_all(harness: WindowHarness) -> None:
    button(harness, "account:w1").click()
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "w1"
    assert entry(harness, "w1").isChecked()
    button(harness, "overview").click()
    harness.contents.sidebar.step(1)
    assert entry(harness, "p1").isChecked()
    harness.contents.sidebar.step(-1)
    assert harness.contents.sidebar.overview.isChecked()
    assert not entry(harness, "p1").isChecked()


def test_a_screen_reader_hears_of_the_state_and_of_whole_minutes_only(harness: WindowHarness) -> None:
    """It reads out each change of the line that has the focus."""
    harness.active("w1")
    said = []
    for _ in range(100):
        said.append((entry(harness, "w1").accessibleName(), entry(harness, "w1").accessibleDescription()))
        harness.tick()
    assert list(dict.fromkeys(said)) == [("Trading", f"Fresh, {n} minutes left") for n in (4, 3)]
    rings = entry(harness, "w1").mark.ring
    assert not rings.accessibleName()
    assert not rings.accessibleDescription()
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    assert entry(harness, "w1").accessibleDescription() == "Sign in needed"


def focused(harness: WindowHarness) -> str:
    return harness.window.focusWidget().objectName()


def press(harness: WindowHarness, *keys: Qt.Key) -> str:
    """Press keys one after the other, each where the focus is. Returns where the focus is then."""
    for key in keys:
        QTest.keyClick(harness.window.focusWidget(), key)
    return focused(harness)


def test_the_list_is_one_stop_of_tab_and_arrows_move_in_it(harness: WindowHarness) -> None:
    key = Qt.Key
    harness.window.activateWindow()
    harness.contents.sidebar.overview.setFocus(Qt.FocusReason.TabFocusReason)
    assert press(harness, key.Key_Tab) == "add_account"
    assert press(harness, key.Key_Backtab) == "overview"
    assert press(harness, key.Key_Down, key.Key_Down) == "account:p2"
    assert press(harness, key.Key_Tab) == "add_account"
    assert press(harness, key.Key_Backtab) == "account:p2", "where it was left"
    assert press(harness, key.Key_End) == "account:w2"
    assert press(harness, key.Key_Down) == "account:w2"
    assert press(harness, key.Key_Up) == "account:w1"
    assert press(harness, key.Key_Home) == "overview"
    assert press(harness, key.Key_PageDown) == "account:w2"
    assert press(harness, key.Key_PageUp) == "overview"


def test_letters_find_an_account_and_enter_or_space_opens_it(harness: WindowHarness) -> None:
    key, pages = Qt.Key, harness.contents.pages
    harness.window.activateWindow()
    harness.contents.sidebar.overview.setFocus(Qt.FocusReason.TabFocusReason)
    assert press(harness, key.Key_T) == "account:w1"
    assert press(harness, key.Key_T) == "account:w2", "the same letter goes on to the next"
    assert press(harness, key.Key_Home) == "overview"
    assert press(harness, key.Key_Return) == "card:p1", "the focus goes on to the page"
    harness.contents.sidebar.overview.setFocus(Qt.FocusReason.TabFocusReason)
    assert press(harness, key.Key_A, key.Key_R) == "account:b1"
    press(harness, key.Key_Return)
    assert pages.pane is not None
    assert pages.pane.account.id == "b1"
    assert entry(harness, "b1").isChecked()
    entry(harness, "b1").setFocus(Qt.FocusReason.TabFocusReason)
    press(harness, key.Key_Down, key.Key_Space)
    assert pages.pane.account.id == "b2"


def test_a_space_between_two_words_of_a_name_belongs_to_it(harness: WindowHarness) -> None:
    harness.window.activateWindow()
    harness.contents.sidebar.overview.setFocus(Qt.FocusReason.TabFocusReason)
    for letter in "archive by code":
        QTest.keyClicks(harness.window.focusWidget(), letter)
    assert focused(harness) == "account:b2"
    assert harness.contents.page_to_return_to() == ""
    press(harness, Qt.Key.Key_Space)
    assert harness.contents.page_to_return_to() == "b2", "no name goes on with this one"


def test_a_removed_account_gives_the_stop_back(harness: WindowHarness) -> None:
    entry(harness, "w2").setFocus(Qt.FocusReason.TabFocusReason)
    harness.rack.accounts.remove(harness.account("w2"))
    assert harness.contents.sidebar.overview.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_of_many_accounts_a_second_is_shown_only_where_it_is_seen(qtbot: QtBot, tmp_path: Path) -> None:
    made = make_harness(tmp_path, tuple(replace(ACCOUNTS[4], id=f"m{at}", name=f"Desk {at}") for at in range(124)))
    qtbot.addWidget(made.window)
    for account in made.rack.accounts:
        made.active(account.id)
    made.window.show()
    made.contents.pages.add_account()
    made.tick(0)
    below = made.contents.sidebar.list.entries()[-1]
    first, last = entry(made, "m0").state.time, below.state.time
    made.tick(20)
    assert (first.text(), last.text()) == ("3:21", "3:41")
    made.contents.sidebar.list.verticalScrollBar().setValue(below.y())
    assert last.text() == "3:21"


def test_words_stand_below_a_name_and_take_none_of_its_room(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.active("w1")
    why = Unreachable("whitebit.com", "", detail="ConnectError")
    harness.active("w2", Retrying(harness.clock.elapsed + 8, why))
    harness.signed_out("b2", Reason.REFRESH_EXPIRED)
    harness.tick(0)
    timed, others = entry(harness, "w1"), (entry(harness, "w2"), entry(harness, "b2"))
    qtbot.waitUntil(lambda: all(each.state.words.isVisible() and each.state.words.y() > 0 for each in others))
    for each in others:
        assert each.name.width() == timed.name.width()
        assert each.mark.x() == timed.mark.x()
        assert each.state.words.geometry().top() > each.name.geometry().bottom()
        assert not each.name.text_is_cut
        assert not each.state.words.text_is_cut
    harness.active("w2")
    harness.tick(0)
    assert not entry(harness, "w2").state.words.isVisible()
    assert entry(harness, "w2").state.time.text() == "3:41"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("chosen", [False, True])
@pytest.mark.parametrize("hovered", [False, True])
def test_a_time_stands_on_the_colour_of_its_line(
    harness: WindowHarness, scheme: Scheme, *, chosen: bool, hovered: bool
) -> None:
    try:
        theme().use(scheme)
        harness.active("w1")
        line = entry(harness, "w1")
        line.setChecked(chosen)
        line.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, hovered)
        picture = harness.contents.sidebar.grab().toImage()
        corner = line.state.time.mapTo(harness.contents.sidebar, QPoint(0, 0))
        assert picture.pixelColor(corner) == picture.pixelColor(corner - QPoint(0, 2))
    finally:
        theme().use(None)


@pytest.mark.parametrize("changes", ["chosen", "selected", "hovered"])
def test_a_time_is_painted_anew_with_its_line(harness: WindowHarness, qtbot: QtBot, changes: str) -> None:
    """It covers its place, so what Qt paints for the line alone leaves it out."""
    line = entry(harness, "w2")
    seen = PaintedWidgets(line.state.time)
    selection, far = harness.actions.selection, QPoint(1, 1)
    near = line.mapTo(harness.window, QPoint(12, 12))
    QTest.mouseMove(harness.window, far)
    steps: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "chosen": (line.click, harness.contents.sidebar.overview.click),
        "selected": (lambda: selection.toggle("w2"), lambda: selection.toggle("w2")),
        "hovered": (lambda: QTest.mouseMove(harness.window, near), lambda: QTest.mouseMove(harness.window, far)),
    }
    for step in steps[changes]:
        QApplication.processEvents()
        seen.clear()
        step()
        qtbot.waitUntil(lambda: line.state.time in seen)


def test_another_page_paints_only_the_lines_that_it_concerns(harness: WindowHarness, qtbot: QtBot) -> None:
    lines = {id: entry(harness, id) for id in ("p1", "w1", "w2")}
    overview = harness.contents.sidebar.overview
    harness.contents.open("w1")
    QTest.mouseMove(harness.window, QPoint(1, 1))
    QApplication.processEvents()
    seen = PaintedWidgets(overview, *lines.values())
    harness.contents.open("w2")
    qtbot.waitUntil(lambda: lines["w1"] in seen and lines["w2"] in seen)
    assert lines["p1"] not in seen
    assert overview not in seen
