"""Notes that a renewal is under way, on this host or for all hosts that share an account (S73)."""

import asyncio
import logging
from typing import Protocol

from keyrack.core.tokens.refresh_journal import UNKNOWN_GENERATION, RefreshJournal
from keyrack.primitives.secret import Secret

_log = logging.getLogger(__name__)


class RenewalNotes(Protocol):
    """What tells the next start, or the next host, that a refresh token may have been used up."""

    async def write(self, id: str, generation: int, refresh: Secret | None) -> None:
        """Note, before the request is sent, that `generation` is being made. If this is cancelled, no note is left.

        `refresh` is the token that the request is to use up, None where no record has it yet. Raises Failure where the
        renewal must not begin.
        """

    def check(self, id: str) -> None:
        """Raise Failure where a request that was noted must not leave any more. Called right before its bytes."""

    def interrupted(self, id: str, generation: int) -> bool:
        """Whether an earlier renewal may have used up the refresh token of the stored `generation`."""

    def clear(self, id: str) -> None:
        """Remove the note, because the old token was certainly not used or the sign-in ended."""


class OwnNotes:
    """The notes of accounts that this host alone renews. They lie on its disk."""

    def __init__(self, journal: RefreshJournal) -> None:
        self.journal = journal

    async def write(self, id: str, generation: int, refresh: Secret | None) -> None:  # noqa: ARG002 - nobody else has one
        """Write the note in a thread, because the disk has to confirm it."""
        writing = asyncio.get_running_loop().run_in_executor(None, self.journal.write, id, generation)
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.wait({writing})
            self.clear(id)
            raise
        except OSError as problem:
            # A full disk must not end the sign-in. Without the note only the reason after a crash is less exact.
            _log.warning("the note of a renewal could not be written: %s", problem.strerror)

    def check(self, id: str) -> None:
        """Nothing: no other host renews these accounts."""

    def interrupted(self, id: str, generation: int) -> bool:
        """Whether the note names a generation that is not stored, or cannot be read."""
        noted = self.journal.read(id)
        if noted is None:
            return False
        return noted == UNKNOWN_GENERATION or noted > generation

    def clear(self, id: str) -> None:
        """Remove the note. A disk that refuses is logged."""
        try:
            self.journal.clear(id)
        except OSError as problem:
            _log.warning("the note of a renewal could not be removed: %s", problem.strerror)
