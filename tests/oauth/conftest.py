"""Redirect listeners for the tests of this room; afterwards nothing of them may be left, nor anything secret in the log."""

import asyncio
import logging
from collections.abc import AsyncGenerator

import pytest

from keyrack.oauth.loopback import Redirects
from tests.oauth.door import CODE, Door, open_door


@pytest.fixture
async def redirects(caplog: pytest.LogCaptureFixture) -> AsyncGenerator[Redirects]:
    caplog.set_level(logging.DEBUG)
    made = Redirects()
    before = asyncio.all_tasks()
    yield made
    await made.close()
    async with asyncio.timeout(2):
        while asyncio.all_tasks() - before - {asyncio.current_task()}:
            await asyncio.sleep(0)
    assert CODE not in caplog.text
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.fixture
async def door(redirects: Redirects, caplog: pytest.LogCaptureFixture) -> AsyncGenerator[Door]:
    opened = await open_door(redirects)
    yield opened
    assert opened.state not in caplog.text
