"""The sandbox's WebSockets: ProBit's messages and refusals (ProBit Q4 to Q13), and Deribit's (Deribit Q4)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from keyrack.sandbox.transport.ports import Server
from tests.sandbox_process import RunningSandbox

API = "/api/exchange/v1"
SUBSCRIBE = {"type": "subscribe", "channel": "balance"}


def probit_token(sandbox: RunningSandbox, http: httpx.Client) -> str:
    sandbox.advance(20)
    client = sandbox.client("probit")
    pair = (client["client_id"], client["client_secret"])
    made = http.post(sandbox.base("probit") + "/token", auth=pair, json={"grant_type": "client_credentials"})
    return str(made.json()["access_token"])


def address(sandbox: RunningSandbox, provider: str, path: str) -> str:
    return sandbox.base(provider).replace("http", "ws", 1) + path


@contextmanager
def connected(sandbox: RunningSandbox, provider: str = "probit", path: str = f"{API}/ws") -> Iterator["JsonConnection"]:
    with connect(address(sandbox, provider, path), proxy=None, open_timeout=5, close_timeout=1) as connection:
        yield JsonConnection(connection)


class JsonConnection:
    """One connection that speaks JSON."""

    def __init__(self, connection: ClientConnection) -> None:
        self.socket = connection

    def send(self, message: object) -> None:
        self.socket.send(json.dumps(message))

    def receive(self) -> Any:
        return json.loads(self.socket.recv(timeout=5), parse_float=Decimal)

    def ask(self, message: object) -> Any:
        self.send(message)
        return self.receive()


@pytest.fixture
def probit(sandbox: RunningSandbox, http: httpx.Client) -> Iterator[JsonConnection]:
    """Authorized and subscribed."""
    token = probit_token(sandbox, http)
    with connected(sandbox) as connection:
        assert connection.ask({"type": "authorization", "token": token}) == {"type": "authorization", "result": "ok"}
        yield connection


def test_the_snapshot_then_what_changed(probit: JsonConnection, sandbox: RunningSandbox) -> None:
    first = probit.ask(SUBSCRIBE)
    assert (first["channel"], first["reset"]) == ("balance", True)
    assert set(first["data"]["BTC"]) == {"available", "total"}  # an object keyed by asset (ProBit Q6)
    assert all(isinstance(row["total"], str) for row in first["data"].values())
    sandbox.advance(30)
    later = probit.receive()
    assert later["reset"] is False
    assert later["data"]
    assert all(row != first["data"][asset] for asset, row in later["data"].items()), "only what changed"


def test_it_stays_authorized_after_the_token_ended_q7(probit: JsonConnection, sandbox: RunningSandbox) -> None:
    sandbox.advance(1000)
    assert probit.ask(SUBSCRIBE)["reset"] is True
    sandbox.advance(1000)
    assert probit.receive()["reset"] is False


def test_a_subscription_again_is_a_snapshot_again_and_none_after_an_unsubscribe(
    probit: JsonConnection, sandbox: RunningSandbox
) -> None:
    for _ in range(2):
        assert probit.ask(SUBSCRIBE)["reset"] is True
    probit.send({"type": "unsubscribe", "channel": "balance"})
    sandbox.advance(60)
    assert probit.ask({"type": "nonsense"})["errorCode"] == "INVALID_ARGUMENT", "nothing was pushed before"


@pytest.mark.parametrize(
    ("fault", "shape"), [("refused", "errorCode"), ("refused:result", "type"), ("busy", "errorCode")]
)
def test_the_shapes_of_a_refused_authorization(
    sandbox: RunningSandbox, http: httpx.Client, fault: str, shape: str
) -> None:
    token = probit_token(sandbox, http)
    sandbox.fault("probit", "ws.authorization", fault, times=1)
    with connected(sandbox) as connection:
        message = connection.ask({"type": "authorization", "token": token})
        assert shape in message
        assert message.get("result") != "ok"
        assert connection.ask(SUBSCRIBE)["errorCode"] == "UNAUTHORIZED"


def test_an_ended_token_authorizes_no_new_connection(sandbox: RunningSandbox, http: httpx.Client) -> None:
    token = probit_token(sandbox, http)
    sandbox.advance(1000)
    with connected(sandbox) as connection:
        message = connection.ask({"type": "authorization", "token": token})
    assert message["errorCode"] == "UNAUTHORIZED"
    assert len(message["message"]) == 16, "an opaque id (ProBit Q13)"


def test_a_token_whose_slash_was_escaped_in_transit_is_still_json(sandbox: RunningSandbox, http: httpx.Client) -> None:
    r"""ProBit Q4 is about a client that escaped. JSON itself allows \/, so the sandbox takes it."""
    token = probit_token(sandbox, http)
    with connected(sandbox) as connection:
        connection.socket.send(json.dumps({"type": "authorization", "token": token}).replace("/", "\\/"))
        assert connection.receive()["result"] == "ok"
        connection.send({"type": "authorization", "token": token.replace("/", "%2F")})
        assert connection.receive()["errorCode"] == "UNAUTHORIZED"


def test_what_is_no_message_is_an_error_without_a_channel_q12(probit: JsonConnection) -> None:
    for text in ("nonsense", "[]", "{}", '{"type":"subscribe","channel":"x"}'):
        probit.socket.send(text)
        assert set(probit.receive()) == {"errorCode", "message", "details"}


def test_the_documented_form_without_reset_q11(probit: JsonConnection, sandbox: RunningSandbox) -> None:
    sandbox.fault("probit", "ws.subscribe", "bare")
    assert "reset" not in probit.ask(SUBSCRIBE)
    sandbox.fault("probit", "ws.push", "bare")
    assert "reset" not in probit.receive()


@pytest.mark.parametrize("fault", ["malformed", "body:{", "big"])
def test_a_message_can_be_spoiled(probit: JsonConnection, sandbox: RunningSandbox, fault: str) -> None:
    sandbox.fault("probit", "ws.subscribe", fault)
    probit.send(SUBSCRIBE)
    with pytest.raises((ValueError, ConnectionClosed)):
        probit.receive()


def test_a_connection_can_be_reset_in_the_middle(probit: JsonConnection, sandbox: RunningSandbox) -> None:
    probit.ask(SUBSCRIBE)
    sandbox.fault("probit", "ws.push", "reset", times=1)
    with pytest.raises(ConnectionClosed):
        probit.socket.recv(timeout=5)


def test_a_connection_can_fall_silent(probit: JsonConnection, sandbox: RunningSandbox) -> None:
    probit.ask(SUBSCRIBE)
    assert probit.socket.ping().wait(5)
    sandbox.fault("probit", "ws.push", "silence", times=1)
    for _ in range(1000):
        if not sandbox.ask("GET", "/faults"):
            break
    assert not probit.socket.ping().wait(0.3)


REFUSALS = {"status:503": 503, "html:502": 502, "closed": 200, "retry:9": 429}


@pytest.mark.parametrize(("fault", "status"), REFUSALS.items())
def test_a_handshake_can_be_refused(sandbox: RunningSandbox, fault: str, status: int) -> None:
    sandbox.fault("probit", "ws", fault, times=1)
    with pytest.raises(InvalidStatus) as caught, connected(sandbox):
        pass
    assert caught.value.response.status_code == status
    with connected(sandbox):
        assert [row["status"] for row in sandbox.log("probit", "ws")][-2:] == [status, 101]


def test_the_log_counts_connections_and_messages_by_client(probit: JsonConnection, sandbox: RunningSandbox) -> None:
    probit.ask(SUBSCRIBE)
    client_id = sandbox.client("probit")["client_id"]
    for endpoint in ("ws", "ws.authorization", "ws.subscribe"):
        assert sandbox.log("probit", endpoint)[-1]["client_id"] == client_id


def test_faults_of_messages_are_checked_and_left_alone_by_the_star(
    probit: JsonConnection, sandbox: RunningSandbox
) -> None:
    for place in ("ws.push status:503", "ws.push drip", "token silence", "ws.nothing reset"):
        endpoint, _, fault = place.partition(" ")
        with pytest.raises(RuntimeError, match="400"):
            sandbox.fault("probit", endpoint, fault)
    sandbox.fault("probit", "*", "reset")
    assert probit.ask(SUBSCRIBE)["reset"] is True


def deribit_token(sandbox: RunningSandbox, http: httpx.Client) -> str:
    client = sandbox.client("deribit", "test")
    asked = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "public/auth",
        "params": {
            "grant_type": "client_credentials",
            "client_id": client["client_id"],
            "client_secret": client["client_secret"],
        },
    }
    made = http.post(sandbox.base("deribit") + "/api/v2/public/auth", json=asked)
    return str(made.json()["result"]["access_token"])


def call(method: str, token: str, **more: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": {"access_token": token, **more}}


def test_deribit_answers_by_number_and_pushes_each_currency(sandbox: RunningSandbox, http: httpx.Client) -> None:
    token = deribit_token(sandbox, http)
    with connected(sandbox, "deribit", "/ws/api/v2") as connection:
        answer = connection.ask(call("private/get_account_summaries", token))
        assert answer["id"] == 7
        rows = {row["currency"]: row for row in answer["result"]["summaries"]}
        assert isinstance(rows["BTC"]["equity"], Decimal), "a number in the text (Deribit Q4)"
        channels = ["user.portfolio.btc", "user.portfolio.eth"]
        assert connection.ask(call("private/subscribe", token, channels=channels))["result"] == channels
        sandbox.advance(60)
        pushed = connection.receive()
        assert pushed["method"] == "subscription"
        assert pushed["params"]["channel"] in channels
        assert pushed["params"]["data"]["currency"] in ("BTC", "ETH")


def test_deribit_refuses_what_it_does_not_know(sandbox: RunningSandbox, http: httpx.Client) -> None:
    token = deribit_token(sandbox, http)
    with connected(sandbox, "deribit", "/ws/api/v2") as connection:
        for message, code in (
            (call("private/get_account_summaries", "wrong"), 13009),
            (call("private/get_account_summaries", ""), 13009),
            (call("private/subscribe", token, channels=["user.portfolio.none"]), 11050),
            (call("private/subscribe", token, channels="user.portfolio.btc"), 11050),
            (call("private/nothing", token), -32601),
            ({"id": 7}, -32601),
        ):
            assert connection.ask(message)["error"]["code"] == code


def test_the_server_sends_pings_of_its_own() -> None:
    """A ping every 15 seconds. uvicorn sends them, so the test reads its setting alone."""

    async def nothing(scope: object, receive: object, send: object) -> None:
        """No application."""

    assert Server(nothing).config.ws_ping_interval == 15.0
