"""An async generator that was left early is closed by the window's loop, which qasync alone does not do."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from keyrack.app import closing_generators


async def _numbers(closed: asyncio.Event) -> AsyncGenerator[int]:
    try:
        yield 1
        yield 2
    finally:
        await asyncio.sleep(0)
        closed.set()


async def _left_early() -> bool:
    closed = asyncio.Event()
    async for _ in _numbers(closed):
        break
    async with asyncio.timeout(60):
        return await closed.wait()


@pytest.mark.usefixtures("qapp")
def test_a_generator_that_was_left_early_is_closed() -> None:
    loop = qasync.QEventLoop(QApplication.instance())
    with loop, closing_generators(loop):
        assert loop.run_until_complete(_left_early())
