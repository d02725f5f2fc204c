"""The pictures on the overview, on the cards and in the pane, over a real file."""

import csv
import stat
from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Reason
from keyrack.core.history.course import Course, Point
from keyrack.core.history.history_row import NAME
from keyrack.core.history.periods import PERIODS
from keyrack.core.preferences.all_settings import HISTORY_PERIOD
from keyrack.ui.history.asset_bar import AssetBar
from keyrack.ui.history.course_line import CourseLine
from keyrack.ui.history.past_block import PastBlock
from keyrack.ui.overview.account_card import AccountCard
from keyrack.ui.screen_reader import accessible_face
from keyrack.ui.text.course_text import signed
from keyrack.ui.theme.theme import theme
from tests.ui.harness import WindowHarness, button, holdings, make_harness, seen, shown_texts
from tests.ui.history.past import priced, write_past

NOON = 1_795_000_200.0


def filled(folder: Path, wall: float = NOON) -> WindowHarness:
    made = make_harness(folder, wall=wall)
    for id in ("w1", "w2", "p1"):
        made.active(id).show_balances(holdings(made.clock))
        known = made.rack.totals.prices.site_prices(made.account(id))
        known.known = priced(known.known.how, made.clock.wall)
    return made


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    accessible_face.install()


@pytest.fixture
async def harness(qtbot: QtBot, tmp_path: Path) -> AsyncIterator[WindowHarness]:
    made = filled(tmp_path)
    write_past(tmp_path, made)
    made.window.show()
    await seen(lambda: made.actions.courses.courses is not None)
    made.tick()
    yield made
    await made.tasks.close()
    await made.rack.history.close()


def past(harness: WindowHarness) -> PastBlock:
    return harness.contents.pages.overview.past


def card(harness: WindowHarness, id: str) -> AccountCard:
    found = harness.contents.pages.overview.cards[id]
    assert isinstance(found, AccountCard)
    return found


def is_known(line: CourseLine) -> list[bool]:
    course = line.course
    assert course is not None
    return [point is not None for point in course.slots]


async def choose(harness: WindowHarness, period: str) -> None:
    block, feed = past(harness), harness.actions.courses
    next(entry for entry in block.period.entries.actions() if entry.objectName() == f"period:{period}").trigger()
    await seen(lambda: feed.courses is not None and feed.courses.period.name == period)


async def test_the_change_says_money_percent_and_what_is_left_out(harness: WindowHarness) -> None:
    block = past(harness)
    assert block.change.text().startswith("+")
    assert " USDT (+" in block.change.text()
    assert block.change.text().endswith("%) in a week")
    assert block.note.text() == "The line leaves out 1 account, not known all this time."
    await choose(harness, "day")
    assert block.change.text().endswith("in a day")
    assert not block.note.isVisible()
    assert block.period.accessibleName() == "Period of the pictures: Day"


async def test_the_change_follows_the_sum_at_once_and_leaves_the_same_accounts_out(harness: WindowHarness) -> None:
    block, feed, totals = past(harness), harness.actions.courses, harness.rack.totals
    course = feed.of_all()
    assert course is not None
    first = course.first
    assert first is not None
    assert set(course.ids) == {"w1", "w2"}

    def told() -> str:
        values = [totals.total_of(harness.account(id)) for id in course.ids]
        now = sum((value.amount for value in values if value is not None), Decimal(0))
        return signed(now - first.amount, "USDT") + " USDT "

    assert block.change.text().startswith(told())
    before = told()
    for id in ("w1", "p1"):
        harness.account(id).show_balances(holdings(harness.clock, more=False))
    await seen(lambda: block.change.text().startswith(told()))
    assert told() != before
    assert feed.of_all() is course, "without a new row"
    harness.signed_out("w2", Reason.REFRESH_EXPIRED)
    harness.account("w1").show_balances(holdings(harness.clock))
    await seen(lambda: block.change.text().startswith(told()))  # what is old counts, as in the sum
    shown = block.line.course
    assert shown is not None
    assert shown.last is not None
    assert signed(shown.last.amount - first.amount, "USDT") + " USDT " == told(), "the line ends where the words do"
    assert block.note.text() == "The line leaves out 1 account, not known all this time."
    harness.account("p1").show_balances(None)
    await seen(lambda: not block.note.text())
    harness.contents.open("w1")
    pane, own = harness.contents.pages.pane, feed.of(harness.account("w1"))
    assert pane is not None
    assert own is not None
    assert own.first is not None
    worth = totals.total_of(harness.account("w1"))
    assert worth is not None
    assert pane.balances.past.change.text().startswith(signed(worth.amount - own.first.amount, "USDT"))


async def test_a_moving_price_is_no_event_of_the_change(harness: WindowHarness) -> None:
    """It keeps its name, and the words are its description as soon as they are asked for."""
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    for label in (past(harness).change, pane.balances.past.change):
        spoken = QAccessible.queryAccessibleInterface(label)
        for words in ("+1.00 USDT (+1.00 %) in a week", "+2.00 USDT (+2.00 %) in a week"):
            label.setText(words)
            assert (label.accessibleName(), label.accessibleDescription()) == ("Change of the value", "")
            assert spoken.text(QAccessible.Text.Name) == "Change of the value"
            assert spoken.text(QAccessible.Text.Description) == words
            assert spoken.role() == QAccessible.Role.StaticText


async def test_the_change_is_of_the_same_accounts_at_both_ends(harness: WindowHarness) -> None:
    feed = harness.actions.courses
    whole, one, other, late = feed.of_all(), *(feed.of(harness.account(id)) for id in ("w1", "w2", "p1"))
    assert whole is not None
    assert one is not None
    assert other is not None
    assert late is not None
    assert one.change is not None
    assert other.change is not None
    assert whole.change == one.change + other.change
    assert set(whole.ids) == {"w1", "w2"}
    assert not late.reaches_back


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_line_is_drawn_over_a_gap(harness: WindowHarness, scheme: str) -> None:
    theme().use("dark" if scheme == "dark" else "light")
    line = past(harness).line
    known = is_known(line)
    assert not all(known)
    inner = range(1, len(known) - 1)
    around = {at: set(known[at - 1 : at + 2]) for at in inner}
    assert {False} in around.values()
    picture = line.grab().toImage()
    ratio = picture.width() / line.width()
    for at in inner:
        coloured = has_accent(picture, round(line.place_of(at) * ratio))
        assert len(around[at]) == 2 or coloured == known[at], f"slot {at}"
    theme().use(None)


def has_accent(picture: QImage, column: int) -> bool:
    """Whether the line's colour is anywhere in a column."""
    accent = theme().palette.accent
    rows = range(picture.height())
    return any(_near(picture.pixelColor(min(column, picture.width() - 1), row), accent) for row in rows)


def _near(one: QColor, other: QColor) -> bool:
    parts = zip((one.red(), one.green(), one.blue()), (other.red(), other.green(), other.blue()), strict=True)
    return all(abs(a - b) < 60 for a, b in parts)


async def test_arrows_and_the_mouse_tell_each_point(harness: WindowHarness) -> None:
    block = past(harness)
    line = block.line
    change = block.change.text()
    assert line.focusPolicy() == Qt.FocusPolicy.TabFocus
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Left)
    newest = block.change.text()
    assert newest == line.point_words
    assert newest.startswith("≈\u00a0")
    assert newest.endswith("11:10")
    QTest.keyClick(line, Qt.Key.Key_Left)
    assert block.change.text() != newest
    QTest.keyClick(line, Qt.Key.Key_Home)
    assert "2026-11-11" in block.change.text()
    gap = is_known(line).index(False)
    QTest.mouseMove(line, QPointF(line.place_of(gap), 5).toPoint())
    line.point(gap)
    assert block.change.text() == "Not known"
    line.point(-1)
    assert block.change.text() == change


async def test_a_screen_reader_is_told_the_whole_course(harness: WindowHarness) -> None:
    told = past(harness).line.accessibleDescription()
    for words in ("in a week", "lowest ≈\u00a0", "highest ≈\u00a0", "1 gap."):
        assert words in told
    assert past(harness).bar.accessibleDescription().startswith("ETH: ≈\u00a0134")


async def test_the_age_of_old_figures_has_the_room_of_the_course(harness: WindowHarness) -> None:
    shown = card(harness, "w1")
    assert shown.course.isVisible()
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    harness.tick()
    assert not shown.course.isVisible()
    assert shown.value[0].text().endswith("ago")
    harness.active("w1")
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.tick()
    assert shown.course.isVisible()


async def test_card_and_pane_have_the_course_of_their_account(harness: WindowHarness) -> None:
    assert card(harness, "w1").course.isVisible()
    assert card(harness, "w1").course.course is harness.actions.courses.of(harness.account("w1"))
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.balances.past.line.isVisible()
    assert pane.balances.past.change.text().endswith("in a week")
    harness.contents.open("p1")
    pane = harness.contents.pages.pane
    assert pane is not None
    change = pane.balances.past.change
    assert "since 2026-11-1" in change.text()
    for size in ((1000, 680), (640, 420)):
        harness.window.resize(*size)
        QApplication.processEvents()
        assert change.elided_text() == change.text(), size
    place = pane.balances.past.line.geometry()
    pane.balances.past.line.point(2)
    QApplication.processEvents()
    assert pane.balances.past.line.geometry() == place, "it does not move below the mouse"


async def test_a_line_of_the_list_has_it_below_the_value(harness: WindowHarness, qtbot: QtBot) -> None:
    overview = harness.contents.pages.overview
    overview.head.list.click()
    line = overview.lines["w1"]
    qtbot.waitUntil(lambda: line.course.isVisible() and line.course.y() > line.value.y())
    assert line.course.course is harness.actions.courses.of(harness.account("w1"))
    assert line.course.geometry().right() == line.value.geometry().right()
    assert line.course.geometry().bottom() < line.height()
    harness.contents.pages.hide_amounts(True)
    assert not line.course.isVisible()
    harness.contents.pages.hide_amounts(False)
    assert line.course.isVisible()
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    harness.tick()
    assert not line.course.isVisible()
    assert line.old.text().endswith("ago")


@pytest.mark.security("S66")
async def test_all_of_it_is_hidden_with_the_amounts(harness: WindowHarness) -> None:
    def amounts(root: QWidget) -> list[str]:
        return [text for text in shown_texts(root) if "%" in text or "≈" in text]

    block = past(harness)
    height = block.height()
    assert amounts(block)
    harness.contents.pages.hide_amounts(True)
    assert amounts(block) == []
    assert block.height() == height, "nothing moves"
    assert not card(harness, "w1").course.isVisible()
    block.line.setFocus()
    QTest.keyClick(block.line, Qt.Key.Key_Left)
    QTest.keyClick(block.bar, Qt.Key.Key_Right)
    assert (block.line.point_words, block.bar.at) == ("", -1)
    picture = block.line.grab().toImage()
    assert not any(has_accent(picture, column) for column in range(picture.width()))
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    assert not pane.balances.past.isVisible()
    harness.contents.pages.hide_amounts(False)
    assert pane.balances.past.isVisible()


async def test_a_lock_hides_it_as_well(harness: WindowHarness) -> None:
    harness.rack.lock.lock(by_hand=True)
    assert not past(harness).isVisible()
    assert [text for text in shown_texts(past(harness)) if "≈" in text] == []


async def test_another_currency_shows_the_same_past_in_it(harness: WindowHarness) -> None:
    harness.rack.totals.choose("BTC")
    feed = harness.actions.courses
    assert feed.of_all() is None, "no figure of the old currency stands beside the new one"
    await seen(lambda: feed.of_all() is not None)
    harness.tick()
    whole = feed.of_all()
    assert whole is not None
    assert whole.last is not None
    assert whole.last.amount < 10


async def test_new_rows_are_shown(harness: WindowHarness) -> None:
    feed = harness.actions.courses
    before = feed.courses
    harness.clock.move(600)
    for id in ("w1", "w2", "p1"):
        harness.account(id).show_balances(holdings(harness.clock))
    await harness.rack.history.write()
    await seen(lambda: feed.courses is not before)
    whole = feed.of_all()
    assert whole is not None
    assert whole.last is not None
    assert whole.last.at == int(harness.clock.wall)


async def test_what_is_wrong_with_the_history_is_said_there(harness: WindowHarness, tmp_path: Path) -> None:
    (tmp_path / "state" / NAME).write_bytes(b"no database " * 900)
    await harness.rack.history.write()
    harness.tick()
    assert "kept as" in past(harness).note.text()
    assert past(harness).bar.isVisible()


async def test_it_is_exported_where_the_person_says(harness: WindowHarness, tmp_path: Path) -> None:
    said: list[str] = []
    harness.actions.notified.connect(lambda _id, _kind, text: said.append(text))
    past(harness).period.export.trigger()
    dialog = harness.window.findChild(QFileDialog, "save_file")
    assert isinstance(dialog, QFileDialog)
    assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog), "the desktop's own refuses this process"
    target = tmp_path / "mine" / "past.csv"
    target.parent.mkdir(mode=0o755)
    target.write_text("old")
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    await seen(lambda: bool(said))
    assert str(target) in said[0]
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["account"] for row in rows} == {"Main desk", "Trading", "Trading EU"}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o755
    assert [path.name for path in target.parent.iterdir()] == ["past.csv"]


async def test_an_export_that_cannot_be_written_is_a_sentence(harness: WindowHarness, tmp_path: Path) -> None:
    said: list[tuple[str, str]] = []
    harness.actions.notified.connect(lambda _id, kind, text: said.append((kind, text)))
    harness.actions.history_export.write(tmp_path / "missing" / "past.csv")
    await seen(lambda: bool(said))
    assert said[0][0] == "urgent"
    assert "was not exported" in said[0][1]


def test_without_a_past_there_is_the_bar_alone(qtbot: QtBot, tmp_path: Path) -> None:
    """No task is started and no file is made or looked into."""
    made = filled(tmp_path)
    made.window.show()
    made.tick()
    block = made.contents.pages.overview.past
    assert block.bar.isVisible()
    assert not block.line.isVisible()
    assert block.change.text().startswith("The first point comes at ")
    assert not (tmp_path / "state" / NAME).exists()
    assert button(made, "period").isEnabled()


@pytest.mark.parametrize(("period", "begins"), [("day", "11:20:00"), ("week", "12:00:00")])
async def test_it_says_when_there_will_be_a_past_and_keeps_that(
    qtbot: QtBot, tmp_path: Path, period: str, begins: str
) -> None:
    made = filled(tmp_path, datetime.fromisoformat("2026-11-18 11:10:05").timestamp())
    made.rack.preferences.choose(HISTORY_PERIOD, period)
    made.window.show()
    await made.rack.history.write()
    await seen(lambda: made.actions.courses.courses is not None)
    made.tick()
    block = past(made)
    assert block.change.text().removesuffix(".") in f"The first point comes at {begins}"
    made.clock.move(datetime.fromisoformat(f"2026-11-18 {begins}").timestamp() - made.clock.wall)
    for id in ("w1", "w2", "p1"):
        made.account(id).show_balances(holdings(made.clock))
    await made.rack.history.write()
    await seen(block.line.isVisible)
    await made.tasks.close()
    await made.rack.history.close()


async def test_a_period_that_is_chosen_elsewhere_is_shown(harness: WindowHarness) -> None:
    harness.rack.preferences.choose(HISTORY_PERIOD, "year")
    await seen(lambda: harness.actions.courses.shown_period.name == "year")
    assert past(harness).period.text() == "Year"
    assert past(harness).change.text().endswith("in a year")


async def test_what_opens_a_menu_has_the_sign_of_one(harness: WindowHarness) -> None:
    shown = [each for each in harness.window.findChildren(QPushButton) if each.isVisible()]
    opening = [each for each in shown if each.menu() is not None]
    assert {"currency", "period"} <= {each.objectName() for each in opening}
    assert all(each.property("menu") for each in opening)


async def test_a_short_past_is_no_stroke_beside_the_value(qtbot: QtBot, tmp_path: Path) -> None:
    made = filled(tmp_path)
    write_past(tmp_path, made, late="w2")
    made.window.show()
    await choose(made, "year")
    made.tick()
    assert not card(made, "w2").course.isVisible(), "four days of a year"
    assert card(made, "w1").course.isVisible()
    await choose(made, "day")
    await seen(card(made, "w2").course.isVisible)
    await made.tasks.close()
    await made.rack.history.close()


def test_a_small_course_that_goes_up_and_down_is_a_line_and_no_blot(qtbot: QtBot) -> None:
    line = CourseLine("Course", 64, 18, keys=False)
    qtbot.addWidget(line)
    slots = tuple(Point(at, Decimal(1000 + at * 997 % 5000)) for at in range(168))
    line.show_course(Course(slots), "USD", PERIODS["week"], private=False)
    line.resize(line.sizeHint())
    picture = line.grab().toImage()
    ground = picture.pixelColor(0, 0)
    columns = range(4, picture.width() - 4)
    painted = [sum(picture.pixelColor(x, y) != ground for y in range(picture.height())) for x in columns]
    assert min(painted) > 0
    assert max(painted) < picture.height() / 2


def test_without_a_value_there_is_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    made = make_harness(tmp_path)
    made.window.show()
    made.tick()
    assert not made.contents.pages.overview.past.isVisible()


def test_the_bar_adds_all_accounts_and_calls_the_rest_other(qtbot: QtBot) -> None:
    bar = AssetBar("Value by asset")
    qtbot.addWidget(bar)
    bar.show_assets([(f"A{at}", Decimal(100 - at)) for at in range(8)], "USD", private=False)
    assert [name for name, _ in bar.parts] == ["A0", "A1", "A2", "A3", "A4", "other"]
    assert bar.parts[-1][1] == 95 + 94 + 93
    bar.resize(600, bar.sizeHint().height())
    bar.show()
    QTest.keyClick(bar, Qt.Key.Key_End)
    assert bar.at == 5
    assert bar.words(5) == "other: ≈\u00a0282.00 USD, 37 %"
    QTest.keyClick(bar, Qt.Key.Key_Home)
    assert bar.words(bar.at) == "A0: ≈\u00a0100.00 USD, 13 %"
    picture = bar.grab().toImage()
    assert len({picture.pixelColor(column, 4).rgb() for column in range(10, 590, 3)}) >= 6


async def test_accounts_of_a_test_network_are_in_neither(harness: WindowHarness) -> None:
    assert harness.rack.totals.counts(harness.account("w1"))
    assert past(harness).bar.parts[0][1] == 3 * Decimal("14.5") * 3100
