"""The settings file: every line of the person stays, and every mistake is said with its line."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.preferences.all_settings import (
    ALL,
    BY_NAME,
    CLIPBOARD_SECONDS,
    CURRENCY,
    IDLE_LOCK_MINUTES,
    LOCK_WITH_SCREEN,
    PINNED,
    PROXY,
    THEME,
)
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.preferences.setting import plainly
from keyrack.core.preferences.settings_file import SettingsFailure, SettingsFile
from keyrack.core.preferences.settings_text import new_text, with_value

OWN = """\
# my own words

schema = 1
theme = "dark"   # the evening's
later = [
    1, # one
    2,
]
idle_lock_minutes = 5

[of_another_program]
theme = "not ours"
"""

AT_START = '"as_left", "hidden" or "shown"'
NO = "is not possible; it may be"


def stored(folder: Path, text: str) -> Preferences:
    """The preferences over a file with this text."""
    folder.mkdir(exist_ok=True)
    (folder / "settings.toml").write_text(text, "utf-8", newline="")
    made = Preferences(folder)
    made.load()
    return made


def text_in(folder: Path) -> str:
    """The file's text."""
    return (folder / "settings.toml").read_bytes().decode()


def told(preferences: Preferences) -> list[str]:
    """What was wrong, in a person's words."""
    return [why.happened for why in preferences.problems]


def test_a_new_file_explains_every_setting_and_changes_none(tmp_path: Path) -> None:
    text = new_text()
    assert tomllib.loads(text) == {"schema": 1}
    for setting in ALL:
        assert setting.sentence in text
        assert f"It may be {setting.allowed()}." in text
    assert stored(tmp_path, text).problems == ()


def test_every_setting_allows_what_it_is_from_the_start() -> None:
    for setting in ALL:
        assert setting.allows(setting.default), setting.name
        assert setting.of_text(plainly(setting.default)) == setting.default, setting.name


def test_a_choice_is_in_force_told_and_stored_in_a_private_file(tmp_path: Path) -> None:
    made = Preferences(tmp_path / "config")
    made.load()
    names: list[str] = []
    made.changed.connect(names.append)
    assert made.value(CLIPBOARD_SECONDS) == 30
    assert made.choose(CLIPBOARD_SECONDS, 60) is None
    assert made.choose(CLIPBOARD_SECONDS, 60) is None
    assert made.value(CLIPBOARD_SECONDS) == 60
    assert names == ["clipboard_seconds"]
    assert made.path.stat().st_mode & 0o077 == 0
    again = Preferences(tmp_path / "config")
    again.load()
    assert again.value(CLIPBOARD_SECONDS) == 60
    assert again.reset(CLIPBOARD_SECONDS) is None
    assert again.value(CLIPBOARD_SECONDS) == 30
    assert text_in(tmp_path / "config") == new_text()


def test_comments_order_unknown_keys_and_tables_stay(tmp_path: Path) -> None:
    made = stored(tmp_path, OWN)
    assert made.value(THEME) == "dark"
    made.choose(THEME, "light")
    made.choose(IDLE_LOCK_MINUTES, 0)
    made.choose(LOCK_WITH_SCREEN, value=False)
    text = text_in(tmp_path)
    assert 'theme = "light"   # the evening\'s\n' in text
    assert (
        text.replace('"light"', '"dark"')
        .replace("idle_lock_minutes = 0", "idle_lock_minutes = 5")
        .replace("lock_with_screen = false\n", "")
        == OWN
    )
    assert tomllib.loads(text)["of_another_program"] == {"theme": "not ours"}
    assert tomllib.loads(text)["lock_with_screen"] is False


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("theme = 7", 'settings.toml, line 7: theme: “7” is not possible; it may be "system", "light" or "dark".'),
        ("lock_with_screen = 1", f"settings.toml, line 7: lock_with_screen: “1” {NO} true or false."),
        ("clipboard_seconds = true", f"settings.toml, line 7: clipboard_seconds: “True” {NO} 10, 15, 30, 60 or 120."),
        ("amounts_at_start = []", f"settings.toml, line 7: amounts_at_start: “[]” {NO} {AT_START}."),
        ("theem = 'dark'", "settings.toml, line 7: theem: this version knows no such setting."),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_and_the_others_hold(line: str, said: str, tmp_path: Path) -> None:
    text = f'schema = 1\n# a\n"currency" = "EUR"\n\n# b\n\n{line}\n'
    made = stored(tmp_path, text)
    assert told(made) == [said]
    assert made.value(CURRENCY) == "EUR"
    values = [made.value(THEME), made.value(LOCK_WITH_SCREEN), made.value(CLIPBOARD_SECONDS)]
    assert [*values, made.value(IDLE_LOCK_MINUTES)] == ["system", True, 30, 15]
    assert made.choose(CURRENCY, "BTC") is None
    assert text_in(tmp_path) == text.replace('"currency" = "EUR"', 'currency = "BTC"')


def test_a_wrong_line_is_mended_by_a_new_choice(tmp_path: Path) -> None:
    made = stored(tmp_path, "theme = 7\n")
    assert made.problems
    assert made.choose(THEME, "dark") is None
    assert made.problems == ()
    assert stored(tmp_path, text_in(tmp_path)).problems == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a = 1\nb = 2\n\n\n\n\ntheme = "dark\n', 7),
        ("theme = 'dark'\ntheme = 'light'\n", 2),
        ("a = [\n1,\n", 2),
        ("\x00", 1),
        ("theme = 'dark'\n" + "[" * 5000, 1),
        ("schema = 'new'", 1),
        ("\n\nschema = 0", 3),
    ],
)
def test_a_broken_file_is_left_as_it_is_and_its_line_is_said(text: str, line: int, tmp_path: Path) -> None:
    made = stored(tmp_path, text)
    assert f"settings.toml, line {line}:" in told(made)[0] or text.endswith("[")
    assert made.value(THEME) == "system"
    why = made.choose(THEME, "light")
    assert why is not None
    assert why.code in ("settings_no_toml", "settings_wrong_schema")
    assert made.value(THEME) == "light", "it holds until Keyrack ends"
    assert text_in(tmp_path) == text


def test_bytes_that_are_no_text_are_left_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"schema = 1\n\ntheme = '\xff'\n")
    made = Preferences(tmp_path)
    made.load()
    assert told(made) == ["settings.toml, line 3: this is no TOML."]
    assert made.choose(THEME, "dark") is not None
    assert (tmp_path / "settings.toml").read_bytes() == b"schema = 1\n\ntheme = '\xff'\n"


@pytest.mark.security("S52")
def test_a_mistake_elsewhere_leads_no_connection_past_the_proxy(tmp_path: Path) -> None:
    made = stored(tmp_path, 'proxy = "http://proxy.example:3128"\ntheme = "dark\n')
    assert made.problems
    assert made.value(PROXY) == "http://proxy.example:3128"


@pytest.mark.security("S68")
def test_a_newer_versions_file_is_left_as_it_is_and_said(tmp_path: Path) -> None:
    text = 'schema = 2\ntheme = "dark"\nlater = "x"\n'
    made = stored(tmp_path, text)
    assert made.value(THEME) == "dark"
    assert told(made)[0] == "settings.toml was written by a newer Keyrack."
    why = made.choose(THEME, "light")
    assert why is not None
    assert why.code == "settings_newer"
    assert made.value(THEME) == "light"
    assert text_in(tmp_path) == text


def test_what_was_edited_meanwhile_stays(tmp_path: Path) -> None:
    made = stored(tmp_path, "theme = 'dark'\n")
    (tmp_path / "settings.toml").write_text("# edited\ntheme = 'dark'\ncurrency = 'EUR'\n")
    assert made.choose(THEME, "light") is None
    assert text_in(tmp_path) == "# edited\ntheme = \"light\"\ncurrency = 'EUR'\n"


def test_a_link_stays_one_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "kept.toml").write_text("")
    (tmp_path / "settings.toml").symlink_to("kept.toml")
    made = Preferences(tmp_path)
    made.load()
    assert made.choose(CURRENCY, "EUR") is None
    assert (tmp_path / "settings.toml").is_symlink()
    assert tomllib.loads((tmp_path / "kept.toml").read_text())["currency"] == "EUR"


def test_a_folder_that_cannot_be_written_costs_the_choice_at_the_next_start_only(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file stands where the folder should be")
    made = Preferences(tmp_path / "config")
    made.load()
    why = made.choose(CURRENCY, "EUR")
    assert why is not None
    assert "until Keyrack ends" in why.sentences() or why.code == "settings_unreadable"
    assert made.value(CURRENCY) == "EUR"


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    made = Preferences(tmp_path)
    made.load()
    assert told(made) == ["settings.toml could not be read: Is a directory."]


def test_a_value_that_is_not_allowed_changes_nothing(tmp_path: Path) -> None:
    made = stored(tmp_path, "")
    with pytest.raises(SettingsFailure, match="clipboard_seconds may be 10, 15, 30, 60 or 120"):
        made.choose(CLIPBOARD_SECONDS, 31)
    assert made.value(CLIPBOARD_SECONDS) == 30
    assert text_in(tmp_path) == ""


def test_lines_that_end_as_windows_has_it_stay_so(tmp_path: Path) -> None:
    made = stored(tmp_path, "theme = 'dark' # mine\r\n\r\ncurrency = 'EUR'\r\n")
    assert made.choose(THEME, "light") is None
    assert text_in(tmp_path) == "theme = \"light\" # mine\r\n\r\ncurrency = 'EUR'\r\n"


@pytest.mark.security("S68")
def test_the_currency_of_the_first_version_is_taken_over_once(tmp_path: Path) -> None:
    old = tmp_path / "preferences.json"
    old.write_text(json.dumps({"currency": "EUR", "schema": 1}))
    made = Preferences(tmp_path)
    made.load()
    assert made.value(CURRENCY) == "EUR"
    assert not old.exists()
    assert tomllib.loads(text_in(tmp_path))["currency"] == "EUR"


@pytest.mark.parametrize("text", ["{", "[]", "", '{"schema": 2, "currency": "EUR"}'])
def test_what_cannot_be_taken_over_stays(text: str, tmp_path: Path) -> None:
    old = tmp_path / "preferences.json"
    old.write_text(text)
    made = Preferences(tmp_path)
    made.load()
    assert made.value(CURRENCY) == "USD"
    assert old.read_text() == text


def test_settings_that_are_there_win_over_those_of_the_first_version(tmp_path: Path) -> None:
    (tmp_path / "preferences.json").write_text('{"currency": "EUR"}')
    made = stored(tmp_path, 'currency = "BTC"\n')
    assert made.value(CURRENCY) == "BTC"
    assert text_in(tmp_path) == 'currency = "BTC"\n'


def test_the_old_choice_stays_where_the_new_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "preferences.json").write_text('{"currency": "EUR"}')
    (tmp_path / "settings.toml").symlink_to("settings.toml")
    made = Preferences(tmp_path)
    made.load()
    assert (tmp_path / "preferences.json").exists()


LINES = st.lists(
    st.sampled_from([
        "# theme = \"system\"", "# a # b", "", "  ", "own = \"\"\"\n[x]\ntheme = 1\n\"\"\"", "list = [ # [\n 1,\n]",
        "currency = 'EUR' # why", "'quoted' = 1", "a.b = 2", "amounts = \"hidden\"", "theme = \"dark\"#x",
    ]),
    unique=True,
)  # fmt: skip


@given(LINES, st.sampled_from(["\n[t]\ntheme = 1\n", "", "\n[[t]]\n"]), st.text(max_size=8))
def test_one_line_changes_whatever_stands_around_it(lines: list[str], table: str, pinned: str) -> None:
    text = "\n".join(lines) + table
    before = tomllib.loads(text)
    for setting, value in ((THEME, "light"), (PINNED, pinned)):
        changed = with_value(text, setting, value)
        assert tomllib.loads(changed) == {**before, setting.name: value}
        unset = with_value(changed, setting, None)
        assert tomllib.loads(unset) == {name: found for name, found in before.items() if name != setting.name}


def test_no_setting_is_named_twice() -> None:
    assert len(BY_NAME) == len(ALL)


def test_a_missing_file_is_not_made_by_reading_it(tmp_path: Path) -> None:
    made = Preferences(tmp_path / "config")
    made.load()
    assert made.reset(THEME) is None
    assert not (tmp_path / "config").exists()
    assert SettingsFile(tmp_path / "config").read().problems == ()
