"""The sandbox as a process: it starts at once, announces itself, listens on this machine only, and ends with stdin."""

import signal
import sys
import time
from urllib.parse import urlsplit

import httpx
import pytest

from keyrack.sandbox.people.sample_accounts import ACCOUNTS
from tests.sandbox_process import StandIn


def test_it_announces_every_provider_and_client(sandbox: StandIn) -> None:
    assert set(sandbox.announced) == {"control", "providers", "clients"}
    assert set(sandbox.announced["providers"]) == set(ACCOUNTS)
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
    assert {provider for provider, _ in known} == set(ACCOUNTS)
    assert sandbox.client("whitebit")["redirect_uri"] == "http://127.0.0.1:17463/cb/whitebit"
    assert sandbox.client("probit")["redirect_uri"] is None


def test_all_ports_accept_when_it_has_announced_itself() -> None:
    begun = time.monotonic()
    with StandIn.start() as stand_in:
        took = time.monotonic() - begun
        for base in (stand_in.control, *map(stand_in.base, ACCOUNTS)):
            assert urlsplit(base).hostname == "127.0.0.1"
            assert httpx.get(base + "/nowhere", trust_env=False).status_code == 404
    assert stand_in.process.returncode == 0
    assert took < 5  # on an idle machine it is well below 1 s


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ on Windows")
def test_a_signal_ends_it_at_once() -> None:
    with StandIn.start() as stand_in:
        stand_in.process.send_signal(signal.SIGTERM)
        assert stand_in.process.wait(5) == 0


def test_open_connections_and_slow_answers_do_not_keep_it_alive() -> None:
    with StandIn.start() as stand_in, httpx.Client(trust_env=False) as http:
        stand_in.fault("probit", "time", "hold:60")
        http.get(stand_in.base("probit") + "/api/exchange/v1/market")
        with pytest.raises(httpx.TimeoutException):
            http.get(stand_in.base("probit") + "/api/exchange/v1/time", timeout=0.2)
        stand_in.close()
        assert stand_in.process.returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_it_listens_on_the_loopback_address_only(sandbox: StandIn) -> None:
    wanted = {urlsplit(sandbox.base(name)).port for name in ("probit", "bitport", "whitebit")}
    wanted.add(urlsplit(sandbox.control).port)
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    listening = {row[1] for row in rows if row[3] == "0A"}
    found = {address for address, port in (row.split(":") for row in listening) if int(port, 16) in wanted}
    assert found == {"0100007F"}


def test_speed_and_caps_shorten_what_can_be_renewed_only() -> None:
    with StandIn.start(speed=30, cap_access=20, cap_refresh=40) as stand_in, httpx.Client(trust_env=False) as http:
        client = stand_in.client("probit")
        answer = http.post(
            stand_in.base("probit") + "/token",
            json={"grant_type": "client_credentials"},
            auth=(client["client_id"], client["client_secret"]),
        )
        assert answer.json()["expires_in"] == 20  # 900 / 30 = 30, capped
        bitport = stand_in.client("bitport")
        fields = {"client_id": bitport["client_id"], "client_secret": bitport["client_secret"]}
        code = {"grant_type": "code", "code": stand_in.user_code()}
        token = http.post(stand_in.base("bitport") + "/v2/oauth2/access-token", data=fields | code).json()
        assert token["expires_in"] == 315_360_000
