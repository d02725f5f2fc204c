"""The help inside the program, its explained words, and the way between the pages that lie over others."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from keyrack import __version__
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.help.help_page import HelpPage
from keyrack.ui.help.state_pictures import SHOWN
from keyrack.ui.parts.over_page import Over, OverPage, over_names
from keyrack.ui.parts.popover import DottedButton, Popover
from keyrack.ui.widgets.ring import Ring
from keyrack.ui.widgets.ring_kind import kind_words
from tests.ui.harness import WindowHarness, button, visible_texts

SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(harness: WindowHarness, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(harness.window.windowHandle(), key, held)


def page(harness: WindowHarness) -> HelpPage:
    press(harness, Qt.Key.Key_F1, SHIFT)
    shown = harness.contents.pages.currentWidget()
    assert isinstance(shown, HelpPage)
    return shown


async def test_it_is_opened_and_left_by_the_same_keys(harness: WindowHarness) -> None:
    shown = page(harness)
    assert shown.page.hasFocus()
    assert "Your first token, without an account" in visible_texts(shown)
    press(harness, Qt.Key.Key_F1, SHIFT)
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


async def test_the_pages_lead_to_each_other_and_all_back_to_the_half_filled_form(harness: WindowHarness) -> None:
    pages = harness.contents.pages
    pages.add_account()
    form = pages.currentWidget()
    page(harness)
    for which in over_names():
        button(harness, f"over_{which}").click()
        shown = pages.currentWidget()
        assert isinstance(shown, OverPage)
        assert shown.which == which
        assert button(harness, f"over_{which}").isChecked()
    assert pages.count() == 3, "the overview, the form and the last of these pages"
    press(harness, Qt.Key.Key_Escape)
    assert pages.currentWidget() is form
    assert isinstance(form, AddAccountWizard)


@pytest.mark.parametrize("which", ["keys", "help"])
@pytest.mark.parametrize("at", ["", "over_help", "{which}_back"])
async def test_the_keys_scroll_a_page_wherever_the_focus_is_on_it(harness: WindowHarness, which: Over, at: str) -> None:
    harness.window.resize(900, 400)
    harness.contents.pages.toggle_over(which)
    shown = harness.contents.pages.currentWidget()
    assert isinstance(shown, OverPage)
    QApplication.processEvents()
    (button(harness, at.format(which=which)) if at else shown.page).setFocus()
    bar = shown.page.verticalScrollBar()
    bar.setValue(0)
    places = []
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
        press(harness, key)
        places.append(bar.value())
    most, step = bar.maximum(), bar.pageStep()
    assert most > step
    assert places == [step, most, most - step, 0]


async def test_a_word_is_explained_by_the_keyboard_alone(harness: WindowHarness) -> None:
    shown = page(harness)
    words = button_under(shown)
    while not words.hasFocus():
        press(harness, Qt.Key.Key_Tab)
    press(harness, Qt.Key.Key_Return)
    popover = QApplication.activePopupWidget()
    assert isinstance(popover, Popover)
    assert popover.accessibleName() == "Token"
    assert "ends by itself" in popover.accessibleDescription()
    assert popover.hasFocus()
    QTest.keyClick(popover, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert words.hasFocus()


def button_under(shown: HelpPage) -> DottedButton:
    return shown.findChildren(DottedButton, "word_token")[0]


async def test_it_tells_what_the_open_accounts_token_can_do(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    shown = page(harness)
    assert "What can the token of “Trading” do?" in visible_texts(shown)
    assert "Can place orders. Whoever holds this token can act for you." in visible_texts(shown)


@pytest.mark.parametrize("id", ["", "w2"])
async def test_without_a_token_it_tells_of_none(harness: WindowHarness, id: str) -> None:
    harness.contents.open(id)
    assert "What can the token of" not in visible_texts(page(harness))


async def test_the_menu_leads_to_each_of_them(harness: WindowHarness) -> None:
    menu = harness.contents.sidebar.menu.menu()
    for which in over_names():
        (entry,) = (action for action in menu.actions() if action.objectName() == f"menu_{which}")
        entry.trigger()
        shown = harness.contents.pages.currentWidget()
        assert isinstance(shown, OverPage)
        assert shown.which == which


async def test_it_tells_the_version_and_the_licences(harness: WindowHarness) -> None:
    shown = visible_texts(page(harness))
    assert f"Keyrack {__version__}, under the Apache License 2.0." in shown
    for library in ("Qt 6.", "httpx 0.", "cryptography "):
        assert library in shown
    assert "httpx 0.28.1, BSD-3-Clause" in shown
    assert "not stated" not in shown


async def test_the_pictures_of_the_states_are_the_windows_own(harness: WindowHarness) -> None:
    shown = page(harness)
    rings = shown.findChildren(Ring)
    assert [ring.kind for ring in rings] == [kind for kind, _ in SHOWN]
    assert {kind_words(kind) for kind, _ in SHOWN} <= set(visible_texts(shown).split("\n"))
    assert {"fresh", "soon", "retrying", "needs", "off"} <= {ring.kind for ring in rings}, (
        "those that its sentence names"
    )
