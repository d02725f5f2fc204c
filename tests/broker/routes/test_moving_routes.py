"""Exports and imports over the socket."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.broker.conftest import Served
from tests.until import until

PASSPHRASE = "seven invented words for a test"


@pytest.mark.security("S69", "S92")
async def test_an_export_is_recorded_for_each_account_and_answers_no_secret(served: Served, tmp_path: Path) -> None:
    account = await served.harness.signed_in("whitebit")
    served.harness.rack.access.choose(account, "allow")
    name, file = account.settings.name, str(tmp_path / "f")
    told = await served.ask("POST", "/v1/export", body={"file": file, "passphrase": PASSPHRASE})
    assert told.content == {
        "version": 1,
        "accounts": [name],
        "sign_in_again": [name],
        "handed_over": [],
        "not_ended": {},
        "lock_passphrase": False,
    }
    releases = (served.harness.paths.state / "releases.jsonl").read_text().splitlines()
    assert [json.loads(line)["account"] for line in releases] == [name]
    assert "exported" in [line.notice.code for line in account.activity.lines()]
    again = await served.ask("POST", "/v1/import", body={"file": file, "passphrase": PASSPHRASE})
    assert again.content["done"] == [f"{name} is here already and was left as it is."]
    sealed = await served.ask("POST", "/v1/import", body={"file": file, "dry_run": True})
    assert sealed.content == {
        "version": 1,
        "sealed": True,
        "new": [],
        "here": [],
        "provider_files": [],
        "done": [],
        "failed": 0,
    }


@pytest.mark.security("S90", "S92")
async def test_an_account_that_refuses_programs_refuses_an_export(served: Served, tmp_path: Path) -> None:
    allowed = await served.harness.add("probit", "client_credentials")
    served.harness.rack.access.choose(allowed, "allow")
    refusing = await served.harness.signed_in("whitebit")
    served.harness.rack.access.choose(refusing, "off")
    told = await served.ask("POST", "/v1/export", body={"file": str(tmp_path / "f"), "passphrase": PASSPHRASE})
    assert (told.status, told.code) == (403, "refused")
    assert not (tmp_path / "f").exists()
    names, file = [allowed.settings.name], str(tmp_path / "g")
    told = await served.ask("POST", "/v1/export", body={"file": file, "passphrase": PASSPHRASE, "accounts": names})
    assert told.content["accounts"] == names


@pytest.mark.security("S90")
async def test_an_account_that_asks_is_exported_when_the_person_allows_it(served: Served, tmp_path: Path) -> None:
    account = await served.harness.signed_in("whitebit")
    access = served.harness.rack.access
    access.choose(account, "ask")
    access.asking.add_respondent()
    body = {"file": str(tmp_path / "f"), "passphrase": PASSPHRASE}
    wanted = asyncio.ensure_future(served.ask("POST", "/v1/export", body=body))
    await until(lambda: len(access.asking.pending) == 1)
    assert not (tmp_path / "f").exists()
    access.asking.answer(access.asking.pending[0], "once")
    assert (await wanted).content["accounts"] == [account.settings.name]
    assert (tmp_path / "f").exists()


@pytest.mark.security("S91")
async def test_while_locked_nothing_goes_out_or_in(served: Served, tmp_path: Path) -> None:
    await served.harness.add("probit", "client_credentials")
    served.harness.rack.lock.lock(by_hand=False)
    for path in ("/v1/export", "/v1/import"):
        told = await served.ask("POST", path, body={"file": str(tmp_path / "f"), "passphrase": PASSPHRASE})
        assert (told.status, told.code) == (403, "locked")
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("export", {"file": "relative", "passphrase": PASSPHRASE}, 400),
        ("export", {"file": "~nobody-here/f", "passphrase": PASSPHRASE}, 400),
        ("export", {"file": "/nowhere/f", "accounts": "all"}, 400),
        ("export", {"file": "/nowhere/f", "accounts": [1]}, 400),
        ("export", {"file": "/nowhere/f", "accounts": ["Nobody"]}, 404),
        ("export", {"file": "/nowhere/f", "accounts": []}, 400),
        ("export", {"file": "/nowhere/f", "passphrase": "short"}, 400),
        ("export", {"file": "/nowhere/f", "nonsense": 1}, 400),
        ("export", {"file": 1}, 400),
        ("import", {"file": "/nowhere/at/all"}, 400),
        ("import", {"file": "/dev/zero"}, 400),
        ("import", {}, 400),
    ],
    ids=str,
)
async def test_a_mistake_is_a_sentence(served: Served, path: str, body: dict[str, object], status: int) -> None:
    await served.harness.add("probit", "client_credentials")
    told = await served.ask("POST", f"/v1/{path}", body=body)
    assert (told.status, bool(told.content["error"]["happened"])) == (status, True)
    assert not Path("/nowhere/f").exists()
