"""The small controls: plain text only, reachable, and never showing what they should not."""

from collections.abc import Callable
from weakref import ref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMargins, Qt
from PySide6.QtGui import QAccessible, QFont, QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.parts.banner import Banner
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import Badge, Card, ElidedText, Monogram, Text, delete_later, set_property, set_text
from tests.checkout import DESKTOP

MARKUP = '<b>bold</b><img src="file:///etc/hostname">'


class Counting(Text):
    """Counts how often it is given a text."""

    changes = 0

    def setText(self, text: str) -> None:
        self.changes += 1
        super().setText(text)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    if not qapp.styleSheet():
        theme().start(qapp)


@pytest.mark.security("S49")
def test_no_control_reads_text_as_markup(qtbot: QtBot) -> None:
    banner, elided = Banner("soon", MARKUP), ElidedText(MARKUP)
    labels: list[QLabel] = [Text(MARKUP), elided, Monogram(MARKUP), Badge(MARKUP), banner.text]
    for label in labels:
        qtbot.addWidget(label)
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert label.text() == MARKUP
    for found in banner.findChildren(QLabel):
        assert found.textFormat() == Qt.TextFormat.PlainText or not found.text()


def test_a_sentence_names_a_command_without_backticks_and_a_name_stays_as_it_is(qtbot: QtBot) -> None:
    told = "Run `keyrack share leave` first."
    sentence, name, banner = Counting(told, wrap=True), ElidedText("`keyrack x`"), Banner("soon", told)
    for label in (sentence, name, banner):
        qtbot.addWidget(label)
    assert sentence.text() == banner.text.text() == "Run “keyrack share leave” first."
    assert name.text() == "`keyrack x`"
    before = sentence.changes
    set_text(sentence, told)
    assert sentence.changes == before, "it shows that already"


def test_a_banner_offers_one_action(qtbot: QtBot) -> None:
    pressed: list[str] = []
    banner = Banner("urgent", "Do not quit yet.", ("Try again", lambda: pressed.append("again")))
    qtbot.addWidget(banner)
    assert banner.button is not None
    banner.button.click()
    assert pressed == ["again"]
    banner.set("fresh", "Saved.")
    assert banner.text.text() == "Saved."
    assert banner.property("kind") == "fresh"


def test_long_text_is_cut_and_kept_for_a_screen_reader(qtbot: QtBot) -> None:
    whole = "a very long account name " * 4
    text = ElidedText(whole)
    qtbot.addWidget(text)
    text.resize(80, 20)
    assert text.elided_text().endswith("…")
    assert text.text() == whole
    assert QAccessible.queryAccessibleInterface(text).text(QAccessible.Text.Name) == whole
    cut = text.grab().toImage()
    text.setText("short")
    assert text.elided_text() == "short"
    assert text.grab().toImage() != cut


def test_the_height_of_wrapped_lines_follows_text_font_and_margins(qtbot: QtBot) -> None:
    label = Text("word " * 20, wrap=True)
    changes: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: label.setText("word " * 40),
        lambda: set_property(label, "role", "title"),
        lambda: label.setContentsMargins(30, 10, 30, 10),
        lambda: label.setContentsMargins(QMargins(0, 40, 0, 0)),
        lambda: label.setFont(QFont(label.font().family(), 30)),
    )
    qtbot.addWidget(label)
    label.show()
    found = []
    for change in changes:
        change()
        found.append(label.heightForWidth(200))
        assert found[-1] == QLabel.heightForWidth(label, 200)
        assert label.heightForWidth(200) == found[-1]
    assert len(set(found)) == len(found), "each change shows in the height"


def test_a_card_is_as_narrow_as_its_contents_may_be(qtbot: QtBot) -> None:
    card = Card()
    qtbot.addWidget(card)
    assert card.minimumSizeHint().width() < theme().px(296)
    assert card.body.contentsMargins().left() == 16


def test_a_label_is_set_only_when_its_text_is_another_one(qtbot: QtBot) -> None:
    class Counting(QLabel):
        sets = 0

        def setText(self, text: str) -> None:
            self.sets += 1
            super().setText(text)

    label = Counting()
    qtbot.addWidget(label)
    for text in ("3:41", "3:41", "3:40"):
        set_text(label, text)
    assert label.sets == 2


@pytest.mark.parametrize(
    "name", ["حساب التداول الرئيسي للمكتب", "חשבון המסחר הראשי של המשרד", "The trading account of the office"]
)
def test_a_name_is_cut_at_its_own_end(qtbot: QtBot, name: str) -> None:
    text = ElidedText(name)
    qtbot.addWidget(text)
    text.resize(80, 20)
    short = text.elided_text()
    assert len(short) < len(name)
    layout = QTextLayout(short, text.font())
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)  # as a painter takes it from the window
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    first, cut = (line.cursorToX(at)[0] for at in (0, short.index("…")))  # type: ignore[index]
    assert first < cut if name.startswith("The") else first > cut, "Arabic and Hebrew begin at the right"


@pytest.mark.parametrize("letters", ["PB", "109", "D03", "WWW"])
def test_the_letters_of_a_tile_keep_clear_of_its_edges(qtbot: QtBot, letters: str) -> None:
    tile, empty = Monogram(letters, 28, of="probit"), Monogram("", 28, of="probit")
    for each in (tile, empty):
        qtbot.addWidget(each)
    drawn, ground = tile.grab().toImage(), empty.grab().toImage()
    wide, high = range(drawn.width()), range(drawn.height())
    touched = {x for x in wide for y in high if drawn.pixel(x, y) != ground.pixel(x, y)}
    assert min(touched) >= 2
    assert max(touched) <= drawn.width() - 3


def test_a_widget_that_is_given_up_is_held_until_qt_has_deleted_it(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    label = Text("gone soon", parent=page)
    known, held = ref(label), list[bool]()
    label.destroyed.connect(lambda: held.append(known() is not None))
    delete_later(label)
    del label
    assert page.findChildren(QLabel) == []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert held == [True], "PySide may still read it"
    assert known() is None


def test_nothing_is_taken_off_its_parent_in_another_way() -> None:
    found = [
        path.name for path in (DESKTOP / "keyrack/ui").rglob("*.py") if "setParent(None)" in path.read_text("utf-8")
    ]
    assert found == ["controls.py"]
