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
from tests.ui.harness import WindowHarness, button, make_harness, shown_texts, visible_texts
from tests.ui.widgets.qr_reading import KNOWN, PAGE, PAGE_WITH_CODE, checksum, drawn_modules

CODE = "TSGX-JDKN"
DEVICE = (
    FILE.replace("[flows.client_credentials]", "[flows.device_code]\nneeds_secret = false")
    .replace("token_endpoint", f'device_authorization_endpoint = "{PAGE}"\ntoken_endpoint')
    .replace('renewal = "again"\n', "")
)
ACCOUNT = Settings("e1", "Own", "sample", "main", "device_code", "sample-client")


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    store_provider_files(tmp_path / "config", {"sample.toml": DEVICE})
    made = make_harness(tmp_path, (ACCOUNT,))
    qtbot.addWidget(made.window)
    made.window.show()
    made.contents.open("e1")
    return made


def waiting(harness: WindowHarness, complete: str = PAGE_WITH_CODE) -> DeviceCard:
    """Show a code that works for 283 s more."""
    ends = harness.clock.elapsed + 283
    device = DeviceAuthorization(Secret("canary-device-code"), CODE, PAGE, complete, ends, 5.0)
    harness.feed("e1", Authorizing(harness.clock.elapsed, ends, "device", device=device))
    assert harness.contents.pages.pane is not None
    return harness.contents.pages.pane.panel.device


def test_the_code_is_large_and_both_can_be_selected(harness: WindowHarness) -> None:
    card = waiting(harness)
    assert card.isVisible()
    code = harness.window.findChild(QLabel, "device_user_code")
    assert isinstance(code, QLabel)
    assert code.text() == CODE
    assert code.fontMetrics().height() > 2 * card.left.fontMetrics().height()
    for label in (code, card.address):
        assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
        assert label.textFormat() == Qt.TextFormat.PlainText
    assert PAGE in visible_texts(harness.window)
    assert not harness.contents.pages.pane.panel.browser.isVisible()  # type: ignore[union-attr]


def test_the_time_of_the_code_counts_down(harness: WindowHarness) -> None:
    card = waiting(harness)
    assert card.left.text() == "4:43 left"
    harness.tick(60)
    assert card.left.text() == "3:43 left"


def test_the_picture_holds_the_address_with_the_code(harness: WindowHarness) -> None:
    card = waiting(harness)
    assert card.qr.isVisible()
    assert checksum(drawn_modules(card.qr)) in KNOWN[PAGE_WITH_CODE]
    assert card.hint.isVisible()


def test_without_a_complete_address_the_picture_is_that_of_the_page(harness: WindowHarness) -> None:
    card = waiting(harness, complete="")
    assert checksum(drawn_modules(card.qr)) in KNOWN[PAGE]
    assert not card.hint.isVisible()


@pytest.mark.security("S36")
def test_the_browser_is_started_without_the_code(harness: WindowHarness) -> None:
    waiting(harness)
    button(harness, "open_device_page").click()
    assert harness.opened == [PAGE]


def test_code_and_address_are_copied_each_for_itself(harness: WindowHarness) -> None:
    waiting(harness)
    button(harness, "copy_device_code").click()
    assert QGuiApplication.clipboard().text() == CODE
    assert button(harness, "copy_device_code").text() == "Code copied"
    button(harness, "copy_device_address").click()
    assert QGuiApplication.clipboard().text() == PAGE


def test_words_and_the_main_button(harness: WindowHarness) -> None:
    waiting(harness)
    said = visible_texts(harness.window)
    assert "Approve on any device" in said
    assert "enter code" in said
    assert button(harness, "cancel").isVisible()


@pytest.mark.security("S98")
def test_the_code_goes_with_the_card_and_the_device_code_is_nowhere(harness: WindowHarness) -> None:
    card = waiting(harness)
    assert not any("canary-device-code" in text for text in shown_texts(harness.window))
    harness.feed("e1", LoggedOut(Reason.NEW))
    assert not card.isVisible()
    assert not any(CODE in text for text in shown_texts(harness.window))
    assert not card.qr.drawn
