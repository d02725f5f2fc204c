"""The language that the person chose is spoken at once, and again at the next start."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.preferences.all_settings import CLIPBOARD_SECONDS, LANGUAGE, THEME
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.preferences.settings_text import new_text
from keyrack.core.preferences.spoken_language import follow_language, speak_as_stored
from keyrack.language.languages import LANGUAGES
from keyrack.language.translation import SOURCE, spoken, use
from keyrack.messages.catalogue import CATALOGUE, COUNTED
from keyrack.providers.holding import LeftOut
from tests.language import catalogue_of


@pytest.fixture(autouse=True)
def system_in_ukrainian(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LC_ALL", "uk_UA.UTF-8")
    yield
    use(SOURCE)


def test_a_choice_is_spoken_at_once_and_from_the_next_start_on(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    preferences.load()
    stop = follow_language(preferences)
    assert spoken() == "uk"
    preferences.choose(THEME, "dark")
    preferences.choose(LANGUAGE, "ko")
    assert spoken() == "ko"
    use(SOURCE)
    speak_as_stored(tmp_path)
    assert spoken() == "ko"
    preferences.reset(LANGUAGE)
    assert spoken() == "uk"
    stop()
    preferences.choose(LANGUAGE, "de")
    assert spoken() == "uk"


def test_without_a_file_the_system_decides(tmp_path: Path) -> None:
    speak_as_stored(tmp_path)
    assert spoken() == "uk"


def test_each_language_is_offered_by_its_own_name() -> None:
    with catalogue_of.spoken("xx", {"as the system": "wie das System"}):
        words = [choice.words for choice in LANGUAGE.choices]
    assert words == ["wie das System", *LANGUAGES.values()]


def test_a_setting_is_shown_in_the_language_and_stored_in_english() -> None:
    english = CLIPBOARD_SECONDS.sentence
    texts = {english: "Wann kopierte Token gehen.", "after {n} seconds": "nach {n} s", "on": "an"}
    before = new_text()
    with catalogue_of.spoken("xx", {**texts, "{values} or {last}": "{values} oder {last}"}):
        assert CLIPBOARD_SECONDS.sentence == "Wann kopierte Token gehen."
        assert CLIPBOARD_SECONDS.words_of(30) == "nach 30 s"
        assert CLIPBOARD_SECONDS.allowed().endswith("60 oder 120")
        assert new_text() == before


def test_the_code_for_more_takes_the_form_of_the_number() -> None:
    words = Balances((), 0.0, "poll", left_out=LeftOut(unread=1, beyond=3)).left_out_words
    assert words.startswith("1 row could not")
    assert words.endswith("3 rows are beyond the number that Keyrack reads.")
    assert all("{count}" in CATALOGUE[code].happened for pair in COUNTED.items() for code in pair)
