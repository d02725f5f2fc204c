"""Token answers through the real client and a real server: a token, or a failure with a code, and no secret shown.

An input that begins with `HTTP/` is the whole answer. Any other is the body of a 200. After a first line `to NAME` the
answer is that of this provider.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.oauth.endpoints.token_endpoint import TokenEndpoint
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from tests.campaigns.fuzzing.complaints import Complaints
from tests.campaigns.fuzzing.descriptors import open_descriptors
from tests.campaigns.fuzzing.target import promise
from tests.recording_server import RecordingServer, answer, pieces, recording
from tests.tokens import CANARY, CLIENT, OLD, everything, rfc_server, there

_PROVIDERS = ("whitebit", "probit", "deribit", "kraken", "gemini")
_FIELDS = (
    *("token_type", "expires_in", "refresh_token", "scope", "id_token", "expires", "created_at", "refresh_expires_in"),
    *("data", "error_description", "expires_at", "message", "", "__proto__"),
)
_VALUES: tuple[object, ...] = (
    *(
        None,
        True,
        0,
        -1,
        300,
        "300",
        "abc",
        1e308,
        10**399,
        "",
        "bearer",
        "Bearer",
        "mac",
        "canary-x",
        "\0",
        "a\r\nb: c",
    ),
    *([], ["read"], [[None]], {}, {"a": {}}, "2026-11-29T00:00:00Z", "x" * 70_000, "\ud800", "read write", 7),
)
_ACCESS = ("canary-access", "canary-access", "canary-access", "", None, 7, "a b", "canary\n", ["canary"])
_OURS = [secret.reveal() for secret in (CLIENT.client_secret, OLD.access, OLD.refresh) if secret is not None]


class TokenAnswersTarget:
    """One renewal after another, each of which a server of this machine answers with the input."""

    name = "token_answers"
    rooms = ("oauth/endpoints", "oauth/strict_json.py", "primitives/plain_json.py", "net/client/body.py")
    words = tuple(
        text.encode() for text in (*(f'"{name}":' for name in _FIELDS), '"access_token":"canary-b"', "HTTP/1.1 ")
    )

    def __init__(self, port: RecordingServer, http: HttpClient) -> None:
        self._port = port
        servers = {"": rfc_server(port.base), **{id: there(id, port.base) for id in _PROVIDERS}}
        self._endpoints = {id: TokenEndpoint(http, of, lambda: 1000.0) for id, of in servers.items()}
        self._descriptors = 0

    def inputs(self) -> SearchStrategy[bytes]:
        """Objects with an access token and odd values beside it."""
        beside = st.dictionaries(st.sampled_from(_FIELDS), st.sampled_from(_VALUES), max_size=5)
        access = st.sampled_from(_ACCESS)
        to = st.sampled_from(("", "", "", "", *(f"to {id}\n" for id in _PROVIDERS)))
        return st.builds(_body, to, access, beside)

    async def outcome(self, data: bytes) -> str:
        """ "token", or the code of the failure."""
        to, body = _split(data)
        self._port.requests.clear()
        raw = body.startswith(b"HTTP/")
        self._port.then(pieces(body if raw else answer(body)))
        try:
            token = await self._endpoints[to].refresh(CLIENT, OLD)
        except Failure as why:
            shown = everything(why)
            promise(not any(secret in shown for secret in _OURS), f"one of our secrets is shown: {shown[:300]}")
            promise(to or raw or not _must_be_taken(body), f"a token was thrown away: {why.code}")
            return why.code
        _check(token)
        return "token"

    async def settle(self) -> None:
        """No connection stays open."""
        self._port.writers.clear()
        now = open_descriptors()
        self._descriptors = self._descriptors or now
        promise(now <= self._descriptors + 4, f"{now} descriptors are open, {self._descriptors} were at first")


@asynccontextmanager
async def token_answers_target(home: Path, complaints: Complaints) -> AsyncGenerator[TokenAnswersTarget]:
    """The product's client, and a server that answers with the inputs."""
    complaints.secrets = {CANARY}
    async with recording(b"") as port:
        client = HttpClient(limits=ClientLimits(total=5.0))
        try:
            yield TokenAnswersTarget(port, client)
        finally:
            await client.close()


def _check(token: Token) -> None:
    access, refresh = token.access, token.refresh
    promise(access is not None and access.reveal().isascii() and access.reveal().isprintable(), "a bad token was taken")
    promise(refresh is not None and refresh.reveal(), "the refresh token was lost")
    for secret in (access, refresh):
        text = "" if secret is None else secret.reveal()
        promise(CANARY not in text or text not in repr(replace(token, scopes=())), "a secret in a repr")


def _must_be_taken(body: bytes) -> bool:
    """Whether the body is an object with a good bearer token and no word of a failure: then nothing costs the token."""
    try:
        found = json.loads(body.decode(), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return False
    if not isinstance(found, dict) or any("error" in name or name in ("code", "status", "message") for name in found):
        return False
    access, kind = found.get("access_token"), found.get("token_type")
    good = isinstance(access, str) and access.isascii() and access.isprintable() and " " not in access and access
    return bool(good) and len(str(access)) < 60_000 and kind in (None, "", "bearer", "Bearer") and _is_plain(body)


def _is_plain(body: bytes) -> bool:
    """Whether no key stands twice and nothing is nested, of which the strict reader has its own opinion."""
    return (
        body.count(b'"access_token"') == 1
        and body.count(b'"token_type"') <= 1
        and body.count(b"[") + body.count(b"{") < 9
    )


def _split(data: bytes) -> tuple[str, bytes]:
    first, _, rest = data.partition(b"\n")
    for id in _PROVIDERS:
        if first == f"to {id}".encode():
            return id, rest
    return "", data


def _body(to: str, access: object, beside: dict[str, object]) -> bytes:
    return to.encode() + json.dumps({"access_token": access, **beside}).encode()
