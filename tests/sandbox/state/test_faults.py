"""Each fault does what it says, for as long as it is on."""

import json
import time

import httpx
import pytest

from tests.plain_http import plain_http
from tests.sandbox_process import RunningSandbox

PATHS = {"probit": "/api/exchange/v1/time", "whitebit": "/api/v4/public/time", "bitport": "/v2/me"}


@pytest.fixture
def ask(sandbox: RunningSandbox, http: httpx.Client) -> "EndpointClient":
    return EndpointClient(sandbox, http)


class EndpointClient:
    """Requests one endpoint of a provider."""

    def __init__(self, sandbox: RunningSandbox, http: httpx.Client) -> None:
        self._sandbox = sandbox
        self._http = http

    def __call__(self, provider: str = "probit") -> httpx.Response:
        self._sandbox.advance(1)  # for the limiter
        return self._http.get(self._sandbox.base(provider) + PATHS[provider])


@pytest.mark.parametrize(
    ("provider", "content"),
    [("probit", "UNAVAILABLE"), ("whitebit", "503 Service Unavailable"), ("bitport", '"status":"error"')],
)
def test_status_has_the_providers_own_shape(
    sandbox: RunningSandbox, ask: EndpointClient, provider: str, content: str
) -> None:
    sandbox.fault(provider, "*", "status:503")
    answer = ask(provider)
    assert answer.status_code == 503
    assert content in answer.text


def test_times_counts_down(sandbox: RunningSandbox, ask: EndpointClient) -> None:
    sandbox.fault("probit", "time", "html:502", times=2)
    assert [ask().status_code for _ in range(3)] == [502, 502, 200]


def test_html_retry_closed_redirect(sandbox: RunningSandbox, ask: EndpointClient) -> None:
    sandbox.fault("probit", "time", "html:504", times=1)
    answer = ask()
    assert (answer.status_code, answer.headers["content-type"]) == (504, "text/html; charset=utf-8")
    sandbox.fault("probit", "time", "retry:Wed, 21 Oct 2099 07:28:00 GMT", times=1)
    answer = ask()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "Wed, 21 Oct 2099 07:28:00 GMT")
    sandbox.fault("probit", "time", "closed", times=1)
    assert "has ended" in ask().text
    sandbox.fault("probit", "time", "redirect:https://example.org/x", times=1)
    assert ask().headers["location"] == "https://example.org/x"


def test_a_body_of_ones_own(sandbox: RunningSandbox, ask: EndpointClient) -> None:
    sandbox.fault("probit", "time", 'body:{"data":"a:b","data":NaN}')
    assert ask().text == '{"data":"a:b","data":NaN}'


def test_reset_and_lost(sandbox: RunningSandbox, ask: EndpointClient) -> None:
    for fault in ("reset", "lost"):
        sandbox.fault("probit", "time", fault, times=1)
        with pytest.raises(httpx.ReadError):
            ask()
        assert sandbox.log("probit")[-1]["status"] == 0


def test_truncated_and_malformed(sandbox: RunningSandbox, ask: EndpointClient) -> None:
    sandbox.fault("probit", "time", "truncated", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        ask()
    sandbox.fault("probit", "time", "malformed", times=1)
    with pytest.raises(json.JSONDecodeError):
        ask().json()


def test_delay_and_hold(sandbox: RunningSandbox, ask: EndpointClient) -> None:
    for fault in ("delay:0.3", "hold:0.3"):
        sandbox.fault("probit", "time", fault, times=1)
        start = time.monotonic()
        assert ask().status_code == 200
        assert time.monotonic() - start >= 0.3


def test_drip_is_slow_but_right_from_the_start(sandbox: RunningSandbox) -> None:
    sandbox.fault("probit", "time", "drip")
    url = sandbox.base("probit") + PATHS["probit"]
    with plain_http().stream("GET", url) as answer:
        assert answer.status_code == 200
        assert len(next(answer.iter_raw())) == 1


def test_big_and_bomb(sandbox: RunningSandbox, ask: EndpointClient) -> None:
    sandbox.fault("probit", "time", "big", times=1)
    assert len(ask().content) > 2 * 1024 * 1024
    sandbox.fault("probit", "time", "bomb", times=1)
    url = sandbox.base("probit") + PATHS["probit"]
    with plain_http().stream("GET", url) as answer:
        assert int(answer.headers["content-length"]) < 300_000
        assert answer.headers["content-encoding"] == "gzip"


def test_down_refuses_connections_and_the_same_port_comes_back(sandbox: RunningSandbox, ask: EndpointClient) -> None:
    sandbox.fault("whitebit", "*", "down")
    with pytest.raises(httpx.ConnectError):
        ask("whitebit")
    assert ask("probit").status_code == 200
    sandbox.clear_faults()
    assert ask("whitebit").status_code == 200


def test_a_fault_of_one_endpoint_leaves_the_others_alone(
    sandbox: RunningSandbox, ask: EndpointClient, http: httpx.Client
) -> None:
    sandbox.fault("probit", "balance", "status:500")
    assert ask().status_code == 200
    assert http.get(sandbox.base("probit") + "/api/exchange/v1/balance").status_code == 500


@pytest.mark.parametrize(
    ("provider", "endpoint", "fault"),
    [
        ("nobody", "time", "reset"),
        ("probit", "nowhere", "reset"),
        ("probit", "time", "nonsense"),
        ("probit", "time", "down"),
        ("bitport", "me", "state:echoed"),
        ("probit", "time", "status:9"),
        ("probit", "time", "status:lots"),
        ("probit", "time", "delay:long"),
        ("probit", "time", "status"),
    ],
)
def test_a_fault_that_is_none_is_refused(sandbox: RunningSandbox, provider: str, endpoint: str, fault: str) -> None:
    with pytest.raises(RuntimeError, match="400"):
        sandbox.fault(provider, endpoint, fault)


def test_a_lost_answer_was_processed_and_a_reset_was_not(sandbox: RunningSandbox, http: httpx.Client) -> None:
    sandbox.register_client("probit", "lost", "invented")
    url = sandbox.base("probit") + "/token"
    for fault in ("lost", "reset"):
        sandbox.fault("probit", "token", fault, times=1)
        with pytest.raises(httpx.ReadError):
            http.post(url, json={"grant_type": "client_credentials"}, auth=("lost", "invented"))
    assert [row["account"] for row in sandbox.log("probit", "token")[-2:]] == ["desk", None]
    assert sandbox.renewals()["lost/desk"] == 0
