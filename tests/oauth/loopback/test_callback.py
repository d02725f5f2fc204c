"""What the genuine answer does: once, for its own sign-in, and with a true page at the end."""

import asyncio

import pytest

from keyrack.oauth.loopback.deadlines import Deadlines
from keyrack.oauth.loopback.outcome import Outcome
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.oauth.oauth_errors import AccessDenied, RequestRefused, SignInCancelled, WrongIssuer
from tests.oauth.listener_harness import CODE, NAVIGATION, ListenerHarness, beside, open_door, request_for
from tests.raw_http import Reply, exchange, get, is_closed, is_open
from tests.until import until


async def _called_back(door: ListenerHarness, **parameters: str) -> Reply:
    reply = await door.send(get(door.target(**parameters), door.host, *NAVIGATION))
    assert reply.status == 303
    return reply


async def _status_page(door: ListenerHarness, reply: Reply) -> Reply:
    return await door.send(get(reply.headers["location"], door.host, *NAVIGATION))


@pytest.mark.security("S20", "S21")
async def test_the_browser_leaves_code_and_state_behind_and_hears_the_truth(door: ListenerHarness) -> None:
    reply = await door.send(door.genuine(*NAVIGATION))

    assert reply.status == 303
    assert reply.body == b""
    location = reply.headers["location"]
    assert location.startswith("/done/")
    assert CODE not in location
    assert door.state not in location
    page = asyncio.create_task(_status_page(door, reply))
    assert (await door.waiting.code()).reveal() == CODE
    done, _ = await asyncio.wait({page}, timeout=0.3)
    assert not done, "the page must not speak before the sign-in ended"
    door.waiting.finish(Outcome.SIGNED_IN)
    shown = await page
    assert shown.status == 200
    assert b"You are signed in" in shown.body
    assert CODE.encode() not in shown.raw


@pytest.mark.security("S20")
@pytest.mark.parametrize("outcome", list(Outcome))
async def test_every_outcome_has_its_page(outcome: Outcome, door: ListenerHarness) -> None:
    reply = await door.send(door.genuine())
    door.waiting.finish(outcome)
    door.waiting.finish(Outcome.SIGNED_IN)  # the first word counts

    page = await _status_page(door, reply)

    assert page.status == 200
    assert (b"You are signed in" in page.body) == (outcome is Outcome.SIGNED_IN)


@pytest.mark.security("S20", "S2")
async def test_a_slow_exchange_gets_the_page_that_says_so() -> None:
    redirects = Redirects(deadlines=Deadlines(page=0.2))
    door = await open_door(redirects)
    reply = await door.send(door.genuine())

    page = await _status_page(door, reply)

    assert page.status == 200
    assert b"Still working" in page.body
    await _closed_within(door, 1.0)
    door.waiting.finish(Outcome.SIGNED_IN)
    await door.waiting.close()


def test_the_page_waits_ten_seconds_and_the_listener_twelve() -> None:
    deadlines = Deadlines()

    assert (deadlines.window, deadlines.longest_window, deadlines.stateless) == (300, 600, 120)
    assert deadlines.page == 10
    assert deadlines.page < deadlines.linger < 12


async def _closed_within(door: ListenerHarness, seconds: float) -> None:
    await until(lambda: is_closed(door.port), seconds)


@pytest.mark.security("S2")
async def test_the_listener_closes_within_a_second_of_the_page(door: ListenerHarness) -> None:
    reply = await door.send(door.genuine())
    door.waiting.finish(Outcome.SIGNED_IN)
    await _status_page(door, reply)

    await _closed_within(door, 1.0)


@pytest.mark.security("S2")
async def test_the_listener_closes_when_no_browser_asks_for_the_page() -> None:
    redirects = Redirects(deadlines=Deadlines(linger=0.2))
    door = await open_door(redirects)
    await door.send(door.genuine())
    await door.waiting.code()
    door.waiting.finish(Outcome.SIGNED_IN)

    assert await is_open(door.port)
    await _closed_within(door, 1.0)


@pytest.mark.security("S12")
async def test_a_replay_gets_a_neutral_page_and_no_second_code(door: ListenerHarness) -> None:
    other = await beside(door, "/cb/beta", provider="beta")
    first = await door.send(door.genuine())
    again = await door.send(door.genuine(code="another-code"))

    assert (first.status, again.status) == (303, 410)
    assert b"already used" in again.body
    assert (await door.waiting.code()).reveal() == CODE
    door.waiting.finish(Outcome.SIGNED_IN)
    await _status_page(door, first)
    await until(door.is_gone)
    await other.still_waits()


@pytest.mark.security("S9", "S12")
async def test_a_state_of_a_sign_in_that_is_over_is_neutral_c1_3(door: ListenerHarness) -> None:
    again = await beside(door, door.path, account="a2")
    await door.waiting.close()

    reply = await again.send(door.genuine())

    assert reply.status == 410
    await again.still_waits()


@pytest.mark.security("S12", "S9")
async def test_twenty_callbacks_at_once_bring_one_code_c1_34(door: ListenerHarness) -> None:
    codes = [f"code-{number}" for number in range(20)]
    replies = await asyncio.gather(*(door.send(door.genuine(code=code)) for code in codes))

    taken = [code for code, reply in zip(codes, replies, strict=True) if reply.status == 303]
    assert [(await door.waiting.code()).reveal()] == taken
    assert {reply.status for reply in replies} <= {303, 410, 0}  # 0: more at once than the listener admits


@pytest.mark.security("S10")
async def test_a_proven_refusal_ends_the_sign_in_c1_6(door: ListenerHarness) -> None:
    reply = await _called_back(door, error="access_denied", state=door.state)

    with pytest.raises(AccessDenied) as caught:
        await door.waiting.code()
    assert caught.value.detail == "access_denied"
    assert b"Access was refused" in (await _status_page(door, reply)).body


@pytest.mark.security("S19", "S49")
async def test_the_providers_words_reach_the_person_as_plain_text_only_c1_7(door: ListenerHarness) -> None:
    words = "<script>alert(1)</script>\x1b[31m\u202e" + "x" * 1000
    reply = await _called_back(door, error="server_error", error_description=words, state=door.state)

    with pytest.raises(RequestRefused) as caught:
        await door.waiting.code()
    assert caught.value.detail.startswith("server_error: <script>alert(1)</script> [31m")
    assert "\u202e" not in caught.value.detail
    assert len(caught.value.detail) <= 300
    page = await _status_page(door, reply)
    assert b"script" not in page.body


@pytest.mark.security("S32")
async def test_an_answer_by_another_issuer_ends_the_sign_in_c1_36(redirects: Redirects) -> None:
    door = await open_door(redirects, issuer="https://alpha.example")
    reply = await door.send(get(door.target(code=CODE, state=door.state, iss="https://beta.example"), door.host))

    assert reply.status == 400
    assert b"another provider" in reply.body
    with pytest.raises(WrongIssuer):
        await door.waiting.code()
    await _closed_within(door, 1.0)


@pytest.mark.security("S30", "S9", "S31")
async def test_a_state_opens_only_its_own_providers_address_c1_4(door: ListenerHarness) -> None:
    beta = await beside(door, "/cb/beta", provider="beta")
    swapped = get(f"{beta.path}?code={CODE}&state={door.state}", door.host)
    back = get(f"{door.path}?code={CODE}&state={beta.state}", door.host)

    assert (await door.send(swapped)).status == 400
    assert (await door.send(back)).status == 400
    await beta.still_waits()
    await door.still_waits()


@pytest.mark.security("S37")
@pytest.mark.parametrize("first", [0, 1])
async def test_two_sign_ins_of_one_provider_share_the_port_and_get_their_own_codes(
    first: int, door: ListenerHarness
) -> None:
    doors = [door, await beside(door, door.path, account="a2")]
    one, two = doors[first], doors[1 - first]

    await one.send(one.genuine(code="code-of-one"))
    await two.send(two.genuine(code="code-of-two"))

    assert (await one.waiting.code()).reveal() == "code-of-one"
    assert (await two.waiting.code()).reveal() == "code-of-two"


@pytest.mark.security("S37", "S25")
async def test_cancelling_one_leaves_the_other_at_the_shared_port(door: ListenerHarness) -> None:
    other = await beside(door, door.path, account="a2")
    await door.waiting.close()

    await other.still_waits()


@pytest.mark.security("S36")
async def test_a_start_address_leads_to_the_provider_once(door: ListenerHarness) -> None:
    first, second = door.waiting.start_address(), door.waiting.start_address()
    assert first != second
    assert "state" not in first
    assert first.startswith(f"http://127.0.0.1:{door.port}/start/")
    paths = [address.removeprefix(door.waiting.origin) for address in (first, second)]

    for path in paths:
        prefetched = await door.send(get(path, door.host, "Sec-Purpose: prefetch"))
        assert prefetched.status == 503
        reply = await door.send(get(path, door.host, *NAVIGATION))
        assert reply.status == 303
        assert reply.headers["location"] == door.waiting.request.url.reveal()
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert (await door.send(get(path, door.host, *NAVIGATION))).status == 410
    await door.still_waits()


@pytest.mark.security("S36")
async def test_start_addresses_die_with_the_answer(door: ListenerHarness) -> None:
    path = door.waiting.start_address().removeprefix(door.waiting.origin)
    await door.still_waits()

    assert (await door.send(get(path, door.host))).status == 410


async def test_an_ended_sign_in_mints_no_start_address(door: ListenerHarness) -> None:
    await door.waiting.close()

    with pytest.raises(SignInCancelled):
        door.waiting.start_address()


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
