"""The accounts file is never half written and never silently reset."""

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.accounts_file import (
    AccountsFile,
    AccountsFileCorrupt,
    AccountsFileFailure,
    AccountsFileNewer,
    AccountsFileUnreadable,
)
from tests.checkout import FROM_SOURCE

ONE = Settings("a1", "My ProBit ∂", "probit", "global", "client_credentials", "id-1", identity="m***")
TWO = Settings("b2", "Bitport", "bitport", "eu", "authorization_code", "id-2", "http://127.0.0.1:17463/cb/bitport")
BOTH = [ONE, replace(TWO, test=True)]


def file(tmp_path: Path) -> AccountsFile:
    return AccountsFile(tmp_path / "config")


def raw(tmp_path: Path, data: bytes) -> AccountsFile:
    found = file(tmp_path)
    found.path.parent.mkdir(exist_ok=True)
    found.path.write_bytes(data)
    return found


def saved(tmp_path: Path, accounts: list[Settings]) -> AccountsFile:
    found = file(tmp_path)
    found.load()
    found.save(accounts)
    return found


def test_the_accounts_come_back_in_their_order(tmp_path: Path) -> None:
    assert file(tmp_path).load() == []
    saved(tmp_path, BOTH)
    assert file(tmp_path).load() == BOTH


@pytest.mark.security("S92")
def test_what_scripts_may_do_comes_back_and_a_file_from_before_has_them_ask(tmp_path: Path) -> None:
    program = "/usr/bin/python3.11 '/srv/my bots/bot.py'"
    path = saved(tmp_path, [replace(ONE, scripts="allow", programs=(program, "/opt/trader")), TWO]).path
    assert file(tmp_path).load()[0] == replace(ONE, scripts="allow", programs=(program, "/opt/trader"))
    whole = json.loads(path.read_text())
    for account in whole["accounts"]:
        del account["scripts"], account["programs"]
    assert raw(tmp_path, json.dumps(whole).encode()).load() == [ONE, TWO]
    assert (ONE.scripts, ONE.programs) == ("ask", ())


@pytest.mark.security("S67")
def test_the_file_is_private(tmp_path: Path) -> None:
    path = saved(tmp_path, BOTH).path
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.security("S67")
@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b"[]", b"{}", b"[" * 100_000, b'{"schema":1}', b'{"schema":1,"accounts":{}}', b"null"],
    ids=repr,
)
def test_a_damaged_file_is_kept_aside_and_reported(tmp_path: Path, data: bytes) -> None:
    found = raw(tmp_path, data)
    with pytest.raises(AccountsFileCorrupt) as told:
        found.load()
    assert told.value.accounts == []
    assert told.value.aside.read_bytes() == data
    assert ".bad-" in told.value.aside.name
    assert str(told.value.aside) in told.value.means
    assert not found.path.exists()
    found.save(BOTH)
    assert file(tmp_path).load() == BOTH


@pytest.mark.security("S67")
def test_what_could_be_read_of_a_damaged_file_is_kept(tmp_path: Path) -> None:
    path = saved(tmp_path, BOTH).path
    whole = json.loads(path.read_text())
    entries = [{"id": "../x"}, whole["accounts"][0], {**whole["accounts"][1], "flow": "magic"}, whole["accounts"][0]]
    found = raw(tmp_path, json.dumps({**whole, "accounts": entries}).encode())
    with pytest.raises(AccountsFileCorrupt) as told:
        found.load()
    assert told.value.accounts == [ONE]
    assert "account 3" in told.value.detail
    assert "magic" in told.value.aside.read_text()


@pytest.mark.security("S68")
def test_a_newer_file_is_left_untouched(tmp_path: Path) -> None:
    data = b'{"schema":2,"accounts":[]}'
    found = raw(tmp_path, data)
    with pytest.raises(AccountsFileNewer):
        found.load()
    with pytest.raises(AccountsFileFailure):
        found.save(BOTH)
    assert found.path.read_bytes() == data


@pytest.mark.security("S61", "S67")
def test_nothing_is_saved_over_a_file_that_was_not_read(tmp_path: Path) -> None:
    path = saved(tmp_path, BOTH).path
    with pytest.raises(AccountsFileFailure):
        file(tmp_path).save([])
    assert len(json.loads(path.read_text())["accounts"]) == 2


def test_a_file_that_cannot_be_read_is_told_and_not_written_over(tmp_path: Path) -> None:
    found = file(tmp_path)
    found.path.mkdir(parents=True)  # a folder in its place: also root cannot read it
    with pytest.raises(AccountsFileUnreadable):
        found.load()
    with pytest.raises(AccountsFileFailure):
        found.save(BOTH)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
@pytest.mark.security("S67")
def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        found = saved(disk, BOTH)
        (disk / "filler").write_bytes(b"x" * 16_384)
        many = [replace(ONE, id=f"a{n}", name="n" * 500) for n in range(200)]
        with pytest.raises(AccountsFileUnreadable, match="could not be saved"):
            found.save(many)
        assert AccountsFile(disk / "config").load() == BOTH
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.security("S67")
def test_killed_while_saving_the_file_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    writer = f"""
        import itertools
        from pathlib import Path
        from keyrack.core.accounts.account import Settings
        from keyrack.core.accounts.accounts_file import AccountsFile
        found = AccountsFile(Path({str(tmp_path / "config")!r}))
        found.load()
        for n in itertools.count(1):
            found.save([Settings(f"a{{i}}", str(n), "probit", "global", "client_credentials", "x") for i in range(200)])
            print(n, flush=True)
    """
    env = {**os.environ, **FROM_SOURCE}
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(writer)], env=env, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
        process.wait()
        process.stdout.close()
        accounts = file(tmp_path).load()
        assert len(accounts) == 200
        assert len({account.name for account in accounts}) == 1


@pytest.mark.security("S66")
def test_there_is_no_place_for_a_secret(tmp_path: Path) -> None:
    text = saved(tmp_path, BOTH).path.read_text()
    assert "secret" not in text
    assert "token" not in text


def linked(tmp_path: Path, target: Path) -> AccountsFile:
    found = file(tmp_path)
    found.path.parent.mkdir()
    found.path.symlink_to(target)
    return found


@pytest.mark.parametrize("steps", [1, 2])
def test_a_link_stays_one_and_its_file_is_written(tmp_path: Path, steps: int) -> None:
    """Report 23, as with a folder of configuration files under version control."""
    kept = tmp_path / "dotfiles"
    kept.mkdir(mode=0o755)
    target = saved(tmp_path / "before", [ONE]).path.rename(kept / "accounts.json")
    if steps == 2:
        (tmp_path / "hop").symlink_to(target)
    found = linked(tmp_path, target if steps == 1 else tmp_path / "hop")
    assert found.load() == [ONE]
    found.save(BOTH)
    assert found.path.is_symlink()
    assert json.loads(target.read_text())["accounts"][1]["name"] == TWO.name
    assert [path.name for path in kept.iterdir()] == ["accounts.json"]
    assert kept.stat().st_mode & 0o777 == 0o755, "that folder's rights are the person's"
    target.write_bytes(b"{")
    with pytest.raises(AccountsFileCorrupt) as why:
        found.load()
    assert (why.value.aside.parent, why.value.aside.read_bytes()) == (kept, b"{")
    found.save([TWO])
    assert found.path.is_symlink()
    assert file(tmp_path).load() == [TWO]


def test_a_link_to_what_is_away_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    target = tmp_path / "mounted" / "accounts.json"
    found = linked(tmp_path, target)
    with pytest.raises(AccountsFileUnreadable, match="is a link to") as why:
        found.load()
    assert str(target) in why.value.happened
    with pytest.raises(AccountsFileUnreadable, match="is a link to"):
        found.peek()
    target.parent.mkdir()
    target.write_bytes(saved(tmp_path / "before", [ONE]).path.read_bytes())
    with pytest.raises(AccountsFileFailure):
        found.save([TWO])
    assert file(tmp_path).load() == [ONE], "it came back and lost nothing"


def test_a_link_to_itself_or_into_a_missing_folder_is_told(tmp_path: Path) -> None:
    for target in ("accounts.json", "missing/accounts.json"):
        found = file(tmp_path)
        found.load()
        found.path.parent.mkdir(exist_ok=True)
        found.path.symlink_to(target)
        with pytest.raises(AccountsFileUnreadable):
            found.save([ONE])
        assert found.path.is_symlink()
        found.path.unlink()
