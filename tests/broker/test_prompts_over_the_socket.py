"""A program asks at the real socket, the person answers, and the audit keeps which program got what."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from keyrack.core.access.prompts import Question
from keyrack.core.accounts.account import Account
from tests.broker.conftest import Served
from tests.until import until

pytestmark = [
    pytest.mark.security("S92"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the /proc that is read"),
]
PYTHON = os.path.realpath(sys.executable)
# What a person writes who reads the interface: the standard library and a path.
BOT = """
import http.client, json, os, socket
class Local(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(os.environ["PLACE"])
local = Local("keyrack")
local.request("GET", os.environ["ASK"])
answer = json.load(local.getresponse())
print(answer.get("access_token") or answer["error"]["code"])
"""
STARTS = """
import os, subprocess, sys
sys.exit(subprocess.run([os.environ["OURS"], "-I", "-m", "keyrack", "token", os.environ["NAME"]]).returncode)
"""
Starts = Callable[..., Awaitable[Process]]


@pytest.fixture
async def account(served: Served) -> Account:
    return await served.harness.signed_in("probit", "client_credentials")


@pytest.fixture
async def starts(served: Served, account: Account, tmp_path: Path) -> AsyncIterator[Starts]:
    """Start a script of the test's folder."""
    (tmp_path / "bot.py").write_text(BOT)
    (tmp_path / "starts.py").write_text(STARTS)
    given = {"PLACE": str(served.path), "ASK": f"/v1/accounts/{account.settings.name}/token", "OURS": sys.executable}
    given |= {"NAME": account.settings.name, "XDG_RUNTIME_DIR": str(served.path.parent.parent)}
    begun: list[Process] = []

    async def start(script: str) -> Process:
        process = await asyncio.create_subprocess_exec(
            "python3", script, executable=PYTHON, cwd=tmp_path, env={**os.environ, **given}, stdout=PIPE, stderr=PIPE
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def question(served: Served) -> Question:
    asking = served.harness.rack.access.asking
    await until(lambda: bool(asking.pending), 10)
    return asking.pending[0]


async def printed(process: Process) -> str:
    out, _ = await process.communicate()
    return out.decode().strip()


async def test_the_person_is_asked_once_and_always_is_kept(
    served: Served, account: Account, starts: Starts, tmp_path: Path
) -> None:
    rack = served.harness.rack
    rack.access.asking.add_respondent()
    first = await starts("bot.py")
    asked = await question(served)
    assert (asked.program.pid, asked.program.key) == (first.pid, f"{PYTHON} {tmp_path}/bot.py")
    assert asked.account is account
    rack.access.asking.answer(asked, "always")
    token = await printed(first)
    second = await starts("bot.py")
    assert await printed(second) == token
    text = (served.harness.paths.state / "releases.jsonl").read_text()
    assert [(line["pid"], line["granted"]) for line in map(json.loads, text.splitlines())] == [
        (first.pid, True),
        (second.pid, True),
    ]
    await until(lambda: "pid" in account.activity.lines()[0].about)
    kept = text + repr(account.activity.lines()) + (served.harness.paths.config / "accounts.json").read_text()
    assert len(token) > 10
    assert token not in kept


async def test_the_command_asks_in_the_name_of_the_script_that_runs_it(
    served: Served, starts: Starts, tmp_path: Path
) -> None:
    served.harness.rack.access.asking.add_respondent()
    process = await starts("starts.py")
    asked = await question(served)
    assert (asked.program.pid, asked.program.script) == (process.pid, str(tmp_path / "starts.py"))
    assert asked.program.lasting
    served.harness.rack.access.asking.answer(asked, "no")
    out, told = await process.communicate()
    assert (process.returncode, out) == (8, b"")
    assert b"no" in told


async def test_where_nobody_can_be_asked_the_program_is_refused(
    served: Served, account: Account, starts: Starts
) -> None:
    assert await printed(await starts("bot.py")) == "refused"
    account.configure(replace(account.settings, scripts="allow"))
    assert len(await printed(await starts("bot.py"))) > 10


async def test_a_program_that_ends_takes_its_question_with_it(served: Served, starts: Starts) -> None:
    asking = served.harness.rack.access.asking
    asking.add_respondent()
    process = await starts("bot.py")
    await question(served)
    process.kill()
    await until(lambda: asking.pending == ())
    assert not (served.harness.paths.state / "releases.jsonl").exists()
