"""Locking and unlocking over the socket, and what a locked Keyrack answers."""

import asyncio

import pytest

from keyrack.broker.protocol.route import Running
from keyrack.core.access.lock import FREE_ATTEMPTS, ITEM
from keyrack.core.accounts.account import Account
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import Locked
from tests.broker.conftest import Served
from tests.cheap_passphrase import cheap_verifier
from tests.core.harness import CoreHarness
from tests.until import until

RIGHT = "canary passphrase"
WRONG = "canary guess"
LOCKED = {"version": 1, "locked": True, "locked_by_hand": True, "passphrase": True}
OPEN = {"version": 1, "locked": False, "locked_by_hand": False, "passphrase": True}


async def with_passphrase(harness: CoreHarness) -> None:
    await harness.vault.save(ITEM, Record(verifier=cheap_verifier(RIGHT)))
    await harness.rack.lock.load()


@pytest.mark.security("S91")
async def test_a_lock_that_the_disk_cannot_note_says_so(harness: CoreHarness, served: Served) -> None:
    await with_passphrase(harness)
    harness.rack.lock.marker.mkdir(parents=True)
    said = await served.ask("POST", "/v1/lock", body={})
    assert (said.status, said.content) == (200, {**LOCKED, "outlives_restart": False})
    harness.rack.lock.marker.rmdir()
    said = await served.ask("POST", "/v1/lock", body={})
    assert said.content["outlives_restart"], "the disk can again"
    assert harness.rack.lock.marker.is_file()


def token_of(account: Account) -> str:
    return f"/v1/accounts/{account.settings.name}/token"


@pytest.mark.security("S91")
async def test_a_lock_by_hand_refuses_everything_but_status_and_the_way_out(
    harness: CoreHarness, served: Served
) -> None:
    account = await harness.signed_in()
    harness.rack.access.choose(account, "allow")
    await with_passphrase(harness)
    said = await served.ask("POST", "/v1/lock", body={})
    assert (said.status, said.content) == (200, {**LOCKED, "outlives_restart": True})
    name = account.settings.name
    for method, path, body in (
        ("GET", token_of(account), None),
        ("POST", f"/v1/accounts/{name}/refresh", {}),
        ("POST", f"/v1/accounts/{name}/login", {}),
        ("POST", f"/v1/accounts/{name}/logout", {}),
        ("POST", "/v1/accounts", {}),
        ("PATCH", f"/v1/accounts/{name}", {"name": "other"}),
        ("DELETE", f"/v1/accounts/{name}", None),
        ("PUT", "/v1/lock/passphrase", {"old": RIGHT, "new": None}),
    ):
        said = await served.ask(method, path, body=body)
        assert (said.status, said.code) == (403, "locked"), (method, path, said)
    status = await served.ask("GET", "/v1/status")
    assert (status.status, status.content["locked"], status.content["locked_by_hand"]) == (200, True, True)
    assert status.content["accounts"][0]["state"] == "ready"
    assert (await served.ask("POST", "/v1/window/raise", body={})).status == 200
    said = await served.ask("POST", "/v1/unlock", body={"passphrase": WRONG})
    assert (said.status, said.code) == (403, "refused")
    said = await served.ask("POST", "/v1/unlock", body={"passphrase": RIGHT})
    assert (said.status, said.content) == (200, OPEN)
    assert (await served.ask("GET", token_of(account))).status == 200


@pytest.mark.security("S91")
async def test_any_other_lock_refuses_tokens_only_where_somebody_would_be_asked(
    harness: CoreHarness, served: Served
) -> None:
    account = await harness.signed_in()
    harness.rack.access.choose(account, "allow")
    harness.rack.lock.lock(by_hand=False)
    assert (await served.ask("GET", token_of(account))).status == 200
    harness.rack.access.choose(account, "ask")
    said = await served.ask("GET", token_of(account))
    assert (said.status, said.code) == (403, "locked")
    for method, path, body in (
        ("DELETE", f"/v1/accounts/{account.settings.name}", None),
        ("PATCH", f"/v1/accounts/{account.settings.name}", {"scripts": "allow"}),
        ("PUT", "/v1/lock/passphrase", {"new": RIGHT}),
    ):
        assert (await served.ask(method, path, body=body)).code == "locked"
    assert (await served.ask("GET", "/v1/lock")).content["locked_by_hand"] is False


@pytest.mark.security("S91")
async def test_unlocking_over_the_socket_always_needs_the_passphrase(harness: CoreHarness, served: Served) -> None:
    harness.rack.lock.lock(by_hand=True)
    said = await served.ask("POST", "/v1/unlock", body={"passphrase": ""})
    assert (said.status, said.code) == (403, "refused")
    assert "Press Unlock in its window" in said.content["error"]["todo"]
    bodies: list[object] = [{}, {"passphrase": None}, {"passphrase": 7}, {"passphrase": ["x"]}, {"password": RIGHT}, []]
    for body in bodies:
        said = await served.ask("POST", "/v1/unlock", body=body)
        assert (said.status, said.code) == (400, "usage"), body
    assert harness.rack.lock.locked


@pytest.mark.security("S58", "S90", "S91")
async def test_the_passphrase_is_set_changed_and_taken_away(
    harness: CoreHarness, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    path = "/v1/lock/passphrase"
    assert (await served.ask("GET", "/v1/lock")).content["passphrase"] is False
    for body in ({}, {"old": RIGHT}, {"new": 7}, {"new": "abc"}, {"new": RIGHT, "again": RIGHT}):
        said = await served.ask("PUT", path, body=body)
        assert (said.status, said.code) == (400, "usage"), body
    harness.vault.refuses_saves = Locked()
    said = await served.ask("PUT", path, body={"new": RIGHT})
    assert (said.status, said.code) == (503, "keyring")
    harness.vault.refuses_saves = None
    assert (await served.ask("PUT", path, body={"old": None, "new": RIGHT})).content == OPEN
    said = await served.ask("PUT", path, body={"new": None})
    assert (said.status, said.code) == (403, "refused")
    said = await served.ask("PUT", path, body={"old": RIGHT, "new": None})
    assert said.content["passphrase"] is False
    assert "canary" not in caplog.text


@pytest.mark.security("S91")
async def test_a_try_counts_although_its_caller_goes(harness: CoreHarness, served: Served) -> None:
    await with_passphrase(harness)
    harness.rack.lock.lock(by_hand=True)
    trying = harness.rack.lock.checking
    async with trying:
        lines = [await served.line() for _ in range(FREE_ATTEMPTS)]
        for line in lines:
            line.send("POST", "/v1/unlock", body={"passphrase": WRONG})
        await until(lambda: f"waiters:{FREE_ATTEMPTS}" in repr(trying))
        for line in lines:
            line.close()
        await until(lambda: served.service.connections == 0)
    await until(lambda: harness.rack.lock.wrong_attempts == FREE_ATTEMPTS)
    said = await served.ask("POST", "/v1/unlock", body={"passphrase": RIGHT})
    assert "did not look" in said.content["error"]["means"]
    assert harness.rack.lock.locked


@pytest.mark.security("S91")
async def test_a_passphrase_is_not_left_half_changed_by_a_caller_that_goes(
    harness: CoreHarness, served: Served
) -> None:
    harness.vault.gate = asyncio.Event()
    line = await served.line()
    line.send("PUT", "/v1/lock/passphrase", body={"new": RIGHT})
    await until(lambda: bool(harness.vault.saves))
    line.close()
    await until(lambda: served.service.connections == 0)
    harness.vault.gate.set()
    await until(lambda: harness.rack.lock.has_passphrase)
    harness.rack.lock.lock(by_hand=True)
    assert (await served.ask("POST", "/v1/unlock", body={"passphrase": RIGHT})).content == OPEN


class TestAgent:
    """The same routes of an agent, which has no window to unlock it."""

    @pytest.fixture
    def running(self) -> Running:
        return "agent"

    @pytest.mark.security("S91")
    async def test_an_agent_without_a_passphrase_refuses_to_lock(self, harness: CoreHarness, served: Served) -> None:
        said = await served.ask("POST", "/v1/lock", body={})
        assert (said.status, said.code) == (403, "refused")
        assert said.content["error"]["happened"] == "No lock passphrase is set."
        assert not harness.rack.lock.locked
        await with_passphrase(harness)
        assert (await served.ask("POST", "/v1/lock", body={})).content == {**LOCKED, "outlives_restart": True}
