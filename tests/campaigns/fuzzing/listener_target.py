"""The redirect listener: raw bytes over loopback while a sign-in waits (C1).

In an input STATE, CODE, HOST and PATH stand for those of the sign-in.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from keyrack.oauth.loopback.redirects import Redirects
from keyrack.primitives.failure import Failure
from tests.campaigns.fuzzing.complaints import Complaints
from tests.campaigns.fuzzing.descriptors import open_descriptors
from tests.campaigns.fuzzing.target import promise
from tests.oauth.listener_harness import CODE, NAVIGATION, ListenerHarness, open_listener
from tests.raw_http import Reply, exchange

_STATUSES = {0, 200, 303, 400, 403, 404, 405, 408, 410, 413, 414, 417, 421, 431, 501, 503}
_NAMES = ("code", "state", "error", "error_description", "iss", "error_uri", "Code", "apiKey", "public_key", "x", "")
_VALUES = ("CODE", "STATE", "", "access_denied", "server_error", "%00", "%", "a+b", "%ff", "wrong", "https://a.example")
_HEADERS = (
    *("Host: HOST", "Origin: null", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: image"),
    *("Sec-Purpose: prefetch", "Content-Length: 5", "Transfer-Encoding: chunked", "Expect: 100-continue", "X: y"),
)


class ListenerTarget:
    """One sign-in after another at one listener."""

    name = "listener"
    rooms = ("oauth/loopback", "oauth/authorization", "net/server")
    words = tuple(text.encode() for text in (*_VALUES, *_HEADERS, *NAVIGATION, "PATH", "HOST", "&", "?", "\r\n", "%41"))

    def __init__(self, redirects: Redirects, complaints: Complaints) -> None:
        self._redirects = redirects
        self._complaints = complaints
        self._listener: ListenerHarness | None = None
        self._descriptors = 0

    def inputs(self) -> SearchStrategy[bytes]:
        """Requests to the right path with parameters of every kind."""
        pair = st.tuples(st.sampled_from(_NAMES), st.sampled_from(_VALUES) | st.text(max_size=20).map(quote))
        query = st.lists(pair, max_size=5).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
        headers = st.lists(st.sampled_from(_HEADERS), max_size=4)
        method = st.sampled_from(("GET", "GET", "GET", "POST", "HEAD", "OPTIONS"))
        return st.builds(_request, method, query, headers)

    async def open(self) -> ListenerHarness:
        """A sign-in that waits."""
        self._listener = await open_listener(self._redirects)
        self._complaints.secrets = {self._listener.state, CODE}
        return self._listener

    async def close(self) -> None:
        """End the sign-in that waits."""
        if self._listener is not None:
            await self._listener.pending.abandon()
            self._listener = None

    async def outcome(self, data: bytes) -> str:
        """The status of the answer, and how the sign-in ended if the right state ended it."""
        listener = self._listener or await self.open()
        sent = _filled(data, listener)
        reply = await exchange(listener.port, sent, half_close=not sent.endswith(b"\r\n\r\n") or b"ength" in sent)
        promise(reply.status in _STATUSES, f"the status {reply.status}")
        promise(listener.state.encode() not in reply.raw, "the state was sent back")
        promise(CODE.encode() not in reply.raw, "the code was sent back")
        if listener.pending.open:
            return str(reply.status)
        return f"{reply.status} {await self._ended(listener, sent, reply)}"

    async def _ended(self, listener: ListenerHarness, sent: bytes, reply: Reply) -> str:
        given = _parameters(sent, listener)
        promise(given.get("state") == [listener.state], "a sign-in was ended without its state")
        try:
            code = (await listener.pending.code()).reveal()
            promise(given.get("code") == [code], "a code was taken that is none of the request")
            ended = "code"
        except Failure as failure:
            ended = failure.code
        await self.close()
        return ended

    async def settle(self) -> None:
        """After whatever came, the genuine callback still ends the sign-in, and nothing stays open."""
        listener = self._listener or await self.open()
        await listener.still_waits()
        await self.close()
        now = open_descriptors()
        self._descriptors = self._descriptors or now
        promise(now <= self._descriptors + 4, f"{now} descriptors are open, {self._descriptors} were at first")


@asynccontextmanager
async def listener_target(home: Path, complaints: Complaints) -> AsyncGenerator[ListenerTarget]:
    """The listener of the product, on a free port."""
    redirects = Redirects()
    target = ListenerTarget(redirects, complaints)
    try:
        yield target
    finally:
        await target.close()
        await redirects.close()


def _request(method: str, query: str, headers: list[str]) -> bytes:
    return "\r\n".join([f"{method} PATH?{query} HTTP/1.1", "Host: HOST", *headers, "", ""]).encode("utf-8", "replace")


def _filled(data: bytes, listener: ListenerHarness) -> bytes:
    places = {"STATE": listener.state, "CODE": CODE, "HOST": listener.host, "PATH": listener.path}
    for place, text in places.items():
        data = data.replace(place.encode(), text.encode())
    return data


def _parameters(sent: bytes, listener: ListenerHarness) -> dict[str, list[str]]:
    """The parameters of a request that a browser could have sent to the right path and host, else none."""
    line, *headers = sent.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, _, rest = line.partition(" ")
    path, _, query = rest.rpartition(" ")[0].partition("?")
    pairs = [header.partition(":") for header in headers]
    hosts = [value.strip() for name, _, value in pairs if name.lower() == "host"]
    if (method, path, hosts) != ("GET", listener.path, [listener.host]):
        return {}
    return parse_qs(query, keep_blank_values=True)
