"""A sentence that floats over the page: what went well leaves by itself, and a trouble stays."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.parts.banner import BannerKind
from keyrack.ui.window.notice_bar import NoticeBar


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[NoticeBar]:
    window = QWidget()
    line, made = QLineEdit(window), NoticeBar(window, shown_ms=20)
    qtbot.addWidget(window)
    window.resize(400, 300)
    made.setGeometry(0, 100, 400, 80)
    window.show()
    QCursor.setPos(window.mapToGlobal(QPoint(200, 290)))
    line.setFocus()
    yield made
    window.close()


@pytest.mark.parametrize("kind", ["fresh", "off"])
def test_what_went_well_leaves_by_itself(bar: NoticeBar, qtbot: QtBot, kind: BannerKind) -> None:
    bar.show_notice(kind, "The lock passphrase is set.")
    assert bar.isVisible()
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_a_trouble_stays_also_where_it_replaces_what_went_well(bar: NoticeBar, qtbot: QtBot) -> None:
    timer = bar.findChild(QTimer)
    assert timer is not None
    for kind in ("soon", "urgent", "accent"):
        bar.show_notice("fresh", "The lock passphrase is set.")
        assert timer.isActive()
        bar.show_notice(kind, "The keyring is locked.")
        assert not timer.isActive()
    bar.show_notice("fresh", "The lock passphrase is set.")
    bar.ask(lambda: "The newest token is not stored.", "Quit anyway", lambda: None, ("Minimise", bar.hide))
    assert not timer.isActive()


def test_it_stays_while_one_of_its_buttons_has_the_focus(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.show_notice("fresh", "The lock passphrase is set.")
    timer = bar.findChild(QTimer)
    assert timer is not None
    assert bar.banner.button is not None
    bar.banner.button.setFocus()
    with qtbot.waitSignal(timer.timeout):
        pass
    assert bar.isVisible()
    assert timer.isActive()
