"""Who may share over the socket: the lock passphrase, the account's setting for programs, and what is recorded."""

import asyncio
import json
from itertools import count

import pytest

from keyrack.primitives.secret import Secret
from tests.broker.conftest import Served
from tests.core.group.conftest import Hosts, address, host, prefix
from tests.core.shared_store.conftest import etcd
from tests.etcd_cluster import EtcdCluster
from tests.until import until

__all__ = ["address", "etcd", "host", "prefix"]

PASSPHRASE = "an invented passphrase"
_number = count(1)
Body = dict[str, object]


@pytest.fixture
def door(etcd: EtcdCluster) -> Body:
    """What a program sends to reach the etcd."""
    return {"members": list(etcd.addresses), "group": f"socket{next(_number)}", "host": "desk-1"}


def recorded(served: Served) -> list[tuple[str, bool]]:
    """The account of each release and each refusal that was recorded."""
    path = served.harness.paths.state / "releases.jsonl"
    lines = map(json.loads, path.read_text().splitlines()) if path.exists() else ()
    return [(line["account"], line["granted"]) for line in lines]


@pytest.mark.security("S90")
async def test_whatever_lets_a_host_in_or_shares_needs_the_lock_passphrase(
    served: Served, door: Body, host: Hosts
) -> None:
    """A program could make a group of its own otherwise, and have an account in it that gives no program its token."""
    account = await served.allowed()
    foreign = host("desk-2")
    await foreign.membership.create(foreign.door)
    code = (await foreign.entrances.invite()).code.text.reveal()
    theirs = {**door, "group": foreign.door.group, "code": code}
    await served.harness.rack.lock.set_passphrase(None, Secret(PASSPHRASE))
    several = served.harness.rack.parts.several_hosts

    async def refused(path: str, body: Body) -> None:
        missing = await served.ask("POST", path, body=body)
        assert (missing.status, missing.code) == (400, "usage"), path
        assert "passphrase" in missing.content["error"]["happened"]
        wrong = await served.ask("POST", path, body={**body, "lock_passphrase": "another"})
        assert (wrong.status, wrong.code) == (403, "refused"), path
        served.harness.clock.move(3_600)

    await refused("/v1/share/group", door)
    await refused("/v1/share/joining", theirs)
    assert not several.in_group
    assert (await foreign.entrances.look("", 0)).step == "waiting"

    made = await served.ask("POST", "/v1/share/group", body={**door, "lock_passphrase": PASSPHRASE})
    assert made.status == 200
    await refused(f"/v1/accounts/{account.settings.name}/share", {})
    await refused("/v1/share/invitation", {})
    await refused("/v1/share/invitation/answer", {"let_in": True})
    await refused("/v1/share/key", {})
    assert recorded(served) == []
    assert not account.settings.group
    held = await served.ask("GET", "/v1/share/group")
    assert (held.content["key_number"], held.content["shared"]) == (1, [])


@pytest.mark.security("S90", "S92")
async def test_an_account_that_refuses_programs_is_shared_by_none(served: Served, door: Body) -> None:
    account = await served.harness.signed_in("whitebit")
    name = account.settings.name
    served.harness.rack.access.choose(account, "off")
    assert (await served.ask("POST", "/v1/share/group", body=door)).status == 200
    told = await served.ask("POST", f"/v1/accounts/{name}/share")
    assert (told.status, told.code) == (403, "refused")
    assert not account.settings.group
    assert recorded(served) == [(name, False)]


@pytest.mark.security("S92")
async def test_an_account_is_shared_and_recorded_when_the_person_allows_it(served: Served, door: Body) -> None:
    account = await served.harness.signed_in("whitebit")
    name, access = account.settings.name, served.harness.rack.access
    access.choose(account, "ask")
    access.asking.add_respondent()
    assert (await served.ask("POST", "/v1/share/group", body=door)).status == 200
    wanted = asyncio.ensure_future(served.ask("POST", f"/v1/accounts/{name}/share"))
    await until(lambda: len(access.asking.pending) == 1)
    assert (await served.ask("GET", "/v1/share/group")).content["shared"] == []
    access.asking.answer(access.asking.pending[0], "once")
    assert (await wanted).status == 200
    assert (await served.ask("GET", "/v1/share/group")).content["shared"] == [name]
    assert recorded(served) == [(name, True)]


@pytest.mark.security("S90")
async def test_a_host_is_let_in_to_no_account_that_refuses_programs_by_now(served: Served, door: Body) -> None:
    account = await served.allowed()
    await served.ask("POST", "/v1/share/group", body=door)
    assert (await served.ask("POST", f"/v1/accounts/{account.settings.name}/share")).status == 200
    assert (await served.ask("POST", "/v1/share/invitation")).status == 200
    served.harness.rack.access.choose(account, "off")
    told = await served.ask("POST", "/v1/share/invitation/answer", body={"let_in": True})
    assert (told.status, told.code) == (403, "refused")
