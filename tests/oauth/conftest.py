"""Redirect listeners for the tests of this room. They may leave nothing behind, and no secret in the log."""

import asyncio
import logging
from collections.abc import AsyncGenerator

import pytest

from keyrack.oauth.loopback.redirects import Redirects
from tests.oauth.listener_harness import CODE, ListenerHarness, open_listener
from tests.until import until


@pytest.fixture
async def redirects(caplog: pytest.LogCaptureFixture) -> AsyncGenerator[Redirects]:
    caplog.set_level(logging.DEBUG)
    made = Redirects()
    before = asyncio.all_tasks()
    yield made
    await made.close()
    await until(lambda: not asyncio.all_tasks() - before - {asyncio.current_task()})
    assert CODE not in caplog.text
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.fixture
async def listener(redirects: Redirects, caplog: pytest.LogCaptureFixture) -> AsyncGenerator[ListenerHarness]:
    opened = await open_listener(redirects)
    yield opened
    assert opened.state not in caplog.text
