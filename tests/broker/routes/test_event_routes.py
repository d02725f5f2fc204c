"""The stream of changes over the socket."""

import asyncio
from dataclasses import replace

import pytest

from keyrack.broker.socket_server import STREAMS
from keyrack.core.accounts.renewer import Renewer
from tests.broker.conftest import ApiConnection, Served
from tests.until import until


async def follow(served: Served) -> ApiConnection:
    """A caller that follows the changes."""
    line = await served.line()
    line.send("GET", "/v1/events")
    return line


async def test_every_account_comes_first_and_then_each_change(served: Served) -> None:
    harness = served.harness
    first = await harness.signed_in()
    second = await harness.add("bitport")
    line = await follow(served)
    said = await line.hear()
    assert said.headers["content-type"] == "application/x-ndjson"
    assert said.content["version"] == 1
    seen = [said.content, await line.part()]
    assert [(each["event"], each["name"], each["state"]) for each in seen] == [
        ("account", first.settings.name, "ready"),
        ("account", second.settings.name, "needs_login"),
    ]
    status = (await served.ask("GET", "/v1/status")).content["accounts"]
    assert [set(each) - {"version", "event"} for each in seen] == [set(each) for each in status]

    await harness.rack.sign_out(first)
    change = await line.part()
    assert (change["name"], change["state"], change["reason"]) == (first.settings.name, "needs_login", "signed_out")
    await harness.rack.rename(first, "Another name")
    assert (await line.part())["name"] == "Another name"
    third = await harness.add("probit", "client_credentials")
    assert (await line.part())["name"] == third.settings.name
    await harness.rack.remove(second)
    assert await line.part() == {"version": 1, "event": "removed", "name": second.settings.name}
    harness.rack.lock.lock(by_hand=True)
    assert await line.part() == {"version": 1, "event": "lock", "locked": True, "locked_by_hand": True}


async def test_a_renewal_is_told_and_no_token_with_it(served: Served) -> None:
    account = await served.harness.signed_in()
    line = await follow(served)
    await line.hear()
    await served.harness.rack.refresh(account)
    token = served.harness.token(account)
    assert token.access is not None
    change = {"state": ""}
    while change["state"] != "ready":
        change = await line.part()
        assert token.access.reveal() not in repr(change)
    assert account.balances is not None, "they changed as well, and are nobody's business here"


async def test_another_host_that_renews_a_shared_account_is_told(served: Served) -> None:
    account = await served.harness.signed_in()
    line = await follow(served)
    assert (await line.hear()).content["shared"] is None
    for host, here in (("desk-1", True), ("desk-2", False)):
        account.show_renewer(Renewer(host, here, since=1_790_000_000.0))
        async with asyncio.timeout(10):
            change = await line.part()
        assert change["shared"] == {"renewed_by": host, "here": here, "since": 1_790_000_000}


async def test_what_did_not_change_is_not_told(served: Served) -> None:
    account = await served.allowed()
    line = await follow(served)
    await line.hear()
    account.note("Something that is no change of state.")
    account.show_balances(None)
    account.configure(replace(account.settings, identity="somebody"))
    assert (await line.part())["identity"] == "somebody"


@pytest.mark.security("S87")
async def test_many_changes_at_once_are_told_as_one(served: Served) -> None:
    """The server keeps only what it sent last, so a slow client costs no memory."""
    account = await served.allowed()
    line = await follow(served)
    await line.hear()
    for number in range(1000):
        account.configure(replace(account.settings, identity=str(number)))
    assert (await line.part())["identity"] == "999"
    account.configure(replace(account.settings, identity="last"))
    assert (await line.part())["identity"] == "last"


@pytest.mark.security("S87")
async def test_it_ends_with_its_caller_and_no_more_than_eight_follow(served: Served) -> None:
    await served.allowed()
    signal = served.harness.rack.accounts.touched
    before = signal.listener_count
    lines = [await follow(served) for _ in range(STREAMS)]
    for line in lines:
        await line.hear()
    assert (STREAMS, signal.listener_count) == (8, before + 8)
    said = await served.ask("GET", "/v1/events")
    assert (said.status, said.code) == (503, "busy")
    lines[0].close()
    await until(lambda: signal.listener_count == before + 7)
    more = await follow(served)
    assert (await more.hear()).status == 200
    for line in (*lines, more):
        line.close()
    await until(lambda: signal.listener_count == before)


async def test_it_goes_on_while_locked_and_ends_when_keyrack_quits(served: Served) -> None:
    await served.allowed()
    served.harness.rack.lock.lock(by_hand=True)
    line = await follow(served)
    assert (await line.hear()).content["state"] == "ready"
    async with asyncio.timeout(1):
        await served.service.close()
    assert await line.ended(), "not even the end of the chunks, for it did not come to its end"
