"""Which user's browser may bring the response."""

import pytest

from keyrack.oauth.loopback.redirects import Redirects
from tests.oauth.listener_harness import ListenerHarness, open_listener
from tests.oauth.loopback.other_programs import as_other_user, as_root, linux
from tests.raw_http import get

pytestmark = [linux, as_root, pytest.mark.security("S23")]


async def test_another_users_browser_is_refused_c1_35(listener: ListenerHarness) -> None:
    start = listener.pending.start_address().removeprefix(listener.pending.origin)

    assert (await as_other_user(listener.port, listener.genuine())).startswith(b"HTTP/1.1 403")
    assert (await as_other_user(listener.port, get(start, listener.host))).startswith(b"HTTP/1.1 403")
    assert (await listener.send(get(start, listener.host))).status == 303
    await listener.still_waits()


@linux
async def test_the_check_can_be_relaxed_for_a_sandboxed_browser() -> None:
    redirects = Redirects(check_peer=False)
    listener = await open_listener(redirects)

    assert (await as_other_user(listener.port, listener.genuine())).startswith(b"HTTP/1.1 303")
    await redirects.close()
