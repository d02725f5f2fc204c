"""The authorization request: fresh secrets, PKCE, binding, and no address that a browser must not be sent to."""

import base64
import hashlib
from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import pytest

from keyrack.core.accounts.draft import default_redirect
from keyrack.oauth.authorization.request import UnsafeAddress, make_request
from keyrack.oauth.authorization.response import NotOurs
from keyrack.oauth.authorization.response_check import AuthorizationRequest, check_response
from keyrack.oauth.authorization_server import AuthorizationServer, Dialect
from keyrack.oauth.endpoints import grants
from keyrack.oauth.oauth_errors import WrongIssuer
from keyrack.oauth.registered_client import OAuthClient
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import server
from keyrack.providers.registry import built_in
from keyrack.providers.schema import REDIRECT_FLOWS
from tests.tokens import CANARY, CLIENT, CODE, provider, rfc_server

PLAIN = rfc_server("https://sample.example")
SHORTEST_SECRET = 43  # characters of base64 that hold 256 bit


def query(request: AuthorizationRequest) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.url.reveal()).query, strict_parsing=True))


def make(
    of: AuthorizationServer = PLAIN, client: OAuthClient = CLIENT, provider: str = "sample", account: str = "a1"
) -> AuthorizationRequest:
    return make_request(of, client, provider, account)


@pytest.mark.security("S27")
def test_ten_thousand_sign_ins_repeat_neither_state_nor_verifier() -> None:
    made = [make() for _ in range(10_000)]
    states = {request.state.reveal() for request in made}
    verifiers = {request.verifier.reveal() for request in made if request.verifier is not None}
    assert len(states) == len(verifiers) == 10_000
    assert not states & verifiers
    assert min(map(len, states)) >= SHORTEST_SECRET
    assert {len(text) for text in verifiers} <= set(range(SHORTEST_SECRET, 129))


@pytest.mark.security("S28")
def test_pkce_is_sent_by_s256_wherever_the_profile_says_so() -> None:
    request = make()
    assert request.verifier is not None
    digest = hashlib.sha256(request.verifier.reveal().encode()).digest()
    sent = query(request)
    assert sent["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert sent["code_challenge_method"] == "S256"
    without = make(rfc_server("https://sample.example", Dialect(pkce=False)))
    assert without.verifier is None
    assert not [name for name in query(without) if name.startswith("code_challenge")]


@pytest.mark.security("S28")
def test_plain_cannot_even_be_written_down() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"pkce": "plain"}, Dialect)
    assert not [field for field in msgspec.structs.fields(Dialect) if "method" in field.name]
    for found in built_in():
        flow = found.flows.get("authorization_code")
        assert flow is None or found.dialect.pkce or "no pkce" in flow.warning.lower()


@pytest.mark.security("S29", "S11")
def test_the_verifier_is_in_no_address_and_nothing_is_in_a_repr() -> None:
    request = make()
    assert request.verifier is not None
    assert request.verifier.reveal() not in request.url.reveal()
    shown = f"{request!r} {request}"
    for secret in (request.verifier.reveal(), request.state.reveal(), request.url.reveal()):
        assert secret not in shown
    assert CANARY not in request.url.reveal()


@pytest.mark.security("S30")
def test_a_sign_in_is_bound_to_all_that_it_was_begun_with() -> None:
    request = make()
    assert {field.name for field in fields(request)} >= {
        *("provider", "account", "client_id", "redirect_uri", "state", "verifier")
    }
    assert (request.provider, request.account) == ("sample", "a1")
    sent = query(request)
    assert sent["client_id"] == request.client_id == CLIENT.client_id
    assert sent["redirect_uri"] == request.redirect_uri == CLIENT.redirect_uri
    assert sent["state"] == request.state.reveal()


@pytest.mark.security("S30")
def test_a_callback_of_one_sign_in_never_completes_another() -> None:
    first, second = make(account="a1"), make(provider="other", account="a2")
    back = urlencode({"code": CODE.reveal(), "state": first.state.reveal()})
    with pytest.raises(NotOurs):
        check_response(second, back)
    assert check_response(first, back) == CODE
    assert first.verifier != second.verifier


@pytest.mark.security("S45")
def test_the_exchange_sends_this_requests_verifier_and_address() -> None:
    request = make()
    sent = grants.authorization_code(PLAIN, CLIENT, CODE, request.verifier).body
    assert isinstance(sent, Secret)
    fields_sent = dict(parse_qsl(sent.reveal()))
    assert request.verifier is not None
    assert fields_sent["code_verifier"] == request.verifier.reveal()
    assert fields_sent["redirect_uri"] == query(request)["redirect_uri"]


@pytest.mark.security("S31")
def test_each_provider_has_a_redirect_path_of_its_own() -> None:
    addresses = [default_redirect(found.id) for found in built_in()]
    assert addresses == [f"http://127.0.0.1:17463/cb/{found.id}" for found in built_in()]
    assert len(set(addresses)) == len(addresses)


@pytest.mark.security("S31")
def test_a_redirect_registered_otherwise_is_used_as_typed() -> None:
    client = replace(CLIENT, redirect_uri="http://localhost:9000/own/Path")
    request = make(client=client)
    assert request.redirect_uri == query(request)["redirect_uri"] == "http://localhost:9000/own/Path"


@pytest.mark.security("S32")
@pytest.mark.parametrize(
    ("issuer", "required", "iss", "good"),
    [
        ("https://sample.example", False, "https://sample.example", True),
        ("https://sample.example", False, None, True),
        ("https://sample.example", True, "https://sample.example", True),
        ("https://sample.example", True, None, False),
        ("https://sample.example", False, "https://sample.example/", False),
        ("https://sample.example", False, "https://SAMPLE.example", False),
        (None, False, "https://sample.example", False),
        (None, False, None, True),
    ],
)
def test_the_issuer_must_be_the_profiles(issuer: str | None, required: bool, iss: str | None, good: bool) -> None:
    of = replace(PLAIN, issuer=issuer, dialect=Dialect(iss_required=required))
    request = make(of)
    back = {"code": CODE.reveal(), "state": request.state.reveal(), **({"iss": iss} if iss else {})}
    if good:
        assert check_response(request, urlencode(back)) == CODE
    else:
        with pytest.raises(WrongIssuer):
            check_response(request, urlencode(back))


@pytest.mark.security("S32", "S38")
def test_the_issuer_comes_from_the_profile_alone() -> None:
    found = provider("whitebit")
    assert server(found, "global").issuer is None
    region = msgspec.structs.replace(found.regions["global"], issuer="https://whitebit.com")
    named = msgspec.structs.replace(found, regions={"global": region})
    assert make(server(named, "global")).issuer == "https://whitebit.com"


def test_whitebit_gets_its_own_names_and_nothing_else() -> None:
    """WhiteBIT Q2."""
    request = make(server(provider("whitebit"), "eu"))
    assert request.url.reveal().startswith("https://whitebit.eu/auth/login?")
    assert query(request) == {"clientId": CLIENT.client_id, "state": request.state.reveal()}
    assert request.state_echo


def test_bitport_gets_what_its_live_client_sends() -> None:
    """Bitport takes response_type, client_id, redirect_uri and state, and never PKCE."""
    request = make(server(provider("bitport"), "global"))
    assert set(query(request)) == {"response_type", "client_id", "redirect_uri", "state"}
    assert not request.state_echo


@pytest.mark.security("S33")
def test_bitport_alone_may_leave_the_state_out() -> None:
    assert [found.id for found in built_in() if found.dialect.state_echo == "never"] == ["bitport"]


@pytest.mark.security("S39")
def test_a_scope_is_asked_for_only_where_the_file_names_one() -> None:
    for found in built_in():
        if REDIRECT_FLOWS & set(found.flows):
            asked = query(make(server(found, "global")))
            assert ("scope" in asked) == bool(found.scope)
    assert query(make(rfc_server("https://sample.example", scope="read")))["scope"] == "read"


@pytest.mark.security("S35")
@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://sample.example/authorize",
        "http://localhost/authorize",
        "http://127.0.0.1.sample.example/authorize",
        "http://127.0.0.1/authorize",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "-https://sample.example/",
        "--new-window",
        "https://user@sample.example/",
        "https://user:word@sample.example/",
        "https://sample.example/a b",
        "https://sample.example/\n",
        "https://sam\tple.example/",
        "https://sample.example/\x1b",
        "https://sämple.example/",
        "https://sample.example\\@evil.example/",
        "https://sample.example/?x=1",
        "https://sample.example/#x",
        "https:///authorize",
        "https://[sample",
        "https://sample.example:port/",
        "https://sample.example:99999/",
    ],
)
def test_an_unsafe_address_is_never_opened(address: str) -> None:
    with pytest.raises(UnsafeAddress):
        make(replace(PLAIN, authorization_endpoint=address, plain_http=False))


@pytest.mark.security("S35", "S40")
def test_plain_http_is_for_test_servers_at_a_literal_loopback_address() -> None:
    for good in ("http://127.0.0.1:1/authorize", "http://[::1]:1/authorize", "https://sample.example/authorize"):
        assert make(replace(PLAIN, authorization_endpoint=good, plain_http=True)).url.reveal().startswith(good)
    for bad in ("http://localhost:1/", "http://127.0.0.2/", "http://2130706433/", "http://sample.example/"):
        with pytest.raises(UnsafeAddress):
            make(replace(PLAIN, authorization_endpoint=bad, plain_http=True))
