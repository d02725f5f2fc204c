"""A renewal whose connection takes longer than the lease: no byte of it leaves."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import msgspec
import pytest
import trustme

from keyrack.core.accounts.account import Account
from keyrack.core.shared_store.host_lease import LEASE_SECONDS
from keyrack.core.sharing.sharing_failures import NotTheRenewer
from keyrack.providers.schema import Provider
from tests.core.sharing.group import Group, SharingHost
from tests.net.tls_server import Provider as SlowProvider
from tests.net.tls_server import serving
from tests.tcp_relay import TcpRelay


@pytest.fixture
def authority(tmp_path: Path) -> tuple[trustme.CA, Path]:
    ca, file = trustme.CA(), tmp_path / "authority.pem"
    ca.cert_pem.write_to_path(str(file))
    return ca, file


@pytest.fixture
async def slow(authority: tuple[trustme.CA, Path]) -> AsyncGenerator[SlowProvider]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("localhost").configure_cert(context)
    async with serving(b"", context) as provider:
        yield provider


@pytest.fixture
def link(slow: SlowProvider) -> Iterator[TcpRelay]:
    with TcpRelay(slow.port) as made:
        made.freeze()  # connections are taken, and nothing of TLS passes
        yield made


def renewed_at(host: SharingHost, address: str, ca_file: Path) -> None:
    """Have a host renew WhiteBIT's tokens at another address."""
    provider: Provider = next(each for each in host.harness.providers if each.id == "whitebit")
    regions = {
        name: msgspec.structs.replace(region, refresh_endpoint=address) for name, region in provider.regions.items()
    }
    host.harness.replace_provider(msgspec.structs.replace(provider, regions=regions, ca_file=str(ca_file)))


def is_noted(host: SharingHost, account: Account) -> bool:
    return host.sharing.entries.accounts[account.id].entry.intent is not None


async def test_a_connection_that_takes_longer_than_the_lease_carries_no_refresh_token(
    group: Group, slow: SlowProvider, link: TcpRelay, authority: tuple[trustme.CA, Path]
) -> None:
    first = await group.host("desk-1")
    renewed_at(first, f"https://localhost:{link.own_port}/token", authority[1])
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    before = first.harness.token(account)
    renewal = asyncio.create_task(first.harness.rack.renew(account))
    await first.harness.until(lambda: is_noted(first, account) and link.accepted == 1)
    first.harness.clock.move(LEASE_SECONDS)
    assert first.sharing.lease.current is None
    link.mend()
    await renewal
    await first.harness.until(lambda: slow.connections == 1)  # TLS was ready
    assert slow.received == b""
    assert first.harness.token(account).refresh == before.refresh
    status = first.harness.status(account)
    assert status.name == "retrying"
    assert status.happened == NotTheRenewer().happened


async def test_a_host_that_leads_again_sends_nothing_that_it_began_before(
    group: Group, slow: SlowProvider, link: TcpRelay, authority: tuple[trustme.CA, Path]
) -> None:
    first = await group.host("desk-1")
    renewed_at(first, f"https://localhost:{link.own_port}/token", authority[1])
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    led = first.sharing.entries.election.mine(account.id)
    renewal = asyncio.create_task(first.harness.rack.renew(account))
    await first.harness.until(lambda: is_noted(first, account) and link.accepted == 1)
    first.harness.clock.move(LEASE_SECONDS)
    first.sharing.lease.wake()
    await first.harness.until(lambda: first.sharing.entries.election.mine(account.id) not in (None, led))
    link.mend()
    await renewal
    await first.harness.until(lambda: slow.connections == 1)  # TLS was ready
    assert slow.received == b""
