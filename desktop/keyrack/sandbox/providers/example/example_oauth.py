"""The OAuth endpoints of the example exchange: metadata, sign-in by browser and by device, tokens, revocation."""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

from starlette.responses import JSONResponse, Response

from keyrack.sandbox.pages import page_frame
from keyrack.sandbox.pages.page_frame import Brand
from keyrack.sandbox.providers.example.example_file import REFRESH, SCOPE
from keyrack.sandbox.providers.example.example_people import PEOPLE
from keyrack.sandbox.state import consent
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.devices import Devices
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import Call, basic

PROVIDER = "example"
PUBLIC_CLIENT = "sandbox-example"
BRAND = Brand(
    "Example exchange",
    "Ex",
    "#6a3fb5",
    "#b79af0",
    ("See your e-mail address", "See what your account holds"),
    "It cannot trade or withdraw.",
)
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_ACCESS = 600
_DEVICE = 300
_INTERVAL = 5


def error_response(status: int, error: str = "") -> Response:
    """An error as RFC 6749 §5.2 and RFC 6750 §3.1 write it."""
    usual = {400: "invalid_request", 401: "invalid_token", 403: "insufficient_scope", 404: "not_found"}
    return JSONResponse({"error": error or usual.get(status, "server_error")}, status)


def metadata(call: Call) -> Response:
    """The metadata of the authorization server (RFC 8414 §3.2)."""
    base = _base(call)
    return JSONResponse(
        {
            "issuer": base if call.fault("issuer") is None else "https://another.example.org",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "device_authorization_endpoint": f"{base}/oauth/device",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": [SCOPE],
        }
    )


def get_token(_call: Call) -> Response:
    """The page where a signed-in person makes a refresh token of their own."""
    return consent.html_response(page_frame.get_code_page(BRAND, PEOPLE))


def show_token(call: Call) -> Response:
    """The refresh token itself, of the public client."""
    account = call.fields.get("account", "")
    client = call.world.clients.find(PROVIDER, PUBLIC_CLIENT)
    if account not in PEOPLE or client is None:
        return consent.error_page(BRAND, "No such account", "Choose one of the accounts on the page before.")
    call.row.client_id, call.row.account = client.client_id, account
    made = call.world.grants.refresh(client, account, call.world.lifetimes.refresh(REFRESH), _opaque)
    return consent.html_response(page_frame.code_page(BRAND, PEOPLE[account], made))


class ExampleOAuth:
    """The endpoints that issue and revoke tokens."""

    def __init__(self, world: World) -> None:
        self._devices = Devices(world.clock)
        self._challenges: dict[str, str] = {}

    def authorize(self, call: Call) -> Response:
        """The consent page (RFC 6749 §4.1.1).

        A wrong client or address is shown to the person, and the browser is never redirected.
        """
        client = call.world.clients.find(PROVIDER, call.query.get("client_id"))
        if client is None or client.redirect_uri is None or call.query.get("response_type") != "code":
            return consent.error_page(BRAND, "Unknown application", "This link does not name an application we know.")
        if call.query.get("redirect_uri") != client.redirect_uri:
            return consent.error_page(BRAND, "Wrong address", "The address to return to is not the one registered.")
        challenge = call.query.get("code_challenge", "")
        if challenge and call.query.get("code_challenge_method") != "S256":
            return consent.error_page(BRAND, "Wrong request", "Only S256 is known here.")
        returned = {**consent.returned_state(call.query.get("state"), "echoed"), "iss": _base(call)}
        return call.world.consents.show(BRAND, client, returned, call.faults, challenge)

    def answer(self, call: Call) -> Response:
        """The person's choice: 302 to the registered address."""
        answer = call.world.consents.answer(call.fields)
        if answer is None:
            return consent.error_page(BRAND, "Nothing to answer", "This page was answered before, or waited too long.")
        call.row.client_id, call.row.account = answer.request.client.client_id, answer.account
        if answer.account is None:
            return consent.denied(BRAND, answer.request)
        code = call.world.grants.code("redirect", PROVIDER, answer.request.client.client_id, answer.account)
        self._challenges[code] = answer.request.challenge
        return consent.redirect_back(answer.request, code=code)

    def device(self, call: Call) -> Response:
        """The device authorization endpoint (RFC 8628 §3.2)."""
        client = _client(call)
        if client is None:
            return error_response(401, "invalid_client")
        lifetimes = call.world.lifetimes
        lifetime, interval = _DEVICE, lifetimes.pause(_INTERVAL)
        code, device = self._devices.begin(client, lifetime, interval)
        where = f"{_base(call)}/device"
        answer: dict[str, Any] = {
            "device_code": code,
            "user_code": device.user_code,
            "verification_uri": where,
            "verification_uri_complete": f"{where}?user_code={device.user_code}",
            "expires_in": lifetime,
            "interval": interval,
        }
        if call.fault("bare") is not None:
            del answer["verification_uri_complete"], answer["interval"]
        if call.fault("elsewhere") is not None:
            answer |= {"verification_uri": "https://another.example.org/device"}
        return JSONResponse(answer)

    def verify(self, call: Call) -> Response:
        """The page on which a person types the code, or confirms one that came with the link."""
        typed = call.query.get("user_code")
        if typed is None:
            return consent.html_response(page_frame.type_code_page(BRAND))
        device = self._devices.find(typed)
        if device is None:
            return consent.error_page(BRAND, "Unknown code", "No program waits with this code. Look at it once more.")
        return consent.html_response(page_frame.consent_page(BRAND, PEOPLE, device.user_code))

    def verified(self, call: Call) -> Response:
        """The person's choice on the page for devices."""
        device = self._devices.find(call.fields.get("ask", ""))
        account = call.fields.get("account", "")
        refused = call.fields.get("answer") != "approve"
        if device is None or (not refused and account not in PEOPLE):
            return consent.error_page(BRAND, "Nothing to answer", "This page was answered before, or waited too long.")
        call.row.client_id = device.client.client_id
        device.refused, device.account = refused, None if refused else account
        answer = "Access refused" if refused else "Your device is connected"
        return consent.html_response(
            page_frame.notice_page(BRAND, answer, "You can close this window and go back to Keyrack.")
        )

    def token(self, call: Call) -> Response:
        """The token endpoint, for every grant (RFC 6749 §3.2)."""
        call.row.grant = grant = call.fields.get("grant_type", "")
        client = _client(call)
        if client is None or call.fault("client") is not None:
            return error_response(401, "invalid_client")
        if call.format != "form":
            return error_response(400)
        made = {
            "authorization_code": self._by_code,
            "client_credentials": lambda _call, client: f"@{client.account}" if client.client_secret else "",
            "refresh_token": self._by_refresh,
            DEVICE_GRANT: self._by_device,
        }.get(grant)
        if made is None:
            return error_response(400, "unsupported_grant_type")
        answer = call.fault("says") or made(call, client)
        if not answer.startswith("@"):
            return error_response(400, answer or "unauthorized_client")
        call.row.account = answer[1:]
        return _tokens(call, client, answer[1:])

    def _by_code(self, call: Call, client: Client) -> str:
        code, sent = call.fields.get("code", ""), call.fields.get("code_verifier", "")
        challenge = self._challenges.pop(code, "")
        account = call.world.grants.redeem_code(code, "redirect", client)
        proven = not challenge or urlsafe_b64encode(sha256(sent.encode()).digest()).decode().rstrip("=") == challenge
        same = call.fields.get("redirect_uri") == client.redirect_uri
        return f"@{account}" if account and proven and same else "invalid_grant"

    def _by_refresh(self, call: Call, client: Client) -> str:
        old = call.fields.get("refresh_token", "")
        found = call.world.grants.refreshable(old, client)
        if found is None:
            return "invalid_grant"
        call.world.grants.count_renewal(client, found.account)
        if call.fault("without") is None:
            call.world.grants.drop(old)
        return f"@{found.account}"

    def _by_device(self, call: Call, client: Client) -> str:
        return self._devices.poll(call.fields.get("device_code", ""), client)

    def revoke(self, call: Call) -> Response:
        """The revocation endpoint (RFC 7009): 200 also for an unknown token.

        Revoking a refresh token revokes its access tokens as well.
        """
        client = _client(call)
        if client is None:
            return error_response(401, "invalid_client")
        token = call.fields.get("token", "")
        if not token:
            return error_response(400)
        if call.world.grants.refreshable(token, client):
            call.world.grants.drop_all("access", client)
        call.world.grants.drop(token)
        return Response(status_code=200)


def _tokens(call: Call, client: Client, account: str) -> Response:
    grants, lifetimes = call.world.grants, call.world.lifetimes
    lifetime = lifetimes.access(_ACCESS)
    answer: dict[str, Any] = {
        "access_token": grants.access(client, account, lifetime, _opaque),
        "token_type": "Bearer",
        "expires_in": lifetime,
        "scope": SCOPE,
    }
    if call.row.grant == "client_credentials":
        grants.count_key_token(client, account)
    elif call.fault("without") is None or call.row.grant != "refresh_token":
        answer["refresh_token"] = grants.refresh(client, account, lifetimes.refresh(REFRESH), _opaque)
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _client(call: Call) -> Client | None:
    """The authenticated client (RFC 6749 §2.3.1), or None.

    Both parts are form-encoded in Basic, or both are in the body. A public client sends its id alone.
    """
    found = basic(call.request)
    if found is not None:
        client_id, secret = (unquote_plus(part) for part in found)
    else:
        client_id, secret = call.fields.get("client_id", ""), call.fields.get("client_secret", "")
    client = call.world.clients.check(PROVIDER, client_id, secret)
    call.row.client_id = client_id or call.row.client_id
    return client


def _base(call: Call) -> str:
    return f"http://{call.request.headers.get('host', '')}"


def _opaque() -> str:
    return secrets.token_urlsafe(32)
