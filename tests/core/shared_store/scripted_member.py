"""A member of an etcd that answers what a test says: for answers that a real etcd gives once in a thousand hours."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

HEADER = {"cluster_id": "77", "member_id": "1", "revision": "5", "raft_term": "2"}
STATUS = {"header": HEADER, "version": "3.4.23", "leader": "1"}
Answers = Callable[[str, dict[str, Any]], bytes | None]


@asynccontextmanager
async def scripted(answers: Answers, status: dict[str, Any] = STATUS) -> AsyncGenerator[str]:
    """The address of a member that says who it is. `answers` has the path and the question, and None means silence."""

    writers: list[asyncio.StreamWriter] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = next(line for line in head.lower().splitlines() if line.startswith("content-length"))
                question = json.loads(await reader.readexactly(int(length.split(":")[1])))
                path = head.split()[1]
                body = json.dumps(status).encode() if path.endswith("/status") else answers(path, question)
                if body is None:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
                else:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)


def line(**result: Any) -> bytes:
    """One line of a stream."""
    return json.dumps({"result": {"header": HEADER, **result}}).encode() + b"\n"
