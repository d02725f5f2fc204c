"""Hears everything that is logged or gets out of a task while inputs come in."""

import asyncio
import logging
from typing import Any, Self

from tests.campaigns.fuzzing.target import Fault, promise

_NOISY = ("asyncio", "hypothesis")


class Complaints(logging.Handler):
    """Every record at any level. `secrets` must be in none of them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.secrets: set[str] = set()
        self._texts: list[str] = []
        self._errors: list[str] = []

    def __enter__(self) -> Self:
        root = logging.getLogger()
        self._level = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        asyncio.get_running_loop().set_exception_handler(self._uncaught)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.get_running_loop().set_exception_handler(None)
        logging.getLogger().removeHandler(self)
        logging.getLogger().setLevel(self._level)

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record."""
        text = logging.Formatter().format(record)
        if record.levelno >= logging.ERROR or "Traceback" in text:
            self._errors.append(text)
        if record.name.partition(".")[0] not in _NOISY:
            self._texts.append(text)

    def _uncaught(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self._errors.append(f"uncaught: {context.get('message')} {context.get('exception')!r}")

    def raise_any(self) -> None:
        """Raises Fault for what came since the last call."""
        texts, errors = self._texts, self._errors
        self._texts, self._errors = [], []
        if errors:
            raise Fault(f"an error was logged: {errors[0][-1500:]}")
        for text in texts:
            for secret in self.secrets:
                promise(secret not in text, f"a secret in the log: {text[:300]}")
