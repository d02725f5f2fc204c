"""WhiteBIT's stand-in (WhiteBIT Q2 to Q13): sign-in, rotation, one refresh a second, balances."""

from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.plain_http import plain_http
from tests.sandbox.conftest import Press
from tests.sandbox_process import RunningSandbox

JSON = {"Accept": "application/json"}


class WhiteBit:
    """One client at the sandbox's WhiteBIT."""

    def __init__(self, sandbox: RunningSandbox, http: httpx.Client, press: Press) -> None:
        self.base = sandbox.base("whitebit")
        self.client = sandbox.client("whitebit")
        self._sandbox = sandbox
        self._http = http
        self._press = press

    def link(self) -> str:
        return f"{self.base}/auth/login?{urlencode({'clientId': self.client['client_id'], 'state': 'ours'})}"

    def approve(self, account: str = "trading", **how: Any) -> dict[str, str]:
        return self._press(self.link(), self.client["redirect_uri"], account, **how)

    def post(self, path: str, **fields: str) -> httpx.Response:
        ids = {"client_id": self.client["client_id"], "client_secret": self.client["client_secret"]}
        return self._http.post(self.base + path, data={**ids, **fields}, headers=JSON)

    def signed_in(self) -> dict[str, Any]:
        pair: dict[str, Any] = self.post("/oauth2/token", code=self.approve()["code"]).json()["data"]
        return pair

    def refresh(self, token: str, *, wait: bool = True) -> httpx.Response:
        if wait:
            self._sandbox.advance(1.1)
        return self.post("/oauth2/refresh_token", token=token)

    def balance(self, which: str, token: str, **sent: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return self._http.post(
            f"{self.base}/api/v4/accounts/balances/{which}", headers=headers, **(sent or {"json": {}})
        )


@pytest.fixture
def whitebit(sandbox: RunningSandbox, http: httpx.Client, press: Press) -> WhiteBit:
    return WhiteBit(sandbox, http, press)


def test_a_sign_in_gives_a_pair_inside_data(whitebit: WhiteBit) -> None:
    back = whitebit.approve()
    assert back["state"] == "ours"
    answer = whitebit.post("/oauth2/token", code=back["code"])
    pair = answer.json()["data"]
    assert pair["expires_in"] == 300
    assert pair["scope"] == "users.balances.read,show.userinfo"
    assert pair["token_type"] == "Bearer"
    assert set(pair) == {"access_token", "expires_in", "refresh_token", "scope", "token_type"}


def test_state_modes_and_a_refusal(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    refused = whitebit.approve(button="refuse")
    assert (refused["error"], refused["state"]) == ("access_denied", "ours")
    sandbox.fault("whitebit", "login", "state:dropped", times=1)
    assert "state" not in whitebit.approve()
    sandbox.fault("whitebit", "login", "state:foreign", times=1)
    assert whitebit.approve()["state"] != "ours"


def test_a_silent_refusal_leads_nowhere(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    sandbox.fault("whitebit", "login", "refusal:silent")
    with pytest.raises(AssertionError):
        whitebit.approve(button="refuse")


def test_a_code_is_good_once_for_its_client_and_for_60_seconds(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    code = whitebit.approve()["code"]
    eu = sandbox.client("whitebit", "eu")
    ids = {"client_id": eu["client_id"], "client_secret": eu["client_secret"]}
    assert whitebit.post("/oauth2/token", code=code, **ids).status_code == 401
    assert whitebit.post("/oauth2/token", code=code).status_code == 200
    refused = whitebit.post("/oauth2/token", code=code)
    assert (refused.status_code, refused.json()) == (401, {"data": {"message": ["Invalid request"]}})
    late = whitebit.approve()["code"]
    sandbox.advance(61)
    assert whitebit.post("/oauth2/token", code=late).status_code == 401


def test_a_wrong_secret_and_a_refused_network_read_alike(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    wrong = whitebit.post("/oauth2/token", code=whitebit.approve()["code"], client_secret="wrong")
    sandbox.fault("whitebit", "token", "refused")
    network = whitebit.post("/oauth2/token", code=whitebit.approve()["code"])
    assert (wrong.status_code, wrong.json()) == (network.status_code, network.json())  # Q5


def test_a_refresh_rotates_and_the_old_one_is_refused(whitebit: WhiteBit) -> None:
    first = whitebit.signed_in()
    second = whitebit.refresh(first["refresh_token"]).json()["data"]
    assert second["refresh_token"] != first["refresh_token"]
    reused = whitebit.refresh(first["refresh_token"])
    assert (reused.status_code, reused.json()) == (400, {"data": {"token": ["Invalid token."]}})
    assert whitebit.refresh(second["refresh_token"]).status_code == 200


def test_reuse_can_be_allowed(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    sandbox.fault("whitebit", "refresh", "reuse")
    pair = whitebit.signed_in()
    assert [whitebit.refresh(pair["refresh_token"]).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(("mode", "kept"), [("same", True), ("without", False)])
def test_answers_without_a_new_refresh_token(
    whitebit: WhiteBit, sandbox: RunningSandbox, mode: str, kept: bool
) -> None:
    sandbox.fault("whitebit", "refresh", mode)
    pair = whitebit.signed_in()
    data = whitebit.refresh(pair["refresh_token"]).json()["data"]
    assert data.get("refresh_token") == (pair["refresh_token"] if kept else None)
    assert whitebit.refresh(pair["refresh_token"]).status_code == 200


def test_a_refresh_token_lives_600_seconds(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    first, second = whitebit.signed_in(), whitebit.signed_in()
    sandbox.advance(590)
    assert whitebit.refresh(first["refresh_token"]).status_code == 200
    sandbox.advance(10)
    assert whitebit.refresh(second["refresh_token"]).status_code == 400


def test_an_access_token_lives_to_its_own_end(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    first = whitebit.signed_in()
    whitebit.refresh(first["refresh_token"])
    sandbox.advance(290)
    assert whitebit.balance("spot", first["access_token"]).status_code == 200
    sandbox.advance(15)
    refused = whitebit.balance("spot", first["access_token"])
    assert (refused.status_code, refused.json()) == (401, {"data": {"message": ["Unauthorized."]}})


def test_one_refresh_a_second_for_a_client(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    pair, other = whitebit.signed_in(), whitebit.signed_in()
    assert whitebit.refresh(pair["refresh_token"]).status_code == 200
    slowed = whitebit.refresh(other["refresh_token"], wait=False)  # Q13: the client's, not the account's
    assert slowed.status_code == 429
    assert slowed.headers["content-type"].startswith("text/html")
    sandbox.advance(1)
    assert whitebit.refresh(other["refresh_token"], wait=False).status_code == 200


def test_the_limit_is_not_scaled() -> None:
    with RunningSandbox.start(speed=1000) as sandbox, plain_http() as http:
        client = sandbox.client("whitebit")
        fields = {"client_id": client["client_id"], "client_secret": client["client_secret"], "token": "none"}
        answers = [http.post(sandbox.base("whitebit") + "/oauth2/refresh_token", data=fields) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [400, 429]


def test_missing_fields_are_named_by_translation_keys(whitebit: WhiteBit, http: httpx.Client) -> None:
    answer = http.post(whitebit.base + "/oauth2/token", data={"client_secret": "x"}, headers=JSON)
    keys = {"client_id": ["validation.required"], "code": ["validation.required"]}
    assert (answer.status_code, answer.json()) == (422, {"errors": keys, "notification": None})
    unasked = http.post(whitebit.base + "/oauth2/token", data={"client_secret": "x"})
    assert unasked.status_code == 302  # Q9


def test_json_is_refused_where_a_form_is_documented(
    whitebit: WhiteBit, sandbox: RunningSandbox, http: httpx.Client
) -> None:
    sandbox.advance(2)
    for path in ("/oauth2/token", "/oauth2/refresh_token"):
        assert http.post(whitebit.base + path, json={"client_id": "x"}, headers=JSON).status_code == 415


def test_parameters_of_a_stock_client_are_recorded(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    whitebit.post("/oauth2/token", code="none", grant_type="authorization_code", redirect_uri="http://127.0.0.1")
    assert sandbox.log("whitebit", "token")[-1]["unexpected"] == ["grant_type", "redirect_uri"]  # Q2


def test_main_and_spot_have_their_own_shapes(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    token = whitebit.signed_in()["access_token"]
    main, spot = (whitebit.balance(which, token).json() for which in ("main", "spot"))
    assert all(set(row) == {"main_balance"} for row in main.values())
    assert all(set(row) == {"available", "freeze"} for row in spot.values())
    assert any(Decimal(row["main_balance"]) == 0 for row in main.values())
    assert all(Decimal(row["available"]) + Decimal(row["freeze"]) > 0 for row in spot.values())
    assert -int(Decimal(spot["ETH"]["available"]).as_tuple().exponent) == 18
    sandbox.fault("whitebit", "main", "rows:nonzero")
    assert all(Decimal(row["main_balance"]) for row in whitebit.balance("main", token).json().values())  # Q6


def test_balances_want_a_post_with_a_json_body(whitebit: WhiteBit, http: httpx.Client) -> None:
    token = whitebit.signed_in()["access_token"]
    assert whitebit.balance("main", token, content=b"").status_code == 422  # Q12
    refused = http.get(whitebit.base + "/api/v4/accounts/balances/main", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 404
    assert refused.content == b""


def test_an_asset_that_is_not_known(whitebit: WhiteBit) -> None:
    token = whitebit.signed_in()["access_token"]
    assert whitebit.balance("main", token, json={"ticker": "NOPE"}).json() == {"main_balance": "0"}
    assert whitebit.balance("spot", token, json={"ticker": "NOPE"}).json()["code"] == 30


def test_an_hour_of_renewals_is_counted_and_written_down(whitebit: WhiteBit, sandbox: RunningSandbox) -> None:
    sandbox.register_client("whitebit", "hour", "invented", whitebit.client["redirect_uri"])
    whitebit.client = {**whitebit.client, "client_id": "hour", "client_secret": "invented"}
    pair = whitebit.signed_in()
    for _ in range(15):
        sandbox.advance(238.9)
        pair = whitebit.refresh(pair["refresh_token"]).json()["data"]
    rows = [row for row in sandbox.log("whitebit", "refresh") if row["client_id"] == "hour"]
    gaps = [after["at"] - before["at"] for before, after in pairwise(rows)]
    assert sandbox.renewals()["hour/trading"] == 15
    assert all(239.9 < gap < 250 for gap in gaps)


def test_public_prices(whitebit: WhiteBit, http: httpx.Client) -> None:
    prices = http.get(whitebit.base + "/api/v4/public/ticker").json()
    assert Decimal(prices["BTC_USDT"]["last_price"]) > 0
    assert "BTC_PERP" in prices
    assert http.get(whitebit.base + "/api/v4/public/ping").json() == ["pong"]
