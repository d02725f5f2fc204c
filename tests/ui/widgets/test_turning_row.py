"""The row that becomes a column where it is too narrow, and a row again."""

import pytest
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.widgets.flow_layout import TurningRow

LEAST = 200
BESIDE, BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


def filled(kind: str, top: QWidget) -> TurningRow:
    row = TurningRow(LEAST)
    row.addWidget(QLineEdit(), 1)
    row.addWidget(QPushButton("Read"))
    if kind == "alone":
        top.setLayout(row)
        return row
    around = QVBoxLayout(top) if kind == "above a stretch" else QHBoxLayout(top)
    around.addLayout(row)
    around.addStretch(1)
    return row


@pytest.mark.parametrize("kind", ["alone", "above a stretch", "beside a stretch"])
def test_it_turns_and_turns_back(qtbot: QtBot, kind: str) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    row = filled(kind, top)
    top.show()
    for width, direction in ((600, BESIDE), (130, BELOW), (600, BESIDE), (130, BELOW)):
        top.resize(width, 200)
        QApplication.processEvents()
        QApplication.processEvents()
        assert row.direction() == direction, width


def test_a_hidden_row_asks_for_no_room(qtbot: QtBot) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    row = filled("alone", top)
    for at in range(row.count()):
        item = row.itemAt(at)
        widget = item.widget() if item is not None else None
        assert widget is not None
        widget.hide()
    assert row.sizeHint().width() == 0
