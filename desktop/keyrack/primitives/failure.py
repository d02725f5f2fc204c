"""The failure every room raises: what happened, what it means, what to do."""

import unicodedata

_LONGEST_DETAIL = 300


class Failure(Exception):
    """Something went wrong in a way that a person can be told.

    `happened`, `means` and `todo` are whole sentences without secrets. `detail` is the other
    side's own code and text, cleaned for display as plain text (S49).
    """

    def __init__(self, happened: str, means: str = "", todo: str = "", *, detail: str = "") -> None:
        super().__init__(happened)
        self.happened = happened
        self.means = means
        self.todo = todo
        self.detail = plain(detail)

    def sentences(self) -> str:
        """All three sentences in one line."""
        return " ".join(part for part in (self.happened, self.means, self.todo) if part)


def plain(text: str, longest: int = _LONGEST_DETAIL) -> str:
    """Foreign text without control, format or bidi characters, cut to `longest` characters (S49)."""
    kept = (" " if unicodedata.category(c)[0] in "CZ" else c for c in text[: longest * 4])
    line = " ".join("".join(kept).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
