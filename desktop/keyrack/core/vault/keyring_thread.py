"""One daemon thread that makes the keyring's calls, one at a time, with deadlines (S59)."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, TypeVar

from keyrack.core.vault.vault_errors import Dismissed, Locked, Stuck, VaultFailure, as_vault_failure

T = TypeVar("T")

UNATTENDED_SECONDS = 5.0
PROMPTED_SECONDS = 120.0
_CLOSE_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class Ticket:
    """One call on its way: `number` orders the calls, `prompt` says whether the person may be asked.

    `given_up` is set when the caller stopped waiting, `asking` while the keyring's question is open.
    """

    number: int
    prompt: bool
    given_up: bool = False
    asking: bool = False

    def check(self) -> None:
        """Raise Stuck when nobody waits for the call any more, so that no old write lands late."""
        if self.given_up:
            raise Stuck


@dataclass(eq=False, slots=True)
class _Call:
    ticket: Ticket
    work: Callable[[Ticket], Any]
    answer: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop


@dataclass(eq=False)
class KeyringThread:
    """The queue and its thread; started by the first call, ends with the process at the latest."""

    unattended: float = UNATTENDED_SECONDS
    prompted: float = PROMPTED_SECONDS
    _calls: "SimpleQueue[_Call | None]" = field(default_factory=SimpleQueue)
    _thread: threading.Thread | None = None
    _running: Ticket | None = None
    _count: int = 0
    _dismissed_up_to: int = 0
    _closed: bool = False

    async def run(self, work: Callable[[Ticket], T], *, prompt: bool = False) -> T:
        """Have `work` done in the thread and return its result.

        Raises what `work` raises as a VaultFailure; Stuck after the deadline, or Locked when an
        open question of the keyring is in the way. After a deadline the next call starts only
        when the late one has come back.
        """
        if self._closed:
            raise Stuck("keyring_closed")
        loop = asyncio.get_running_loop()
        self._count += 1
        ticket = Ticket(self._count, prompt)
        call = _Call(ticket, work, loop.create_future(), loop)
        self._start()
        self._calls.put(call)
        try:
            async with asyncio.timeout(self.prompted if prompt else self.unattended):
                result: T = await call.answer
                return result
        except TimeoutError:
            ticket.given_up = True
            raise self._late() from None

    async def close(self) -> None:
        """Let the calls that wait be done, for a second at most."""
        if self._thread is None or self._closed:
            self._closed = True
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        last = _Call(Ticket(self._count, prompt=False), lambda _: None, loop.create_future(), loop)
        self._calls.put(last)
        self._calls.put(None)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(last.answer, _CLOSE_SECONDS)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="keyring", daemon=True)
            self._thread.start()

    def _late(self) -> VaultFailure:
        running = self._running
        return Locked() if running is not None and running.asking else Stuck()

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            if not call.ticket.given_up:
                self._do(call)
            del call

    def _do(self, call: _Call) -> None:
        self._running = call.ticket
        try:
            if call.ticket.prompt and call.ticket.number <= self._dismissed_up_to:
                raise Dismissed  # one question for all that waited, not one for each
            result, failure = call.work(call.ticket), None
        except Exception as error:  # noqa: BLE001 - the one seam: every keyring library raises its own (trap 5)
            result, failure = None, as_vault_failure(error)
            failure.__cause__ = error if error is not failure else None
            if isinstance(failure, Dismissed):
                self._dismissed_up_to = self._count
        finally:
            self._running = None
        _answer(call, result, failure)


def _answer(call: _Call, result: object, failure: VaultFailure | None) -> None:
    def settle() -> None:
        if call.answer.done():
            return
        if failure is None:
            call.answer.set_result(result)
        else:
            call.answer.set_exception(failure)

    with contextlib.suppress(RuntimeError):  # the loop has closed: nobody waits
        call.loop.call_soon_threadsafe(settle)
