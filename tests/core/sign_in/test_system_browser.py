"""The person's browser is started from a list of arguments, on our own address, whatever it then does."""

import asyncio
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.core.sign_in import system_browser
from keyrack.core.sign_in.system_browser import open_browser
from keyrack.oauth.oauth_errors import BrowserMissing

ADDRESS = "http://127.0.0.1:17463/start/an-invented-nonce"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="a script stands in for the browser")


@pytest.fixture(autouse=True)
def no_browser_of_this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("BROWSER", raising=False)
    (tmp_path / "bin").mkdir()
    yield
    for process in system_browser.running:
        process.kill()
        process.wait()
    system_browser.running.clear()


def script(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def writes(path: Path, record: Path) -> str:
    return script(path, f'/usr/bin/printf "%s\\n" "$#" "$@" > {record}.new; /usr/bin/env >> {record}.new; '
                        f"/bin/mv {record}.new {record}")  # fmt: skip


async def record_of(path: Path) -> list[str]:
    async with asyncio.timeout(5):
        while not path.exists():
            await asyncio.sleep(0.01)
    return path.read_text().splitlines()


@pytest.mark.security("S35", "S107")
async def test_the_address_is_one_argument_and_the_environment_is_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes(tmp_path / "bin" / "xdg-open", tmp_path / "record")
    monkeypatch.setenv("AN_INVENTED_SECRET", "not for children")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/invented/bus/of/an/agents/keyring")
    await open_browser(ADDRESS)
    lines = await record_of(tmp_path / "record")
    assert lines[:2] == ["1", ADDRESS]
    assert not any("AN_INVENTED_SECRET" in line or "invented/bus" in line for line in lines)


@pytest.mark.security("S35")
async def test_the_named_browser_comes_first_with_its_own_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = writes(tmp_path / "my browser", tmp_path / "record")
    monkeypatch.setenv("BROWSER", f"'{named}' --new '%s'")
    await open_browser(ADDRESS)
    assert (await record_of(tmp_path / "record"))[:3] == ["2", "--new", ADDRESS]


@pytest.mark.security("S35")
@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "-x",
        "file:///etc/passwd",
        "http://127.0.0.1.evil.example:1/",
        "http://example.org:80/",
        "",
    ],
)
async def test_nothing_but_our_own_listener_is_opened(address: str) -> None:
    with pytest.raises(ValueError, match="only addresses"):
        await open_browser(address)


async def test_a_browser_that_fails_is_followed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", f"/bin/false:/does/not/exist:'odd quote:{tmp_path}")
    writes(tmp_path / "bin" / "firefox", tmp_path / "record")
    await open_browser(ADDRESS)
    assert (await record_of(tmp_path / "record"))[1] == ADDRESS


@pytest.mark.parametrize("named", ["", "/bin/false", "/does/not/exist"])
async def test_no_browser_at_all_is_said_in_words(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", named)
    with pytest.raises(BrowserMissing, match="No browser could be started"):
        await open_browser(ADDRESS)


async def test_a_browser_that_stays_is_a_browser_and_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", script(tmp_path / "stays", f"echo $$ > {tmp_path}/pid; exec /bin/sleep 30"))
    began = time.monotonic()
    await open_browser(ADDRESS, tries_seconds=0.2)
    assert time.monotonic() - began < 3
    assert [process.poll() for process in system_browser.running] == [None]


async def test_waiting_for_the_browser_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", script(tmp_path / "stays", "exec /bin/sleep 0.3"))
    opening = asyncio.create_task(open_browser(ADDRESS))
    await asyncio.sleep(0.1)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
