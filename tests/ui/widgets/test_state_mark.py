"""The mark of a state in lists."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.ring_kind import kind_for
from keyrack.ui.widgets.state_mark import StateMark


@pytest.fixture(autouse=True)
def light_and_moving(qapp: QApplication) -> Iterator[None]:
    theme().use("light")
    theme().allow_motion(allowed=True)
    yield
    theme().use(None)
    theme().allow_motion(allowed=None)


@pytest.mark.parametrize(
    ("status", "fraction", "kind"),
    [
        ("ready", 1.0, "fresh"),
        ("ready", 0.20, "fresh"),
        ("ready", 0.19, "soon"),
        ("ready", 0.10, "soon"),
        ("ready", 0.09, "urgent"),
        ("ready", None, "unknown"),
        ("refreshing", 0.1, "renewing"),
        ("retrying", 0.9, "retrying"),
        ("needs_login", None, "needs"),
        ("unsaved", 0.9, "needs"),
        ("keyring_unavailable", None, "locked"),
        ("signing_in", 0.9, "waiting"),
        ("closed", None, "off"),
    ],
)
def test_a_mark_shows_a_status(status: str, fraction: float | None, kind: str, qtbot: QtBot) -> None:
    assert kind_for(status, fraction) == kind
    mark = StateMark()
    qtbot.addWidget(mark)
    mark.set(status, fraction)
    assert mark.kind == kind
    assert mark.accessibleName()
