"""WhiteBIT's stand-in for API keys (WhiteBIT API key Q1 to Q20): its defaults, and each of its own faults."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.sandbox_process import RunningSandbox

WHITEBIT = "whitebit-fast-key"
REDIRECT = "http://127.0.0.1:17499/cb/whitebit-fast-key"
VERIFIER = "local-verifier-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHALLENGE = "ZZjmKJQT0q_q8-gKGDi0IXmDYcL00MXjI1Ly1UOTjzs"
DAY = 86_400


class Program:
    """A program with a client of its own, and with a key once the person made one."""

    def __init__(self, sandbox: RunningSandbox, http: httpx.Client) -> None:
        self.sandbox = sandbox
        self.http = http
        self.base = sandbox.base(WHITEBIT)
        self.client = f"client-{time.monotonic_ns()}"
        self.key: dict[str, str] = {}
        self.token = ""
        self.nonce = 1_000
        sandbox.register_client(WHITEBIT, self.client, "invented", REDIRECT)

    def link(self, **changes: str) -> str:
        query = {
            "clientId": self.client,
            "redirect_uri": REDIRECT,
            "state": "ours",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return f"{self.base}/auth/login?{urlencode(query | changes)}"

    def agree(self, account: str = "pro") -> tuple[str, httpx.Response]:
        """The first page. Its number, and the response that carries the code."""
        ask = number(self.http.get(self.link()))
        return ask, self.http.post(self.link(), data={"ask": ask, "account": account, "answer": "approve"})

    def press(self, *boxes: str, code: str = "123456", understood: bool = False) -> httpx.Response:
        """Both pages on which the key is made, once the person agreed. The response to the second one."""
        ask, _ = self.agree()
        return self.make(ask, *boxes, code=code, understood=understood)

    def make(self, ask: str, *boxes: str, code: str = "123456", understood: bool = False) -> httpx.Response:
        """Both pages on which the key is made. The response to the second one."""
        place = f"{self.base}/api-keys/new"
        ticks = {f"allow_{name}": "yes" for name in boxes}
        first = self.http.get(place, params={"ask": ask})
        second = self.http.post(place, data={"ask": number(first), **ticks, "answer": "approve"})
        more = {"understood": "yes"} if understood else {}
        return self.http.post(place, data={"ask": number(second), "totp": code, "answer": "approve", **more})

    def consent(self, *boxes: str) -> dict[str, str]:
        ask, back = self.agree()
        assert back.status_code == 302, back.text
        assert "The key is made" in self.make(ask, *(boxes or ("info", "spot", "collateral"))).text
        return dict(parse_qsl(urlsplit(back.headers["location"]).query))

    def old_consent(self, *boxes: str) -> httpx.Response:
        """Both pages of the older order. The response to the second one."""
        ask = {"ask": number(self.http.get(self.link()))}
        ticks = {f"allow_{name}": "yes" for name in boxes or ("info",)}
        second = self.http.post(self.link(), data={**ask, **ticks, "account": "pro", "answer": "approve"})
        return self.http.post(self.link(), data={"ask": number(second), "totp": "123456", "answer": "approve"})

    def exchange(self, code: str, **changes: str) -> httpx.Response:
        fields = {"client_id": self.client, "client_secret": "invented", "code": code, "code_verifier": VERIFIER}
        return self.http.post(f"{self.base}/oauth2/token", data=fields | changes)

    def sign_in(self, *boxes: str) -> dict[str, str]:
        said = self.consent(*boxes)
        self.token = self.exchange(said["code"]).json()["data"]["access_token"]
        return said

    def made(self, *boxes: str) -> "Program":
        self.sign_in(*boxes)
        self.key = {"key": self.info()["externalId"], "secret": self.secret().json()["data"]["apiSecret"]}
        return self

    def with_token(self, method: str, path: str) -> httpx.Response:
        return self.http.request(method, self.base + path, headers={"Authorization": f"Bearer {self.token}"})

    def info(self) -> dict[str, Any]:
        found: dict[str, Any] = self.with_token("GET", "/oauth2/api-key/info").json()["data"]
        return found

    def secret(self) -> httpx.Response:
        return self.with_token("GET", f"/oauth2/api-key/{self.info()['externalId']}/secret")

    def call(self, path: str, *, spaced: bool = False, **fields: Any) -> httpx.Response:
        self.nonce += 1
        body = {**fields, "request": fields.get("request", path), "nonce": fields.get("nonce", self.nonce)}
        body = {name: value for name, value in body.items() if value is not None}
        return self.send(path, json.dumps(body, separators=None if spaced else (",", ":")).encode())

    def send(self, path: str, body: bytes, **changes: str) -> httpx.Response:
        payload = base64.b64encode(body).decode()
        signature = hmac.new(self.key["secret"].encode(), payload.encode(), hashlib.sha512).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-TXC-APIKEY": self.key["key"],
            "X-TXC-PAYLOAD": payload,
            "X-TXC-SIGNATURE": signature,
        }
        return self.http.post(self.base + path, content=body, headers=headers | changes)

    @contextmanager
    def stream(self) -> Iterator[ClientConnection]:
        token = self.call("/api/v4/profile/websocket_token").json()["websocket_token"]
        with connect(f"ws{self.base.removeprefix('http')}/ws", proxy=None) as socket:
            assert ask(socket, 0, "authorize", [token, "public"])["result"] == {"status": "success"}
            yield socket


def number(page: httpx.Response) -> str:
    return unescape(re.findall(r'name="ask" value="([^"]+)"', page.text)[0])


def ask(socket: ClientConnection, id: int, method: str, params: list[str] | None = None) -> dict[str, Any]:
    socket.send(json.dumps({"id": id, "method": method, "params": params or []}))
    while True:
        said: dict[str, Any] = json.loads(socket.recv(5))
        if said["id"] == id:
            return said


@pytest.fixture
def program(sandbox: RunningSandbox, http: httpx.Client) -> Program:
    return Program(sandbox, http)


MAIN = "/api/v4/main-account/balance"
TRADE = "/api/v4/trade-account/balance"
SUMMARY = "/api/v4/collateral-account/balance-summary"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("redirect_uri", REDIRECT + "/"),
        ("code_challenge_method", "plain"),
        ("code_challenge", "short"),
        ("clientId", "x"),
    ],
)
def test_only_the_exact_address_and_s256_get_a_page(program: Program, name: str, value: str) -> None:
    assert program.http.get(program.link(**{name: value})).status_code in (400, 404)


def test_the_second_page_wants_its_code_and_the_right_to_withdraw_a_box(program: Program) -> None:
    assert "That code is not right" in program.press("info", code="000000").text
    assert "Tick the box to allow withdrawals" in program.press("withdrawal").text
    assert "The key is made" in program.press("withdrawal", understood=True).text


def test_a_token_wants_secret_and_verifier_and_is_given_once(program: Program) -> None:
    def code() -> str:
        return dict(parse_qsl(urlsplit(program.agree()[1].headers["location"]).query))["code"]

    first = code()
    assert program.exchange(first, code_verifier="x" * 50).status_code == 401
    data = program.exchange(code()).json()["data"]
    assert data["expires_in"] == 300
    assert data["refresh_token"]
    assert program.exchange(first).status_code == 401
    assert program.exchange(code(), client_secret="wrong").status_code == 401
    assert program.exchange("x", code_verifier="").status_code == 422


def test_facts_of_a_key_before_and_after(program: Program, sandbox: RunningSandbox) -> None:
    program.sign_in("spot", "trading")
    info = program.info()
    assert (info["exists"], info["isEnabled"]) == (True, True)
    allowed = {group["name"]: all(url["enable"] for url in group["urls"]) for group in info["permissions"]}
    assert {name for name, on in allowed.items() if on} == {"spot", "trading"}
    assert all(group["title"] != group["name"] for group in info["permissions"])
    other = Program(sandbox, program.http)
    sandbox.fault(WHITEBIT, "create", "late:40", 2)
    other.sign_in()
    assert other.info() == {"exists": False, "isEnabled": False, "externalId": None, "permissions": []}
    sandbox.advance(41)
    assert other.info()["exists"]


def test_the_secret_is_shown_once(program: Program) -> None:
    program.sign_in()
    first = program.secret()
    assert first.headers["cache-control"] == "no-store"
    assert set(first.json()["data"]) == {"apiSecret"}
    again = program.secret()
    assert (again.status_code, again.json()) == (409, {"data": {"message": ["Secret already retrieved."]}})


def test_a_locked_desk_opens_after_its_time(program: Program, sandbox: RunningSandbox) -> None:
    sandbox.fault(WHITEBIT, "secret", "locked:30")
    program.sign_in()
    assert program.secret().status_code == 423
    assert "retry-after" not in program.secret().headers
    sandbox.advance(31)
    assert program.secret().status_code == 200


def test_401_403_404(program: Program, sandbox: RunningSandbox) -> None:
    program.made()
    other = Program(sandbox, program.http)
    other.sign_in()
    path = f"/oauth2/api-key/{program.info()['externalId']}"
    assert other.with_token("DELETE", path).status_code == 403
    assert program.with_token("DELETE", path + "x").status_code == 404
    other.token = "unknown"
    assert other.with_token("DELETE", path).status_code == 401
    assert program.with_token("DELETE", path).json() == {"data": []}
    assert program.with_token("GET", f"{path}/secret").status_code == 404


@pytest.mark.parametrize("place", ["info", "secret", "paste"])
def test_the_public_key_is_delivered_elsewhere_q2(program: Program, sandbox: RunningSandbox, place: str) -> None:
    sandbox.fault(WHITEBIT, "create", f"deliver:{place}", 2)
    assert "apiKey" not in program.sign_in()
    assert ("apiKey" in program.info()) == (place == "info")
    assert ("apiKey" in program.secret().json()["data"]) == (place == "secret")
    (row,) = (row for row in sandbox.ask("GET", "/keys") if row["client_id"] == program.client)
    assert len(row["apiKey"]) == 32
    assert "secret" not in json.dumps(row).lower()


def test_a_key_in_the_way_stops_without_a_callback_q19(program: Program, sandbox: RunningSandbox) -> None:
    program.made()
    _, stopped = program.agree()
    assert (stopped.status_code, "partner_key_active_exists" in stopped.text) == (200, True)
    other = Program(sandbox, program.http)
    sandbox.fault(WHITEBIT, "consent", "exists:active", 1)
    assert "There is a key already" in other.agree()[1].text


@pytest.mark.parametrize("gate", ["2fa", "kyc", "region", "key"])
def test_a_gate_stops_before_the_consent_q19(program: Program, sandbox: RunningSandbox, gate: str) -> None:
    sandbox.fault(WHITEBIT, "login", f"gate:{gate}")
    page = program.http.get(program.link())
    assert page.status_code == 200
    assert "<form" not in page.text


def test_no_key_is_made_before_the_person_agreed_q19(program: Program) -> None:
    ask = number(program.http.get(program.link()))
    assert "Agree on the page before" in program.http.get(f"{program.base}/api-keys/new", params={"ask": ask}).text
    assert program.http.post(f"{program.base}/api-keys/new", data={"ask": ask, "answer": "approve"}).status_code == 400


def test_the_token_is_renewed_and_the_old_one_is_used_up_q1(program: Program, sandbox: RunningSandbox) -> None:
    pair = program.exchange(program.consent()["code"]).json()["data"]
    fields = {"client_id": program.client, "client_secret": "invented", "token": pair["refresh_token"]}
    place = f"{program.base}/oauth2/refresh_token"
    again = program.http.post(place, data=fields)
    assert again.json()["data"]["refresh_token"] != pair["refresh_token"]
    assert program.http.post(place, data=fields).status_code == 429, "one in a second"
    sandbox.advance(1)
    assert program.http.post(place, data=fields).json() == {"data": {"token": ["Invalid token."]}}
    assert sandbox.ask("GET", "/renewals")[f"{program.client}/pro"] == 1


def test_the_older_documents_are_a_switch(program: Program, sandbox: RunningSandbox) -> None:
    """Q1, Q2, Q19: four hours without renewal, and the callback of a key that exists."""
    sandbox.fault(WHITEBIT, "login", "order:old")
    sandbox.fault(WHITEBIT, "token", "old")
    sandbox.fault(WHITEBIT, "consent", "deliver:callback", 2)
    back = dict(parse_qsl(urlsplit(program.old_consent().headers["location"]).query))
    assert len(back["apiKey"]) == 32
    data = program.exchange(back["code"]).json()["data"]
    assert (data["expires_in"], "refresh_token" in data) == (14_400, False)
    sandbox.fault(WHITEBIT, "consent", "stuck", 2)
    assert "partner_key_active_exists" in program.old_consent().text
    sandbox.clear_faults()
    sandbox.fault(WHITEBIT, "login", "order:old")
    sandbox.fault(WHITEBIT, "consent", "exists:expired", 2)
    other = Program(sandbox, program.http)
    code = dict(parse_qsl(urlsplit(other.old_consent().headers["location"]).query))["code"]
    other.token = other.exchange(code).json()["data"]["access_token"]
    assert (other.info()["exists"], other.info()["isEnabled"]) == (True, False)
    assert other.with_token("DELETE", f"/oauth2/api-key/{other.info()['externalId']}").status_code == 403


def test_balances_of_three_wallets(program: Program, sandbox: RunningSandbox) -> None:
    program.made()
    main, trade = program.call(MAIN).json(), program.call(TRADE).json()
    assert main["WBT"]["main_balance"].startswith("88")
    assert "WBT" not in trade, "spot shows only what is not zero"
    assert set(trade["BTC"]) == {"available", "freeze"}
    assert {row["asset"] for row in program.call(SUMMARY).json()} == {"BTC", "USDT"}
    plain = program.call("/api/v4/collateral-account/balance")
    assert isinstance(plain.json()["BTC"], float)
    sandbox.fault(WHITEBIT, "collateral", "text")
    assert isinstance(program.call("/api/v4/collateral-account/balance").json()["BTC"], str)
    assert program.call(MAIN, ticker="WBT").json() == {"main_balance": main["WBT"]["main_balance"]}
    unknown = program.call(TRADE, ticker="NONE")
    assert (unknown.status_code, unknown.json()["code"]) == (422, 30)


def test_rights_that_were_not_ticked_are_refused(program: Program) -> None:
    program.made("info")
    assert program.call(MAIN).status_code == 200
    assert program.call(TRADE).json()["code"] == 4


def test_the_signature_is_over_the_raw_bytes(program: Program) -> None:
    program.made()
    good = b'{"request":"/api/v4/trade-account/balance","nonce":5000}'
    other = base64.b64encode(good.replace(b"5000", b"5001")).decode()
    assert program.send(TRADE, good, **{"X-TXC-PAYLOAD": other}).json()["code"] == 9
    assert program.send(TRADE, good, **{"X-TXC-SIGNATURE": "0" * 128}).json()["code"] == 10
    assert program.send(TRADE, good, **{"X-TXC-APIKEY": "x"}).json()["code"] == 10
    assert program.send(TRADE, good, **{"X-TXC-PAYLOAD": ""}).json()["message"] == "Payload not provided."
    assert program.send(TRADE, good).status_code == 200


def test_spaced_json_is_refused_q5(program: Program) -> None:
    program.made()
    answer = program.call(TRADE, spaced=True)
    assert (answer.status_code, answer.json()) == (400, {"code": 9, "message": "Invalid payload."})


def test_nonces_grow_for_each_key_and_may_be_text_q10_q17(program: Program, sandbox: RunningSandbox) -> None:
    program.made()
    assert program.call(TRADE, nonce=5000).status_code == 200
    assert program.call(TRADE, nonce=5000).json()["message"] == "Too many requests."
    assert program.call(TRADE, nonce="5001").status_code == 200
    assert program.call(TRADE, nonce="5001").status_code == 422
    other = Program(sandbox, program.http).made()
    assert other.call(TRADE, nonce=1).status_code == 200, "each key has its own"
    assert program.call(TRADE, nonce="x").json()["message"] == "Nonce not provided."
    assert program.call(TRADE, nonce=6000, request="/api/v4/other").status_code == 422


def test_a_window_of_five_seconds_with_unique_nonces_q11(program: Program, sandbox: RunningSandbox) -> None:
    program.made()
    skew = sandbox.ask("GET", "/clock")["now"]
    public = program.http.get(f"{program.base}/api/v4/public/time").json()["time"] * 1000
    assert skew >= 0
    assert program.call(TRADE, nonce=public, nonceWindow=True).status_code == 200
    assert program.call(TRADE, nonce=public, nonceWindow=True).json()["message"] == "Too many requests."
    for away, word in ((-60_000, "lesser"), (60_000, "greater")):
        assert word in program.call(TRADE, nonce=public + away, nonceWindow=True).json()["message"]
    assert program.call(TRADE, nonceWindow="yes").json()["message"] == "Invalid nonceWindow."


def test_a_fortnight_without_a_call_disables_or_deletes_q8(program: Program, sandbox: RunningSandbox) -> None:
    program.made()
    sandbox.advance(14 * DAY - 100)
    assert program.call(TRADE).status_code == 200, "a call counts as use"
    sandbox.advance(14 * DAY + 100)
    assert program.call(TRADE).json()["code"] == 2
    sandbox.fault(WHITEBIT, "login", "order:old", 1)
    back = dict(parse_qsl(urlsplit(program.old_consent().headers["location"]).query))
    program.token = program.exchange(back["code"]).json()["data"]["access_token"]
    assert (program.info()["exists"], program.info()["isEnabled"]) == (True, False)
    other = Program(sandbox, program.http).made()
    sandbox.fault(WHITEBIT, "trade", "inactive:deleted")
    sandbox.advance(14 * DAY + 100)
    assert other.call(TRADE).json()["code"] == 10


def test_stream_tokens_are_few_and_good_once(program: Program) -> None:
    program.made()
    path = "/api/v4/profile/websocket_token"
    answers = [program.call(path) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    token = answers[0].json()["websocket_token"]
    for expected in ("result", "error"):
        with connect(f"ws{program.base.removeprefix('http')}/ws", proxy=None) as socket:
            assert ask(socket, 0, "authorize", [token, "public"])[expected] is not None
    with connect(f"ws{program.base.removeprefix('http')}/ws", proxy=None) as socket, pytest.raises(ConnectionClosed):
        ask(socket, 0, "authorize", ["", "public"])


def test_the_stream_sends_snapshots_and_what_changes_q13_q14(program: Program, sandbox: RunningSandbox) -> None:
    with program.made().stream() as socket:
        spot = ask(socket, 10, "balanceSpot_request")["result"]
        assert set(spot["BTC"]) == {"available", "freeze"}
        margin = ask(socket, 11, "balanceMargin_request")["result"]
        assert "available_without_borrow" in margin["USDT"]
        assert ask(socket, 12, "balanceSpot_subscribe")["result"] == {"status": "success"}
        assert ask(socket, 13, "balanceMargin_subscribe")["result"] == {"status": "success"}
        sandbox.advance(50)
        found: dict[str, dict[str, Any]] = {}
        while set(found) != {"balanceSpot_update", "balanceMargin_update"}:
            said = json.loads(socket.recv(5))
            found[said["method"]] = said
        assert all(said["id"] is None for said in found.values())
        assert len(found["balanceSpot_update"]["params"]) == 2
        assert len(found["balanceSpot_update"]["params"][0]) > 1
        assert set(found["balanceMargin_update"]["params"][0]) == {"a", "B", "b", "av", "ab"}
        assert ask(socket, 0, "ping")["result"] == "pong"


def test_the_stream_has_limits_and_errors_q12(program: Program) -> None:
    program.made()
    with connect(f"ws{program.base.removeprefix('http')}/ws", proxy=None) as socket:
        assert ask(socket, 1, "balanceSpot_request")["error"]["code"] == 6
    with program.stream() as socket:
        assert ask(socket, 2, "nothing_request")["error"]["code"] == 4
        assert ask(socket, 3, "balanceSpot_subscribe", ["X"] * 700)["error"]["code"] == 1
        codes = [ask(socket, id, "ping").get("error") for id in range(4, 204)]
        assert {"code": 7, "message": "too many requests"} in codes
    with program.stream() as socket, pytest.raises(ConnectionClosed):
        socket.send("not json")
        socket.recv(5)


def test_an_idle_connection_is_closed_after_a_minute(program: Program, sandbox: RunningSandbox) -> None:
    with program.made().stream() as socket:
        sandbox.advance(61)
        with pytest.raises(ConnectionClosed):
            socket.recv(5)


def test_a_drop_replays_nothing(program: Program, sandbox: RunningSandbox) -> None:
    program.made()
    with program.stream() as socket:
        ask(socket, 1, "balanceSpot_subscribe")
        sandbox.fault(WHITEBIT, "stream", "drop", 1)
        with pytest.raises(ConnectionClosed):
            while True:
                socket.recv(5)
    with program.stream() as socket, pytest.raises(TimeoutError):
        socket.recv(1.2)


def test_a_key_for_another_program_can_be_had_at_the_control_port(program: Program, sandbox: RunningSandbox) -> None:
    """For clients of other authors. Their key works without any sign-in."""
    made = sandbox.ask("POST", "/keys", {"account": "pro", "rights": ["info", "spot"]})
    program.key = {"key": made["apiKey"], "secret": made["apiSecret"]}
    assert program.call(MAIN).status_code == 200
    assert program.call(TRADE).status_code == 200
    assert program.call(SUMMARY).json()["code"] == 4
    with pytest.raises(RuntimeError, match="rights are a list"):
        sandbox.ask("POST", "/keys", {"rights": ["everything"]})


def test_the_scripted_browser_presses_through_both_pages(program: Program, sandbox: RunningSandbox) -> None:
    assert sandbox.browse(program.link(), account="spare").wait(20) == 1, "nothing listens at the end of the way"
    assert sandbox.log(WHITEBIT, "consent")[-1]["account"] == "spare"
    assert sandbox.log(WHITEBIT, "consent")[-1]["status"] == 302
