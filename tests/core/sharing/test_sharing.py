"""An account that several hosts share: one renews it, and all serve what it stored."""

from tests.core.sharing.group import Group


async def test_a_follower_serves_the_token_that_another_host_renewed_without_asking_the_provider(group: Group) -> None:
    first, second = await group.host("desk-1"), await group.host("desk-2")
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    there = await second.until_ready(account.id)
    assert second.harness.token(there).access == first.harness.token(account).access
    assert there.renewed_elsewhere
    assert not account.renewed_elsewhere
    await first.harness.rack.refresh(account)
    await second.harness.until(
        lambda: second.harness.token(there).access == first.harness.token(account).access
    )
    assert [row["status"] for row in first.harness.asked(account)] == [200]
    assert await second.harness.rack.parts.token_source.fresh(there) == first.harness.token(account).access


async def test_where_the_host_that_renews_is_killed_another_one_goes_on_after_its_lease(group: Group) -> None:
    first, second = await group.host("desk-1"), await group.host("desk-2")
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    there = await second.until_ready(account.id)
    before = second.harness.token(there)
    await first.kill()
    await second.harness.until(lambda: not there.renewed_elsewhere, 15)
    await second.harness.rack.refresh(there)
    assert second.harness.token(there).access != before.access
    assert [row["status"] for row in second.harness.asked(there)] == [200]
