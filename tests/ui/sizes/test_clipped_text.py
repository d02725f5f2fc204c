"""The checker finds each kind of trouble, and none where there is none."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import CheckBox, PlainButton
from keyrack.ui.widgets.controls import ElidedText, Text
from tests.ui.sizes.clipped_text import troubles
from tests.ui.sizes.walk import laid_out

SENTENCE = "A sentence that is much longer than the room that it has here"


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> Iterator[QWidget]:
    theme().use_font(qapp.font(), QSize(1000, 680))
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    yield made


def put(page: QWidget, child: QWidget, wide: int, high: int = 40) -> None:
    child.setParent(page)
    child.setGeometry(10, 10, wide, high)
    child.show()


@pytest.mark.parametrize("kind", [Text, PlainButton])
def test_a_text_that_is_cut_is_found_and_one_that_fits_is_not(page: QWidget, kind: type[Text | PlainButton]) -> None:
    child = kind(SENTENCE)
    put(page, child, 100)
    assert "in width and has 100" in troubles(page)[0]
    child.resize(600, 40)
    assert troubles(page) == []


def test_a_text_whose_lines_do_not_fit_is_found(page: QWidget) -> None:
    text = Text(SENTENCE, wrap=True)
    put(page, text, 100, 20)
    assert "in height and has 20" in troubles(page)[0]
    text.resize(100, 200)
    assert troubles(page) == []
    text.setText("https://provider.example/a/page and antidisestablishmentarianism")
    assert "in width and has 100" in troubles(page)[0]


def test_a_choice_needs_the_lines_of_its_text(page: QWidget) -> None:
    choice = CheckBox(SENTENCE)
    put(page, choice, 200, 24)
    assert "in height and has 24" in troubles(page)[0]
    choice.resize(200, choice.heightForWidth(200))
    assert troubles(page) == []


def test_a_name_may_be_cut_and_says_itself_in_its_tooltip(page: QWidget) -> None:
    name = ElidedText("The account of the whole house with all its branches")
    put(page, name, 100)
    assert troubles(page) == []
    page.grab()
    assert name.toolTip() == "The account of the whole house with all its branches"
    name.setText("Desk")
    assert name.toolTip() == ""


def test_in_a_window_below_the_least_size_a_button_falls_back_to_its_icon(page: QWidget, qtbot: QtBot) -> None:
    button = PlainButton("Copy the token of this account", "copy")
    put(page, button, 60)
    assert len(troubles(page)) == 1
    page.resize(400, 300)
    assert troubles(page) == []
    whole = button.grab().toImage()
    button.setText("")
    assert button.grab().toImage() == whole, "the icon alone"


def test_a_button_with_room_for_most_of_its_text_shows_that_and_no_icon_alone(page: QWidget) -> None:
    button = PlainButton("Paste the address instead", "paste")
    put(page, button, button.sizeHint().width() * 3 // 4)
    assert button.text_is_cut
    most = button.grab().toImage()
    button.setText("")
    assert button.grab().toImage() != most


def test_what_lies_outside_its_parent_is_found(page: QWidget) -> None:
    put(page, PlainButton("Save"), 90)
    assert troubles(page) == []
    page.findChild(PlainButton).move(650, 10)  # type: ignore[union-attr]
    assert "is outside" in troubles(page)[0]


def test_neighbours_that_overlap_are_found(page: QWidget) -> None:
    row = QHBoxLayout(page)
    one, other = PlainButton("Yes"), PlainButton("No")
    row.addWidget(one)
    row.addWidget(other)
    laid_out()
    assert troubles(page) == []
    other.move(one.x() + 5, one.y())
    assert "overlap" in troubles(page)[0]


def test_a_page_is_not_wider_than_its_window(page: QWidget) -> None:
    area = QScrollArea()
    area.setWidgetResizable(True)
    QVBoxLayout(page).addWidget(area)
    inside = QWidget()
    inside.setMinimumWidth(2000)
    area.setWidget(inside)
    laid_out()
    assert "of the 2000 in width" in troubles(page)[0]
    page.resize(400, 300)
    assert troubles(page) == [], "it can be scrolled"
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    assert "of the 2000 in width" in troubles(page)[0]
