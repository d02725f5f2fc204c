"""`keyrack updates check`, as a person types it, against a server with a certificate."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.core.updates.published import HOST, PATH, Desk, Publisher, desk_in
from tests.manual.conftest import Home
from tests.net.tls_server import answer, serving


@pytest.fixture
def home() -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="kr") as name:
        yield Home(Path(name))


@pytest.fixture
def desk(home: Home) -> Desk:
    """The command has the computer's own clock, and trusts the desk's authority by the variable of OpenSSL."""
    made = desk_in(home.folder)
    home.env["SSL_CERT_FILE"] = str(made.authority.file)
    return replace(made, publisher=Publisher(datetime.now(UTC)))


async def updates(home: Home, *words: str) -> tuple[int, str, str]:
    done = await asyncio.to_thread(home.keyrack, "updates", *words)
    return done.returncode, done.stdout, done.stderr


async def name_list(home: Home, desk: Desk, address: str) -> None:
    for name, value in (("updates_address", address), ("updates_key", desk.publisher.public)):
        assert (await asyncio.to_thread(home.keyrack, "settings", "set", name, value)).returncode == 0


async def test_nothing_is_published_yet(home: Home) -> None:
    code, out, err = await updates(home, "check")
    assert (code, out) == (1, "")
    assert err.startswith("No release list is published yet. Nobody was asked, and nothing was sent.")
    assert not (home.folder / "state/keyrack").exists()


async def test_a_newer_version_is_named_with_its_command(home: Home, desk: Desk) -> None:
    async with serving(answer(body=desk.publisher.list()), desk.authority.server(HOST)) as server:
        await name_list(home, desk, server.url(PATH, HOST))
        code, out, err = await updates(home, "check")
        assert (code, err) == (0, "")
        assert out.startswith("Keyrack 0.2.0 came out on 2026-12-01. This one is 0.1.0. An invented change.\n")
        assert "git -C" in out

        told = json.loads((await updates(home, "check", "--json"))[1])
        assert told["newer"] == [
            {"version": "0.2.0", "date": "2026-12-01", "security": False, "note": "An invented change."}
        ]
        assert (told["running"], told["installed_by"], told["list"]["number"]) == ("0.1.0", "sources", 1)
        assert server.connections == 2
        assert "0.1.0" not in server.received.decode()


async def test_a_list_that_is_not_believed_ends_as_a_provider_that_is_down(home: Home, desk: Desk) -> None:
    async with serving(answer(body=desk.publisher.text()), desk.authority.server(HOST)) as server:
        await name_list(home, desk, server.url(PATH, HOST))
        code, out, err = await updates(home, "check", "--json")
    assert (code, out) == (6, "")
    assert err.startswith("The release list is not signed.")


async def test_no_answer_and_a_host_that_nobody_trusts(home: Home, desk: Desk) -> None:
    async with serving(answer(body=desk.publisher.list()), desk.authority.server("other.example")) as server:
        await name_list(home, desk, server.url(PATH, HOST))
        code, _, err = await updates(home, "check")
        assert (code, server.received) == (6, b"")
        assert err.startswith("localhost could not prove who it is.")
    code, _, err = await updates(home, "check")
    assert (code, err.partition(".")[0]) == (6, "localhost cannot be reached")


async def test_the_words_are_checked(home: Home) -> None:
    assert (await updates(home, "check", "more"))[0] == 2
    assert (await updates(home, "look"))[0] == 2
    code, out, err = await updates(home, "--json")
    assert (code, out) == (2, "")
    assert err.startswith("The word “check” is missing.\nUsage: keyrack updates check")
    assert (await updates(home))[1].startswith("Usage: keyrack updates check [--json]\n")
    assert (await updates(home, "check", "--help"))[0] == 0


def test_qt_is_not_loaded_and_the_sandbox_looks_for_none(home: Home) -> None:
    main = "import sys; from keyrack.__main__ import main as go; sys.exit(go() + 90 * ('PySide6' in sys.modules))"
    command = [sys.executable, "-c", main, "--sandbox", "updates", "check"]
    done = subprocess.run(command, env={**os.environ, **home.env}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "The sandbox looks for no updates. Ask without --sandbox.\n")
