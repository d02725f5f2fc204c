"""The guards where a provider never returns the state."""

import pytest

from keyrack.oauth.loopback.outcome import Outcome
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.oauth.oauth_errors import SignInCancelled
from tests.oauth.listener_harness import CODE, NAVIGATION, ListenerHarness, beside, open_listener
from tests.raw_http import get

pytestmark = pytest.mark.security("S33")


@pytest.fixture
async def blind(redirects: Redirects) -> ListenerHarness:
    return await open_listener(redirects, "/cb/bitport", provider="bitport", state_echo=False)


@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_code_without_state_is_taken(slash: str, blind: ListenerHarness) -> None:
    reply = await blind.send(get(f"{blind.path}{slash}?code={CODE}", blind.host, *NAVIGATION))

    assert reply.status == 303
    assert (await blind.pending.code()).reveal() == CODE
    blind.pending.finish(Outcome.CONFIRM_IN_APP)
    page = await blind.send(get(reply.headers["location"], blind.host))
    assert b"confirm the account" in page.body


@pytest.mark.security("S9")
async def test_a_state_that_is_present_must_be_ours(blind: ListenerHarness) -> None:
    assert (await blind.send(get(blind.target(code=CODE, state="another"), blind.host))).status == 400
    assert (await blind.send(get(blind.target(code=CODE, state=""), blind.host))).status == 400
    await blind.still_waits()


@pytest.mark.parametrize("path", ["/cb/bitport//", "/cb/bitport/x", "/cb", "/cb/Bitport"])
async def test_only_one_slash_is_accepted(path: str, blind: ListenerHarness) -> None:
    assert (await blind.send(get(f"{path}?code={CODE}", blind.host))).status == 404
    assert blind.pending.open


@pytest.mark.security("S14", "S15")
@pytest.mark.parametrize(
    "header", ["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image", "Origin: https://evil.example", "Purpose: prefetch"]
)
async def test_a_pages_own_requests_bring_no_code(header: str, blind: ListenerHarness) -> None:
    reply = await blind.send(get(f"{blind.path}?code=planted", blind.host, header))

    assert reply.status in (403, 503)
    assert blind.pending.open


@pytest.mark.security("S10")
async def test_an_error_without_state_ends_nothing_but_is_reported(blind: ListenerHarness) -> None:
    reports: list[int] = []
    blind.pending.refused.connect(lambda: reports.append(1))

    reply = await blind.send(get(f"{blind.path}?error=access_denied", blind.host))

    assert reply.status == 400
    assert b"Look in Keyrack" in reply.body
    assert reports == [1]
    await blind.still_waits()


async def test_an_error_without_state_is_not_reported_where_the_state_comes_back(listener: ListenerHarness) -> None:
    reports: list[int] = []
    listener.pending.refused.connect(lambda: reports.append(1))

    assert (await listener.send(get(f"{listener.path}?error=access_denied", listener.host))).status == 400
    assert reports == []


async def test_a_foreign_issuer_without_state_ends_nothing(blind: ListenerHarness) -> None:
    reply = await blind.send(get(blind.target(code=CODE, iss="https://evil.example"), blind.host))

    assert reply.status == 400
    assert blind.pending.open


async def test_a_newer_sign_in_of_the_provider_replaces_the_older(blind: ListenerHarness) -> None:
    newer = await beside(blind, blind.path, provider="bitport", account="a2", state_echo=False)

    with pytest.raises(SignInCancelled) as caught:
        await blind.pending.code()
    assert "newer" in caught.value.happened
    reply = await newer.send(get(f"{newer.path}?code={CODE}", newer.host))
    assert reply.status == 303
    assert (await newer.pending.code()).reveal() == CODE


async def test_a_sign_in_with_an_unfetched_last_page_does_not_block_the_next(blind: ListenerHarness) -> None:
    first = await blind.send(get(f"{blind.path}?code={CODE}", blind.host))
    assert first.status == 303
    newer = await beside(blind, blind.path, provider="bitport", account="a2", state_echo=False)

    assert (await newer.send(get(f"{newer.path}?code=another", newer.host))).status == 303
    assert (await newer.pending.code()).reveal() == "another"
    assert (await blind.pending.code()).reveal() == CODE


async def test_where_two_could_be_meant_neither_is_answered(blind: ListenerHarness) -> None:
    other = await beside(blind, blind.path, provider="another", state_echo=False)

    assert (await blind.send(get(f"{blind.path}?code={CODE}", blind.host))).status == 400
    assert blind.pending.open
    assert other.pending.open


async def test_a_sign_in_with_state_is_not_answered_without(blind: ListenerHarness) -> None:
    strict = await beside(blind, "/cb/alpha")

    assert (await strict.send(get(f"{strict.path}?code={CODE}", strict.host))).status == 400
    assert (await strict.send(get(f"{strict.path}/?code={CODE}&state={strict.state}", strict.host))).status == 404
    await strict.still_waits()
