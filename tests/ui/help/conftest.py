"""A window with accounts and some activity."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.net.network_errors import Unreachable
from tests.ui.harness import WindowHarness, in_front

WHY = Unreachable("probit.com", "Keyrack connects directly.", detail="ConnectError")


@pytest.fixture
async def harness(qtbot: QtBot, tmp_path: Path) -> AsyncIterator[WindowHarness]:
    made = in_front(qtbot, tmp_path)
    made.active("w1")
    for id, code in (("w1", "signed_in"), ("p1", "signed_in"), ("w1", "token_renewed")):
        made.clock.move(60.0)
        made.account(id).note(code)
    made.clock.move(60.0)
    made.account("p1").note("renewal_failed", why=WHY)
    yield made
    await made.tasks.close()
