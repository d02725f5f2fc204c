"""Bitport's stand-in (Bitport Q1 to Q11): both sign-ins with their departures, and the account."""

import re
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.sandbox.conftest import Press
from tests.sandbox_process import RunningSandbox


class Bitport:
    """The default client at the sandbox's Bitport."""

    def __init__(self, sandbox: RunningSandbox, http: httpx.Client, press: Press) -> None:
        self.base = sandbox.base("bitport")
        self.client = sandbox.client("bitport")
        self.redirect: str = self.client["redirect_uri"]
        self._http = http
        self._press = press

    def link(self, **extra: str) -> str:
        asked = {"response_type": "code", "client_id": self.client["client_id"], "state": "ours", **extra}
        return f"{self.base}/v2/oauth2/authorize?{urlencode(asked)}"

    def approve(self, account: str = "sam", **extra: str) -> dict[str, str]:
        return self._press(self.link(**extra), self.redirect, account)

    def token(self, code: str, grant: str = "authorization_code", **other: str) -> httpx.Response:
        ids = {"client_id": self.client["client_id"], "client_secret": self.client["client_secret"]}
        fields = {**ids, "grant_type": grant, "code": code, **other}
        return self._http.post(self.base + "/v2/oauth2/access-token", data=fields)

    def signed_in(self) -> str:
        return str(self.token(self.approve()["code"]).json()["access_token"])

    def get(self, path: str, token: str) -> Any:
        return self._http.get(self.base + path, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def bitport(sandbox: RunningSandbox, http: httpx.Client, press: Press) -> Bitport:
    return Bitport(sandbox, http, press)


def test_the_way_back_carries_the_code_and_no_state(bitport: Bitport) -> None:
    assert set(bitport.approve()) == {"code"}  # Q1


def test_modes_echo_the_state_or_send_another(bitport: Bitport, sandbox: RunningSandbox) -> None:
    sandbox.fault("bitport", "authorize", "state:echoed", times=1)
    assert bitport.approve()["state"] == "ours"
    sandbox.fault("bitport", "authorize", "state:foreign")
    assert bitport.approve()["state"] != "ours"


def test_a_refusal_comes_back_without_state(bitport: Bitport, press: Press) -> None:
    back = press(bitport.link(), bitport.redirect, button="refuse")
    assert back["error"] == "access_denied"
    assert "state" not in back


def test_the_redirect_may_be_named_and_must_be_the_registered_one(bitport: Bitport, http: httpx.Client) -> None:
    assert "code" in bitport.approve(redirect_uri=bitport.redirect)
    for other in (bitport.redirect + "/", bitport.redirect.replace("127.0.0.1", "localhost"), "https://example.org/"):
        assert http.get(bitport.link(redirect_uri=other)).status_code == 400


def test_the_slash_before_the_question_mark(bitport: Bitport, sandbox: RunningSandbox, press: Press) -> None:
    sandbox.fault("bitport", "authorize", "slash")
    assert "code" in press(bitport.link(), bitport.redirect + "/", "sam")  # Q11


def test_a_code_is_good_once_and_for_60_seconds(bitport: Bitport, sandbox: RunningSandbox) -> None:
    code = bitport.approve()["code"]
    assert bitport.token(code).json()["access_token"]
    assert "access_token" not in bitport.token(code).json()
    late = bitport.approve()["code"]
    sandbox.advance(61)
    assert "access_token" not in bitport.token(late).json()


def test_an_answer_of_the_token_endpoint_is_bare(bitport: Bitport) -> None:
    made = bitport.token(bitport.approve()["code"]).json()
    assert {k: v for k, v in made.items() if k != "access_token"} == {
        "expires_in": 315_360_000,
        "token_type": "bearer",
        "scope": "full",
    }


def test_both_grants_refuse_each_others_codes(bitport: Bitport, sandbox: RunningSandbox) -> None:
    assert "error" in bitport.token(bitport.approve()["code"], "code").json()
    assert "error" in bitport.token(sandbox.user_code(), "authorization_code").json()
    assert bitport.token(sandbox.user_code(), "code").json()["access_token"]


def test_the_page_shows_one_time_codes_of_the_chosen_account(bitport: Bitport, sandbox: RunningSandbox) -> None:
    code = sandbox.user_code("Studio")
    assert code != sandbox.user_code("Studio")
    token = bitport.token(code, "code").json()["access_token"]
    assert bitport.get("/v2/me", token).json()["data"]["email"] == "studio@example.net"
    assert "error" in bitport.token(code, "code").json()


@pytest.mark.parametrize(
    ("mode", "status", "content"),
    [
        (None, 200, {"error": "invalid_parameter", "error_description": "Invalid Client Secret"}),
        ("errors:401", 401, {"error": "invalid_parameter", "error_description": "Invalid Client Secret"}),
        (
            "errors:envelope",
            200,
            {"status": "error", "data": None, "errors": [{"message": "Invalid Client Secret", "code": 102}]},
        ),
    ],
)
def test_a_wrong_secret(
    bitport: Bitport, sandbox: RunningSandbox, mode: str | None, status: int, content: object
) -> None:
    if mode:
        sandbox.fault("bitport", "token", mode)
    refused = bitport.token("anything", client_secret="wrong")
    assert (refused.status_code, refused.json()) == (status, content)


def test_the_account(bitport: Bitport, sandbox: RunningSandbox) -> None:
    token = bitport.signed_in()
    answer = bitport.get("/v2/me", token).json()
    assert (answer["status"], answer["errors"]) == ("success", None)
    assert answer["data"]["email"] == "sam.okafor@example.org"
    disk = answer["data"]["disk"]
    assert disk["used"] + disk["available"] == disk["size"] > 2**32
    sandbox.advance(60)
    later = bitport.get("/v2/me", token).json()["data"]["disk"]
    assert disk["used"] != later["used"] <= later["size"]  # uploads, or the deletion of all of them


def test_shapes_the_account_may_have(bitport: Bitport, sandbox: RunningSandbox) -> None:
    token = bitport.signed_in()
    sandbox.fault("bitport", "me", "shape:array", times=1)
    sandbox.fault("bitport", "me", "sizes:text", times=1)
    (data,) = bitport.get("/v2/me", token).json()["data"]  # Q6
    assert data["disk"]["size"].isdigit()  # Q7
    sandbox.fault("bitport", "me", "sizes:null")
    assert bitport.get("/v2/me", token).json()["data"]["disk"]["used"] is None


def test_the_root_folder_has_the_size_in_use(bitport: Bitport) -> None:
    token = bitport.signed_in()
    (root,) = bitport.get("/v2/cloud", token).json()["data"]
    assert root["size"] > 700_000_000_000
    assert root["code"] is None


def test_a_withdrawn_token_is_401_in_the_envelope(bitport: Bitport, sandbox: RunningSandbox) -> None:
    refused = bitport.get("/v2/me", "never-issued")
    envelope = {"status": "error", "data": None, "errors": [{"message": "Unauthorized access", "code": 401}]}
    assert (refused.status_code, refused.json()) == (401, envelope)
    token = bitport.signed_in()
    sandbox.fault("bitport", "me", "withdrawn:200")
    refused = bitport.get("/v2/me", token)
    assert (refused.status_code, refused.json()) == (200, envelope)


def test_the_consent_page_loads_nothing_and_shows_no_foreign_text(bitport: Bitport, http: httpx.Client) -> None:
    page = http.get(bitport.link(state="<script>alert(1)</script>"))
    assert "script" not in page.text
    assert not re.search(r"(src|href)=", page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "Sandbox" in page.text


def test_an_answer_counts_once(bitport: Bitport, http: httpx.Client) -> None:
    ask = re.findall(r'name="ask" value="([^"]+)"', http.get(bitport.link()).text)[0]
    form = {"ask": ask, "account": "sam", "answer": "approve"}
    assert http.post(bitport.link(), data=form).status_code == 302
    assert http.post(bitport.link(), data=form).status_code == 400
