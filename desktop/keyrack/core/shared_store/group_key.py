"""The key that the hosts of a group share. It has a number, which grows when the key is changed."""

import os
from dataclasses import dataclass

from keyrack.primitives.secret import Secret

KEY_BYTES = 32
GREATEST_NUMBER = 2**32 - 1
_DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class GroupKey:
    """A key of 256 bits, as 64 hexadecimal digits, and its number from 1 to `GREATEST_NUMBER`.

    Raises ValueError for anything else.
    """

    number: int
    secret: Secret

    def __post_init__(self) -> None:
        text = self.secret.reveal()
        if len(text) != 2 * KEY_BYTES or not _DIGITS.issuperset(text):
            raise ValueError("a group's key has 64 hexadecimal digits")
        if isinstance(self.number, bool) or not 1 <= self.number <= GREATEST_NUMBER:
            raise ValueError("a group's key has a number from 1 to 2^32 - 1")

    def raw(self) -> bytes:
        """The key as bytes."""
        return bytes.fromhex(self.secret.reveal())


def new_group_key(number: int = 1) -> GroupKey:
    """A key from the system's random source."""
    return GroupKey(number, Secret(os.urandom(KEY_BYTES).hex()))
