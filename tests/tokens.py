"""Servers, clients and tokens for the tests of the token endpoint and the API. Every secret is a canary."""

import re
import traceback
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from hypothesis import settings

from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.oauth.authorization_server import AuthorizationServer, Dialect
from keyrack.oauth.endpoints.token_endpoint import TokenEndpoint
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import moved, server
from keyrack.providers.registry import built_in
from keyrack.providers.schema import Provider
from tests.plain_http import plain_http

FIXED = settings(derandomize=True, database=None, deadline=None, max_examples=200)
CANARY = "canary"
CLIENT = OAuthClient("sample-client", Secret("canary-client-secret/+="), "http://127.0.0.1:17463/cb/sample")
CODE = Secret("canary-code/+=")
VERIFIER = Secret("canary-verifier-" + "v" * 40)
OLD = Token(
    access=Secret("canary-old-access"),
    issued=0.0,
    lifetime=300.0,
    refresh=Secret("canary-old-refresh/+="),
    refresh_lifetime=600.0,
    refresh_issued=7.0,
    scopes=("read",),
    renewable=True,
)
GOOD = {"access_token": "canary-new-access", "token_type": "Bearer", "expires_in": 300}
PAIR = {**GOOD, "refresh_token": "canary-new-refresh"}
RFC = Dialect()


def provider(id: str) -> Provider:
    """A provider that comes with Keyrack."""
    return next(found for found in built_in() if found.id == id)


def there(id: str, base: str, region: str = "global") -> AuthorizationServer:
    """A provider's server moved to a test port."""
    return server(moved(provider(id), base), region)


def rfc_server(base: str, dialect: Dialect = RFC, **changes: Any) -> AuthorizationServer:
    """A server that does all as the RFCs say."""
    return AuthorizationServer(
        "Sample", dialect, f"{base}/token", authorization_endpoint=f"{base}/authorize", plain_http=True, **changes
    )


@asynccontextmanager
async def http(total: float = 5.0) -> AsyncGenerator[HttpClient]:
    """The product's HTTP client with a short patience."""
    client = HttpClient(limits=ClientLimits(total=total))
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def endpoint_of(of: AuthorizationServer, total: float = 5.0) -> AsyncGenerator[TokenEndpoint]:
    """A token endpoint whose clock always shows 1000 s."""
    async with http(total) as client:
        yield TokenEndpoint(client, of, lambda: 1000.0)


def everything(why: Failure) -> str:
    """All that a person or a log could ever see of a failure."""
    shown = [str(why), repr(why), why.sentences(), why.detail, *traceback.format_exception(why)]
    return "\n".join([*shown, repr(why.__context__), repr(why.__cause__), repr(vars(why))])


def approve(url: str, account: str = "", *, button: str = "approve") -> dict[str, str]:
    """Press a button of the sandbox's consent page. Returns the parameters of the redirect."""
    with plain_http() as browser:
        page = browser.get(url)
        ask = unescape(re.findall(r'name="ask" value="([^"]+)"', page.text)[0])
        back = browser.post(url, data={"ask": ask, "account": account, "answer": button})
        return dict(parse_qsl(urlsplit(back.headers["location"]).query))
