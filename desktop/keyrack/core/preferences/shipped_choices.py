"""Takes over the choices of Keyrack 0.1.0 once: `preferences.json`, which held the currency alone (S68)."""

import json
import logging
from pathlib import Path

from keyrack.core.preferences.all_settings import CURRENCY
from keyrack.core.preferences.settings_file import SettingsFile
from keyrack.core.system.private_file import remove_private

_NAME = "preferences.json"
_SCHEMA = 1
_log = logging.getLogger(__name__)


def take_over(folder: Path) -> None:
    """Copy the currency into the settings, see that it is there, and delete the old file.

    Settings that are there already win. A file that cannot be read, or is of a newer version, stays where it is.
    """
    old, file = folder / _NAME, SettingsFile(folder)
    try:
        found = json.loads(old.read_text("utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError, RecursionError) as problem:
        _log.warning("the choices of 0.1.0 could not be read: %s", type(problem).__name__)
        return
    if not isinstance(found, dict) or found.get("schema", _SCHEMA) != _SCHEMA:
        return
    currency = found.get("currency")
    if CURRENCY.allows(currency) and file.read().text is None:
        file.write(CURRENCY, currency)
    if file.read().text is None and CURRENCY.allows(currency):
        return
    try:
        remove_private(old)
    except OSError as problem:
        _log.warning("the choices of 0.1.0 could not be deleted: %s", type(problem).__name__)
