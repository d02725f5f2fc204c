"""What a provider file can say about tokens, over real sockets: parameters, names, nonce, lifetimes, secrets."""

import base64
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from keyrack.oauth.authorization.request import make_request
from keyrack.oauth.authorization_server import Dialect
from keyrack.oauth.endpoints.device import DeviceEndpoint
from keyrack.oauth.endpoints.token_endpoint import TokenEndpoint
from keyrack.oauth.oauth_errors import UnexpectedResponse, WrongNonce
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret
from tests.recording_server import RecordingServer, answer, recording
from tests.tokens import CANARY, CLIENT, CODE, GOOD, OLD, PAIR, VERIFIER, endpoint_of, everything, http, rfc_server

RESOURCE = {"resource": "https://api.example/v1", "audience": "api"}
NONCE = Secret("canary-nonce-" + "n" * 30)


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer(PAIR)) as made:
        yield made


def fields(port: RecordingServer) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(port.last.body, keep_blank_values=True).items()}


async def refreshed(port: RecordingServer, dialect: Dialect, old: Token = OLD) -> Token:
    async with endpoint_of(rfc_server(port.base, dialect)) as endpoint:
        return await endpoint.refresh(CLIENT, old)


async def exchanged(port: RecordingServer, dialect: Dialect, nonce: Secret | None = None, **server: Any) -> Token:
    async with endpoint_of(rfc_server(port.base, dialect, **server)) as endpoint:
        return await endpoint.authorization_code(CLIENT, CODE, VERIFIER, nonce)


# --- parameters -------------------------------------------------------------------------------------------------------


async def test_each_request_for_a_first_token_has_its_parameters(port: RecordingServer) -> None:
    dialect = Dialect(token_parameters=RESOURCE, user_code_grant="code", refresh_parameters={"tenant": "t"})
    async with endpoint_of(rfc_server(port.base, dialect)) as endpoint:
        for made in (
            endpoint.client_credentials(CLIENT),
            endpoint.authorization_code(CLIENT, CODE, VERIFIER),
            endpoint.user_code(CLIENT, CODE),
        ):
            await made
            assert RESOURCE.items() <= fields(port).items()
            assert "tenant" not in fields(port)
        await endpoint.refresh(CLIENT, OLD)
    assert fields(port) == {"tenant": "t", "grant_type": "refresh_token", "refresh_token": "canary-old-refresh/+="}


async def test_a_device_request_has_its_own_parameters_grant_and_name_of_the_code(port: RecordingServer) -> None:
    dialect = Dialect(
        device_parameters={"response_type": "device_code"},
        token_parameters={"audience": "api"},
        device_grant="device_code",
        device_code_parameter="code",
        client_authentication="none",
    )
    server = rfc_server(port.base, dialect, device_authorization_endpoint=f"{port.base}/token", scope="full")
    shown = {"device_code": "dc", "user_code": "AB", "verification_uri": f"{port.base}/device", "expires_in": 600}
    port.then(answer(shown), answer(PAIR))
    async with http() as client:
        endpoint = DeviceEndpoint(client, server, lambda: 0.0)
        code = (await endpoint.begin(CLIENT)).device_code
        assert fields(port) == {"client_id": "sample-client", "response_type": "device_code", "scope": "full"}
        await endpoint.poll(CLIENT, code)
    assert fields(port) == {
        "client_id": "sample-client",
        "audience": "api",
        "grant_type": "device_code",
        "code": "dc",
    }


@pytest.mark.security("S45")
async def test_the_verifier_goes_once_more_with_each_renewal_where_the_server_wants_it(port: RecordingServer) -> None:
    token = await exchanged(port, Dialect(verifier_at_refresh=True))
    for _ in range(2):
        token = await refreshed(port, Dialect(verifier_at_refresh=True), token)
        assert fields(port)["code_verifier"] == VERIFIER.reveal()
    assert (await exchanged(port, Dialect())).verifier is None
    await refreshed(port, Dialect())
    assert "code_verifier" not in fields(port)
    assert CANARY not in repr(token)


@pytest.mark.parametrize("method", ["basic", "body"])
async def test_an_optional_secret_is_sent_where_there_is_one(port: RecordingServer, method: Any) -> None:
    async with endpoint_of(rfc_server(port.base, Dialect(client_authentication=method))) as endpoint:
        await endpoint.authorization_code(CLIENT, CODE, VERIFIER)
        assert ("authorization" in port.last.headers) == (method == "basic")
        assert ("client_secret" in fields(port)) == (method == "body")
        await endpoint.authorization_code(OAuthClient("public"), CODE, VERIFIER)
    assert "authorization" not in port.last.headers
    assert fields(port)["client_id"] == "public"
    assert "client_secret" not in fields(port)


# --- names in the answer ----------------------------------------------------------------------------------------------

CAMEL: Any = {
    "access_token": "accessToken",
    "refresh_token": "refreshToken",
    "expires_in": "expiresIn",
    "scope": "grantedScopes",
}


async def test_an_answer_may_have_other_names(port: RecordingServer) -> None:
    sent = {"accessToken": "canary-a", "refreshToken": "canary-r", "expiresIn": 60, "grantedScopes": "read"}
    port.then(answer({"data": {**sent, "access_token": "another", "expires_in": 9, "token_type": "bearer"}}))
    token = await exchanged(port, Dialect(names=CAMEL, inside="data"))
    assert token.access == Secret("canary-a")
    assert token.refresh == Secret("canary-r")
    assert (token.lifetime, token.scopes) == (60.0, ("read",))


async def test_the_usual_name_does_not_count_where_another_is_told(port: RecordingServer) -> None:
    port.then(answer({**PAIR, "accessToken": None}))
    with pytest.raises(UnexpectedResponse):
        await exchanged(port, Dialect(names={"access_token": "accessToken"}))


# --- nonce ------------------------------------------------------------------------------------------------------------


def id_token(claims: object) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({}, claims)]
    return ".".join([*parts, "c2ln"])


@pytest.mark.security("S27")
def test_a_nonce_is_random_and_sent_only_where_the_file_says_so() -> None:
    made = [make_request(rfc_server("http://127.0.0.1:1", Dialect(nonce=True)), CLIENT, "p", "a") for _ in range(2)]
    sent = [parse_qs(urlsplit(request.url.reveal()).query)["nonce"] for request in made]
    assert sent == [[request.nonce.reveal()] for request in made if request.nonce]
    assert sent[0] != sent[1]
    assert len(sent[0][0]) >= 43
    without = make_request(rfc_server("http://127.0.0.1:1"), CLIENT, "p", "a")
    assert without.nonce is None
    assert "nonce" not in without.url.reveal()


@pytest.mark.parametrize("dialect", [Dialect(), Dialect(names={"id_token": "idToken"}, inside="d")])
async def test_an_id_token_with_this_nonce_is_good(port: RecordingServer, dialect: Dialect) -> None:
    content: Any = {**PAIR, dialect.names.get("id_token", "id_token"): id_token({"nonce": NONCE.reveal(), "sub": "1"})}
    port.then(answer({"d": content} if dialect.inside else content))
    assert (await exchanged(port, dialect, NONCE)).access


async def test_an_answer_without_id_token_is_good(port: RecordingServer) -> None:
    assert (await exchanged(port, Dialect(), NONCE)).access


@pytest.mark.parametrize(
    "sent",
    [
        id_token({"nonce": "another"}),
        id_token({"nonce": None}),
        id_token({}),
        id_token([]),
        id_token({"nonce": NONCE.reveal()}).rpartition(".")[0],
        "a.%%%.c",
        "ü.ü.ü",
        "",
        7,
        {"nonce": NONCE.reveal()},
    ],
)
async def test_an_id_token_without_this_nonce_ends_the_sign_in(port: RecordingServer, sent: Any) -> None:
    port.then(answer({**PAIR, "id_token": sent}))
    with pytest.raises(WrongNonce) as raised:
        await exchanged(port, Dialect(nonce=True), NONCE)
    assert CANARY not in everything(raised.value)


# --- how long a sign-in lasts -----------------------------------------------------------------------------------------

WEEK = 604_800.0


async def test_no_renewal_moves_the_end_of_a_sign_in_that_counts_from_its_beginning(port: RecordingServer) -> None:
    dialect = Dialect(sign_in_lifetime=WEEK)
    now = 1000.0
    async with http() as client:
        endpoint = TokenEndpoint(client, rfc_server(port.base, dialect), lambda: now)
        token = await endpoint.authorization_code(CLIENT, CODE, VERIFIER)
        assert (token.refresh_expires, token.sign_in_window) == (1000.0 + WEEK, WEEK)
        for now in (2000.0, 400_000.0):
            token = await endpoint.refresh(CLIENT, token)
            assert token.issued == now
            assert (token.refresh_expires, token.sign_in_window) == (1000.0 + WEEK, WEEK)


async def test_the_earlier_of_two_ends_counts(port: RecordingServer) -> None:
    dialect = Dialect(sign_in_lifetime=WEEK, refresh_lifetime=600.0)
    token = await exchanged(port, dialect)
    assert (token.refresh_expires, token.sign_in_window) == (1600.0, 600.0)
    late = replace(token, signed_in=1000.0 - WEEK + 60)
    again = await refreshed(port, dialect, late)
    assert (again.refresh_expires, again.sign_in_window) == (1060.0, WEEK)


async def test_without_a_refresh_token_there_is_no_such_end(port: RecordingServer) -> None:
    port.then(answer(GOOD))
    assert (await exchanged(port, Dialect(sign_in_lifetime=WEEK))).refresh_expires is None


# --- the address of the API -------------------------------------------------------------------------------------------

APIS = ("https://api01.example/", "https://api02.example")


@pytest.mark.security("S38")
@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ("https://api02.example/", "https://api02.example"),
        ("https://api01.example", "https://api01.example/"),
        ("https://evil.example", ""),
        ("https://api02.example.evil.example", ""),
        ("https://api02.example/v2", ""),
        ("", ""),
        (None, ""),
        (["https://api02.example"], "https://api02.example"),
        (7, ""),
    ],
)
async def test_only_an_address_that_the_file_lists_is_taken(port: RecordingServer, told: Any, taken: str) -> None:
    port.then(answer({**PAIR, "api_server": told}))
    token = await exchanged(port, Dialect(api_field="api_server"), apis=APIS)
    assert token.access, "the token is good whatever stands there"
    assert token.api == taken


async def test_a_renewal_that_tells_no_address_keeps_the_one_before(port: RecordingServer) -> None:
    token = await refreshed(port, Dialect(api_field="api_server"), replace(OLD, api=APIS[1]))
    assert token.api == APIS[1]
