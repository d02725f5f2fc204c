#!/usr/bin/env bash
# qasync 0.28.0 closes no async generator that was left early, and httpx 0.28.1 then never gives its connection back.
#
# `async for` leaves its generator open on `break`, `return` or an error. Python tells the running loop of each
# generator, so that the loop closes it when nobody holds it any more: asyncio asks for that at the head of
# `run_forever`. qasync has a `run_forever` of its own that does not ask, and the `shutdown_asyncgens` that it has from
# asyncio knows of none. What a `finally` awaits is not done, for which Python has one line on stderr.
# httpx passes the body through generators within generators. Left early under qasync, the innermost has just marked
# itself as closed when it is cut off, so that the end of `client.stream` finds nothing to do. The connection is in use
# for ever: the pool is used up after as many streams, and each request raises PoolTimeout. On asyncio's loop it works.
# `contextlib.aclosing` closes the outermost alone, which is no help here. What helps is to ask Python oneself.
#
# Seen with qasync 0.28.0, httpx 0.28.1, httpcore 1.0.9, anyio 4.16.0, PySide6 6.11.3, CPython 3.11.7:
#   asyncio: own generator closed, streams over one connection ok, ok, ok
#   qasync: own generator not closed, streams over one connection ok, PoolTimeout, PoolTimeout
#   qasync, in aclosing: own generator closed, streams over one connection ok, PoolTimeout, PoolTimeout
#   qasync with sys.set_asyncgen_hooks: own generator closed, streams over one connection ok, ok, ok
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  qasync==0.28.0 PySide6-Essentials==6.11.3 httpx==0.28.1 httpcore==1.0.9 anyio==4.16.0
QT_API=pyside6 QT_QPA_PLATFORM=offscreen "$folder/env/bin/python" -W ignore - <<'PYTHON'
import asyncio
import sys
from contextlib import aclosing, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import qasync
from PySide6.QtCore import QCoreApplication

LENGTH = 8_000_000


class Long(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(LENGTH))
        self.end_headers()
        try:
            self.wfile.write(bytes(LENGTH))
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Long)
Thread(target=server.serve_forever, daemon=True).start()
ADDRESS = f"http://127.0.0.1:{server.server_port}/"
sys.unraisablehook = lambda _: None  # Python's line on stderr


async def rows(closed):
    try:
        yield 1
        yield 2
    finally:
        await asyncio.sleep(0)
        closed.append("closed")


async def first_of(make, within):
    if within is aclosing:
        async with aclosing(make()) as parts:
            async for _ in parts:
                break
    else:
        async for _ in make():
            break


async def seen(within):
    closed, said = [], []
    await first_of(lambda: rows(closed), within)
    one, times = httpx.Limits(max_connections=1), httpx.Timeout(30, pool=2)
    async with httpx.AsyncClient(trust_env=False, limits=one, timeout=times) as client:
        for _ in range(3):
            try:
                async with client.stream("GET", ADDRESS) as response:
                    await first_of(response.aiter_raw, within)
                said.append("ok")
            except httpx.TimeoutException as problem:
                said.append(type(problem).__name__)
    await asyncio.sleep(0.2)
    own = closed[0] if closed else "not closed"
    return f"own generator {own}, streams over one connection {', '.join(said)}"


application = QCoreApplication([])
found = []
for name, made, within in (
    ("asyncio", asyncio.new_event_loop, nullcontext),
    ("qasync", lambda: qasync.QEventLoop(application), nullcontext),
    ("qasync, in aclosing", lambda: qasync.QEventLoop(application), aclosing),
    ("qasync with sys.set_asyncgen_hooks", lambda: qasync.QEventLoop(application), nullcontext),
):
    loop = made()
    asyncio.set_event_loop(loop)
    if "hooks" in name:
        sys.set_asyncgen_hooks(finalizer=lambda generator: loop.create_task(generator.aclose()))
    found.append(f"{name}: {loop.run_until_complete(seen(within))}")
    loop.close()
server.shutdown()
print("\n".join(found), flush=True)
lost = "streams over one connection ok, PoolTimeout, PoolTimeout"
kept = "streams over one connection ok, ok, ok"
expected = [
    f"asyncio: own generator closed, {kept}",
    f"qasync: own generator not closed, {lost}",
    f"qasync, in aclosing: own generator closed, {lost}",
    f"qasync with sys.set_asyncgen_hooks: own generator closed, {kept}",
]
sys.exit(0 if found == expected else "this has changed")
PYTHON
