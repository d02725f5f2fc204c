"""The failure every room raises: a code, its parameters, and the sentences that the catalogue has for them."""

import unicodedata
from collections.abc import Mapping

from keyrack.messages.catalogue import CATALOGUE, message
from keyrack.messages.message import Message

_LONGEST_DETAIL = 300


class Failure(Exception):
    """Something went wrong in a way that a person can be told.

    `code` names it in the catalogue, and a subclass with one meaning has it as a class attribute. `params`, which may
    also be given one by one, fill the sentences and hold no secret. `detail` is the other side's own code and text,
    cleaned for display as plain text (S49). `retry_after` is in seconds, where the other side asked to wait.
    """

    code = ""

    def __init__(
        self,
        code: str = "",
        means: str = "",
        todo: str = "",
        *,
        detail: str = "",
        retry_after: float | None = None,
        params: Mapping[str, str] | None = None,
        **named: str,
    ) -> None:
        self.code = code or self.code
        self.params: Mapping[str, str] = {**(params or {}), **named}
        self.detail = plain(detail)
        self.retry_after = retry_after
        self._literal = None if self.code in CATALOGUE else Message(self.code, means, todo)
        super().__init__(self.happened)

    @property
    def message(self) -> Message:
        """The sentences for a person."""
        return self._literal or message(self.code, self.params)

    @property
    def happened(self) -> str:
        """What happened, in one sentence."""
        return self.message.happened

    @property
    def means(self) -> str:
        """What that means for the person, or ""."""
        return self.message.means

    @property
    def todo(self) -> str:
        """What to do about it, or ""."""
        return self.message.todo

    def sentences(self) -> str:
        """All three sentences in one line."""
        return " ".join(part for part in self.message if part)


def plain(text: str, longest: int = _LONGEST_DETAIL) -> str:
    """Foreign text without control, format or bidi characters, cut to `longest` characters (S49).

    `keyrack.cli.exit_codes.plain` is the same function for the command line, which imports the standard library alone.
    """
    kept = (" " if unicodedata.category(c)[0] in "CZ" else c for c in text[: longest * 4])
    line = " ".join("".join(kept).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
