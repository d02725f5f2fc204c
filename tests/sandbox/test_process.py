"""The sandbox as a process: it starts at once, announces itself, listens on this machine only, and ends with stdin."""

import signal
import sys
import time
from urllib.parse import urlsplit

import httpx
import pytest

from tests.plain_http import plain_http
from tests.sandbox_people import PEOPLE
from tests.sandbox_process import RunningSandbox


def test_it_announces_every_provider_and_client(sandbox: RunningSandbox) -> None:
    assert set(sandbox.announced) == {"control", "providers", "clients"}
    assert set(sandbox.announced["providers"]) == set(PEOPLE)
    assert sandbox.announced["providers"]["bitport"]["user_code_page"] == sandbox.base("bitport") + "/get-access"
    known = [(c["provider"], c["region"]) for c in sandbox.clients]
    assert len(set(known)) == len(known)
    assert {
        ("probit", "korea"),
        ("bitport", "global"),
        ("whitebit", "eu"),
        ("gemini", "global"),
        ("deribit", "test"),
        ("kraken", "global"),
        ("uphold", "global"),
        ("alpaca", "paper"),
    } <= set(known)
    assert {provider for provider, _ in known} == set(PEOPLE)
    assert sandbox.client("whitebit")["redirect_uri"] == "http://127.0.0.1:17463/cb/whitebit"
    assert sandbox.client("probit")["redirect_uri"] is None


def test_all_ports_accept_when_it_has_announced_itself() -> None:
    start = time.monotonic()
    with RunningSandbox.start() as sandbox:
        took = time.monotonic() - start
        for base in (sandbox.control, *map(sandbox.base, PEOPLE)):
            assert urlsplit(base).hostname == "127.0.0.1"
            with plain_http() as http:
                assert http.get(base + "/nowhere").status_code == 404
    assert sandbox.process.returncode == 0
    assert took < 5  # on an idle machine it is well below 1 s


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ on Windows")
def test_a_signal_ends_it_at_once() -> None:
    with RunningSandbox.start() as sandbox:
        sandbox.process.send_signal(signal.SIGTERM)
        assert sandbox.process.wait(5) == 0


def test_open_connections_and_slow_answers_do_not_keep_it_alive() -> None:
    with RunningSandbox.start() as sandbox, plain_http() as http:
        sandbox.fault("probit", "time", "hold:60")
        http.get(sandbox.base("probit") + "/api/exchange/v1/market")
        with pytest.raises(httpx.TimeoutException):
            http.get(sandbox.base("probit") + "/api/exchange/v1/time", timeout=0.2)
        sandbox.close()
        assert sandbox.process.returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_it_listens_on_the_loopback_address_only(sandbox: RunningSandbox) -> None:
    wanted = {urlsplit(sandbox.base(name)).port for name in ("probit", "bitport", "whitebit")}
    wanted.add(urlsplit(sandbox.control).port)
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    listening = {row[1] for row in rows if row[3] == "0A"}
    found = {address for address, port in (row.split(":") for row in listening) if int(port, 16) in wanted}
    assert found == {"0100007F"}


def test_speed_and_caps_shorten_what_can_be_renewed_only() -> None:
    with (
        RunningSandbox.start(speed=30, cap_access=20, cap_refresh=40) as sandbox,
        plain_http() as http,
    ):
        client = sandbox.client("probit")
        answer = http.post(
            sandbox.base("probit") + "/token",
            json={"grant_type": "client_credentials"},
            auth=(client["client_id"], client["client_secret"]),
        )
        assert answer.json()["expires_in"] == 20  # 900 / 30 = 30, capped
        bitport = sandbox.client("bitport")
        fields = {"client_id": bitport["client_id"], "client_secret": bitport["client_secret"]}
        code = {"grant_type": "code", "code": sandbox.user_code()}
        token = http.post(sandbox.base("bitport") + "/v2/oauth2/access-token", data=fields | code).json()
        assert token["expires_in"] == 315_360_000
