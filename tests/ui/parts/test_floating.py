"""A notice floats: it pushes nothing away, covers nothing that is being used, and has a shadow in the light alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton
from tests.ui.harness import WindowHarness, make_harness


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowHarness]:
    theme().allow_motion(allowed=False)
    theme().use("light")
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    made.active("w1")
    made.contents.open("w1")
    QCursor.setPos(made.window.mapToGlobal(QPoint(20, 660)))
    yield made
    theme().use(None)
    theme().allow_motion(allowed=None)


def box(harness: WindowHarness, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(harness.contents, QPoint()), widget.size())


def test_the_page_stays_where_it_is(harness: WindowHarness, qtbot: QtBot) -> None:
    header = harness.window.findChildren(QWidget, "copy_token")[0]
    before = box(harness, header), harness.contents.cover.geometry()
    harness.contents.show_notice("fresh", "Copied.")
    qtbot.wait(1)
    assert (box(harness, header), harness.contents.cover.geometry()) == before
    banner, cover = box(harness, harness.contents.notice.banner), harness.contents.cover.geometry()
    assert cover.contains(banner)
    assert cover.bottom() - banner.bottom() == pytest.approx(int(GAP_M), abs=2)


def test_it_goes_up_where_it_would_cover_the_control_in_use(harness: WindowHarness) -> None:
    page, notice = harness.contents.cover, harness.contents.notice
    low = PlainButton("Low", parent=page)
    low.move(page.width() // 2, page.height() - 60)
    low.show()
    harness.contents.show_notice("urgent", "The keyring is locked.")
    assert box(harness, notice.banner).intersects(box(harness, low))
    low.setFocus(Qt.FocusReason.TabFocusReason)
    assert not box(harness, notice.banner).intersects(box(harness, low))
    notice.hide()
    low.clearFocus()
    QCursor.setPos(low.mapToGlobal(QPoint(5, 5)))
    harness.contents.show_notice("urgent", "The keyring is locked still.")
    assert not box(harness, notice.banner).intersects(box(harness, low))


def test_a_longer_sentence_and_another_window_find_a_new_place(harness: WindowHarness, qtbot: QtBot) -> None:
    notice = harness.contents.notice
    harness.contents.show_notice("urgent", "Short.")
    low = notice.height()
    harness.contents.show_notice("urgent", "A longer sentence, which takes its lines. " * 8)
    qtbot.waitUntil(lambda: notice.height() > low)
    assert harness.contents.cover.geometry().contains(box(harness, notice.banner))
    harness.window.resize(700, 500)
    qtbot.waitUntil(lambda: harness.contents.cover.geometry().contains(box(harness, notice.banner)))
    text = notice.banner.text
    assert text.height() >= text.heightForWidth(text.width()), "no line is cut"


def test_tab_leads_from_it_to_the_page(harness: WindowHarness) -> None:
    harness.contents.notice.ask(lambda: "Not stored.", "Quit anyway", lambda: None, ("Minimise", lambda: None))
    harness.contents.notice.anyway.setFocus(Qt.FocusReason.TabFocusReason)
    seen = set()
    for _ in range(4):
        focused = harness.window.focusWidget()
        assert focused is not None
        seen.add(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {"anyway", "copy_token"} <= seen


def test_it_slides_in_unless_motion_is_refused(harness: WindowHarness, qtbot: QtBot) -> None:
    notice = harness.contents.notice
    harness.contents.show_notice("urgent", "The keyring is locked.")
    rest = notice.y()
    notice.hide()
    theme().allow_motion(allowed=True)
    harness.contents.show_notice("urgent", "The keyring is locked.")
    assert notice.y() > rest
    qtbot.waitUntil(lambda: notice.y() == rest)


@pytest.mark.parametrize(("scheme", "darker"), [("light", True), ("dark", False)])
def test_there_is_a_shadow_in_the_light_alone(scheme: str, darker: bool, harness: WindowHarness, qtbot: QtBot) -> None:
    theme().use("dark" if scheme == "dark" else "light")
    harness.contents.show_notice("urgent", "The keyring is locked.")
    banner = box(harness, harness.contents.notice.banner)
    below = QPoint(banner.center().x(), banner.bottom() + 4)
    shown = harness.contents.grab().toImage().pixelColor(below)
    harness.contents.notice.hide()
    plain = harness.contents.grab().toImage().pixelColor(below)
    assert (shown.lightness() < plain.lightness()) is darker
