"""The stand-ins of Gemini, Deribit, Kraken, Uphold and Alpaca refuse what the providers' documents say is refused."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.plain_http import plain_http
from tests.sandbox.conftest import Press
from tests.sandbox_process import RunningSandbox

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def link(sandbox: RunningSandbox, provider: str, path: str, **query: str) -> str:
    client = sandbox.client(provider, "paper" if provider == "alpaca" else "global")
    fields = {
        "client_id": client["client_id"],
        "redirect_uri": client["redirect_uri"],
        "response_type": "code",
        "state": "s" * 43,
        **query,
    }
    return f"{sandbox.base(provider)}{path}?{urlencode({k: v for k, v in fields.items() if v})}"


def redirect(sandbox: RunningSandbox, provider: str) -> str:
    return str(sandbox.client(provider, "paper" if provider == "alpaca" else "global")["redirect_uri"])


# Gemini

GEMINI = {"scope": "balances:read,account:read", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}


def gemini_code(sandbox: RunningSandbox, press: Press, **query: str) -> str:
    back = press(link(sandbox, "gemini", "/auth", **{**GEMINI, **query}), redirect(sandbox, "gemini"), "savings")
    assert back["state"] == "s" * 43
    return back["code"]


def gemini_token(
    sandbox: RunningSandbox, http: httpx.Client, fields: dict[str, str], *, form: bool = False
) -> httpx.Response:
    sent = {"client_id": "sandbox-gemini", "redirect_uri": redirect(sandbox, "gemini"), **fields}
    url = f"{sandbox.base('gemini')}/auth/token"
    return http.post(url, data=sent) if form else http.post(url, json=sent)


def gemini_exchange(sandbox: RunningSandbox, http: httpx.Client, press: Press, **fields: str) -> httpx.Response:
    code = {"code": gemini_code(sandbox, press), "grant_type": "authorization_code", "code_verifier": VERIFIER}
    return gemini_token(sandbox, http, {**code, **fields})


@pytest.mark.parametrize(
    "odd",
    [
        {"state": ""},
        {"scope": "balances:read account:read"},
        {"scope": "orders:create"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"redirect_uri": "http://127.0.0.1:17463/cb/gemini/"},
        {"redirect_uri": ""},
        {"client_id": "nobody"},
        {"response_type": "token"},
    ],
    ids=str,
)
def test_gemini_refuses_a_link_q1_q2(sandbox: RunningSandbox, http: httpx.Client, odd: dict[str, str]) -> None:
    """Gemini Q1 and Q2: an empty state, spaces between rights, no S256, another address."""
    page = http.get(link(sandbox, "gemini", "/auth", **{**GEMINI, **odd}))
    assert page.status_code in (400, 404)
    assert 'name="ask"' not in page.text


def test_gemini_refuses_a_secret_and_a_form_q1_q2(sandbox: RunningSandbox, http: httpx.Client, press: Press) -> None:
    assert gemini_exchange(sandbox, http, press, client_secret="").json()["error"] == "invalid_client"
    code = gemini_code(sandbox, press)
    fields = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    assert gemini_token(sandbox, http, fields, form=True).json()["error"] == "invalid_request"
    assert gemini_token(sandbox, http, fields).status_code == 200


@pytest.mark.parametrize(
    "odd", [{"code_verifier": "w" * 64}, {"code_verifier": ""}, {"redirect_uri": "http://127.0.0.1:1/"}], ids=str
)
def test_geminis_code_is_bound_to_verifier_and_address(
    sandbox: RunningSandbox, http: httpx.Client, press: Press, odd: dict[str, str]
) -> None:
    assert gemini_exchange(sandbox, http, press, **odd).json()["error"] == "invalid_grant"


def test_geminis_code_and_refresh_token_work_once(sandbox: RunningSandbox, http: httpx.Client, press: Press) -> None:
    code = {"grant_type": "authorization_code", "code": gemini_code(sandbox, press), "code_verifier": VERIFIER}
    first = gemini_token(sandbox, http, code).json()
    assert first["expires_in"] == 86_400
    assert gemini_token(sandbox, http, code).json()["error"] == "invalid_grant"
    renewal = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = gemini_token(sandbox, http, renewal).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert gemini_token(sandbox, http, renewal).json()["error"] == "invalid_grant"


def test_geminis_balances_want_the_path_repeated(sandbox: RunningSandbox, http: httpx.Client, press: Press) -> None:
    token = gemini_exchange(sandbox, http, press).json()["access_token"]
    url, bearer = f"{sandbox.base('gemini')}/v1/balances", {"Authorization": f"Bearer {token}"}
    payload = base64.b64encode(b'{"request":"/v1/balances"}').decode()
    assert http.post(url, headers=bearer).status_code == 400
    assert http.post(url, headers={"X-GEMINI-PAYLOAD": payload}).json()["reason"] == "InvalidAccessToken"
    rows = http.post(url, headers={**bearer, "X-GEMINI-PAYLOAD": payload}).json()
    assert {"currency", "amount", "available"} <= set(rows[0])


# Deribit


def rpc(sandbox: RunningSandbox, http: httpx.Client, **parameters: str) -> httpx.Response:
    call = {"jsonrpc": "2.0", "id": 5, "method": "public/auth", "params": parameters}
    return http.post(f"{sandbox.base('deribit')}/api/v2/public/auth", json=call)


KEY = {
    "grant_type": "client_credentials",
    "client_id": "sandbox-deribit",
    "client_secret": "invented-deribit-secret",
}


def test_deribits_answers_are_inside_result_and_exact_q4(sandbox: RunningSandbox, http: httpx.Client) -> None:
    answer = rpc(sandbox, http, **KEY).json()
    assert (answer["id"], answer["result"]["expires_in"]) == (5, 31_536_000)
    bearer = {"Authorization": f"Bearer {answer['result']['access_token']}"}
    text = http.get(f"{sandbox.base('deribit')}/api/v2/private/get_account_summaries", headers=bearer).text
    row = json.loads(text, parse_float=str)["result"]["summaries"][0]
    assert isinstance(row["equity"], str), "a number with a fraction, which the reader took as text"
    assert len(row["equity"].partition(".")[2]) == 8


def test_deribits_refresh_token_works_once(sandbox: RunningSandbox, http: httpx.Client) -> None:
    first = rpc(sandbox, http, **KEY).json()["result"]
    renewal = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert rpc(sandbox, http, **renewal).json()["result"]["access_token"] != first["access_token"]
    refused = rpc(sandbox, http, **renewal)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 13004)


def test_deribit_refuses_a_wrong_secret_and_a_missing_token(sandbox: RunningSandbox, http: httpx.Client) -> None:
    assert rpc(sandbox, http, **{**KEY, "client_secret": "x"}).json()["error"]["message"] == "invalid_credentials"
    answer = http.get(f"{sandbox.base('deribit')}/api/v2/private/get_account_summaries")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 13009)


# Kraken

_numbers = iter(range(int(time.time() * 1000), 2**53))


def kraken_token(sandbox: RunningSandbox, http: httpx.Client, password: str = "", **fields: str) -> httpx.Response:
    return http.post(f"{sandbox.base('kraken')}/oauth/token", data=fields, auth=("sandbox-kraken", password))


def kraken_pair(sandbox: RunningSandbox, http: httpx.Client, press: Press) -> dict[str, Any]:
    proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    back = press(link(sandbox, "kraken", "/oauth/authorize", **proof), redirect(sandbox, "kraken"), "main")
    fields = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": redirect(sandbox, "kraken")}
    fields["code_verifier"] = VERIFIER
    answer = kraken_token(sandbox, http, **fields)
    assert answer.headers["content-type"].startswith("application/x-www-form-urlencoded")
    found: dict[str, Any] = json.loads(answer.text)
    return found


def test_krakens_client_has_an_empty_password_q5(sandbox: RunningSandbox, http: httpx.Client, press: Press) -> None:
    pair = kraken_pair(sandbox, http, press)
    assert pair["expires_in"] == 14_400
    renewal = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    assert kraken_token(sandbox, http, "secret", **renewal).status_code == 401
    url = f"{sandbox.base('kraken')}/oauth/token"
    assert http.post(url, data={**renewal, "client_id": "sandbox-kraken"}).status_code == 401
    assert kraken_token(sandbox, http, **renewal).status_code == 200


def make_key(sandbox: RunningSandbox, http: httpx.Client, token: str, name: str, **rights: bool) -> httpx.Response:
    return http.post(
        f"{sandbox.base('kraken')}/oauth/fast-api-key",
        json={"api_key_name": name, "permissions": rights or {"funds_query": True}},
        headers={"Authorization": f"Bearer {token}"},
    )


def test_krakens_refresh_ends_the_running_token_at_once_q6(
    sandbox: RunningSandbox, http: httpx.Client, press: Press
) -> None:
    pair = kraken_pair(sandbox, http, press)
    assert make_key(sandbox, http, pair["access_token"], "Before").status_code == 200
    renewal = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    new = json.loads(kraken_token(sandbox, http, **renewal).text)
    assert make_key(sandbox, http, pair["access_token"], "After").status_code == 401
    assert make_key(sandbox, http, new["access_token"], "After").status_code == 200
    assert kraken_token(sandbox, http, **renewal).json()["error"] == "invalid_grant"


def balance(
    sandbox: RunningSandbox, http: httpx.Client, key: dict[str, str], nonce: int, *, wrong: bool = False
) -> Any:
    path, body = "/0/private/BalanceEx", f"nonce={nonce}"
    message = path.encode() + hashlib.sha256(f"{nonce}{body}".encode()).digest()
    digest = hmac.new(base64.b64decode(key["secret"]), message, hashlib.sha512).digest()
    sign = base64.b64encode(b"x" + digest[1:] if wrong else digest).decode()
    headers = {
        "API-Key": key["api_key"],
        "API-Sign": sign,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return http.post(sandbox.base("kraken") + path, content=body, headers=headers).json()


def test_krakens_key_sees_balances_with_a_growing_number_q8(
    sandbox: RunningSandbox, http: httpx.Client, press: Press
) -> None:
    token = kraken_pair(sandbox, http, press)["access_token"]
    key = make_key(sandbox, http, token, "Balances").json()["result"]
    first = next(_numbers)
    answer = balance(sandbox, http, key, first)
    assert answer["error"] == []
    assert set(answer["result"]) >= {"XXBT", "ZUSD", "DOT.S"}
    assert set(answer["result"]["XXBT"]) == {"balance", "hold_trade"}
    assert balance(sandbox, http, key, first)["error"] == ["EAPI:Invalid nonce"]
    assert balance(sandbox, http, key, next(_numbers), wrong=True)["error"] == ["EAPI:Invalid signature"]
    assert balance(sandbox, http, {**key, "api_key": "x"}, next(_numbers))["error"] == ["EAPI:Invalid key"]


@pytest.mark.security("S39")
def test_kraken_gives_no_key_that_may_do_more_and_no_name_twice(
    sandbox: RunningSandbox, http: httpx.Client, press: Press
) -> None:
    token = kraken_pair(sandbox, http, press)["access_token"]
    assert make_key(sandbox, http, token, "Wide", funds_query=True, funds_withdraw=True).status_code == 403
    assert make_key(sandbox, http, token, "Once").status_code == 200
    assert make_key(sandbox, http, token, "Once").status_code == 403
    assert make_key(sandbox, http, token, "n" * 33).status_code == 400


# Uphold


def uphold_link(sandbox: RunningSandbox, **query: str) -> str:
    return (
        f"{sandbox.base('uphold')}/authorize/sandbox-uphold?{urlencode({'scope': 'cards:read', 'state': 's', **query})}"
    )


def uphold_token(sandbox: RunningSandbox, http: httpx.Client, press: Press) -> httpx.Response:
    back = press(uphold_link(sandbox), redirect(sandbox, "uphold"), "cards")
    client = sandbox.client("uphold")
    fields = {"grant_type": "authorization_code", "code": back["code"]}
    both = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    return http.post(f"{sandbox.base('uphold')}/oauth2/token", data={**fields, **both})


def test_upholds_client_is_in_the_path_and_its_lifetime_is_null_q10(
    sandbox: RunningSandbox, http: httpx.Client, press: Press
) -> None:
    answer = uphold_token(sandbox, http, press).json()
    assert answer["expires_in"] is None
    assert "refresh_token" not in answer


@pytest.mark.parametrize("odd", [{"redirect_uri": "http://127.0.0.1:17463/cb/uphold"}, {"state": ""}, {"scope": ""}])
def test_uphold_refuses_a_link_q10(sandbox: RunningSandbox, http: httpx.Client, odd: dict[str, str]) -> None:
    assert http.get(uphold_link(sandbox, **odd)).status_code == 400
    assert http.get(uphold_link(sandbox).replace("sandbox-uphold", "nobody")).status_code == 404


def test_upholds_cards_come_in_pages(sandbox: RunningSandbox, http: httpx.Client, press: Press) -> None:
    token = uphold_token(sandbox, http, press).json()["access_token"]
    url, bearer = f"{sandbox.base('uphold')}/v0/me/cards", {"Authorization": f"Bearer {token}"}
    whole = http.get(url, headers=bearer)
    assert whole.headers["content-range"] == "items 0-5/6"
    assert [row["currency"] for row in whole.json()].count("BTC") == 3
    part = http.get(url, headers={**bearer, "Range": "items=4-53"})
    assert (part.headers["content-range"], part.json()) == ("items 4-5/6", whole.json()[4:])
    assert http.get(url, headers={**bearer, "Range": "items=6-9"}).status_code == 416
    assert http.get(url, headers={**bearer, "Range": "bytes=0-1"}).status_code == 412


# Alpaca


def test_alpacas_token_names_no_lifetime_and_needs_no_scope_q9(
    sandbox: RunningSandbox, http: httpx.Client, press: Press
) -> None:
    back = press(link(sandbox, "alpaca", "/oauth/authorize", env="paper"), redirect(sandbox, "alpaca"), "paper")
    client = sandbox.client("alpaca", "paper")
    fields = {
        "grant_type": "authorization_code",
        "code": back["code"],
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
        "redirect_uri": client["redirect_uri"],
    }
    url = f"{sandbox.base('alpaca')}/oauth/token"
    assert http.post(url, data={**fields, "client_secret": "x"}).status_code == 401
    answer = http.post(url, data=fields).json()
    assert set(answer) == {"access_token", "token_type", "scope"}
    assert http.post(url, data=fields).json()["error"] == "invalid_grant"
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    found = http.get(f"{sandbox.base('alpaca')}/v2/account", headers=bearer).json()
    assert {"cash", "equity", "portfolio_value", "currency", "status"} <= set(found)


def test_every_renewable_lifetime_is_scaled_and_capped() -> None:
    with (
        RunningSandbox.start(speed=30, cap_access=20, cap_refresh=40) as sandbox,
        plain_http() as http,
    ):
        assert rpc(sandbox, http, **KEY).json()["result"]["expires_in"] == 20
        announced = sandbox.announced["providers"]
        assert (announced["kraken"]["refresh_lifetime"], announced["gemini"]["refresh_lifetime"]) == (40, 40)
    with RunningSandbox.start(speed=30) as sandbox:
        assert sandbox.announced["providers"]["kraken"]["refresh_lifetime"] == 86_400
        assert "refresh_lifetime" not in sandbox.announced["providers"]["gemini"], "it does not end"
