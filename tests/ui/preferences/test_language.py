"""The window speaks another language as soon as it is chosen, and English again after that."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMenu
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Reason
from keyrack.core.preferences.all_settings import AMOUNTS_AT_START, LANGUAGE
from keyrack.language.languages import LANGUAGES
from keyrack.language.translation import SOURCE, plural, spoken, tr
from keyrack.ui.frontend import Frontend
from keyrack.ui.integration.window_language import window_language
from tests.ui.harness import ACCOUNTS, WindowHarness, button, make_harness, seen, visible_texts

OTHERS = [language for language in LANGUAGES if language != SOURCE]


@pytest.fixture(autouse=True)
def _english_again(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    yield
    window_language().speak(SOURCE)
    QLocale.setDefault(before)


@pytest.mark.parametrize("language", OTHERS)
async def test_the_whole_window_follows(language: str, harness: WindowHarness, frontend: Frontend) -> None:
    contents = harness.window.contents
    assert contents is not None
    contents.program.open_preferences()
    harness.rack.preferences.choose(LANGUAGE, language)
    assert spoken() == language
    again = harness.window.contents
    assert again is not None
    assert again is not contents
    await seen(again.isVisible)
    words = visible_texts(harness.window)
    for sentence in (LANGUAGE.text, "Settings", "Overview"):
        assert tr(sentence) != sentence
        assert tr(sentence) in words
    assert LANGUAGE.text not in words
    await seen(lambda: tr("Quit") in [action.text() for action in frontend.tray.menu.actions()])
    harness.rack.preferences.choose(LANGUAGE, SOURCE)
    await seen(lambda: LANGUAGE.text in visible_texts(harness.window))
    await seen(lambda: "Quit" in [action.text() for action in frontend.tray.menu.actions()])


def test_numbers_dates_and_qts_own_buttons_follow(qapp: QApplication) -> None:
    window_language().speak("de")
    assert QLocale().toString(1234.5, "f", 1) == "1.234,5"
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.buttons()[0].text() == "Abbrechen"
    window_language().speak("cs")
    assert QLocale().decimalPoint() == ","


@pytest.mark.parametrize(("language", "forms"), [("cs", 3), ("de", 2), ("ko", 1), ("uk", 3)])
def test_each_language_has_its_forms_for_numbers(language: str, forms: int, qapp: QApplication) -> None:
    window_language().speak(language)
    said = {plural("1 account.", "{n} accounts.", count, n="1") for count in (1, 2, 5, 11, 21, 22, 25)}
    assert len(said) == forms


async def test_a_pane_without_a_form_follows_too(harness: WindowHarness, frontend: Frontend) -> None:
    harness.active("w1")
    before = harness.window.contents
    assert before is not None
    before.open("w1")
    harness.rack.preferences.choose(LANGUAGE, "ko")
    again = harness.window.contents
    assert again is not None
    assert again is not before
    await seen(again.isVisible)
    assert again.pages.pane is not None
    assert again.pages.pane.account.id == "w1"
    assert tr("Copy token") in visible_texts(harness.window)


async def test_an_account_is_renewed_after_its_pane_was_replaced(harness: WindowHarness, frontend: Frontend) -> None:
    harness.active("w1")
    before = harness.window.contents
    assert before is not None
    before.open("w1")
    assert before.pages.pane is not None
    harness.rack.preferences.choose(LANGUAGE, "de")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    again = harness.window.contents
    assert again is not None
    assert again.pages.pane is not None
    await seen(lambda: tr("Sign in needed") in visible_texts(again))


async def test_a_round_of_sign_ins_ends_in_a_window_that_was_made_anew(
    harness: WindowHarness, frontend: Frontend
) -> None:
    harness.rack.preferences.choose(LANGUAGE, "de")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    sign_ins = frontend.actions.sign_in_round
    sign_ins.changed.emit()
    harness.signed_out("p1", Reason.SIGNED_OUT)
    sign_ins.start()
    await seen(lambda: not sign_ins.running and frontend.tasks.idle)


async def test_a_switch_keeps_what_is_hidden_and_where_the_person_is(
    harness: WindowHarness, frontend: Frontend
) -> None:
    harness.rack.preferences.choose(AMOUNTS_AT_START, "shown")
    contents = harness.window.contents
    assert contents is not None
    contents.pages.hide_amounts(True)
    harness.rack.preferences.choose(LANGUAGE, "uk")
    again = harness.window.contents
    assert again is not None
    assert again is not contents
    assert again.pages.privacy.on


async def test_a_form_that_was_just_opened_is_waited_for(harness: WindowHarness, frontend: Frontend) -> None:
    harness.active("w1")
    contents = harness.window.contents
    assert contents is not None
    contents.pages.begin("w1", "rename")
    harness.rack.preferences.choose(LANGUAGE, "cs")
    assert harness.window.contents is contents
    assert spoken() == SOURCE, "no part of the window speaks it before the whole of it"
    assert contents.pages.pane is not None
    contents.pages.pane.close_form()
    contents.open("")
    await seen(lambda: harness.window.contents is not contents)
    await seen(lambda: tr("Refresh all") in visible_texts(harness.window))


async def test_a_form_that_was_left_empty_is_not_waited_for(harness: WindowHarness, frontend: Frontend) -> None:
    contents = harness.window.contents
    assert contents is not None
    contents.pages.add_account()
    for tile in ("provider:bitport", "import_provider"):
        button(harness, tile).click()
        contents.pages.escape()
    button(harness, "provider:bitport").click()
    contents.pages.escape()
    contents.pages.escape()
    harness.rack.preferences.choose(LANGUAGE, "cs")
    assert harness.window.contents is not contents


async def test_the_tray_speaks_it_everywhere(harness: WindowHarness, frontend: Frontend) -> None:
    harness.rack.preferences.choose(LANGUAGE, "de")

    def said() -> set[str]:
        below = [action.menu() for action in frontend.tray.menu.actions()]
        return {action.text() for menu in below if isinstance(menu, QMenu) for action in menu.actions()}

    english = {"For 30 min", "For 1 h", "For 8 h", "Copy token", "Refresh now", "Sign in again"}
    await seen(lambda: not english & said() and tr("Copy token") in said())


async def test_after_a_switch_in_the_settings_back_leads_to_the_account_that_was_open(
    harness: WindowHarness, frontend: Frontend
) -> None:
    harness.active("w1")
    before = harness.window.contents
    assert before is not None
    before.open("w1")
    before.program.open_preferences()
    harness.rack.preferences.choose(LANGUAGE, "ko")
    again = harness.window.contents
    assert again is not None
    await seen(again.isVisible)
    assert again.program.settings is not None
    assert not again.pages.overview.cards, "nobody sees them"
    again.program.settings.back.click()
    assert again.page_to_return_to() == "w1"
    again.open("")
    assert "w1" in again.pages.overview.cards


async def test_after_a_switch_the_open_account_is_in_sight_in_the_list(qtbot: QtBot, tmp_path: Path) -> None:
    accounts = tuple(replace(ACCOUNTS[4], id=f"m{at}", name=f"Desk {at}") for at in range(60))
    harness = make_harness(tmp_path, accounts)
    frontend = Frontend(harness.window, harness.rack)
    harness.window.show()
    before = harness.window.contents
    assert before is not None
    before.open("m50")
    harness.rack.preferences.choose(LANGUAGE, "ko")
    again = harness.window.contents
    assert again is not None
    await seen(lambda: "m50" in [entry.id for entry in again.sidebar.list.seen()])
    await frontend.close()
