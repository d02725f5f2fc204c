"""A request names the language of its response's sentences (RFC 9110 section 12.5.4)."""

import asyncio
import socket
import time
from dataclasses import replace

import pytest

from keyrack.broker.protocol.route import Call, Host
from keyrack.broker.routes.account_routes import change
from keyrack.core.access.program import UNKNOWN as NOBODY
from keyrack.language.translation import speaking
from keyrack.messages.catalogue import CATALOGUE
from keyrack.net.unix_request import UnixRequest, connect
from tests.broker.conftest import Served
from tests.language import catalogue_of

UNKNOWN = CATALOGUE["path_unknown"].happened
NOT_SIGNED_IN = CATALOGUE["nobody_signed_in"].happened


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("Accept-Language: de-AT,de;q=0.9,en;q=0.8",), "Diesen Pfad gibt es nicht."),
        (("Accept-Language: xx",), UNKNOWN),
        ((), UNKNOWN),
    ],
)
async def test_a_refusal_is_in_the_language_of_the_request(
    served: Served, header: tuple[str, ...], expected: str
) -> None:
    with catalogue_of.given("de", {UNKNOWN: "Diesen Pfad gibt es nicht."}):
        said = await (await served.line()).ask("GET", "/v1/nothing", *header)
    assert said.content["error"]["happened"] == expected


async def test_two_requests_at_once_keep_their_languages(served: Served) -> None:
    with catalogue_of.given("de", {UNKNOWN: "Diesen Pfad gibt es nicht."}):
        lines = [await served.line(), await served.line()]
        lines[0].send("GET", "/v1/nothing", "Accept-Language: de")
        lines[1].send("GET", "/v1/nothing")
        said = [await line.hear() for line in lines]
    assert [each.content["error"]["happened"] for each in said] == ["Diesen Pfad gibt es nicht.", UNKNOWN]


async def test_a_stream_keeps_the_language_of_its_request(served: Served) -> None:
    account = await served.harness.add("whitebit")
    with catalogue_of.given("de", {NOT_SIGNED_IN: "Noch nie angemeldet."}):
        line = await served.line()
        first = await line.ask("GET", "/v1/events", "Accept-Language: de")
        account.configure(replace(account.settings, name="Another name"))
        second = await line.part()
    assert first.content["problem"]["happened"] == "Noch nie angemeldet."
    assert (second["name"], second["problem"]["happened"]) == ("Another name", "Noch nie angemeldet.")


async def test_the_client_asks_for_its_language(served: Served) -> None:
    def ask() -> object:
        ends = time.monotonic() + 20
        with socket.socket(socket.AF_UNIX) as sock:
            connect(sock, str(served.path), ends)
            request = UnixRequest(sock, ends)
            request.send("GET", "/v1/nothing", language="de")
            return request.response()[1]["error"]

    with catalogue_of.given("de", {UNKNOWN: "Diesen Pfad gibt es nicht."}):
        error = await asyncio.to_thread(ask)
    assert isinstance(error, dict)
    assert error["happened"] == "Diesen Pfad gibt es nicht."


async def test_the_list_of_accounts_is_in_the_language_of_each_request(served: Served) -> None:
    await served.harness.add("whitebit")
    with catalogue_of.given("de", {NOT_SIGNED_IN: "Noch nie angemeldet."}):
        line = await served.line()
        said = [
            (await line.ask("GET", "/v1/status", *header)).content["accounts"][0]["problem"]["happened"]
            for header in ((), ("Accept-Language: de",), (), ("Accept-Language: de",))
        ]
    assert said == [NOT_SIGNED_IN, "Noch nie angemeldet."] * 2


@pytest.mark.security("S92")
async def test_no_caller_s_language_is_stored(served: Served) -> None:
    account = await served.harness.add("deribit", "client_credentials")
    call = Call(served.harness.rack, account, {}, {"scripts": "off"}, NOBODY, Host("agent"))
    with catalogue_of.given("de", {"an unknown program": "ein unbekanntes Programm"}), speaking("de"):
        await change(call)
    assert account.activity.lines()[0].notice.params["program"] == "an unknown program"
