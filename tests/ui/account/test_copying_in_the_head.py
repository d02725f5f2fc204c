"""The button that copies the token, in the head of an account's pane."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QApplication

from keyrack.primitives.secret import Secret
from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.theme.icons import icon
from tests.ui.harness import WindowHarness, holdings
from tests.ui.sizes.walk import close, harness_of, laid_out, text_size

SMALL = (640, 420)


def pane(harness: WindowHarness) -> AccountPane:
    harness.active("w1").show_balances(holdings(harness.clock))
    harness.window.show()
    harness.contents.open("w1")
    laid_out()
    found = harness.contents.pages.pane
    assert found is not None
    return found


@pytest.mark.parametrize("seconds", [30.0, 120.0])
def test_no_row_moves_while_it_counts(harness: WindowHarness, seconds: float) -> None:
    shown = pane(harness)
    harness.window.setMinimumSize(1, 1)  # as on a screen of twice the scale
    for width in range(580, 780, 8):
        harness.window.resize(width, 420)
        laid_out()
        before = shown.page.mapTo(shown, QPoint()).y()
        harness.clipboard.copy(Secret("canary-access-token"), seconds, "w1")
        laid_out()
        assert shown.header.copy_token.text().startswith("Copied")
        assert shown.page.mapTo(shown, QPoint()).y() == before, width
        harness.clipboard.clear()
        laid_out()
        assert shown.page.mapTo(shown, QPoint()).y() == before, width


async def test_the_picture_says_it_where_large_text_leaves_no_room_for_words(
    tmp_path: Path, qapp: QApplication
) -> None:
    with text_size(qapp, 20, SMALL):
        large = await harness_of(tmp_path)
        large.window.resize(*SMALL)
        button = pane(large).header.copy_token
        assert is_picture_of(button, "copy")
        large.clipboard.copy(Secret("canary-access-token"), 30.0, "w1")
        laid_out()
        assert button.fontMetrics().horizontalAdvance(button.text()) > button.width()
        assert is_picture_of(button, "check")
        large.clipboard.clear()
        assert is_picture_of(button, "copy")
        await close(large)


def is_picture_of(button: QAbstractButton, name: str) -> bool:
    size = button.iconSize()
    wanted = icon(name, "on_accent", beside=size.width() - size.height())
    return button.icon().pixmap(size).toImage() == wanted.pixmap(size).toImage()
