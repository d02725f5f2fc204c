"""After every hostile request the sign-in still waits and the genuine callback succeeds."""

import re

import pytest

from tests.oauth.listener_harness import CODE, ListenerHarness
from tests.oauth.loopback.hostile import HOSTILE, Hostile

_SAFE_HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "connection": "close",
}


def _case(hostile: Hostile) -> object:
    name = re.sub(r"[^A-Za-z0-9.,:+/ -]", "_", hostile.name)
    return pytest.param(hostile, id=f"C1.{hostile.number} {name}", marks=pytest.mark.security("S9", *hostile.shows))


@pytest.mark.security("S11", "S19")
@pytest.mark.parametrize("hostile", [_case(hostile) for hostile in HOSTILE])
async def test_a_hostile_request_changes_nothing(hostile: Hostile, listener: ListenerHarness) -> None:
    reply = await listener.send(hostile.data(listener))

    assert reply.status in hostile.expected
    assert reply.seconds < 2.5
    assert CODE.encode() not in reply.raw
    assert listener.state.encode() not in reply.raw
    assert b"evil" not in reply.raw
    if reply.status:
        assert reply.headers.items() >= _SAFE_HEADERS.items()
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert not {"server", "date", "location", "set-cookie"} & reply.headers.keys()
        assert not [name for name in reply.headers if name.startswith("access-control-")]
        assert int(reply.headers["content-length"]) > 0
        assert b"<script" not in reply.body
    await listener.still_waits()


async def test_the_list_is_complete() -> None:
    """Numbers that need more than one request have tests of their own in the neighbouring files."""
    elsewhere = {3, 4, 6, 7, 29, 30, 32, 33, 34, 35, 36}

    assert {hostile.number for hostile in HOSTILE} | elsewhere == set(range(1, 39))


@pytest.mark.security("S15")
async def test_head_brings_no_body_and_takes_no_code(listener: ListenerHarness) -> None:
    reply = await listener.send(listener.genuine().replace(b"GET", b"HEAD", 1))

    assert (reply.status, reply.body) == (405, b"")
    await listener.still_waits()


@pytest.mark.security("S15")
async def test_the_address_that_was_prefetched_succeeds_by_navigation(listener: ListenerHarness) -> None:
    prefetched = await listener.send(listener.genuine("Sec-Purpose: prefetch", "Sec-Fetch-Mode: navigate"))

    assert prefetched.status == 503
    await listener.still_waits()
