"""The control port: what tests request of it, its page, and which requests it refuses."""

import httpx
import pytest

from tests.sandbox_process import RunningSandbox


def test_the_page_lists_and_switches_faults(sandbox: RunningSandbox, http: httpx.Client) -> None:
    assert "Nothing." in http.get(sandbox.control).text
    fields = {"provider": "bitport", "endpoint": "authorize", "fault": "state:echoed"}
    pressed = http.post(sandbox.control + "/switch", data={**fields, "action": "on"})
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/")
    assert "Switch off" in http.get(sandbox.control).text
    assert sandbox.ask("GET", "/faults") == [{**fields, "times": None}]
    http.post(sandbox.control + "/switch", data={**fields, "action": "off"})
    assert sandbox.ask("GET", "/faults") == []


def test_the_page_switches_any_fault_anywhere(sandbox: RunningSandbox, http: httpx.Client) -> None:
    http.post(sandbox.control + "/switch", data={"place": "whitebit refresh", "fault": "reset", "action": "on"})
    assert sandbox.ask("GET", "/faults")[0]["endpoint"] == "refresh"
    http.post(sandbox.control + "/switch", data={"action": "clear"})
    assert sandbox.ask("GET", "/faults") == []


def test_another_origin_or_name_is_refused(sandbox: RunningSandbox, http: httpx.Client) -> None:
    fault = {"provider": "probit", "endpoint": "*", "fault": "reset"}
    for headers in ({"Origin": "https://example.org"}, {"Origin": "null"}, {"Host": "example.org"}):
        assert http.post(sandbox.control + "/faults", json=fault, headers=headers).status_code == 403
    assert http.get(sandbox.control + "/log", headers={"Host": "localhost"}).status_code == 403
    assert sandbox.ask("GET", "/faults") == []
    own = http.post(sandbox.control + "/faults", json=fault, headers={"Origin": sandbox.control})
    assert own.status_code == 200


def test_only_json_is_taken(sandbox: RunningSandbox, http: httpx.Client) -> None:
    sent = '{"provider":"probit","endpoint":"*","fault":"reset"}'
    assert (
        http.post(sandbox.control + "/faults", content=sent, headers={"Content-Type": "text/plain"}).status_code == 400
    )


@pytest.mark.parametrize("content", ["[]", "{", '{"provider":"nobody","client_id":"a","client_secret":"b"}', "{}"])
def test_a_wrong_registration_is_refused(sandbox: RunningSandbox, http: httpx.Client, content: str) -> None:
    sent = {"content": content, "headers": {"Content-Type": "application/json"}}
    answer = http.post(sandbox.control + "/clients", **sent)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_registered_client_works_at_once(sandbox: RunningSandbox, http: httpx.Client) -> None:
    made = sandbox.register_client("bitport", "77", "invented", "http://127.0.0.1:9/x")
    assert made["redirect_uri"] == "http://127.0.0.1:9/x"
    link = sandbox.base("bitport") + "/v2/oauth2/authorize?response_type=code&client_id=77"
    assert http.get(link).status_code == 200


def test_the_clock_moves_forward_only(sandbox: RunningSandbox) -> None:
    before = sandbox.ask("GET", "/clock")["now"]
    sandbox.advance(600)
    assert sandbox.ask("GET", "/clock")["now"] >= before + 600
    for wrong in (-1, "10", True, None):
        with pytest.raises(RuntimeError, match="400"):
            sandbox.ask("POST", "/clock", {"advance": wrong})


def test_the_log_names_no_secret(sandbox: RunningSandbox, http: httpx.Client) -> None:
    client = sandbox.client("probit")
    url = sandbox.base("probit") + "/token"
    answer = http.post(
        url, json={"grant_type": "client_credentials"}, auth=(client["client_id"], client["client_secret"])
    )
    row = sandbox.log("probit", "token")[-1]
    assert {k: row[k] for k in ("client_id", "account", "status", "grant")} == {
        "client_id": "sandbox-probit",
        "account": "desk",
        "status": 200,
        "grant": "client_credentials",
    }
    assert answer.json()["access_token"] not in str(sandbox.log())
    assert client["client_secret"] not in str(sandbox.log())


def test_the_log_is_filtered_by_what_the_query_names(sandbox: RunningSandbox, http: httpx.Client) -> None:
    client = sandbox.client("probit")
    http.post(sandbox.base("probit") + "/token", auth=(client["client_id"], client["client_secret"]))
    named = {"provider": "probit", "endpoint": "token", "client_id": client["client_id"]}
    expected = [row for row in sandbox.log() if all(row[name] == named[name] for name in named)]
    assert expected
    assert sandbox.log(**named) == expected
    assert sandbox.log(client_id="of-no-other-test") == []
    with pytest.raises(RuntimeError, match=r"400.*filtered by status"):
        sandbox.ask("GET", "/log?status=200")
