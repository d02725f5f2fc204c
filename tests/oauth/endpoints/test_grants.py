"""The requests to a token endpoint, exactly as each server wants them."""

import json
from base64 import b64decode
from dataclasses import replace
from urllib.parse import parse_qsl, unquote

import pytest

from keyrack.net.client.client_message import Request
from keyrack.oauth.authorization_server import AuthorizationServer, Dialect
from keyrack.oauth.endpoints import grants
from keyrack.oauth.registered_client import OAuthClient
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import server
from tests.tokens import CANARY, CLIENT, CODE, VERIFIER, provider, rfc_server

PLAIN = rfc_server("https://sample.example")
PROBIT, BITPORT, WHITEBIT = (server(provider(id), "global") for id in ("probit", "bitport", "whitebit"))
REFRESH = Secret("canary-refresh/+=")
ODD = OAuthClient("id with:colon", Secret("p@ss word:/+%&é"))


def all_of(of: AuthorizationServer) -> list[Request]:
    return [
        grants.client_credentials(of, CLIENT),
        grants.authorization_code(of, CLIENT, CODE, VERIFIER),
        grants.user_code(of, CLIENT, CODE),
        grants.refresh(of, CLIENT, REFRESH),
    ]


def body(request: Request) -> str:
    assert isinstance(request.body, Secret)
    return request.body.reveal()


def form(request: Request) -> dict[str, str]:
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    return dict(parse_qsl(body(request), keep_blank_values=True, strict_parsing=True))


def basic(request: Request) -> str:
    value = request.headers["Authorization"]
    assert isinstance(value, Secret)
    scheme, _, packed = value.reveal().partition(" ")
    assert scheme == "Basic"
    return b64decode(packed, validate=True).decode()


@pytest.mark.security("S42")
@pytest.mark.parametrize("of", [PLAIN, PROBIT, BITPORT, WHITEBIT], ids=lambda of: of.name)
def test_secrets_are_in_the_body_or_the_authorization_header_alone(of: AuthorizationServer) -> None:
    for request in all_of(of):
        assert request.method == "POST"
        assert request.url in (of.token_endpoint, of.refresh_endpoint)
        assert CANARY not in request.url
        assert "?" not in request.url
        shown = {name: value for name, value in request.headers.items() if name != "Authorization"}
        assert CANARY not in str(shown)
        assert isinstance(request.body, Secret)
        assert CANARY not in f"{request!r} {request.headers} {request.body}"


@pytest.mark.security("S50")
def test_basic_is_form_encoded_as_the_rfc_says() -> None:
    """RFC 6749 §2.3.1: each part is encoded before they are joined."""
    packed = basic(grants.client_credentials(PLAIN, ODD))
    assert packed == "id%20with%3Acolon:p%40ss%20word%3A%2F%2B%25%26%C3%A9"
    client_id, _, secret = packed.partition(":")
    assert ODD.client_secret is not None
    assert (unquote(client_id), unquote(secret)) == (ODD.client_id, ODD.client_secret.reveal())


@pytest.mark.security("S50")
def test_probit_gets_basic_raw() -> None:
    client = OAuthClient("local-client-id", Secret("local-client-secret"))
    value = grants.client_credentials(PROBIT, client).headers["Authorization"]
    assert isinstance(value, Secret)
    assert value.reveal() == "Basic bG9jYWwtY2xpZW50LWlkOmxvY2FsLWNsaWVudC1zZWNyZXQ="
    odd = OAuthClient("id", Secret("a/b+c=d%20"))
    assert basic(grants.client_credentials(PROBIT, odd)) == "id:a/b+c=d%20"
    raw = rfc_server("https://sample.example", Dialect(client_authentication="basic_raw"))
    assert basic(grants.client_credentials(raw, odd)) != basic(grants.client_credentials(PLAIN, odd))


def test_probits_grant_is_json() -> None:
    """ProBit Q3."""
    request = grants.client_credentials(PROBIT, CLIENT)
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(body(request)) == {"grant_type": "client_credentials"}


@pytest.mark.security("S45")
def test_the_exchange_repeats_what_the_request_carried() -> None:
    fields = form(grants.authorization_code(PLAIN, CLIENT, CODE, VERIFIER))
    assert fields == {
        "grant_type": "authorization_code",
        "code": CODE.reveal(),
        "redirect_uri": CLIENT.redirect_uri,
        "code_verifier": VERIFIER.reveal(),
    }
    assert "code_verifier" not in form(grants.authorization_code(PLAIN, CLIENT, CODE, None))


def test_a_refresh_as_the_rfc_says() -> None:
    request = grants.refresh(PLAIN, CLIENT, REFRESH)
    assert form(request) == {"grant_type": "refresh_token", "refresh_token": REFRESH.reveal()}
    assert request.url == PLAIN.token_endpoint
    assert request.headers["Accept"] == "application/json"


def test_whitebits_names_are_its_own() -> None:
    """WhiteBIT Q2 and Q9: no grant_type, no redirect_uri, its own refresh address and parameter, Accept always."""
    ours = {"client_id": CLIENT.client_id, "client_secret": "canary-client-secret/+="}
    exchange = grants.authorization_code(WHITEBIT, CLIENT, CODE, None)
    assert form(exchange) == {**ours, "code": CODE.reveal()}
    renewal = grants.refresh(WHITEBIT, CLIENT, REFRESH)
    assert form(renewal) == {**ours, "token": REFRESH.reveal()}
    assert (exchange.url, renewal.url) == (
        "https://whitebit.com/oauth2/token",
        "https://whitebit.com/oauth2/refresh_token",
    )
    for request in (exchange, renewal):
        assert request.headers["Accept"] == "application/json"
        assert "Authorization" not in request.headers


def test_bitports_two_grants() -> None:
    """Bitport Q4: a typed code is `grant_type=code`, and no redirect_uri is sent with either."""
    ours = {"client_id": CLIENT.client_id, "client_secret": "canary-client-secret/+=", "code": CODE.reveal()}
    assert form(grants.authorization_code(BITPORT, CLIENT, CODE, None)) == {**ours, "grant_type": "authorization_code"}
    assert form(grants.user_code(BITPORT, CLIENT, CODE)) == {**ours, "grant_type": "code"}


@pytest.mark.parametrize("way", ["basic", "body"])
def test_a_client_without_a_secret_names_itself_in_the_body(way: str) -> None:
    of = rfc_server("https://sample.example", Dialect(client_authentication=way))  # type: ignore[arg-type]
    request = grants.refresh(of, replace(CLIENT, client_secret=None), REFRESH)
    assert form(request)["client_id"] == CLIENT.client_id
    assert "client_secret" not in form(request)
    assert "Authorization" not in request.headers


@pytest.mark.security("S39")
def test_a_scope_is_asked_for_only_where_the_profile_names_one() -> None:
    assert "scope" not in form(grants.client_credentials(PLAIN, CLIENT))
    asked = grants.client_credentials(rfc_server("https://sample.example", scope="read"), CLIENT)
    assert form(asked)["scope"] == "read"


@pytest.mark.security("S40")
def test_plain_http_is_allowed_for_test_servers_alone() -> None:
    assert all(not request.plain_http_allowed for of in (PROBIT, BITPORT, WHITEBIT) for request in all_of(of))
    assert all(request.plain_http_allowed for request in all_of(PLAIN))


def test_codes_are_sent_as_they_are() -> None:
    """Nothing is unescaped or trimmed on the way (ProBit Q4)."""
    odd = Secret("a/b+c=d%2F &é")
    for request in (grants.user_code(BITPORT, CLIENT, odd), grants.authorization_code(PLAIN, CLIENT, odd, None)):
        assert form(request)["code"] == odd.reveal()
