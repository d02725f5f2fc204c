"""What is fuzzed: the form that every target has, and how a target tells that a promise was broken."""

from typing import Protocol

from hypothesis.strategies import SearchStrategy


class Fault(Exception):
    """A promise that an input broke."""


class Target(Protocol):
    """One place where bytes come in. Its corpus is the folder of its name in `tests/campaigns/corpus`.

    `rooms` are the folders or modules below `desktop/keyrack` whose lines are counted. `words` are pieces that a
    mutation puts in.
    """

    @property
    def name(self) -> str:
        """The name of the target and its folder."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """Where lines are counted."""

    @property
    def words(self) -> tuple[bytes, ...]:
        """What a mutation puts in."""

    def inputs(self) -> SearchStrategy[bytes]:
        """Inputs of the right form with odd values, which no change of single bytes would find."""

    async def outcome(self, data: bytes) -> str:
        """Let the input in. Returns the name of what came of it. Raises Fault, or whatever got out of the product."""

    async def settle(self) -> None:
        """Look at what one input alone does not show. Raises Fault."""


def promise(kept: object, words: str) -> None:
    """Raises Fault unless the promise was kept."""
    if not kept:
        raise Fault(words)
