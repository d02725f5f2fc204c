"""A redirect listener with a sign-in that waits at it, for tests."""

import asyncio
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit

from keyrack.oauth.authorization.response_check import AuthorizationRequest, new_state
from keyrack.oauth.loopback.pending import PendingSignIn
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.primitives.secret import Secret
from tests.raw_http import Reply, exchange, get

CODE = "canary-code-of-the-provider"
NAVIGATION = ("Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-Site: cross-site")


def request_for(redirect_uri: str, **changes: object) -> AuthorizationRequest:
    """A request as the core makes it, with a state of its own."""
    made = AuthorizationRequest(
        provider="alpha",
        account="a1",
        client_id="sample-client",
        redirect_uri=redirect_uri,
        url=Secret("https://alpha.example/authorize?client_id=sample-client&state=in-the-address"),
        state=new_state(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@dataclass
class ListenerHarness:
    """One pending sign-in, and how a browser reaches it."""

    redirects: Redirects
    pending: PendingSignIn
    port: int
    extra: list[PendingSignIn] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.pending.authority

    @property
    def path(self) -> str:
        return self.pending.redirect.path

    @property
    def state(self) -> str:
        return self.pending.request.state.reveal()

    def target(self, **parameters: str) -> str:
        """The registered path with a query."""
        return f"{self.path}?{urlencode(parameters)}"

    def genuine(self, *headers: str, code: str = CODE) -> bytes:
        """The callback as the provider makes the browser send it."""
        return get(self.target(code=code, state=self.state), self.host, *headers)

    async def send(self, data: bytes) -> Reply:
        return await exchange(self.port, data)

    async def is_gone(self) -> bool:
        """Whether the callback leads nowhere any more, while others still wait at the port."""
        return (await self.send(self.genuine())).status == 404

    async def still_waits(self) -> None:
        """Show that the genuine callback succeeds, whatever came before (S9)."""
        assert self.pending.open
        reply = await self.send(self.genuine(*NAVIGATION))
        assert reply.status == 303
        assert reply.seconds < 2.0
        async with asyncio.timeout(2):
            assert (await self.pending.code()).reveal() == CODE


async def open_listener(redirects: Redirects, path: str = "/cb/alpha", **changes: object) -> ListenerHarness:
    """A listener with a pending sign-in, on a port that the system chose."""
    reserved = redirects.reserve(f"http://127.0.0.1:0{path}")
    pending = await redirects.begin(request_for(reserved.redirect_uri, **changes), reserved=reserved)
    return ListenerHarness(redirects, pending, urlsplit(reserved.redirect_uri).port or 0)


async def beside(listener: ListenerHarness, path: str, **changes: object) -> ListenerHarness:
    """Another sign-in at the same port."""
    uri = f"http://127.0.0.1:{listener.port}{path}"
    return ListenerHarness(
        listener.redirects, await listener.redirects.begin(request_for(uri, **changes)), listener.port
    )
