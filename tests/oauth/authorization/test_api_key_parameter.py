"""A public API key that comes back beside the code (WhiteBIT Fast API key Q2): taken where it is plain."""

import pytest

from keyrack.oauth.authorization.redirect_uri import parse as redirect
from keyrack.oauth.authorization.response import parse
from keyrack.oauth.authorization.response_check import AuthorizationRequest
from keyrack.oauth.loopback.pending import PendingSignIn
from keyrack.oauth.oauth_errors import WrongAddressPasted
from keyrack.primitives.secret import Secret

REDIRECT = "http://127.0.0.1:17463/cb/sample"
KEY = "0123456789abcdef"


def pending() -> PendingSignIn:
    request = AuthorizationRequest("sample", "a", "client", REDIRECT, Secret("https://example.org/"), Secret("ours"))
    return PendingSignIn(request, redirect(REDIRECT), "http://127.0.0.1:17463", 300.0)


@pytest.mark.parametrize("name", ["apiKey", "api_key", "apikey", "publicKey", "public_key"])
def test_it_is_found_under_each_likely_name(name: str) -> None:
    assert parse(f"code=c&state=s&{name}={KEY}").api_key == KEY


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "&apiKey=",
        "&apiKey=short",
        f"&apiKey={'x' * 513}",
        "&apiKey=with%20space%20in",
        "&apiKey=%D0%BA%D0%BB%D1%8E%D1%87-%D0%BA%D0%BB%D1%8E%D1%87",
        "&apiKey=%zz-broken-escape",
        "&apiKey=line%0D%0Abreak",
        f"&apiKey={KEY}&api_key=another-{KEY}",
        f"&APIKEY={KEY}",
    ],
)
def test_what_cannot_be_one_key_is_passed_over_and_the_code_counts(rest: str) -> None:
    response = parse(f"code=c&state=s{rest}")
    assert response.api_key is None
    assert response.code == "c"


@pytest.mark.security("S104")
def test_it_is_not_shown() -> None:
    assert KEY not in repr(parse(f"code=c&state=s&apiKey={KEY}"))


@pytest.mark.security("S26")
async def test_it_comes_with_a_pasted_address_too() -> None:
    held = pending()
    held.paste(f"{REDIRECT}?code=c&state=ours&apiKey={KEY}")
    assert await held.code() == Secret("c")
    assert held.api_key == Secret(KEY)


@pytest.mark.security("S9")
def test_one_that_comes_with_a_foreign_state_is_not_taken() -> None:
    held = pending()
    with pytest.raises(WrongAddressPasted):
        held.paste(f"{REDIRECT}?code=c&state=theirs&apiKey={KEY}")
    assert held.api_key is None
