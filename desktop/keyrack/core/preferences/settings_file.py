"""Reads `settings.toml` strictly, and rewrites single lines of it (S67, S68)."""

import logging
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keyrack.core.preferences.all_settings import ALL, BY_NAME, PROXY
from keyrack.core.preferences.setting import Setting, T
from keyrack.core.preferences.settings_text import (
    SCHEMA,
    line_of_mistake,
    line_of_setting,
    new_text,
    salvaged,
    with_value,
)
from keyrack.core.system.private_file import write_configuration
from keyrack.primitives.failure import Failure, plain

NAME = "settings.toml"
LARGEST = 64 * 1024
_SHOWN = 60
_log = logging.getLogger(__name__)


class SettingsFailure(Failure):
    """A setting could not be read, changed or stored. Nothing that the file holds is lost."""


@dataclass(frozen=True, slots=True)
class FoundSettings:
    """What a file holds. `refused` says why it cannot be written, or is None. `problems` are the lines not in force."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: tuple[SettingsFailure, ...] = ()
    refused: SettingsFailure | None = None
    text: str | None = None


class SettingsFile:
    """The file in a configuration folder. A file that is broken, or of a newer version, is never written.

    Of a broken one the line with the proxy alone is still in force: no mistake elsewhere may lead past a proxy (S52).
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def read(self) -> FoundSettings:
        """Read the file. A missing one holds nothing."""
        try:
            with self.path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except FileNotFoundError:
            return FoundSettings()
        except OSError as why:
            return _refused(SettingsFailure("settings_unreadable", reason=_reason(why)))
        if len(data) > LARGEST:
            return _refused(SettingsFailure("settings_too_large", kib=str(LARGEST // 1024)))
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as why:
            line = data.count(b"\n", 0, why.start) + 1
            return _refused(SettingsFailure("settings_no_toml", line=str(line)))
        return _read(text)

    def write(self, setting: Setting[T], value: T | None) -> SettingsFailure | None:
        """Store a value, None for the default. Returns why that cannot be, and has changed nothing then.

        The file is read anew, because a person may have edited it meanwhile.
        """
        found = self.read()
        if found.refused is not None:
            return found.refused
        if found.text is None and value is None:
            return None
        text = with_value(new_text() if found.text is None else found.text, setting, value)
        if text == found.text:
            return None
        try:
            write_configuration(self.path, text.encode())
        except OSError as why:
            _log.warning("settings could not be stored: %s", type(why).__name__)
            return SettingsFailure("settings_not_stored", reason=_reason(why))
        return None


def _refused(why: SettingsFailure) -> FoundSettings:
    return FoundSettings(problems=(why,), refused=why)


def _broken(text: str, line: int) -> FoundSettings:
    why, proxy = SettingsFailure("settings_no_toml", line=str(line)), salvaged(text, PROXY.name)
    return FoundSettings({PROXY.name: proxy} if PROXY.allows(proxy) else {}, (why,), why)


def _read(text: str) -> FoundSettings:
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        return _broken(text, line_of_mistake(why, text))
    except RecursionError:
        return _broken(text, 1)
    schema = whole.get("schema", SCHEMA)
    if type(schema) is not int or schema < 1:
        line = str(line_of_setting(text, "schema"))
        return _refused(SettingsFailure("settings_wrong_schema", line=line))
    values, problems = _checked(text, whole)
    if schema > SCHEMA:
        newer = SettingsFailure("settings_newer")
        return FoundSettings(values, (newer, *problems), newer, text)
    return FoundSettings(values, tuple(problems), text=text)


def _checked(text: str, whole: dict[str, Any]) -> tuple[dict[str, Any], list[SettingsFailure]]:
    """The values that are in force, and a failure for each that is not."""
    values, problems = {}, []
    for setting in ALL:
        if setting.name not in whole:
            continue
        value = whole[setting.name]
        if setting.allows(value):
            values[setting.name] = value
        else:
            line, found = str(line_of_setting(text, setting.name)), plain(str(value), _SHOWN)
            problems.append(
                SettingsFailure(
                    "settings_wrong_value", line=line, key=setting.name, found=found, allowed=setting.allowed()
                )
            )
    for name in whole.keys() - BY_NAME.keys() - {"schema"}:
        line = str(line_of_setting(text, name))
        problems.append(SettingsFailure("settings_unknown_key", line=line, key=plain(name, _SHOWN)))
    return values, sorted(problems, key=lambda why: int(why.params["line"]))


def _reason(why: OSError) -> str:
    return plain(why.strerror or type(why).__name__)
