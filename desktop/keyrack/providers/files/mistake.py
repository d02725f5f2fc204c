"""What is wrong with one key of a provider file."""

from collections.abc import Sequence

from keyrack.language.translation import SOURCE, speaking
from keyrack.messages.catalogue import message


class Mistake(Exception):
    """The key at `steps` is wrong. `code` and `params` are those of a sentence about provider files.

    `steps` are the names of the tables and the key, and the number of a table in a list, counted from 0.
    """

    def __init__(self, steps: Sequence[str], code: str, **params: str) -> None:
        with speaking(SOURCE):
            super().__init__(message(code, params).happened)
        self.steps = tuple(steps)
        self.code = code
        self.params = params

    def below(self, *tables: str) -> "Mistake":
        """The same mistake in the tables that hold its key."""
        return Mistake((*tables, *self.steps), self.code, **self.params)
