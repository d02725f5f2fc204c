"""The focus goes where the person goes on, and never from a page to the sidebar by itself."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.providers.registry import built_in
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.sign_in.browser_card import BrowserCard
from tests.ui.harness import WindowHarness, button, field, in_front, seen

SEVERAL_REGIONS = [provider.id for provider in built_in() if len(provider.regions) > 1]


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return in_front(qtbot, tmp_path)


def focus(harness: WindowHarness) -> QWidget:
    found: QWidget | None = harness.window.focusWidget()
    return harness.window if found is None else found


async def at(harness: WindowHarness, name: str) -> None:
    await seen(lambda: focus(harness).objectName() == name)


def press(harness: WindowHarness, key: Qt.Key = Qt.Key.Key_Return) -> None:
    QTest.keyClick(focus(harness), key)


async def test_every_page_begins_where_the_person_goes_on(harness: WindowHarness) -> None:
    pages = harness.contents.pages
    first_open = next(
        each.id for each in harness.rack.catalog.values() if not any(r.closed for r in each.regions.values())
    )
    await seen(lambda: focus(harness).objectName().startswith("card:"))
    harness.active("w1")
    harness.signed_out("w2")
    harness.signed_out("b2")
    for id, name in (("w1", "copy_token"), ("w2", "sign_in"), ("b2", "user_code")):
        harness.contents.open(id)
        await at(harness, name)
    for open_page, name in (
        (pages.add_account, f"provider:{first_open}"),
        (pages.lock_passphrase, "passphrase_new"),
        (pages.show_connection, "connection:none"),
        (pages.import_provider, "provider_path"),
    ):
        open_page()
        await at(harness, name)


@pytest.mark.parametrize("provider", SEVERAL_REGIONS)
async def test_choosing_a_site_ends_at_the_first_empty_field(harness: WindowHarness, provider: str) -> None:
    harness.contents.pages.add_account_at(provider)
    assert focus(harness).objectName().startswith("region:")
    press(harness)
    empty = ("field_client_id", "field_token_endpoint")
    await seen(lambda: focus(harness).objectName() in empty)
    await seen(lambda: harness.tasks.idle)
    assert focus(harness).objectName() in empty


async def test_it_stays_on_the_page_through_a_whole_sign_in(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    pages = harness.contents.pages
    await seen(lambda: focus(harness) is pages.pane)
    harness.signed_out("w1")
    await at(harness, "sign_in")
    harness.waiting("w1")
    await at(harness, "open_again")
    harness.waiting("w1", "confirming", "s…m@example.org")
    assert pages.pane is not None
    card = pages.pane.panel.browser
    await seen(lambda: focus(harness) is card)
    press(harness)
    press(harness, Qt.Key.Key_Tab)
    await at(harness, "answer_yes")
    harness.waiting("w1", "exchanging")
    await seen(lambda: focus(harness) is pages.pane)
    harness.active("w1")
    await at(harness, "copy_token")
    harness.signed_out("w1", Reason.SIGNED_OUT)
    await at(harness, "sign_in")


async def test_a_closed_form_leaves_it_at_the_main_button(harness: WindowHarness) -> None:
    harness.active("w1")
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    for form, first in (("remove", "inline_cancel"), ("rename", "field_name"), ("edit", "field_client_id")):
        pane.open_form(form)
        await at(harness, first)
        pane.escape()
        await at(harness, "copy_token")


async def test_an_account_in_trouble_begins_at_what_mends_it(harness: WindowHarness) -> None:
    harness.feed("p1", LoggedOut(Reason.NEW, ClientRejected("client_rejected", server="ProBit")))
    harness.contents.open("p1")
    await at(harness, "state_action")
    press(harness)
    await at(harness, "field_client_secret")


@pytest.mark.security("S33")
async def test_tab_goes_from_a_question_to_its_answers(harness: WindowHarness) -> None:
    harness.waiting("w1", "confirming")
    harness.contents.open("w1")
    await seen(lambda: isinstance(focus(harness), BrowserCard))
    press(harness)
    assert isinstance(focus(harness), BrowserCard), "Enter answers nothing"
    press(harness, Qt.Key.Key_Tab)
    assert focus(harness).objectName() == "answer_yes"
    press(harness, Qt.Key.Key_Tab)
    assert focus(harness).objectName() == "answer_no"


async def test_a_button_that_works_for_a_moment_keeps_it(harness: WindowHarness) -> None:
    harness.signed_out("w2")
    harness.contents.open("w2")
    sign_in = button(harness, "sign_in")
    await at(harness, "sign_in")
    sign_in.setEnabled(False)
    await seen(lambda: focus(harness) is harness.contents.pages.pane)
    sign_in.setEnabled(True)
    assert sign_in.hasFocus()


async def test_the_pressed_button_keeps_it_though_the_ones_beside_it_are_off_as_well(harness: WindowHarness) -> None:
    harness.signed_out("w2")
    harness.contents.open("w2")
    await at(harness, "sign_in")
    switched = [focus(harness)]
    for _ in range(2):
        switched[-1].setEnabled(False)
        switched.append(focus(harness))
    assert switched[0].objectName() == "sign_in"
    assert len(set(switched)) == 3, "Qt moved it on twice"
    await seen(lambda: focus(harness) is harness.contents.pages.pane)
    for each in reversed(switched):
        each.setEnabled(True)
    assert switched[0].hasFocus()


class ShownWindows(QObject):
    """Notes every widget that comes to the screen as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[QObject] = []

    def eventFilter(self, widget: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(widget, QWidget) and widget.isWindow():
            self.found.append(widget)
        return False


def test_no_part_of_a_form_takes_it_by_being_a_window_for_a_moment(harness: WindowHarness, qapp: QApplication) -> None:
    pages, shown = harness.contents.pages, ShownWindows()
    qapp.installEventFilter(shown)
    for provider in built_in():
        pages.add_account_at(provider.id)
        wizard = pages.currentWidget()
        assert isinstance(wizard, AddAccountWizard)
        for region in provider.regions:
            wizard.choose_region(provider)
            wizard.enter_credentials(region)
    for form in ("rename", "edit", "scripts", "remove"):
        harness.contents.open("w1")
        assert pages.pane is not None
        pages.pane.open_form(form)
    qapp.removeEventFilter(shown)
    assert shown.found == []


async def test_a_question_keeps_it_while_the_page_changes(harness: WindowHarness) -> None:
    harness.contents.question.show()
    harness.contents.question.card.setFocus()
    question = focus(harness)
    harness.contents.open("w1")
    assert focus(harness) is question


async def test_what_gets_it_is_scrolled_to(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.window.resize(640, 420)
    harness.contents.pages.add_account_at("bitport")
    name = field(harness, "field_name")
    qtbot.waitUntil(lambda: name.visibleRegion().isEmpty())
    name.setFocus()
    qtbot.waitUntil(lambda: name.visibleRegion().boundingRect() == name.rect())
