"""The yes or no of the person that a sign-in waits for (S33)."""

import asyncio

from keyrack.primitives.clock import Clock
from keyrack.primitives.sleep import happens_before


class Confirmation:
    """One question at a time. The window or the local socket answers it with `answer`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answer: asyncio.Future[bool] | None = None

    @property
    def pending(self) -> bool:
        """Whether an answer is awaited."""
        return self._answer is not None and not self._answer.done()

    def ask(self) -> None:
        """Accept an answer from now on, so that none is lost while the question is being shown."""
        self._answer = asyncio.get_running_loop().create_future()

    async def answered_yes(self, ends: float) -> bool:
        """Whether the answer is yes. No answer before `ends` (elapsed seconds) is a no."""
        answer = self._answer
        if answer is None:
            return False
        return await happens_before(ends, self._clock.elapsed, lambda: asyncio.wait({answer})) and answer.result()

    def answer(self, answered_yes: bool) -> None:
        """Answer the question. The first answer counts."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answered_yes)
