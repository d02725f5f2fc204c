"""A link between a host and a server that a test cuts, freezes and mends: a small TCP relay on loopback.

It runs on a thread of its own, so that it goes on whatever the test's event loop does, and serves processes too.
"""

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

_CHUNK = 64 * 1024


class TcpRelay:
    """Passes bytes on to `port` of this computer. `own_port` is its own one. It begins with the link open.

    `asked` counts the bytes that came from the host and were passed on, `accepted` the connections.
    """

    def __init__(self, port: int) -> None:
        self.own_port = 0
        self.asked = self.accepted = 0
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._asked_pass, self._answers_pass = asyncio.Event(), asyncio.Event()
        self._accepts = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def mend(self) -> None:
        """Let everything pass, also what was held."""
        self._do(lambda: self._set(accepts=True, asked=True, answers=True))

    def freeze(self) -> None:
        """Hold all bytes of both sides, as a link does that lost its network."""
        self._do(lambda: self._set(accepts=True, asked=False, answers=False))

    def hold_answers(self) -> None:
        """Pass on what the host sends, and hold what the server answers."""
        self._do(lambda: self._set(accepts=True, asked=True, answers=False))

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        self._do(lambda: self._set(accepts=False, asked=True, answers=True))
        self._do(self._break)

    def reset(self) -> None:
        """Break every connection, with what was held in it. New ones pass."""
        self._do(self._break)
        self.mend()

    def _do(self, change: Callable[[], object]) -> None:
        done = threading.Event()

        def on_the_loop() -> None:
            change()
            done.set()

        self._loop.call_soon_threadsafe(on_the_loop)
        done.wait()

    def _set(self, *, accepts: bool, asked: bool, answers: bool) -> None:
        self._accepts = accepts
        for gate, passes in ((self._asked_pass, asked), (self._answers_pass, answers)):
            if passes:
                gate.set()
            else:
                gate.clear()

    def _break(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _start(self) -> None:
        self._set(accepts=True, asked=True, answers=True)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.own_port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._set(accepts=False, asked=True, answers=True)
        self._server.close()
        self._break()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for _ in range(3):  # what was aborted closes its socket in a later turn of the loop
            await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.accepted += 1
        try:
            if self._accepts:
                await self._join(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers.add(to_writer)
        pumps = {
            asyncio.ensure_future(self._pump(reader, to_writer, self._asked_pass)),
            asyncio.ensure_future(self._pump(to_reader, writer, self._answers_pass)),
        }
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._writers.discard(to_writer)
            to_writer.transport.abort()
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gate: asyncio.Event) -> None:
        while data := await reader.read(_CHUNK):
            await gate.wait()
            writer.write(data)
            await writer.drain()
            if gate is self._asked_pass:
                self.asked += len(data)
