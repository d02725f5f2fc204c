"""The window speaks another language as soon as it is chosen, and English again after that."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from keyrack.core.preferences.all_settings import LANGUAGE
from keyrack.language.languages import LANGUAGES
from keyrack.language.translation import SOURCE, plural, spoken, tr
from keyrack.ui.frontend import Frontend
from keyrack.ui.integration.window_language import window_language
from tests.ui.harness import WindowHarness, make_harness, seen, visible_texts

OTHERS = [language for language in LANGUAGES if language != SOURCE]


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return make_harness(tmp_path)


@pytest.fixture
async def frontend(harness: WindowHarness) -> AsyncIterator[Frontend]:
    frontend = Frontend(harness.window, harness.rack)
    harness.window.show()
    yield frontend
    await frontend.close()


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
