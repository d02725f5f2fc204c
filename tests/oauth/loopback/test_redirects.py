"""When the port is open, and how a sign-in ends before its answer."""

import asyncio

import pytest

from keyrack.oauth.loopback.deadlines import Deadlines
from keyrack.oauth.loopback.outcome import Outcome
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.oauth.oauth_errors import SignInCancelled, SignInExpired
from tests.clock import FakeClock
from tests.free_port import free_port
from tests.oauth.listener_harness import CODE, ListenerHarness, open_listener, request_for
from tests.raw_http import get, is_closed, is_open, parse
from tests.until import until

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.mark.security("S2")
async def test_no_port_is_open_before_and_after(redirects: Redirects) -> None:
    port = free_port()
    assert not await is_open(port)
    pending = await redirects.begin(request_for(f"http://127.0.0.1:{port}/cb/alpha"))
    assert await is_open(port)
    await pending.close()
    assert not await is_open(port)
    again = await redirects.begin(request_for(f"http://127.0.0.1:{port}/cb/alpha"))
    assert await is_open(port)
    await redirects.close()
    assert not await is_open(port)
    assert not again.open


@pytest.mark.security("S24", "S2")
async def test_the_window_ends_the_sign_in(redirects: Redirects) -> None:
    reserved = redirects.reserve("http://127.0.0.1:0/cb/alpha")
    pending = await redirects.begin(request_for(reserved.redirect_uri), 0.2, reserved=reserved)
    port = reserved.sockets["127.0.0.1"].getsockname()[1]

    async with asyncio.timeout(1.2):
        with pytest.raises(SignInExpired):
            await pending.code()
    await until(lambda: is_closed(port), 1)
    pending.paste(f"{reserved.redirect_uri}?code={CODE}&state={pending.request.state.reveal()}")
    with pytest.raises(SignInExpired):
        await pending.code()


@pytest.mark.security("S24")
async def test_a_late_callback_is_neutral_even_if_the_machine_slept_through_the_end() -> None:
    clock = FakeClock()
    redirects = Redirects(elapsed=clock.clock.elapsed)
    listener = await open_listener(redirects)
    assert (await listener.send(get("/", listener.host))).status == 404  # it is waiting now
    clock.move(301)

    reply = await listener.send(listener.genuine())

    assert reply.status == 410
    with pytest.raises(SignInExpired):
        await listener.pending.code()
    await redirects.close()


@pytest.mark.security("S24")
@pytest.mark.parametrize(("wished", "state_echo", "expected"), [(None, True, 300), (900, True, 600), (300, False, 120)])
def test_no_window_is_longer_than_allowed(wished: float | None, state_echo: bool, expected: float) -> None:
    request = request_for("http://127.0.0.1:1/cb/alpha", state_echo=state_echo)

    assert Deadlines().window_for(request, wished) == expected


@pytest.mark.security("S25", "S2")
@pytest.mark.parametrize("step", ["before the browser", "waiting", "exchanging", "page waits"])
async def test_cancel_works_at_every_step_within_a_second(step: str, redirects: Redirects) -> None:
    before = asyncio.all_tasks()
    listener = await open_listener(redirects)
    page: Streams | None = None
    if step == "waiting":
        await listener.send(get(listener.pending.start_address().removeprefix(listener.pending.origin), listener.host))
    if step in ("exchanging", "page waits"):
        reply = await listener.send(listener.genuine())
        await listener.pending.code()
        if step == "page waits":
            page = await _asked(listener, reply.headers["location"])

    async with asyncio.timeout(1):
        await listener.pending.close()

    assert not await is_open(listener.port)
    if step in ("before the browser", "waiting"):
        with pytest.raises(SignInCancelled):
            await listener.pending.code()
    if page is not None:
        assert b"Sign-in cancelled" in parse(await page[0].read()).body
        page[1].transport.abort()
    await until(lambda: asyncio.all_tasks() == before, 1)


async def _asked(listener: ListenerHarness, target: str) -> Streams:
    """A connection that gets its response while a later one has its own already."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(get(target, listener.host))
    assert (await listener.send(get("/", listener.host))).status == 404
    return reader, writer


async def test_closing_after_the_outcome_lets_the_browser_get_its_page(listener: ListenerHarness) -> None:
    reply = await listener.send(listener.genuine())
    listener.pending.finish(Outcome.SIGNED_IN)
    await listener.pending.close()

    page = await listener.send(get(reply.headers["location"], listener.host))

    assert b"You are signed in" in page.body
