"""A token that leaves lives long enough, or does not leave."""

import asyncio

import pytest

from keyrack.core.failures import LifetimeTooShort, NotSignedIn
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.failure import Failure
from tests.core.harness import Desk


async def test_a_token_with_enough_left_is_given_as_it_is(desk: Desk) -> None:
    account = await desk.signed_in()
    assert await desk.rack.hand_out.fresh(account) == desk.token(account).access
    assert desk.asked(account) == []


@pytest.mark.parametrize(("passed", "renewed"), [(265, False), (275, True)])
async def test_below_30_seconds_it_is_renewed_first(desk: Desk, passed: float, renewed: bool) -> None:
    account = await desk.signed_in()
    old = desk.token(account).access
    desk.leap(passed)
    assert (await desk.rack.hand_out.fresh(account) != old) is renewed


async def test_more_than_is_left_renews_once_and_more_than_a_life_names_it(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.leap(100)
    await desk.rack.hand_out.fresh(account, 250)
    assert len(desk.asked(account)) == 1
    with pytest.raises(LifetimeTooShort, match="lives 300 seconds at most"):
        await desk.rack.hand_out.fresh(account, 301)
    assert len(desk.asked(account)) == 1


async def test_a_failed_renewal_gives_its_reason_and_a_good_token_is_still_given(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "status:503")
    desk.leap(200)
    with pytest.raises(Failure, match="not available right now"):
        await desk.rack.hand_out.fresh(account, 290)
    assert await desk.rack.hand_out.fresh(account) == desk.token(account).access
    for _ in range(10):
        with pytest.raises(Failure):
            await desk.rack.hand_out.fresh(account, 290)
    assert len(desk.asked(account)) == 1, "a demand does not cut a backoff short"


async def test_without_a_sign_in_there_is_nothing(desk: Desk) -> None:
    account = await desk.add("whitebit")
    with pytest.raises(NotSignedIn, match="is not signed in"):
        await desk.rack.hand_out.fresh(account)


async def test_a_locked_keyring_is_named_as_the_reason(desk: Desk) -> None:
    await desk.signed_in()
    await desk.kill()
    desk.vault.refuses_loads = Locked()
    await desk.start()
    with pytest.raises(Locked):
        await desk.rack.hand_out.fresh(next(iter(desk.rack.accounts)))


@pytest.mark.security("S70")
async def test_after_a_restart_the_first_demand_waits_for_the_token(desk: Desk) -> None:
    account = await desk.signed_in()
    await desk.kill()
    await desk.start()
    again = next(iter(desk.rack.accounts))
    tokens = await asyncio.gather(*(desk.rack.hand_out.fresh(again) for _ in range(10)))
    assert len({token.reveal() for token in tokens}) == 1
    assert len(desk.asked(account)) == 1
