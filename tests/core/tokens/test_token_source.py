"""A token that leaves lives long enough, or does not leave."""

import asyncio

import pytest

from keyrack.core.failures import LifetimeTooShort, NotSignedIn
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.failure import Failure
from tests.core.harness import CoreHarness


async def test_a_token_with_enough_left_is_given_as_it_is(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    assert await harness.rack.parts.token_source.fresh(account) == harness.token(account).access
    assert harness.asked(account) == []


@pytest.mark.parametrize(("passed", "renewed"), [(265, False), (275, True)])
async def test_below_30_seconds_it_is_renewed_first(harness: CoreHarness, passed: float, renewed: bool) -> None:
    account = await harness.signed_in()
    old = harness.token(account).access
    harness.leap(passed)
    assert (await harness.rack.parts.token_source.fresh(account) != old) is renewed


async def test_more_than_is_left_renews_once_and_more_than_a_life_names_it(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.leap(100)
    await harness.rack.parts.token_source.fresh(account, 250)
    assert len(harness.asked(account)) == 1
    with pytest.raises(LifetimeTooShort, match="lives 300 seconds at most"):
        await harness.rack.parts.token_source.fresh(account, 301)
    assert len(harness.asked(account)) == 1


async def test_a_failed_renewal_gives_its_reason_and_a_good_token_is_still_given(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "status:503")
    harness.leap(200)
    with pytest.raises(Failure, match="not available right now"):
        await harness.rack.parts.token_source.fresh(account, 290)
    assert await harness.rack.parts.token_source.fresh(account) == harness.token(account).access
    for _ in range(10):
        with pytest.raises(Failure):
            await harness.rack.parts.token_source.fresh(account, 290)
    assert len(harness.asked(account)) == 1, "a demand does not cut a backoff short"


async def test_without_a_sign_in_there_is_nothing(harness: CoreHarness) -> None:
    account = await harness.add("whitebit")
    with pytest.raises(NotSignedIn, match="is not signed in"):
        await harness.rack.parts.token_source.fresh(account)


async def test_a_locked_keyring_is_named_as_the_reason(harness: CoreHarness) -> None:
    await harness.signed_in()
    await harness.kill()
    harness.vault.refuses_loads = Locked()
    await harness.start()
    with pytest.raises(Locked):
        await harness.rack.parts.token_source.fresh(next(iter(harness.rack.accounts)))


@pytest.mark.security("S70")
async def test_after_a_restart_the_first_demand_waits_for_the_token(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    await harness.kill()
    await harness.start()
    again = next(iter(harness.rack.accounts))
    tokens = await asyncio.gather(*(harness.rack.parts.token_source.fresh(again) for _ in range(10)))
    assert len({token.reveal() for token in tokens}) == 1
    assert len(harness.asked(account)) == 1


async def test_who_waits_has_the_token_before_a_window_hears_of_it(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    order: list[str] = []
    account.changed.connect(lambda: order.append(harness.status(account).name))
    harness.leap(280)

    async def wait() -> None:
        token = await harness.rack.parts.token_source.fresh(account)
        assert token == harness.token(account).access
        order.append("token")

    await asyncio.wait_for(wait(), 10)
    await harness.until(lambda: order[-1] == "ready")
    assert order.index("token") < order.index("ready")
    assert account.activity.lines()[0].notice.code == "token_renewed"
