"""The device authorization grant: the person approves a code in any browser (RFC 8628)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from keyrack.net.address import is_safe
from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.authorization_server import AuthorizationServer
from keyrack.oauth.endpoints import grants
from keyrack.oauth.endpoints.error_response import first_text, refusal, server_time
from keyrack.oauth.endpoints.response_content import content
from keyrack.oauth.endpoints.token_response import read_token
from keyrack.oauth.oauth_errors import AccessDenied, NotYetApproved, SignInExpired, UnexpectedResponse
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret

USUAL_INTERVAL = 5.0
LONGEST_INTERVAL = 60.0
LONGEST_LIFE = 3600.0
LONGEST_USER_CODE = 40
LONGEST_ADDRESS = 600
_VISIBLE = re.compile(r"[\x21-\x7e]{1,4096}\Z")
# Google's own response has the second name, because RFC 8628 came later.
_ADDRESS_NAMES = ("verification_uri", "verification_url")


@dataclass(frozen=True, slots=True)
class DeviceAuthorization:
    """A sign-in that waits for approval (RFC 8628 section 3.2).

    The person opens `verification_uri` and types `user_code`, or opens `complete` ("" where the server sends none).
    `ends` is a moment of the clock that counts suspend. `interval` is the least pause between polls. Both are in
    seconds.
    """

    device_code: Secret = field(repr=False)
    user_code: str = field(repr=False)
    verification_uri: str
    complete: str = field(repr=False)
    ends: float
    interval: float


class DeviceEndpoint:
    """One server's device flow. Raises failures of `keyrack.oauth.oauth_errors` and `keyrack.net.network_errors`."""

    def __init__(self, http: HttpClient, server: AuthorizationServer, elapsed: Callable[[], float]) -> None:
        self._http = http
        self._server = server
        self._elapsed = elapsed

    async def begin(self, client: OAuthClient) -> DeviceAuthorization:
        """Request a code (RFC 8628 section 3.1)."""
        began = self._elapsed()
        value, _ = await self._exchange(client, grants.device_authorization(self._server, client), polled=False)
        return read_authorization(self._server, value, began)

    async def poll(self, client: OAuthClient, device_code: Secret) -> Token:
        """The token, after the person's approval (RFC 8628 section 3.5).

        Raises NotYetApproved, AccessDenied or SignInExpired without one.
        """
        issued = self._elapsed()
        request = grants.device_token(self._server, client, device_code)
        value, now = await self._exchange(client, request, polled=True)
        return read_token(self._server, value, issued, now=now)

    async def _exchange(self, client: OAuthClient, request: Request, *, polled: bool) -> tuple[Any, float]:
        """The decoded response, and the server's wall time."""
        response, public = await self._http.send(request), grants.is_public(self._server, client)
        value = content(self._server, response, public=public)
        if polled:
            _check_poll(self._server, first_text(value, self._server.dialect.error_codes))
        failure = refusal(self._server, response.status, value, public=public)
        if failure is not None:
            raise failure
        return value, server_time(response.headers)


def read_authorization(server: AuthorizationServer, value: Any, began: float) -> DeviceAuthorization:
    """The checked response of a device authorization endpoint. Raises UnexpectedResponse, which quotes no code."""
    found = value if isinstance(value, dict) else {}
    code, shown = found.get("device_code"), found.get("user_code")
    if not isinstance(code, str) or not _VISIBLE.match(code):
        raise _unusable(server, "the device code is missing or unreadable")
    if not isinstance(shown, str) or not shown or plain(shown, LONGEST_USER_CODE) != shown:
        raise _unusable(server, "the user code is missing or unreadable")
    address = next((found[name] for name in _ADDRESS_NAMES if name in found), None)
    lifetime = _seconds(found.get("expires_in"), LONGEST_LIFE)
    if lifetime is None:
        raise _unusable(server, "the lifetime of the code is missing")
    return DeviceAuthorization(
        device_code=Secret(code),
        user_code=shown,
        verification_uri=_page(server, address),
        complete=_complete(server, found.get("verification_uri_complete")),
        ends=began + lifetime,
        interval=_seconds(found.get("interval"), LONGEST_INTERVAL) or USUAL_INTERVAL,
    )


def _check_poll(server: AuthorizationServer, code: str) -> None:
    if code in ("authorization_pending", "slow_down"):
        raise NotYetApproved(server.name, slower=code == "slow_down")
    if code == "access_denied":
        raise AccessDenied
    if code == "expired_token":
        raise expired()


def expired() -> SignInExpired:
    """The failure when the code was not approved in time."""
    return SignInExpired("device_code_expired")


def _page(server: AuthorizationServer, address: Any) -> str:
    """The checked address of the page. It must be of a host that the provider's file names (S35, S38)."""
    if not isinstance(address, str) or len(address) > LONGEST_ADDRESS:
        raise _unusable(server, "the address of the page is missing")
    if not is_safe(address, plain_http=server.plain_http):
        raise _unusable(server, "the address of the page is not a plain https address")
    if urlsplit(address).netloc.lower() not in hosts(server):
        raise UnexpectedResponse("device_page_unknown", server=server.name, detail=urlsplit(address).netloc)
    return address


def _complete(server: AuthorizationServer, address: Any) -> str:
    """The address that holds the code already, or "" where it is missing or not safe. The person can do without it."""
    try:
        return _page(server, address) if address else ""
    except UnexpectedResponse:
        return ""


def hosts(server: AuthorizationServer) -> set[str]:
    """The hosts, with their ports, whose page a person may be sent to."""
    named = (
        server.verification_page,
        server.device_authorization_endpoint,
        server.authorization_endpoint,
        server.token_endpoint,
        server.issuer or "",
    )
    return {urlsplit(address).netloc.lower() for address in named if address}


def _seconds(value: Any, most: float) -> float | None:
    """A number of seconds up to `most`, or None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not value > 0:
        return None
    return float(min(value, Decimal(most)))


def _unusable(server: AuthorizationServer, detail: str) -> UnexpectedResponse:
    return UnexpectedResponse("device_response_unusable", server=server.name, detail=detail)
