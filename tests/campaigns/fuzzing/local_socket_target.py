"""The local socket: raw bytes over a real Unix socket, beside an account whose token no script may have (C3).

In an input NAME stands for that account.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from keyrack.broker.instance.instance import Instance
from keyrack.broker.protocol.route import Host, RouteTimeouts
from keyrack.broker.socket_server import LIMITS, ROUTES, SocketServer
from keyrack.core.accounts.account import Account
from keyrack.core.connection.proxy_setting import ProxyChoice
from tests.campaigns.fuzzing.complaints import Complaints
from tests.campaigns.fuzzing.descriptors import open_descriptors, resident_mib
from tests.campaigns.fuzzing.target import promise
from tests.core.harness import CoreHarness
from tests.sandbox_process import RunningSandbox

_QUIET_SECONDS = 0.3  # what says no more for so long waits for a person or is a stream
_MOST_MIB = 40.0
_SHORT = RouteTimeouts(starting=1.0)
_FIELDS = (
    *("name", "provider", "region", "flow", "client_id", "client_secret", "redirect_uri", "scripts", "opt_in"),
    *("dry_run", "forget", "open_browser", "use", "passphrase", "code", "address", "x"),
)
_VALUES: tuple[object, ...] = (
    "NAME",
    "",
    "probit",
    "global",
    "client_credentials",
    "off",
    "ask",
    True,
    None,
    7,
    -1.5,
    [],
    {},
    "\0",
    "é",
)
_PATHS = tuple({route.path.replace("{name}", "NAME") for route in ROUTES})


class LocalSocketTarget:
    """A served rack with one account that is signed in and gives its token to no script."""

    name = "local_socket"
    rooms = ("broker/protocol", "broker/routes", "broker/socket_server.py", "net/server")
    words = tuple(
        word.encode() for word in (*_PATHS, *_FIELDS, "NAME", "Host: keyrack\r\n", "\r\n", "min_valid=1", "/")
    )

    def __init__(self, sandbox: RunningSandbox, home: Path, complaints: Complaints) -> None:
        self._sandbox = sandbox
        self._home = home
        self._complaints = complaints
        self._count = 0
        self._descriptors, self._mib = 0, 0.0
        self._made: tuple[CoreHarness, Account, Instance, SocketServer] | None = None

    def inputs(self) -> SearchStrategy[bytes]:
        """Requests to every route with objects of every kind."""
        value = st.sampled_from(_VALUES) | st.text(max_size=20)
        body = st.dictionaries(st.sampled_from(_FIELDS), value, max_size=4)
        route = st.sampled_from([route for route in ROUTES if route.path != "/v1/proxy"])
        query = st.sampled_from(("", "", "?min_valid=1", "?min_valid=-1", "?wait=0", "?step=x", "?x", "?min_valid=1e9"))
        return st.builds(_request, route.map(lambda r: f"{r.method} {r.path.replace('{name}', 'NAME')}"), query, body)

    async def outcome(self, data: bytes) -> str:
        """The statuses of the answers."""
        harness, account, instance, _ = self._made or await self._make()
        sent = data.replace(b"NAME", account.settings.name.encode())
        token = harness.token(account).access
        assert token is not None
        received, ended = await _exchange(instance.path, sent)
        may_allow = b"scripts" in sent
        promise(may_allow or token.reveal().encode() not in received, "a token was given without permission")
        statuses = re.findall(rb"HTTP/1\.1 (\d{3}) ", received)
        promise(not received or statuses, "an answer without a status")
        await self._restore(harness, account)
        return " ".join(dict.fromkeys(status.decode() for status in statuses)) + ("" if ended else " waits") or "closed"

    async def settle(self) -> None:
        """The server answers, and when it has ended this process holds no more than at first."""
        _, _, instance, server = self._made or await self._make()
        async with asyncio.timeout(5):
            received, _ = await _exchange(instance.path, b"GET /v1/status HTTP/1.1\r\nHost: keyrack\r\n\r\n")
        promise(b" 200 " in received.partition(b"\r\n")[0], "the server does not answer any more")
        async with asyncio.timeout(10):
            while server.connections:
                await asyncio.sleep(0.01)
        await self.close()
        now, mib = open_descriptors(), resident_mib()
        self._descriptors, self._mib = self._descriptors or now, self._mib or mib
        promise(now <= self._descriptors + 4, f"{now} descriptors are open, {self._descriptors} were at first")
        promise(mib <= self._mib + _MOST_MIB, f"{mib:.0f} MiB are in use, {self._mib:.0f} were at first")

    async def _make(self) -> tuple[CoreHarness, Account, Instance, SocketServer]:
        self._count += 1
        folder = self._home / str(self._count)
        harness = CoreHarness(self._sandbox, folder, live=False)
        harness.person.answer = "nothing"
        await harness.start()
        account = await harness.signed_in("probit", "client_credentials")
        account.configure(replace(account.settings, scripts="off"))
        instance = Instance.acquire(folder / "k")
        assert instance is not None
        server = SocketServer(instance, Host("window", raise_window=lambda: None), LIMITS, _SHORT)
        await server.serve(harness.rack)
        self._made = harness, account, instance, server
        return self._made

    async def _restore(self, harness: CoreHarness, account: Account) -> None:
        """Have the account again as it was. Where a request changed more, the next one meets another rack."""
        rack = harness.rack
        ready = account in rack.accounts and harness.status(account).name == "ready"
        if not ready or rack.lock.locked or rack.lock.has_passphrase:
            await self.close()
        elif account.settings.scripts != "off" or rack.proxy.chosen != "none":
            account.configure(replace(account.settings, scripts="off"))
            await rack.proxy.choose(ProxyChoice("none"))

    async def close(self) -> None:
        """End the rack and its server."""
        if self._made is not None:
            harness, _, instance, server = self._made
            self._made = None
            await server.close()
            instance.close()
            await harness.close()


@asynccontextmanager
async def local_socket_target(home: Path, complaints: Complaints) -> AsyncGenerator[LocalSocketTarget]:
    """The server of the product over a rack at the sandbox."""
    with RunningSandbox.start() as sandbox:
        target = LocalSocketTarget(sandbox, home, complaints)
        try:
            yield target
        finally:
            await target.close()


def _request(first: str, query: str, body: dict[str, object]) -> bytes:
    data = json.dumps(body).encode() if body else b""
    head = [f"{first}{query} HTTP/1.1", "Host: keyrack", f"Content-Length: {len(data)}", "", ""]
    return "\r\n".join(head).encode() + data


async def _exchange(path: Path, data: bytes) -> tuple[bytes, bool]:
    """Send everything and read on. Returns what came, and whether the server closed."""
    received = b""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        writer.write(data)
        writer.write_eof()
        while True:
            async with asyncio.timeout(_QUIET_SECONDS):
                more = await reader.read(65536)
            if not more:
                return received, True
            received += more
    except TimeoutError:
        return received, False
    except ConnectionError:
        return received, True
    finally:
        writer.transport.abort()
