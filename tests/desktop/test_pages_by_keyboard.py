"""Settings and history, walked by the keyboard alone in English and in Korean with text of 20 pt."""

from collections.abc import Iterator

import pytest

from keyrack.core.preferences.all_settings import IDLE_LOCK_MINUTES, LANGUAGE
from keyrack.language import translation
from keyrack.language.translation import SOURCE, tr
from tests.desktop.driver import Driver
from tests.desktop.environment import Environment
from tests.desktop.keys import Keys

LANGUAGES = pytest.mark.parametrize(("language", "other"), [("en", "ko"), ("ko", "en")])
# Twice Qt's 10 pt.
LARGE = 200


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    translation.use(SOURCE)


def started(environment: Environment, language: str) -> tuple[Driver, Keys]:
    """Keyrack as it starts for a person who chose this language and large text before."""
    folder = environment.home.folder / ".config/keyrack-sandbox"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "settings.toml").write_text(f'language = "{language}"\ntext_size = {LARGE}\n')
    translation.use(language)
    driver = environment.start()
    return driver, Keys(driver)


def setting(environment: Environment, name: str) -> str:
    """A setting as the command line tells it."""
    return environment.command("settings", "get", name).stdout.strip()


@LANGUAGES
def test_the_settings(language: str, other: str, environment: Environment) -> None:
    driver, keys = started(environment, language)
    half_an_hour = next(choice for choice in IDLE_LOCK_MINUTES.choices if choice.value == 30)
    driver.keys("ctrl+comma")
    keys.until_at("find_setting")
    assert LANGUAGE.sentence in driver.until_said(IDLE_LOCK_MINUTES.sentence)
    keys.type("idle_lock")
    driver.until("visible", "setting:language", lambda visible: not visible, "the other settings to be hidden")
    keys.walk("Tab", "setting:idle_lock_minutes")
    driver.keys("Return", "Down", "Return")
    driver.until("text", "setting:idle_lock_minutes", lambda text: text == half_an_hour.words, "the next choice")
    assert setting(environment, "idle_lock_minutes") == "30"
    keys.walk("shift+Tab", "find_setting")
    driver.keys("ctrl+a", "Delete")
    driver.until_shown("setting:language")
    keys.walk("Tab", "setting:language")
    driver.keys("Return", "Home", *["Down"] * (1 + ["en", "cs", "de", "ko", "uk"].index(other)), "Return")
    translation.use(other)
    driver.until_said(LANGUAGE.sentence)
    assert setting(environment, "language") == other
    keys.until_at("setting:language")
    driver.keys("Escape")
    driver.until_said(tr("Refresh all"))


@LANGUAGES
def test_the_history(language: str, other: str, environment: Environment) -> None:
    driver, keys = started(environment, language)
    environment.sign_in(driver, "Main desk")
    driver.ask("open", "")
    driver.until_shown("period")
    assert setting(environment, "history_period") == "week"
    driver.until("text", "period", lambda text: text == tr("Week"), "the period of the start")
    keys.walk("Tab", "period")
    driver.keys("Return")
    entries = [tr(name) for name in ("Day", "Week", "Month", "Year")]
    driver.until("popup", None, lambda found: found[:4] == entries, "the menu of the periods")
    driver.keys("Down", "Down", "Down", "Return")
    driver.until("text", "period", lambda text: text == tr("Month"), "another period")
    assert setting(environment, "history_period") == "month"
