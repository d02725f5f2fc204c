"""What the campaigns believe: the provider's trace, the bus of the keyring, and the search of the logs."""

import time
from pathlib import Path

import pytest

from tests.campaigns import log_search
from tests.campaigns.keyring_trace import KeyringTrace
from tests.campaigns.provider_trace import TracedSandbox
from tests.keyring_session import KeyringSession, missing_programs
from tests.plain_http import plain_http
from tests.tokens import approve
from tests.until import wait_for


def test_the_provider_tells_each_pair_and_what_was_shown_again() -> None:
    sandbox = TracedSandbox.traced("--cap-access", "2")
    try:
        client, base = sandbox.client("whitebit"), sandbox.base("whitebit")
        login = {name: client[name] for name in ("client_id", "client_secret")}
        code = approve(f"{base}/auth/login?clientId={client['client_id']}&state=s", "trading")["code"]
        with plain_http() as http:
            first = http.post(f"{base}/oauth2/token", data={**login, "code": code}).json()["data"]
            old = {**login, "token": first["refresh_token"]}
            second = http.post(f"{base}/oauth2/refresh_token", data=old).json()["data"]
        wait_for(lambda: len(sandbox.rotations(client["client_id"])) == 2, "two pairs")
        newest = sandbox.rotations(client["client_id"])[-1]
        wait_for(lambda: newest.answered is not None, "the answer")
        assert (newest.old, newest.access) == (first["refresh_token"], second["access_token"])
        assert sandbox.shown == {first["refresh_token"]: 1}
        assert sandbox.place(first["access_token"]) == (client["client_id"], 0)
        assert sandbox.newest_in(client["client_id"], f"secret = {second['refresh_token']}") == 1
        sandbox.fault("whitebit", "refresh", "without")
        sandbox.advance(2)  # one renewal a second
        with plain_http() as http:
            http.post(f"{base}/oauth2/refresh_token", data={**login, "token": second["refresh_token"]})
        wait_for(lambda: sandbox.rotations(client["client_id"])[-1].answered and len(sandbox.shown) == 2, "the third")
        assert sandbox.rotations(client["client_id"])[-1].refresh == second["refresh_token"], "the old one is kept"
        assert {code, first["access_token"], second["refresh_token"], client["client_secret"]} <= sandbox.secrets
    finally:
        sandbox.close()


@pytest.mark.skipif(bool(missing_programs()), reason=f"missing: {missing_programs()}")
def test_the_bus_tells_when_an_item_was_sent_and_given_back(tmp_path: Path) -> None:
    keyring = KeyringSession(tmp_path).start()
    trace = KeyringTrace(keyring).start()
    try:
        began = time.time()
        keyring.store(b"invented", case="trace")
        wait_for(lambda: trace.sent(began) is not None, "the item on the bus")
        assert trace.read_back(began) is None, "nobody has read it yet"
        keyring.run(["secret-tool", "lookup", "case", "trace"])
        wait_for(lambda: trace.read_back(began) is not None, "the item on its way back")
        assert trace.sent(time.time()) is None
    finally:
        trace.close()
        keyring.stop()


def test_errors_and_secrets_are_found_in_logs_and_in_the_state_folder(tmp_path: Path) -> None:
    state = tmp_path / ".local/state/keyrack"
    state.mkdir(parents=True)
    (tmp_path / "agent.log").write_text(
        "12:00 ERROR asyncio: Task exception was never retrieved\n12:01 INFO all is well\n"
    )
    (state / "releases.jsonl").write_text("{'token': 'invented%2Ftoken'}\n")
    (tmp_path / "elsewhere.json").write_text("invented/other")
    errors, leaks = log_search.counted([tmp_path], ["invented/token", "invented/other", "short"])
    assert (errors.figure, errors.good, leaks.figure, leaks.good) == ("1", False, "1", False)
