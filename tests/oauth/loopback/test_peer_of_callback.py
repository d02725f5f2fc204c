"""Whose browser may bring the answer."""

import pytest

from keyrack.oauth.loopback.redirects import Redirects
from tests.oauth.listener_harness import ListenerHarness, open_door
from tests.oauth.loopback.other_programs import as_other_user, as_root, linux
from tests.raw_http import get

pytestmark = [linux, as_root, pytest.mark.security("S23")]


async def test_another_users_browser_is_refused_c1_35(door: ListenerHarness) -> None:
    start = door.waiting.start_address().removeprefix(door.waiting.origin)

    assert (await as_other_user(door.port, door.genuine())).startswith(b"HTTP/1.1 403")
    assert (await as_other_user(door.port, get(start, door.host))).startswith(b"HTTP/1.1 403")
    assert (await door.send(get(start, door.host))).status == 303
    await door.still_waits()


@linux
async def test_the_check_can_be_relaxed_for_a_sandboxed_browser() -> None:
    redirects = Redirects(check_peer=False)
    door = await open_door(redirects)

    assert (await as_other_user(door.port, door.genuine())).startswith(b"HTTP/1.1 303")
    await redirects.close()
