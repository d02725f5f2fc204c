"""A browser that sends too much gets a page that says so, and the sign-in waits for the answer all the same."""

import pytest

from keyrack.oauth.loopback.deadlines import Deadlines
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.primitives.secret import Secret
from tests.oauth.listener_harness import NAVIGATION, ListenerHarness, open_listener
from tests.raw_http import get

_STILL_WAITS = b"still waits"


@pytest.mark.parametrize(
    "headers",
    [
        [f"Cookie: session={'c' * 17 * 1024}"],
        [f"Cookie: {n}={'c' * 4000}" for n in range(15)],
        [f"X-Header-{n}: 1" for n in range(200)],
    ],
    ids=["17 KiB of cookies", "60 KiB of cookies", "200 header lines"],
)
async def test_the_cookies_of_other_local_programs_do_no_harm(headers: list[str], listener: ListenerHarness) -> None:
    assert (await listener.send(listener.genuine(*NAVIGATION, *headers))).status == 303


async def test_a_long_code_among_many_parameters_is_taken(listener: ListenerHarness) -> None:
    code = "c" * 8192
    extra = "&".join(f"p{n}=1" for n in range(200))
    target = f"{listener.path}?{extra}&code={code}&state={listener.state}"

    assert (await listener.send(get(target, listener.host, *NAVIGATION))).status == 303
    assert (await listener.pending.code()).reveal() == code


@pytest.mark.security("S9", "S17", "S19")
@pytest.mark.parametrize(
    ("status", "size", "says"),
    [
        (431, 66_000, b"many cookies"),
        (431, 300_000, b"private window"),
        (431, 3_000_000, b"paste it in Keyrack"),
    ],
)
async def test_more_cookies_than_are_read_are_named_on_the_page(
    status: int, size: int, says: bytes, listener: ListenerHarness
) -> None:
    reply = await listener.send(listener.genuine(*NAVIGATION, f"Cookie: session={'c' * size}"))

    assert reply.status == status
    assert says in reply.body
    assert _STILL_WAITS in reply.body
    assert b"No sign-in is waiting" not in reply.body
    await listener.still_waits()


@pytest.mark.security("S9", "S17")
async def test_an_address_that_is_too_long_is_named_and_can_be_pasted(listener: ListenerHarness) -> None:
    padding = "&".join(f"p{n}={'x' * 900}" for n in range(20))
    target = f"{listener.path}?code=c&state={listener.state}&{padding}"
    reply = await listener.send(get(target, listener.host, *NAVIGATION))

    assert reply.status == 414
    assert b"The address is too long" in reply.body
    assert _STILL_WAITS in reply.body
    listener.pending.paste(f"http://{listener.host}{target}")
    assert await listener.pending.code() == Secret("c")


@pytest.mark.security("S9")
@pytest.mark.parametrize(
    "request_of",
    [
        lambda listener: listener.genuine("nonsense"),
        lambda listener: get(f"{listener.path}?code=a&code=b&state={listener.state}", listener.host),
        lambda listener: get(f"{listener.path}?code={'c' * 8193}&state={listener.state}", listener.host),
        lambda listener: get(f"{listener.path}?code=c&state=of-an-earlier-sign-in", listener.host),
    ],
    ids=["a header without a colon", "two codes", "a code that is too long", "another state"],
)
async def test_no_page_says_that_nothing_waits_while_something_does(
    request_of: object, listener: ListenerHarness
) -> None:
    assert callable(request_of)
    reply = await listener.send(request_of(listener))

    assert reply.status == 400
    assert _STILL_WAITS in reply.body
    await listener.still_waits()


async def test_after_the_answer_no_page_says_that_something_waits() -> None:
    redirects = Redirects(deadlines=Deadlines(linger=5.0))
    listener = await open_listener(redirects)
    await listener.send(listener.genuine())

    reply = await listener.send(listener.genuine(f"Cookie: {'c' * 66_000}"))

    assert reply.status == 431
    assert _STILL_WAITS not in reply.body
    await redirects.close()
