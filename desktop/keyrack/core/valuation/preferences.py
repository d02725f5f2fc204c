"""The person's choices for all accounts, without any secret: `preferences.json` in the configuration folder."""

import json
import logging
from pathlib import Path
from typing import Any

from keyrack.core.system.private_file import write_configuration
from keyrack.core.valuation.valuation import CURRENCIES

_log = logging.getLogger(__name__)

SCHEMA = 1
_NAME = "preferences.json"


class Preferences:
    """The choices. If the file is damaged or cannot be written, they alone are lost.

    Keys that this version does not know are kept. The file of a newer version is left as it is (S68).
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._whole: dict[str, Any] = {}

    def load(self) -> None:
        """Load the file, if there is one."""
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError, RecursionError) as problem:
            _log.warning("preferences could not be read: %s", type(problem).__name__)
            return
        self._whole = found if isinstance(found, dict) else {}

    @property
    def currency(self) -> str:
        """The currency in which values are shown, the dollar unless the person chose another one."""
        chosen = self._whole.get("currency")
        return chosen if chosen in CURRENCIES else CURRENCIES[0]

    def choose_currency(self, currency: str) -> None:
        """Choose another currency and store it."""
        newer = self._schema() > SCHEMA
        self._whole = {**self._whole, "currency": currency}
        if newer:
            return
        self._whole["schema"] = SCHEMA
        try:
            write_configuration(self._path, (json.dumps(self._whole, indent=2) + "\n").encode())
        except OSError as problem:
            _log.warning("preferences could not be saved: %s", type(problem).__name__)

    def _schema(self) -> int:
        schema = self._whole.get("schema")
        return schema if type(schema) is int else SCHEMA
