"""The card of a sign-in by code: what a person reads, copies and scans."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.state import Authorizing, LoggedOut, Reason
from keyrack.oauth.endpoints.device import DeviceAuthorization
from keyrack.primitives.secret import Secret
from keyrack.startup.sandbox_accounts import store_provider_files
from keyrack.ui.sign_in.device_card import DeviceCard
from tests.core.sites.test_user_files import FILE
from tests.ui.harness import WindowHarness, bench, button, shown_texts, visible_texts
from tests.ui.widgets.qr_reading import KNOWN, PAGE, PAGE_WITH_CODE, checksum, drawn_modules

CODE = "TSGX-JDKN"
DEVICE = (
    FILE.replace("[flows.client_credentials]", "[flows.device_code]\nneeds_secret = false")
    .replace("token_endpoint", f'device_authorization_endpoint = "{PAGE}"\ntoken_endpoint')
    .replace('renewal = "again"\n', "")
)
ACCOUNT = Settings("e1", "Own", "sample", "main", "device_code", "sample-client")


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    store_provider_files(tmp_path / "config", {"sample.toml": DEVICE})
    made = bench(tmp_path, (ACCOUNT,))
    qtbot.addWidget(made.window)
    made.window.show()
    made.contents.open("e1")
    return made


def waiting(b: WindowHarness, complete: str = PAGE_WITH_CODE) -> DeviceCard:
    """Show a code that works for 283 s more."""
    ends = b.hands.elapsed + 283
    device = DeviceAuthorization(Secret("canary-device-code"), CODE, PAGE, complete, ends, 5.0)
    b.feed("e1", Authorizing(b.hands.elapsed, ends, "device", device=device))
    assert b.contents.pages.pane is not None
    return b.contents.pages.pane.panel.device


def test_the_code_is_large_and_both_can_be_selected(b: WindowHarness) -> None:
    card = waiting(b)
    assert card.isVisible()
    code = b.window.findChild(QLabel, "device_user_code")
    assert isinstance(code, QLabel)
    assert code.text() == CODE
    assert code.fontMetrics().height() > 2 * card.left.fontMetrics().height()
    for label in (code, card.address):
        assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
        assert label.textFormat() == Qt.TextFormat.PlainText
    assert PAGE in visible_texts(b.window)
    assert not b.contents.pages.pane.panel.browser.isVisible()  # type: ignore[union-attr]


def test_the_time_of_the_code_counts_down(b: WindowHarness) -> None:
    card = waiting(b)
    assert card.left.text() == "4:43 left"
    b.tick(60)
    assert card.left.text() == "3:43 left"


def test_the_picture_holds_the_address_with_the_code(b: WindowHarness) -> None:
    card = waiting(b)
    assert card.qr.isVisible()
    assert checksum(drawn_modules(card.qr)) in KNOWN[PAGE_WITH_CODE]
    assert card.hint.isVisible()


def test_without_a_complete_address_the_picture_is_that_of_the_page(b: WindowHarness) -> None:
    card = waiting(b, complete="")
    assert checksum(drawn_modules(card.qr)) in KNOWN[PAGE]
    assert not card.hint.isVisible()


@pytest.mark.security("S36")
def test_the_browser_is_started_without_the_code(b: WindowHarness) -> None:
    waiting(b)
    button(b, "open_device_page").click()
    assert b.opened == [PAGE]


def test_code_and_address_are_copied_each_for_itself(b: WindowHarness) -> None:
    waiting(b)
    button(b, "copy_device_code").click()
    assert QGuiApplication.clipboard().text() == CODE
    assert button(b, "copy_device_code").text() == "Code copied"
    button(b, "copy_device_address").click()
    assert QGuiApplication.clipboard().text() == PAGE


def test_words_and_the_main_button(b: WindowHarness) -> None:
    waiting(b)
    said = visible_texts(b.window)
    assert "Approve on any device" in said
    assert "enter code" in said
    assert button(b, "cancel").isVisible()


@pytest.mark.security("S98")
def test_the_code_goes_with_the_card_and_the_device_code_is_nowhere(b: WindowHarness) -> None:
    card = waiting(b)
    assert not any("canary-device-code" in text for text in shown_texts(b.window))
    b.feed("e1", LoggedOut(Reason.NEW))
    assert not card.isVisible()
    assert not any(CODE in text for text in shown_texts(b.window))
    assert not card.qr.drawn
