"""The person's choices for all accounts, without any secret: `preferences.json` in the configuration folder."""

import json
import logging
from pathlib import Path
from typing import Any

from keyrack.core.system.private_file import write_configuration

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

    def chosen(self, name: str) -> str:
        """What the person chose under this name, "" for nothing."""
        found = self._whole.get(name)
        return found if isinstance(found, str) else ""

    def chosen_ones(self) -> dict[str, str]:
        """Every choice that was made, by its name."""
        return {name: choice for name, choice in self._whole.items() if isinstance(choice, str) and choice}

    def choose(self, name: str, choice: str) -> bool:
        """Choose something else and store it. Returns False where it holds only until Keyrack ends."""
        newer = self._schema() > SCHEMA
        self._whole = {**self._whole, name: choice}
        if newer:
            return False
        self._whole["schema"] = SCHEMA
        try:
            write_configuration(self._path, (json.dumps(self._whole, indent=2) + "\n").encode())
        except OSError as problem:
            _log.warning("preferences could not be saved: %s", type(problem).__name__)
            return False
        return True

    def _schema(self) -> int:
        schema = self._whole.get("schema")
        return schema if type(schema) is int else SCHEMA
