"""Runs the keyring's blocking calls in one daemon thread, one at a time and with a deadline (S59)."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, TypeVar

from keyrack.core.vault.vault_errors import Asking, Dismissed, Stuck, VaultFailure, as_vault_failure
from keyrack.language.translation import Phrase, mark

T = TypeVar("T")

UNATTENDED_SECONDS = 5.0
PROMPTED_SECONDS = 120.0
_CLOSE_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class KeyringCall:
    """The state of one call. `number` orders the calls, `prompt` allows the keyring to ask the person.

    `abandoned` is set when the caller no longer waits, `prompt_open` while the keyring's prompt is on the screen.
    `program` is the name of the program that shows it.
    """

    number: int
    prompt: bool
    abandoned: bool = False
    prompt_open: bool = False
    program: str = ""

    def raise_if_abandoned(self) -> None:
        """Raise Stuck when the caller no longer waits, so that an old write is not made late."""
        if self.abandoned:
            raise Stuck


@dataclass(eq=False, slots=True)
class _QueuedCall:
    call: KeyringCall
    work: Callable[[KeyringCall], Any]
    result: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop


@dataclass(eq=False)
class KeyringThread:
    """The thread and its queue of calls. The first call starts it. It ends with the process at the latest.

    `unattended` is the deadline in seconds of a call that may not prompt, `prompted` of one that may.
    """

    unattended: float = UNATTENDED_SECONDS
    prompted: float = PROMPTED_SECONDS
    _calls: "SimpleQueue[_QueuedCall | None]" = field(default_factory=SimpleQueue)
    _thread: threading.Thread | None = None
    _running: KeyringCall | None = None
    _count: int = 0
    _dismissed_up_to: int = 0
    _closed: bool = False

    async def run(self, work: Callable[[KeyringCall], T], *, prompt: bool = False, lasting: bool = False) -> T:
        """Run `work` in the thread and return its result.

        Raises every error of `work` as a VaultFailure. Raises Stuck after the deadline, or Asking when an open
        prompt of the keyring delays the call. After a deadline the next call starts only when the late one has
        returned. A `lasting` call is made even after its deadline.
        """
        if self._closed:
            raise Stuck("keyring_closed")
        call = KeyringCall(self._count + 1, prompt)
        queued = self._put(call, work)
        try:
            async with asyncio.timeout(self.prompted if prompt else self.unattended):
                result: T = await queued.result
                return result
        except TimeoutError:
            call.abandoned = not lasting
            raise self._timeout_failure() from None

    def post(self, work: Callable[[KeyringCall], object]) -> None:
        """Run `work`, which must raise nothing, in the thread without a prompt. Nobody waits for it."""
        if not self._closed:
            self._put(KeyringCall(self._count + 1, prompt=False), work)

    async def close(self, last_work: Callable[[], None] = lambda: None) -> None:
        """Wait at most one second for the calls in the queue and for `last_work`. Later calls raise Stuck."""
        if self._thread is None or self._closed:
            self._closed = True
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        last = _QueuedCall(KeyringCall(self._count, prompt=False), lambda _: last_work(), loop.create_future(), loop)
        self._calls.put(last)
        self._calls.put(None)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(last.result, _CLOSE_SECONDS)

    def _put(self, call: KeyringCall, work: Callable[[KeyringCall], object]) -> _QueuedCall:
        loop = asyncio.get_running_loop()
        self._count = call.number
        queued = _QueuedCall(call, work, loop.create_future(), loop)
        self._start()
        self._calls.put(queued)
        return queued

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run_queue, name="keyring", daemon=True)
            self._thread.start()

    def _timeout_failure(self) -> VaultFailure:
        running = self._running
        return (
            Asking(program=running.program or Phrase(mark("The keyring")))
            if running is not None and running.prompt_open
            else Stuck()
        )

    def _run_queue(self) -> None:
        while (queued := self._calls.get()) is not None:
            if not queued.call.abandoned:
                self._execute(queued)
            del queued

    def _execute(self, queued: _QueuedCall) -> None:
        self._running = queued.call
        try:
            if queued.call.prompt and queued.call.number <= self._dismissed_up_to:
                raise Dismissed  # one prompt for all calls that waited, not one for each
            result, failure = queued.work(queued.call), None
        except Exception as error:  # noqa: BLE001 - every keyring library raises its own errors, sorted here alone
            result, failure = None, as_vault_failure(error)
            failure.__cause__ = error if error is not failure else None
            if isinstance(failure, Dismissed):
                self._dismissed_up_to = self._count
        finally:
            self._running = None
        _deliver(queued, result, failure)


def _deliver(queued: _QueuedCall, result: object, failure: VaultFailure | None) -> None:
    def settle() -> None:
        if queued.result.done():
            return
        if failure is None:
            queued.result.set_result(result)
        else:
            queued.result.set_exception(failure)

    with contextlib.suppress(RuntimeError):  # the loop has closed, so no caller waits
        queued.loop.call_soon_threadsafe(settle)
