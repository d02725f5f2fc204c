"""The check of the authorization response, without a socket."""

import pytest

from keyrack.oauth.authorization import response_check
from keyrack.oauth.authorization.response import NotOurs
from keyrack.oauth.authorization.response_check import AuthorizationRequest, Unproven, check_response
from keyrack.oauth.oauth_errors import AccessDenied, RequestRefused, WrongIssuer
from keyrack.primitives.failure import Failure
from tests.oauth.listener_harness import request_for

ISSUER = "https://alpha.example"


def _request(**changes: object) -> AuthorizationRequest:
    return request_for("http://127.0.0.1:1/cb/alpha", **changes)


def _check(request: AuthorizationRequest, query: str) -> str:
    return check_response(request, query.replace("STATE", request.state.reveal())).reveal()


def test_the_code_is_returned_decoded() -> None:
    assert _check(_request(), "code=a%2Fb%2Bc&state=STATE&session_state=x&scope=") == "a/b+c"


@pytest.mark.security("S32")
@pytest.mark.parametrize(
    ("issuer", "required", "query", "ends"),
    [
        (ISSUER, False, "", None),
        (ISSUER, False, "&iss=https%3A%2F%2Falpha.example", None),
        (ISSUER, True, "&iss=https%3A%2F%2Falpha.example", None),
        (ISSUER, True, "", WrongIssuer),
        (ISSUER, False, "&iss=https%3A%2F%2Falpha.example%2F", WrongIssuer),
        (ISSUER, False, "&iss=https%3A%2F%2FALPHA.example", WrongIssuer),
        (ISSUER, False, "&iss=", WrongIssuer),
        (None, False, "&iss=https%3A%2F%2Falpha.example", WrongIssuer),
    ],
)
@pytest.mark.parametrize("answer", ["code=c", "error=access_denied"])
def test_the_issuer_must_be_exactly_ours(
    answer: str, issuer: str | None, required: bool, query: str, ends: type[Failure] | None
) -> None:
    request = _request(issuer=issuer, iss_required=required)
    expected = ends or (AccessDenied if answer.startswith("error") else None)
    if expected is None:
        assert _check(request, f"{answer}&state=STATE{query}") == "c"
        return
    with pytest.raises(expected):
        _check(request, f"{answer}&state=STATE{query}")


@pytest.mark.security("S10")
@pytest.mark.parametrize("query", ["error=access_denied", "error=access_denied&state=x"])
def test_an_unproven_error_ends_nothing(query: str) -> None:
    with pytest.raises(NotOurs):
        _check(_request(), query)


@pytest.mark.security("S33")
def test_an_unproven_error_is_distinguished_where_no_state_comes_back() -> None:
    with pytest.raises(Unproven):
        _check(_request(state_echo=False), "error=access_denied")


@pytest.mark.security("S10", "S49")
def test_another_error_is_not_called_a_refusal() -> None:
    with pytest.raises(RequestRefused) as caught:
        _check(_request(), "error=invalid_scope&error_description=no%0Asuch+scope&state=STATE")
    assert caught.value.detail == "invalid_scope: no such scope"


@pytest.mark.security("S11", "S29", "S104")
def test_a_request_shows_neither_state_nor_verifier_nor_address() -> None:
    request = _request()

    shown = f"{request} {request!r}"
    assert request.state.reveal() not in shown
    assert "in-the-address" not in shown
    assert "***" not in shown


@pytest.mark.security("S11")
def test_the_states_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    request = _request()
    compared: list[tuple[bytes, bytes]] = []

    def spy(one: bytes, two: bytes) -> bool:
        compared.append((one, two))
        return False

    monkeypatch.setattr(response_check, "compare_digest", spy)
    with pytest.raises(NotOurs):
        _check(request, "code=c&state=STATE")
    assert compared == [(request.state.reveal().encode(),) * 2]


@pytest.mark.security("S11")
def test_nothing_of_a_refused_answer_is_in_the_error() -> None:
    request = _request()
    with pytest.raises(NotOurs) as caught:
        _check(request, "code=canary&state=canary")
    assert "canary" not in caught.value.sentences() + repr(caught.value)
    assert request.state.reveal() not in caught.value.sentences()
