"""What the genuine answer does: once, for its own sign-in, and with a true page at the end."""

import asyncio

import pytest

from keyrack.oauth.loopback.deadlines import Deadlines
from keyrack.oauth.loopback.outcome import Outcome
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.oauth.oauth_errors import AccessDenied, RequestRefused, SignInCancelled, WrongIssuer
from tests.oauth.listener_harness import CODE, NAVIGATION, ListenerHarness, beside, open_listener, request_for
from tests.raw_http import Reply, exchange, get, is_closed, is_open
from tests.until import until


async def _called_back(listener: ListenerHarness, **parameters: str) -> Reply:
    reply = await listener.send(get(listener.target(**parameters), listener.host, *NAVIGATION))
    assert reply.status == 303
    return reply


async def _status_page(listener: ListenerHarness, reply: Reply) -> Reply:
    return await listener.send(get(reply.headers["location"], listener.host, *NAVIGATION))


@pytest.mark.security("S20", "S21")
async def test_the_browser_leaves_code_and_state_behind_and_hears_the_truth(listener: ListenerHarness) -> None:
    reply = await listener.send(listener.genuine(*NAVIGATION))

    assert reply.status == 303
    assert reply.body == b""
    location = reply.headers["location"]
    assert location.startswith("/done/")
    assert CODE not in location
    assert listener.state not in location
    page = asyncio.create_task(_status_page(listener, reply))
    assert (await listener.pending.code()).reveal() == CODE
    done, _ = await asyncio.wait({page}, timeout=0.3)
    assert not done, "the page must not speak before the sign-in ended"
    listener.pending.finish(Outcome.SIGNED_IN)
    shown = await page
    assert shown.status == 200
    assert b"You are signed in" in shown.body
    assert CODE.encode() not in shown.raw


@pytest.mark.security("S20")
@pytest.mark.parametrize("outcome", list(Outcome))
async def test_every_outcome_has_its_page(outcome: Outcome, listener: ListenerHarness) -> None:
    reply = await listener.send(listener.genuine())
    listener.pending.finish(outcome)
    listener.pending.finish(Outcome.SIGNED_IN)  # the first word counts

    page = await _status_page(listener, reply)

    assert page.status == 200
    assert (b"You are signed in" in page.body) == (outcome is Outcome.SIGNED_IN)


@pytest.mark.security("S20", "S2")
async def test_a_slow_exchange_gets_the_page_that_says_so() -> None:
    redirects = Redirects(deadlines=Deadlines(page=0.2))
    listener = await open_listener(redirects)
    reply = await listener.send(listener.genuine())

    page = await _status_page(listener, reply)

    assert page.status == 200
    assert b"Still working" in page.body
    await _closed_within(listener, 1.0)
    listener.pending.finish(Outcome.SIGNED_IN)
    await listener.pending.close()


def test_the_page_waits_ten_seconds_and_the_listener_twelve() -> None:
    deadlines = Deadlines()

    assert (deadlines.window, deadlines.longest_window, deadlines.stateless) == (300, 600, 120)
    assert deadlines.page == 10
    assert deadlines.page < deadlines.linger < 12


async def _closed_within(listener: ListenerHarness, seconds: float) -> None:
    await until(lambda: is_closed(listener.port), seconds)


@pytest.mark.security("S2")
async def test_the_listener_closes_within_a_second_of_the_page(listener: ListenerHarness) -> None:
    reply = await listener.send(listener.genuine())
    listener.pending.finish(Outcome.SIGNED_IN)
    await _status_page(listener, reply)

    await _closed_within(listener, 1.0)


@pytest.mark.security("S2")
async def test_the_listener_closes_when_no_browser_asks_for_the_page() -> None:
    redirects = Redirects(deadlines=Deadlines(linger=0.2))
    listener = await open_listener(redirects)
    await listener.send(listener.genuine())
    await listener.pending.code()
    listener.pending.finish(Outcome.SIGNED_IN)

    assert await is_open(listener.port)
    await _closed_within(listener, 1.0)


@pytest.mark.security("S12")
async def test_a_replay_gets_a_neutral_page_and_no_second_code(listener: ListenerHarness) -> None:
    other = await beside(listener, "/cb/beta", provider="beta")
    first = await listener.send(listener.genuine())
    again = await listener.send(listener.genuine(code="another-code"))

    assert (first.status, again.status) == (303, 410)
    assert b"already used" in again.body
    assert (await listener.pending.code()).reveal() == CODE
    listener.pending.finish(Outcome.SIGNED_IN)
    await _status_page(listener, first)
    await until(listener.is_gone)
    await other.still_waits()


@pytest.mark.security("S9", "S12")
async def test_a_state_of_a_sign_in_that_is_over_is_neutral_c1_3(listener: ListenerHarness) -> None:
    again = await beside(listener, listener.path, account="a2")
    await listener.pending.close()

    reply = await again.send(listener.genuine())

    assert reply.status == 410
    await again.still_waits()


@pytest.mark.security("S12", "S9")
async def test_twenty_callbacks_at_once_bring_one_code_c1_34(listener: ListenerHarness) -> None:
    codes = [f"code-{number}" for number in range(20)]
    replies = await asyncio.gather(*(listener.send(listener.genuine(code=code)) for code in codes))

    taken = [code for code, reply in zip(codes, replies, strict=True) if reply.status == 303]
    assert [(await listener.pending.code()).reveal()] == taken
    assert {reply.status for reply in replies} <= {303, 410, 0}  # 0: more at once than the listener admits


@pytest.mark.security("S10")
async def test_a_proven_refusal_ends_the_sign_in_c1_6(listener: ListenerHarness) -> None:
    reply = await _called_back(listener, error="access_denied", state=listener.state)

    with pytest.raises(AccessDenied) as caught:
        await listener.pending.code()
    assert caught.value.detail == "access_denied"
    assert b"Access was refused" in (await _status_page(listener, reply)).body


@pytest.mark.security("S19", "S49")
async def test_the_providers_words_reach_the_person_as_plain_text_only_c1_7(listener: ListenerHarness) -> None:
    words = "<script>alert(1)</script>\x1b[31m\u202e" + "x" * 1000
    reply = await _called_back(listener, error="server_error", error_description=words, state=listener.state)

    with pytest.raises(RequestRefused) as caught:
        await listener.pending.code()
    assert caught.value.detail.startswith("server_error: <script>alert(1)</script> [31m")
    assert "\u202e" not in caught.value.detail
    assert len(caught.value.detail) <= 300
    page = await _status_page(listener, reply)
    assert b"script" not in page.body


@pytest.mark.security("S32")
async def test_an_answer_by_another_issuer_ends_the_sign_in_c1_36(redirects: Redirects) -> None:
    listener = await open_listener(redirects, issuer="https://alpha.example")
    reply = await listener.send(
        get(listener.target(code=CODE, state=listener.state, iss="https://beta.example"), listener.host)
    )

    assert reply.status == 400
    assert b"another provider" in reply.body
    with pytest.raises(WrongIssuer):
        await listener.pending.code()
    await _closed_within(listener, 1.0)


@pytest.mark.security("S30", "S9", "S31")
async def test_a_state_opens_only_its_own_providers_address_c1_4(listener: ListenerHarness) -> None:
    beta = await beside(listener, "/cb/beta", provider="beta")
    swapped = get(f"{beta.path}?code={CODE}&state={listener.state}", listener.host)
    back = get(f"{listener.path}?code={CODE}&state={beta.state}", listener.host)

    assert (await listener.send(swapped)).status == 400
    assert (await listener.send(back)).status == 400
    await beta.still_waits()
    await listener.still_waits()


@pytest.mark.security("S37")
@pytest.mark.parametrize("first", [0, 1])
async def test_two_sign_ins_of_one_provider_share_the_port_and_get_their_own_codes(
    first: int, listener: ListenerHarness
) -> None:
    doors = [listener, await beside(listener, listener.path, account="a2")]
    one, two = doors[first], doors[1 - first]

    await one.send(one.genuine(code="code-of-one"))
    await two.send(two.genuine(code="code-of-two"))

    assert (await one.pending.code()).reveal() == "code-of-one"
    assert (await two.pending.code()).reveal() == "code-of-two"


@pytest.mark.security("S37", "S25")
async def test_cancelling_one_leaves_the_other_at_the_shared_port(listener: ListenerHarness) -> None:
    other = await beside(listener, listener.path, account="a2")
    await listener.pending.close()

    await other.still_waits()


@pytest.mark.security("S36")
async def test_a_start_address_leads_to_the_provider_once(listener: ListenerHarness) -> None:
    first, second = listener.pending.start_address(), listener.pending.start_address()
    assert first != second
    assert "state" not in first
    assert first.startswith(f"http://127.0.0.1:{listener.port}/start/")
    paths = [address.removeprefix(listener.pending.origin) for address in (first, second)]

    for path in paths:
        prefetched = await listener.send(get(path, listener.host, "Sec-Purpose: prefetch"))
        assert prefetched.status == 503
        reply = await listener.send(get(path, listener.host, *NAVIGATION))
        assert reply.status == 303
        assert reply.headers["location"] == listener.pending.request.url.reveal()
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert (await listener.send(get(path, listener.host, *NAVIGATION))).status == 410
    await listener.still_waits()


@pytest.mark.security("S36")
async def test_start_addresses_die_with_the_answer(listener: ListenerHarness) -> None:
    path = listener.pending.start_address().removeprefix(listener.pending.origin)
    await listener.still_waits()

    assert (await listener.send(get(path, listener.host))).status == 410


async def test_an_ended_sign_in_mints_no_start_address(listener: ListenerHarness) -> None:
    await listener.pending.close()

    with pytest.raises(SignInCancelled):
        listener.pending.start_address()


@pytest.mark.security("S26")
async def test_an_https_address_is_answered_by_paste_but_started_here(redirects: Redirects) -> None:
    away = await redirects.begin(request_for("https://desk.example/cb/whitebit"))
    port = int(away.origin.rpartition(":")[2])

    start = away.start_address().removeprefix(away.origin)
    assert (await exchange(port, get(start, away.authority))).status == 303
    callback = f"/cb/whitebit?code={CODE}&state={away.request.state.reveal()}"
    assert (await exchange(port, get(callback, away.authority))).status == 404
    away.paste(f"https://desk.example{callback}")
    assert (await away.code()).reveal() == CODE
