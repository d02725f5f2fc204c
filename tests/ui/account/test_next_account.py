"""The pane that is open takes the next account, and shows it as a new pane would."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.state import LoggedOut, Reason, Retrying
from keyrack.core.history.course import Course, Point
from keyrack.core.history.history import Courses
from keyrack.core.history.periods import PERIODS
from keyrack.net.network_errors import Unreachable
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.providers.holding import Holding
from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.balances.table_model import Column
from tests.ui.harness import ACCOUNTS, WindowHarness, button, holdings, make_harness, seen, shown_texts
from tests.ui.history.past import priced

OTHER = Settings(
    "w3", "Treasury", "whitebit", "global", "authorization_code", "other-client", identity="t…y@example.org"
)


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path, (*ACCOUNTS, OTHER))
    qtbot.addWidget(made.window)
    made.window.show()
    return made


def opened(harness: WindowHarness, id: str) -> AccountPane:
    harness.contents.open(id)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == id
    QCoreApplication.processEvents()  # a text that is cut says the rest in its tooltip when it is painted
    return pane


def ready(harness: WindowHarness, id: str) -> None:
    harness.active(id, token=replace(harness.token(refresh=None), scopes=(f"scope-of-{id}",)))
    harness.account(id).note("refreshed")


def rich(harness: WindowHarness, id: str) -> None:
    ready(harness, id)
    harness.account(id).show_balances(holdings(harness.clock))


def alike(harness: WindowHarness, id: str) -> None:
    """The same assets in other amounts."""
    ready(harness, id)
    held = tuple(Holding(each.asset, Decimal(7), Decimal(8), each.place) for each in holdings(harness.clock).holdings)
    harness.account(id).show_balances(Balances(held, harness.clock.wall, "push"))


def many(harness: WindowHarness, id: str) -> None:
    ready(harness, id)
    held = tuple(Holding(f"M{n:03}", Decimal(n), Decimal(n), "Spot") for n in range(300))
    harness.account(id).show_balances(Balances(held, harness.clock.wall, "poll"))


def trying(harness: WindowHarness, id: str) -> None:
    why = Unreachable(f"{id}.example.org", "", detail="ConnectError")
    harness.active(id, Retrying(harness.clock.elapsed + 20, why), harness.token(refresh=None))


def lapsed(harness: WindowHarness, id: str) -> None:
    harness.signed_out(id, Reason.REFRESH_EXPIRED)


def refused(harness: WindowHarness, id: str) -> None:
    why = ClientRejected("client_rejected", server="WhiteBIT", detail=f"said-to-{id}")
    harness.feed(id, LoggedOut(Reason.NEW, why))


STATES: tuple[Callable[[WindowHarness, str], None], ...] = (ready, rich, alike, many, trying, lapsed, refused)


@pytest.mark.parametrize("after", STATES, ids=lambda state: state.__name__)
def test_nothing_of_the_one_before_is_left(harness: WindowHarness, after: Callable[[WindowHarness, str], None]) -> None:
    after(harness, "w3")
    harness.contents.open("")
    new = shown_texts(opened(harness, "w3"))
    for before in STATES:
        before(harness, "w1")
        harness.contents.open("")
        opened(harness, "w1")
        taken = shown_texts(opened(harness, "w3"))
        assert "Trading" not in taken
        assert Counter(taken) == Counter(new), before.__name__


def test_the_same_pane_takes_only_accounts_that_look_alike(harness: WindowHarness) -> None:
    for id in ("w1", "w2", "w3", "p1"):
        ready(harness, id)
    pane = opened(harness, "w1")
    assert opened(harness, "w3") is pane
    assert opened(harness, "w2") is not pane
    assert opened(harness, "p1") is not pane


async def test_the_buttons_are_those_of_the_account_that_is_shown(harness: WindowHarness) -> None:
    for id in ("w1", "w3"):
        ready(harness, id)
    opened(harness, "w1")
    pane = opened(harness, "w3")
    pane.header.copy_token.click()
    await seen(lambda: harness.clipboard.owner == "w3")


def test_the_one_before_is_followed_no_longer(harness: WindowHarness) -> None:
    for id in ("w1", "w3"):
        ready(harness, id)
    followed = harness.account("w1").changed.listener_count
    pane = opened(harness, "w1")
    assert opened(harness, "w3") is pane
    assert harness.account("w1").changed.listener_count == followed


def test_the_providers_words_are_asked_for_anew(harness: WindowHarness) -> None:
    for id in ("w1", "w3"):
        refused(harness, id)
    pane = opened(harness, "w1")
    pane.panel.problem.more.click()
    assert not pane.panel.problem.detail.isHidden()
    assert opened(harness, "w3") is pane
    assert pane.panel.problem.detail.isHidden()


def test_what_was_looked_for_and_sorted_is_left_behind(harness: WindowHarness) -> None:
    for id in ("w1", "w3"):
        rich(harness, id)
    pane = opened(harness, "w1")
    QTest.keyClicks(pane.balances.search, "usd")
    pane.balances.zeros.setChecked(True)
    pane.balances.table.sortByColumn(Column.TOTAL, Qt.SortOrder.DescendingOrder)
    pane.balances.table.selectRow(0)
    assert opened(harness, "w3") is pane
    assert pane.balances.search.text() == ""
    assert not pane.balances.zeros.isChecked()
    assert pane.balances.table.proxy.rowCount() == len(pane.balances.model.rows)
    assert pane.balances.table.horizontalHeader().sortIndicatorSection() == Column.ASSET
    assert not pane.balances.table.selectionModel().hasSelection()


def test_what_was_entered_is_kept_for_its_account(harness: WindowHarness) -> None:
    for id in ("w1", "w3"):
        ready(harness, id)
    pane = opened(harness, "w1")
    pane.open_form("rename")
    QTest.keyClicks(harness.window.focusWidget(), "x")
    assert pane.unfinished
    assert opened(harness, "w3") is not pane
    assert opened(harness, "w1") is pane
    assert pane.unfinished


def test_the_explained_rights_are_those_of_the_next_account(harness: WindowHarness) -> None:
    ready(harness, "w1")
    ready(harness, "w3")
    pane = opened(harness, "w1")
    assert opened(harness, "w3") is pane
    words = button(harness, "word_rights")
    QTest.mouseClick(words, Qt.MouseButton.LeftButton)
    popover = QApplication.activePopupWidget()
    assert popover is not None
    told = shown_texts(popover)
    popover.close()
    assert any("scope-of-w3" in text for text in told)
    assert not any("scope-of-w1" in text for text in told)


def test_the_course_is_that_of_the_next_account(harness: WindowHarness) -> None:
    period, wall = PERIODS["week"], int(harness.clock.wall)
    courses = {}
    for id, first in (("w1", 1000), ("w3", 2000)):
        slots = tuple(Point(wall + at, Decimal(first + at)) for at in range(period.count))
        courses[id] = Course(slots)
        rich(harness, id)
        known = harness.rack.totals.prices.site_prices(harness.account(id))
        known.known = priced(known.known.how, wall)
    feed = harness.actions.courses
    feed.courses = Courses(period, harness.rack.totals.currency, wall, courses, courses["w1"])
    pane = opened(harness, "w1")
    feed.changed.emit()
    assert pane.balances.past.line.course == feed.now_of(harness.account("w1"))
    pane.balances.past.line.point(3)
    assert opened(harness, "w3") is pane
    shown = pane.balances.past.line.course
    assert shown == feed.now_of(harness.account("w3"))
    assert shown is not None
    assert shown.first == courses["w3"].first
    assert pane.balances.past.line.point_words == ""


def test_a_new_pane_is_laid_out_for_the_room_that_it_has(harness: WindowHarness) -> None:
    rich(harness, "w1")
    card = opened(harness, "w1").balances
    assert card.zeros.geometry().center().y() == pytest.approx(card.search.geometry().center().y(), abs=2)


def test_a_pane_that_was_left_waits_for_the_next_account(harness: WindowHarness) -> None:
    for id in ("w1", "w3"):
        rich(harness, id)
    pages, followed = harness.contents.pages, harness.account("w1").changed.listener_count
    pane = opened(harness, "w1")
    harness.contents.open("")
    assert pages.kept.spare is pane
    assert harness.account("w1").changed.listener_count == followed
    assert opened(harness, "w3") is pane
    assert pages.kept.spare is None


def waits(harness: WindowHarness) -> bool:
    return harness.contents.pages.kept.spare is not None


def removed(harness: WindowHarness) -> None:
    harness.rack.accounts.remove(harness.account("w1"))


def locked(harness: WindowHarness) -> None:
    harness.rack.lock.lock(by_hand=False)


@pytest.mark.security("S91")
@pytest.mark.parametrize("end", [removed, locked])
async def test_no_pane_waits_for_an_account_that_is_gone_or_behind_a_lock(
    harness: WindowHarness, end: Callable[[WindowHarness], None]
) -> None:
    await harness.rack.lock.load()
    rich(harness, "w1")
    opened(harness, "w1")
    harness.contents.open("")
    assert waits(harness)
    end(harness)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not waits(harness)
    assert harness.window.findChildren(AccountPane) == []
