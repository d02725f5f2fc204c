"""Servers that do nothing but answer, for the floors: `python floors.py bare|h11 asyncio|qasync SOCKET`."""

import asyncio
import sys

import h11

TOKEN = "invented-access-token-for-a-benchmark"
BODY = b'{"version":1,"access_token":"' + TOKEN.encode() + b'"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]


class Bare(asyncio.Protocol):
    """Sends the same bytes for everything that arrives."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way back."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer."""
        self.transport.write(ANSWER)


class Parsed(Bare):
    """Reads each request with h11, and answers with a constant through it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to parse."""
        super().connection_made(transport)
        self.protocol = h11.Connection(h11.SERVER)

    def data_received(self, data: bytes) -> None:
        """Answer once the request is whole."""
        self.protocol.receive_data(data)
        while True:
            event = self.protocol.next_event()
            if isinstance(event, h11.EndOfMessage):
                self._answer()
            elif event is h11.NEED_DATA or isinstance(event, h11.ConnectionClosed):
                return

    def _answer(self) -> None:
        parts = [
            self.protocol.send(h11.Response(status_code=200, headers=HEADERS, reason=b"OK")),
            self.protocol.send(h11.Data(data=BODY)),
            self.protocol.send(h11.EndOfMessage()),
        ]
        self.transport.write(b"".join(part or b"" for part in parts))
        if self.protocol.our_state is h11.MUST_CLOSE:
            self.transport.close()
        else:
            self.protocol.start_next_cycle()


async def serve(kind: str, path: str) -> None:
    """Listen until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_unix_server(Bare if kind == "bare" else Parsed, path)
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main() -> None:
    """Serve on the loop that was named."""
    kind, loop_kind, path = sys.argv[1:]
    if loop_kind == "asyncio":
        asyncio.run(serve(kind, path))
        return
    import qasync
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    with qasync.QEventLoop(application) as loop:
        loop.run_until_complete(serve(kind, path))


if __name__ == "__main__":
    main()
