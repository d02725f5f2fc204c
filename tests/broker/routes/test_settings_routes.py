"""The settings over the socket."""

import tomllib

import pytest

from keyrack.core.preferences.all_settings import ALL, CLIPBOARD_SECONDS, LOCK_WITH_SCREEN
from tests.broker.conftest import Served


async def test_a_change_is_in_force_at_once_and_stored(served: Served) -> None:
    shown = await served.ask("GET", "/v1/settings")
    assert shown.content["settings"] == {setting.name: setting.default for setting in ALL}
    names: list[str] = []
    served.harness.rack.preferences.changed.connect(names.append)

    changed = await served.ask("PUT", "/v1/settings", body={"name": "clipboard_seconds", "value": "15"})
    assert changed.content == {"version": 1, "name": "clipboard_seconds", "value": 15}
    assert served.harness.rack.preferences.value(CLIPBOARD_SECONDS) == 15
    off = await served.ask("PUT", "/v1/settings", body={"name": "lock_with_screen", "value": "off"})
    assert off.content["value"] is False
    assert names == ["clipboard_seconds", "lock_with_screen"]
    assert tomllib.loads(served.harness.rack.preferences.path.read_text())["clipboard_seconds"] == 15

    back = await served.ask("PUT", "/v1/settings", body={"name": "lock_with_screen"})
    assert back.content["value"] is True
    assert served.harness.rack.preferences.value(LOCK_WITH_SCREEN) is True


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "The setting's name is missing."),
        ({"name": "theem", "value": "dark"}, "There is no setting “theem”."),
        ({"name": "theme", "value": "blue"}, 'theme may be "system", "light" or "dark".'),
        ({"name": "proxy", "value": "none"}, "proxy is not changed here."),
        ({"name": "theme", "value": 1}, "value"),
    ],
)
async def test_what_is_wrong_changes_nothing(body: dict[str, object], said: str, served: Served) -> None:
    answer = await served.ask("PUT", "/v1/settings", body=body)
    assert answer.status == 400
    assert said in answer.content["error"]["happened"]
    assert not served.harness.rack.preferences.path.exists()


async def test_what_cannot_be_stored_is_said_and_holds_for_now(served: Served) -> None:
    served.harness.rack.preferences.path.parent.mkdir(parents=True, exist_ok=True)
    served.harness.rack.preferences.path.write_text("theme = \n")
    answer = await served.ask("PUT", "/v1/settings", body={"name": "clipboard_seconds", "value": "15"})
    assert answer.status == 500
    assert answer.content["error"]["happened"] == "settings.toml, line 1: this is no TOML."
    assert served.harness.rack.preferences.value(CLIPBOARD_SECONDS) == 15
    assert served.harness.rack.preferences.path.read_text() == "theme = \n"


async def test_nothing_is_changed_while_locked_by_hand(served: Served) -> None:
    served.harness.rack.lock.lock(by_hand=True)
    assert (await served.ask("PUT", "/v1/settings", body={"name": "lock_with_screen", "value": "off"})).status == 403
