"""The example exchange keeps to the RFCs where it matters for a client that is wrong."""

import json
import urllib.error
import urllib.request
from base64 import b64encode
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from keyrack.providers.files.user_file import read_own
from keyrack.sandbox.browser import Browser, LostError
from tests.sandbox_process import RunningSandbox

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
PUBLIC = "sandbox-example"


def post(sandbox: RunningSandbox, path: str, headers: dict[str, str] | None = None, **fields: str) -> tuple[int, Any]:
    request = urllib.request.Request(sandbox.base("example") + path, urlencode(fields).encode(), headers or {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read() or b"null")


def device_authorization(sandbox: RunningSandbox) -> dict[str, Any]:
    status, answer = post(sandbox, "/oauth/device", client_id=PUBLIC)
    assert status == 200
    found: dict[str, Any] = answer
    return found


def poll(sandbox: RunningSandbox, code: str, client_id: str = PUBLIC) -> tuple[int, Any]:
    return post(sandbox, "/oauth/token", client_id=client_id, grant_type=DEVICE_GRANT, device_code=code)


def test_its_file_is_a_right_one(sandbox: RunningSandbox) -> None:
    text = str(sandbox.announced["providers"]["example"]["file"])
    provider = read_own("example.toml", text).provider
    assert provider.id == "example"
    assert set(provider.flows) == {"device_code", "authorization_code_pkce", "refresh_token"}
    assert all(region.test for region in provider.regions.values())


def test_metadata_names_its_own_issuer(sandbox: RunningSandbox) -> None:
    base = sandbox.base("example")
    with urllib.request.urlopen(f"{base}/.well-known/oauth-authorization-server") as answer:
        assert json.load(answer)["issuer"] == base


@pytest.mark.security("R30")
def test_polling_too_fast_is_slowed_down_for_good(sandbox: RunningSandbox) -> None:
    code = device_authorization(sandbox)["device_code"]
    assert poll(sandbox, code) == (400, {"error": "authorization_pending"})
    assert poll(sandbox, code) == (400, {"error": "slow_down"})
    sandbox.advance(6)
    assert poll(sandbox, code) == (400, {"error": "slow_down"})
    sandbox.advance(16)
    assert poll(sandbox, code) == (400, {"error": "authorization_pending"})


def test_a_code_is_approved_once_and_used_once(sandbox: RunningSandbox) -> None:
    answer = device_authorization(sandbox)
    page = answer["verification_uri_complete"]
    Browser().answer(page, "approve", None)
    with pytest.raises(LostError):
        Browser().answer(page, "approve", None)
    status, token = poll(sandbox, answer["device_code"])
    assert status == 200
    assert token["token_type"] == "Bearer"
    assert poll(sandbox, answer["device_code"]) == (400, {"error": "invalid_grant"})


def test_a_code_ends_and_belongs_to_its_client(sandbox: RunningSandbox) -> None:
    code = device_authorization(sandbox)["device_code"]
    sandbox.register_client("example", "another", "invented")
    assert poll(sandbox, code, "another") == (401, {"error": "invalid_client"})
    sandbox.advance(301)
    assert poll(sandbox, code) == (400, {"error": "expired_token"})


def test_the_page_without_a_code_asks_for_one(sandbox: RunningSandbox) -> None:
    answer = device_authorization(sandbox)
    assert Browser().visit(answer["verification_uri"]).form.found
    typed = answer["user_code"].lower().replace("-", " ")
    assert Browser().visit(f"{answer['verification_uri']}?user_code={quote(typed)}").form.choices


def test_the_verifier_must_be_the_one_of_the_challenge(sandbox: RunningSandbox) -> None:
    """RFC 7636 §4.6: a code that was stolen on its way back is worth nothing."""
    sandbox.ask("POST", "/clients", {
        "provider": "example", "client_id": "pkce", "client_secret": "", "redirect_uri": "http://127.0.0.1:9/cb",
    })  # fmt: skip
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # of the verifier in RFC 7636 appendix B
    query = {
        "client_id": "pkce", "response_type": "code", "redirect_uri": "http://127.0.0.1:9/cb", "state": "s",
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    for verifier, expected in (("wrong", 400), ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", 200)):
        code = code_of(sandbox, query)
        status, _ = post(
            sandbox, "/oauth/token", client_id="pkce", grant_type="authorization_code",
            redirect_uri="http://127.0.0.1:9/cb", code=code, code_verifier=verifier,
        )  # fmt: skip
        assert status == expected


def code_of(sandbox: RunningSandbox, query: dict[str, str]) -> str:
    """The code in the redirect of an approval."""
    address = f"{sandbox.base('example')}/oauth/authorize?{urlencode(query)}"
    form = Browser().visit(address).form
    fields = {**form.hidden, "account": "desk", "answer": "approve"}
    opener = urllib.request.build_opener(_NoRedirects())
    with pytest.raises(urllib.error.HTTPError) as redirected:
        opener.open(address, urlencode(fields).encode())
    redirected.value.close()
    return str(redirected.value.headers["location"]).partition("code=")[2].partition("&")[0]


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing."""


def test_a_secret_is_sent_escaped_in_basic(sandbox: RunningSandbox) -> None:
    """RFC 6749 §2.3.1: the secret is form-encoded. Sent raw it is another secret."""
    sandbox.register_client("example", "basic", "invented +/&=")
    for pair, expected in (("basic:" + quote("invented +/&=", safe=""), 200), ("basic:invented +/&=", 401)):
        header = {"Authorization": "Basic " + b64encode(pair.encode()).decode()}
        assert post(sandbox, "/oauth/token", header, grant_type="client_credentials")[0] == expected


def test_revoking_a_refresh_token_takes_its_access_tokens_along(sandbox: RunningSandbox) -> None:
    """RFC 7009 §2.1. An unknown token is no error (§2.2)."""
    answer = device_authorization(sandbox)
    Browser().answer(answer["verification_uri_complete"], "approve", None)
    _, token = poll(sandbox, answer["device_code"])
    assert post(sandbox, "/oauth/revoke", client_id=PUBLIC, token="nobody's") == (200, None)
    assert reads(sandbox, token["access_token"]) == 200
    assert post(sandbox, "/oauth/revoke", client_id=PUBLIC, token=token["refresh_token"]) == (200, None)
    assert reads(sandbox, token["access_token"]) == 401
    again = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    assert post(sandbox, "/oauth/token", client_id=PUBLIC, **again) == (400, {"error": "invalid_grant"})


def reads(sandbox: RunningSandbox, token: str) -> int:
    request = urllib.request.Request(f"{sandbox.base('example')}/api/v1/balances")
    request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
