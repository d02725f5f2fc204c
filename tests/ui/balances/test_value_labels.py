"""Values in the window: rounded for reading, honest about what they leave out, hidden with privacy mode, never cut."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.state import Reason
from keyrack.core.valuation.valuation import HoldingValue, PriceList, Total
from keyrack.primitives.failure import Failure
from keyrack.providers.api.prices import Price
from keyrack.providers.holding import Holding
from keyrack.ui.balances.table_model import FIGURES, Column
from keyrack.ui.overview.account_card import top
from keyrack.ui.text.amount_text import HIDDEN
from keyrack.ui.theme.theme import theme
from tests.ui.balances.drawn_figures import drawn_width
from tests.ui.harness import WindowHarness, button, holdings, make_harness, shown_texts, storage, visible_texts

D = Decimal
PRICES = {"BTC_USDT": "61000.5", "ETH_BTC": "0.0512", "EUR_USDT": "1.1"}


def price(
    harness: WindowHarness, id: str, prices: dict[str, str], failure: Failure | None = None, traded: float = 0.0
) -> None:
    """Put prices into an account's site, as if they had just been asked."""
    asked = harness.rack.totals.prices.site_prices(harness.account(id))
    rows = {pair: Price(D(figure), harness.clock.wall - traded) for pair, figure in prices.items()}
    asked.known = PriceList(asked.known.how, rows, harness.clock.wall, failure)
    harness.tick(0)


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1").show_balances(holdings(made.clock))
    made.active("b1").show_balances(storage(made.clock))
    made.window.show()
    price(made, "w1", PRICES)
    return made


def wide(harness: WindowHarness) -> None:
    harness.window.resize(1400, 800)


def test_the_pane_shows_the_value_whose_prices_and_what_is_left_out(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    said = visible_texts(pane.balances).replace("\u202f", " ").replace("\xa0", " ")
    exact = D("0.383") * D("61000.5") + D("14.5") * D("0.0512") * D("61000.5") + D("1136.98")
    assert f"≈ {exact.quantize(D('0.01')):,} USDT".replace(",", " ") in said.replace(",", " ")
    assert "At WhiteBIT's own prices of " in said
    assert "No price for 1 asset: SHIB." in said
    assert "By way of BTC: ETH." in said


def test_each_row_has_its_value_or_the_words_no_price(harness: WindowHarness) -> None:
    wide(harness)
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    table, model = pane.balances.table, pane.balances.model
    assert not table.isColumnHidden(Column.VALUE)
    assert model.headerData(Column.VALUE, Qt.Orientation.Horizontal) == "Value"
    values = {(row.asset, row.place): model.index(at, Column.VALUE).data() for at, row in enumerate(model.rows)}
    assert values["SHIB", "Spot"] == "no price"
    assert values["BSV", "Main"] == "0.00"
    assert "".join(c for c in values["BTC", "Main"] if c.isdigit()) == "1525012"
    table.proxy.sort(Column.VALUE, Qt.SortOrder.DescendingOrder)
    assets = [table.proxy.index(row, Column.ASSET).data() for row in range(table.proxy.rowCount())]
    assert assets[0] == "ETH"
    assert assets[-1] == "SHIB"


def test_amounts_stay_whole_and_the_value_gives_way_where_there_is_no_room(
    harness: WindowHarness, qtbot: QtBot
) -> None:
    rows = (
        Holding("ETH", D("6.628665130196600619"), D("7.428665130196600620"), "Spot"),
        Holding("USDT", D("22386.63"), D("26486.63"), "Spot"),
    )
    harness.account("w1").show_balances(Balances(rows, harness.clock.wall, "poll"))
    for size, hidden in (((1000, 680), None), ((640, 420), True), ((1400, 800), False)):
        harness.window.resize(*size)
        harness.contents.open("w1")
        pane = harness.contents.pages.pane
        assert pane is not None
        table = pane.balances.table
        qtbot.waitUntil(lambda pane=pane: pane.balances.width() > 0)  # type: ignore[misc]
        if hidden is None:
            assert table.horizontalScrollBar().maximum() == 0
        else:
            qtbot.waitUntil(
                lambda table=table, hidden=hidden: table.isColumnHidden(Column.VALUE) == hidden  # type: ignore[misc]
            )
        for column in (column for column in FIGURES if not table.isColumnHidden(column)):
            for row in range(table.proxy.rowCount()):
                assert drawn_width(table, table.proxy.index(row, column).data()) <= table.columnWidth(column) - 16


def test_new_prices_change_the_value_and_light_up_no_amount(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    before = pane.balances.worth.amount.text()
    price(harness, "w1", {"BTC_USDT": "70000"})
    assert pane.balances.worth.amount.text() != before
    assert not pane.balances.model.changed_cells
    assert "No price for 2 assets: ETH, SHIB." in visible_texts(pane.balances)


def test_old_prices_are_shown_with_their_age_and_a_warning(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    asked = harness.rack.totals.prices.site_prices(harness.account("w1"))
    asked.known = replace(asked.known, failure=Failure("unexpected"))
    harness.tick(600)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert "10\u00a0min ago; newer ones could not be read." in visible_texts(pane.balances)
    assert pane.balances.worth.note.property("tone") == "soon"
    button(harness, "overview").click()
    assert "10\u00a0min ago." in harness.contents.pages.overview.head.worth.note.text()


def test_nothing_is_said_of_value_before_prices_came_or_of_storage(harness: WindowHarness) -> None:
    harness.active("p1").show_balances(Balances((Holding("BTC", D(1), D(1)),), harness.clock.wall, "push"))
    for id in ("p1", "b1"):
        harness.contents.open(id)
        pane = harness.contents.pages.pane
        assert pane is not None
        assert not pane.balances.worth.isVisible()
        assert pane.balances.table.isColumnHidden(Column.VALUE)


def test_the_overview_shows_all_accounts_together_and_who_is_left_out(harness: WindowHarness) -> None:
    worth = harness.contents.pages.overview.head.worth
    assert worth.isVisible()
    assert worth.amount.text().startswith("≈\u00a0")
    assert worth.currency.text() == "USDT"
    note = worth.note.text()
    assert "1 account at its exchange's own prices of " in note
    assert "No price for 1 asset." in note
    others = sum(bool(harness.rack.provider_of(a.settings).balances) for a in harness.rack.accounts) - 1
    assert f"{others} accounts have no value yet and are not included." in note


def test_the_sum_says_what_part_of_it_is_older_and_hides_that_part_in_privacy_mode(harness: WindowHarness) -> None:
    harness.contents.open("")
    worth = harness.contents.pages.overview.head.worth
    assert "older" not in worth.note.text()
    card = harness.contents.pages.overview.cards["w1"]
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    harness.tick(65)
    assert f"{card.value[1].text()} is from older figures, the oldest 1\u00a0min ago." in worth.note.text()
    QTest.keyClick(harness.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert "A part of it is from older figures, the oldest 1\u00a0min ago." in worth.note.text()


def test_a_card_shows_its_value_and_the_rows_of_most_value_first(harness: WindowHarness) -> None:
    cards = harness.contents.pages.overview.cards
    assert [name.text() for name, _ in cards["w1"].rows] == ["ETH · Spot", "BTC · Main", "BTC · Spot"]
    assert cards["w1"].value[0].text() == "Value"
    assert cards["w1"].about.text().endswith("  ·  5 assets"), "three of them are shown"
    assert "asset" not in cards["p1"].about.text()
    assert cards["w1"].value[1].text().startswith("≈\u00a0")
    assert cards["b1"].value[1].text() == ""
    assert cards["p1"].value[1].text() == ""


def test_rows_without_a_price_follow_those_with_one() -> None:
    rows = [Holding(a, D(1), D(amount)) for a, amount in (("A", "5"), ("B", "0"), ("C", "9"), ("D", "1"))]
    holding_values = tuple(HoldingValue(value) for value in (None, D(0), D(3), D(7)))
    assert [h.asset for h in top(rows, Total(D(10), "USD", holding_values))] == ["D", "C", "A"]
    assert [h.asset for h in top(rows)] == ["A", "C", "D"]


def test_another_currency_is_chosen_from_the_menu_and_kept(harness: WindowHarness) -> None:
    worth = harness.contents.pages.overview.head.worth
    entries = {action.text()[:3]: action for action in worth.menu.actions()}
    assert list(entries) == ["USD", "EUR", "BTC", "ETH"]
    assert "USDT" in entries["USD"].text()
    assert entries["USD"].isChecked()
    entries["BTC"].trigger()
    assert worth.currency.text() == "BTC"
    assert entries["BTC"].isChecked()
    assert not entries["USD"].isChecked()
    assert harness.contents.pages.overview.cards["w1"].value[1].text().endswith(" BTC")
    assert harness.rack.totals.currency == "BTC"
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.balances.worth.amount.text().endswith(" BTC")


def test_the_button_for_the_currency_is_reached_and_named(harness: WindowHarness) -> None:
    currency = button(harness, "currency")
    assert currency.accessibleName() == "Currency of the values: USDT"
    assert currency.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_no_value_at_all_takes_no_room(qtbot: QtBot, tmp_path: Path) -> None:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1").show_balances(holdings(made.clock))
    made.window.show()
    made.tick(0)
    overview = made.contents.pages.overview
    assert not overview.head.worth.isVisible()
    assert not overview.head.worth.note.isVisible()


@pytest.mark.parametrize("size", [(1000, 680), (640, 420)])
@pytest.mark.parametrize("bitcoin", ["61000.5", "61000000000.5"])
def test_nothing_in_the_head_is_cut_or_covers_another_at_any_size(
    harness: WindowHarness, qtbot: QtBot, size: tuple[int, int], bitcoin: str
) -> None:
    harness.window.resize(*size)
    price(harness, "w1", {**PRICES, "BTC_USDT": bitcoin})
    overview = harness.contents.pages.overview
    parts = (overview.head.title, overview.head.worth, overview.head.refresh_all, overview.head.worth.note)
    qtbot.waitUntil(lambda: overview.head.worth.width() >= overview.head.worth.sizeHint().width())
    for part in parts:
        assert part.geometry().right() <= overview.width()
        assert part.geometry().bottom() < overview.cards["p1"].mapTo(overview, QPoint(0, 0)).y()
    for one in parts:
        for other in parts:
            assert one is other or not one.geometry().intersects(other.geometry())
    assert overview.head.worth.amount.width() >= overview.head.worth.amount.sizeHint().width()
    assert overview.head.worth.note.height() >= overview.head.worth.note.heightForWidth(
        overview.head.worth.note.width()
    )


@pytest.mark.security("S99")
def test_privacy_mode_hides_every_value_wherever_it_stands(harness: WindowHarness) -> None:
    wide(harness)
    shown = ["1525012", "4528677", "811306"]
    QTest.keyClick(harness.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    overview = harness.contents.pages.overview
    assert overview.head.worth.amount.text() == HIDDEN
    assert overview.cards["w1"].value[1].text() == HIDDEN
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.balances.worth.amount.text() == HIDDEN
    model = pane.balances.model
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    cells = [model.index(row, Column.VALUE).data(role) for row in range(len(model.rows)) for role in roles]
    assert set(cells) == {HIDDEN}
    price(harness, "w1", {**PRICES, "BTC_USDT": "60000"})
    assert pane.balances.worth.amount.text() == HIDDEN
    for text in shown_texts(harness.window):
        digits = "".join(c for c in text if c.isdigit())
        assert not any(secret in digits for secret in shown), text
    QTest.keyClick(harness.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert pane.balances.worth.amount.text().startswith("≈\u00a0")


@pytest.mark.parametrize("signed_out", [False, True])
def test_whatever_loses_its_last_row_while_it_is_shown_throws_nothing(
    harness: WindowHarness, qtbot: QtBot, signed_out: bool
) -> None:
    wide(harness)
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    table = pane.balances.table
    table.sortByColumn(Column.VALUE, Qt.SortOrder.DescendingOrder)
    assert table.isVisible()
    assert not table.isColumnHidden(Column.VALUE)
    with qtbot.captureExceptions() as thrown:
        harness.account("w1").show_balances(None if signed_out else Balances((), harness.clock.wall, "push"))
        harness.tick()
        assert [table.width_of(column) > 0 for column in Column] == [True] * len(Column)
        harness.contents.open("")
        for account in tuple(harness.rack.accounts):
            harness.signed_out(account.id).show_balances(None)
            harness.tick()
    assert not thrown
    assert not table.isVisible()


def test_the_value_is_the_largest_text_of_the_pane_and_fits(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    value = pane.balances.worth.amount
    others = [label for label in pane.findChildren(QLabel) if label is not value and label.isVisible()]
    assert value.font().pixelSize() > max(label.font().pixelSize() for label in others)
    harness.account("w1").show_balances(
        Balances(
            (Holding("USDT", D("123456789012345678"), D("123456789012345678"), "Main"),), harness.clock.wall, "poll"
        )
    )
    harness.window.resize(640, 420)
    harness.tick(1)
    qtbot.waitUntil(lambda: value.fontMetrics().horizontalAdvance(value.text()) <= value.width())
    assert value.font().pixelSize() >= pane.header.name.font().pixelSize()


def test_the_sum_is_whole_in_large_text_in_a_small_window_and_large_again_with_room(
    harness: WindowHarness, qtbot: QtBot
) -> None:
    amount = harness.contents.pages.overview.head.worth.amount
    try:
        theme().enlarge(200)
        harness.window.resize(640, 420)
        qtbot.waitUntil(lambda: amount.fontMetrics().horizontalAdvance(amount.text()) <= amount.width())
        assert amount.property("role") != "title"
        harness.window.resize(1600, 900)
        qtbot.waitUntil(lambda: amount.property("role") == "title")
    finally:
        theme().enlarge(100)
