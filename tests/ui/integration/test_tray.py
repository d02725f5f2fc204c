"""The tray: what it says, what its menu does, and when it may be relied on."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QDateTime, QEvent, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from keyrack.ui.integration.snooze import Snooze
from keyrack.ui.integration.snooze_menu import SnoozeMenu
from keyrack.ui.integration.tray import CHECK_EVERY_MS, CHECKS, LATE_CHECKS, SLOWER, Tray
from keyrack.ui.integration.tray_menu import FLAT, TrayEntry
from keyrack.ui.text.summary_text import counted
from tests.clock import FakeClock


class Source:
    """Accounts that a test can change."""

    def __init__(self) -> None:
        self.all = [
            TrayEntry("1", "Main", "ready", "3:41"),
            TrayEntry("2", "R&D <b>bot</b>", "needs_login", "", group="needs"),
            TrayEntry("3", "Old", "closed", "", group="closed"),
        ]

    def entries(self) -> list[TrayEntry]:
        return self.all

    def entries_now(self) -> list[TrayEntry]:
        return self.all


class Desktop:
    """A desktop with or without a tray. It counts how often it was checked for one."""

    def __init__(self, *, there: bool) -> None:
        self.there = there
        self.looks = 0

    def __call__(self) -> bool:
        self.looks += 1
        return self.there


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def tray(source: Source, qapp: QApplication) -> Iterator[Tray]:
    tray = Tray(source, counted, Desktop(there=True))
    yield tray
    tray.stop()


def opened(tray: Tray) -> dict[str, QAction]:
    tray.menu.aboutToShow.emit()
    return {action.text(): action for action in tray.menu.actions() if action.text()}


def state(tray: Tray) -> str | None:
    return tray.state


def icon(tray: Tray) -> QSystemTrayIcon:
    found = tray.findChild(QSystemTrayIcon)
    assert found is not None
    return found


def below(action: QAction) -> dict[str, QAction]:
    menu = action.menu()
    assert isinstance(menu, QMenu)
    return {entry.text(): entry for entry in menu.actions()}


def test_each_account_has_its_verbs(tray: Tray, qtbot: QtBot) -> None:
    actions = opened(tray)
    assert list(actions) == [
        "Main · 3:41",
        "R&&D <b>bot</b>",
        "Old",
        "Refresh all",
        "Hide amounts",
        "Lock",
        "Open Keyrack",
        "Settings…",
        "Quit",
    ]
    verbs = {"Copy token": tray.copy, "Refresh now": tray.refresh, "Sign in again": tray.sign_in, "Open": tray.show}
    for text, signal in verbs.items():
        with qtbot.waitSignal(signal) as told:
            below(actions["Main · 3:41"])[text].trigger()
        assert told.args == ["1"]
    plain_ones = (("Refresh all", tray.refresh_all), ("Lock", tray.lock_pressed))
    for text, plain in (*plain_ones, ("Open Keyrack", tray.open), ("Settings…", tray.settings), ("Quit", tray.quit)):
        with qtbot.waitSignal(plain):
            actions[text].trigger()


def test_what_cannot_be_done_is_not_offered(tray: Tray) -> None:
    actions = opened(tray)
    offered = {
        name: {text for text, entry in below(actions[name]).items() if entry.isEnabled()}
        for name in ("R&&D <b>bot</b>", "Old")
    }
    assert offered["R&&D <b>bot</b>"] == {"Sign in again", "Open"}
    assert offered["Old"] == {"Open"}, "what is wrong with it stands on its page"
    tray.set_locked(True)
    assert not any(entry.isEnabled() for entry in below(actions["Old"]).values())


def test_entries_are_renamed_when_the_menu_is_about_to_show(tray: Tray, source: Source) -> None:
    """lxqt-panel does not open a menu whose entries are replaced then."""
    before = opened(tray)
    source.all = [replace(source.all[0], left="3:40", status="needs_login"), *source.all[1:]]
    after = opened(tray)
    assert after["Main · 3:40"] is before["Main · 3:41"]
    offered = {text for text, entry in below(after["Main · 3:40"]).items() if entry.isEnabled()}
    assert offered == {"Sign in again", "Open"}
    assert list(after.values()) == list(before.values())


def test_new_accounts_wait_until_the_menu_is_closed(
    tray: Tray, source: Source, qapp: QApplication, qtbot: QtBot
) -> None:
    opened(tray)
    source.all = [TrayEntry("4", "New", "ready", "9:59"), TrayEntry("1", "Main", "ready", "3:40")]
    tray.update()
    assert "New · 9:59" not in [action.text() for action in tray.menu.actions()]
    assert "Old" in [action.text() for action in tray.menu.actions()]
    tray.menu.aboutToHide.emit()
    qtbot.waitUntil(lambda: [action.text() for action in tray.menu.actions()][:2] == ["New · 9:59", "Main · 3:40"])
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert len(tray.menu.findChildren(QMenu)) == 2, "old submenus are given up"


def test_a_panel_that_never_says_that_it_closed_the_menu_gets_the_accounts_in_the_end(
    tray: Tray, source: Source, qtbot: QtBot
) -> None:
    opened(tray)
    source.all = [TrayEntry("4", "New", "ready", "")]
    tray.update()
    timer = tray.menu.findChild(QTimer)
    assert timer is not None
    assert timer.isActive()
    timer.timeout.emit()
    qtbot.waitUntil(lambda: tray.menu.actions()[0].text() == "New")


def test_a_choice_in_the_menu_closes_it(tray: Tray, source: Source, qtbot: QtBot) -> None:
    """xfce4-panel says nothing when its menu closes."""
    entries = opened(tray)
    source.all = [TrayEntry("4", "New", "ready", "")]
    tray.update()
    entries["Refresh all"].trigger()
    qtbot.waitUntil(lambda: tray.menu.actions()[0].text() == "New")


def test_a_closed_menu_follows_the_accounts_and_leaves_the_seconds_alone(tray: Tray, source: Source) -> None:
    first = tray.menu.actions()[0]
    source.all = [replace(source.all[0], left="3:40"), *source.all[1:]]
    tray.update()
    assert first.text() == "Main · 3:41", "no panel is told of every second"
    source.all = [replace(source.all[0], name="Renamed"), *source.all[1:]]
    tray.update()
    assert first.text() == "Renamed · 3:40"
    source.all = source.all[1:]
    tray.update()
    assert tray.menu.actions()[0].text() == "R&&D <b>bot</b>"


def many(count: int = 100) -> list[TrayEntry]:
    """Accounts at three exchanges in turn, of which the last two need the person."""
    exchanges = ("WhiteBIT", "Deribit", "Kraken")
    last = ["needs_login", "unsaved"]
    statuses = ["ready"] * (count - len(last)) + last
    return [
        TrayEntry(
            str(at),
            f"Desk {at}",
            status,
            "3:41" if status == "ready" else "",
            exchanges[at % 3],
            "needs" if status in last else "fresh",
        )
        for at, status in enumerate(statuses)
    ]


def titles(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_up_to_fifteen_accounts_stand_one_below_the_other(tray: Tray, source: Source) -> None:
    source.all = many(15)
    tray.update()
    assert titles(tray.menu)[:15] == [f"Desk {at}" + (" · 3:41" if at < 13 else "") for at in range(15)]
    assert len(titles(tray.menu)) == 21
    source.all = many(16)
    tray.update()
    assert "Kraken" in titles(tray.menu)


def test_of_many_accounts_those_in_need_come_first_then_a_few_then_the_exchanges(tray: Tray, source: Source) -> None:
    source.all = many()
    tray.update()
    shown = titles(tray.menu)
    verbs = ["Refresh all", "Hide amounts", "Lock", "Open Keyrack", "Settings…", "Quit"]
    assert shown == [
        "Desk 98",
        "Desk 99",
        *[f"Desk {at} · 3:41" for at in range(8)],
        "WhiteBIT",
        "Deribit",
        "Kraken",
        *verbs,
    ]
    exchange = tray.menu.actions()[shown.index("Deribit") + 1].menu()
    assert isinstance(exchange, QMenu)
    assert titles(exchange)[:2] == ["Desk 1 · 3:41", "Desk 4 · 3:41"]
    assert titles(exchange)[-1] == "13 more in the window"


def test_of_many_accounts_those_used_last_are_at_hand(tray: Tray, source: Source, qtbot: QtBot) -> None:
    source.all = many()
    tray.update()
    exchange = opened(tray)["Kraken"].menu()
    assert isinstance(exchange, QMenu)
    account = exchange.actions()[15].menu()
    assert isinstance(account, QMenu)
    name = account.title()
    with qtbot.waitSignal(tray.copy):
        account.actions()[0].trigger()
    qtbot.waitUntil(lambda: titles(tray.menu)[2] == name)
    assert len(titles(tray.menu)) == 19


def test_many_accounts_that_become_few_and_many_again_leave_nothing_behind(
    tray: Tray, source: Source, qapp: QApplication
) -> None:
    source.all = many()
    tray.update()
    before = titles(tray.menu)
    source.all = many(3)
    tray.update()
    assert titles(tray.menu)[:3] == ["Desk 0 · 3:41", "Desk 1", "Desk 2"]
    source.all = [entry for entry in many() if entry.exchange != "Deribit"]
    tray.update()
    source.all = many()
    tray.update()
    assert titles(tray.menu) == before
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert len(tray.menu.findChildren(QMenu)) == 10 + 3 + 3 * 20


def test_however_many_need_the_person_the_menu_is_no_higher_than_the_screen(tray: Tray, source: Source) -> None:
    source.all = [replace(entry, status="needs_login", left="", group="needs") for entry in many()]
    tray.update()
    columns = {tray.menu.actionGeometry(action).x() for action in tray.menu.actions()}
    assert len(columns) == 1, "Qt begins another column where the screen ends"
    assert titles(tray.menu)[-9:-6] == ["WhiteBIT", "Deribit", "Kraken"]


@pytest.mark.security("S91")
def test_locked_means_that_nothing_is_done_from_the_menu(tray: Tray, qtbot: QtBot) -> None:
    tray.start()
    tray.set_locked(locked=True)
    actions = opened(tray)
    assert not any(entry.isEnabled() for entry in below(actions["Main · 3:41"]).values())
    assert not actions["Refresh all"].isEnabled()
    assert "Lock" not in actions
    with qtbot.waitSignal(tray.open):
        actions["Unlock…"].trigger()
    assert state(tray) == "locked"


@pytest.mark.security("S99")
@pytest.mark.parametrize(
    ("groups", "words"),
    [
        (["fresh"] * 5 + ["needs"], "1 needs you, 5 fresh"),
        (["needs", "needs"], "2 need you"),
        (
            ["fresh", "out", "refreshing", "retrying", "closed", "ending", "needs"],
            "1 needs you, 1 trying again, 1 renewing, 1 ending soon, 1 not signed in, 1 closed, 1 fresh",
        ),
        ([], "Keyrack"),
    ],
)
def test_the_tooltip_counts_as_the_summary_does_and_names_nobody(tray: Tray, groups: list[str], words: str) -> None:
    entries = [TrayEntry(str(at), "Name", "ready", "3:41", group=group) for at, group in enumerate(groups)]
    assert tray.tooltip(entries) == words


def test_the_icon_shows_the_worst_state(tray: Tray, source: Source) -> None:
    tray.start()
    assert state(tray) == "needs"
    assert icon(tray).toolTip() == "1 needs you, 1 closed, 1 fresh"
    before = icon(tray).icon().cacheKey()
    tray.update()
    assert icon(tray).icon().cacheKey() == before, "nothing is drawn when nothing changed"
    source.all = [TrayEntry("1", "Main", "ready", "3:41")]
    tray.update()
    assert state(tray) == "fresh"
    assert icon(tray).icon().cacheKey() != before


def test_an_account_that_nobody_signed_in_to_is_no_alarm(tray: Tray, source: Source) -> None:
    source.all = [TrayEntry("1", "Main", "ready", "3:41"), TrayEntry("2", "New", "needs_login", "", group="out")]
    tray.start()
    assert state(tray) == "fresh"
    assert icon(tray).toolTip() == "1 not signed in, 1 fresh"
    assert opened(tray)["New"].menu() is not None


def test_a_left_click_opens_the_window(tray: Tray, qtbot: QtBot) -> None:
    tray.start()
    with qtbot.waitSignal(tray.open):
        icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    with qtbot.assertNotEmitted(tray.open):
        icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_it_is_relied_on_only_while_it_is_there(source: Source, qapp: QApplication) -> None:
    desktop = Desktop(there=True)
    tray = Tray(source, counted, desktop)
    assert not tray.really_visible()
    tray.start()
    assert tray.really_visible()
    desktop.there = False
    assert not tray.really_visible()
    tray.stop()
    desktop.there = True
    assert not tray.really_visible()


def test_it_is_looked_for_soon_then_for_ten_minutes_then_on_demand(source: Source, qtbot: QtBot) -> None:
    assert (CHECKS, CHECK_EVERY_MS) == (5, 5000)
    assert LATE_CHECKS * SLOWER * CHECK_EVERY_MS == 600_000
    desktop = Desktop(there=False)
    tray = Tray(source, counted, desktop, check_ms=1)
    tray.start()
    qtbot.waitUntil(lambda: desktop.looks == CHECKS + LATE_CHECKS)
    timer = tray.findChild(QTimer)
    assert timer is not None
    qtbot.waitUntil(lambda: not timer.isActive())
    assert desktop.looks == CHECKS + LATE_CHECKS
    tray.update()
    assert not tray.really_visible()
    desktop.there = True
    tray.start()
    assert tray.really_visible()
    tray.stop()


def test_one_that_comes_late_is_found(source: Source, qtbot: QtBot) -> None:
    desktop = Desktop(there=False)
    tray = Tray(source, counted, desktop, check_ms=1)
    tray.start()
    desktop.there = True
    qtbot.waitUntil(tray.really_visible)
    tray.stop()


def test_without_a_tray_a_notice_is_no_error(source: Source, qapp: QApplication) -> None:
    Tray(source, counted, Desktop(there=False)).notify("Main needs you", "")


def test_of_many_the_pinned_ones_come_after_those_in_need_and_before_the_rest(tray: Tray, source: Source) -> None:
    source.all = [TrayEntry(str(at), f"Desk {at}", "ready", "3:41", "Harbor") for at in range(FLAT + 10)]
    source.all[-1] = replace(source.all[-1], pinned=True)
    source.all[-2] = replace(source.all[-2], status="needs_login", group="needs")
    tray.menu.follow(source.all, locked=False)
    titles = [action.text() for action in tray.menu.actions() if action.menu() is not None]
    assert [title.partition(" ·")[0] for title in titles[:3]] == ["Desk 23", "Desk 24", "Desk 0"]


def test_notices_are_kept_back_from_the_menu(tray: Tray) -> None:
    clock = FakeClock()
    snooze = Snooze(clock.clock)
    tray.menu.add_notices(SnoozeMenu(snooze))
    assert list(opened(tray))[4:6] == ["Hide amounts", "Keep notices back"]
    notices = below(opened(tray)["Keep notices back"])
    assert [text for text in notices if text] == ["For 30 min", "For 1 h", "For 8 h", "Let them come again"]
    assert not notices["Let them come again"].isEnabled()
    notices["For 1 h"].trigger()
    assert snooze.seconds_left == 3600
    ends = QDateTime.fromSecsSinceEpoch(int(clock.wall) + 3600).time().toString("HH:mm")
    title = f"Notices kept back until {ends}"
    assert title in opened(tray)
    assert below(opened(tray)[title])["Let them come again"] is notices["Let them come again"], "nothing is replaced"
    notices["Let them come again"].trigger()
    assert not snooze.seconds_left
    assert "Keep notices back" in opened(tray)
