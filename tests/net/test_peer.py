"""Which user is at the other end of a connection, and which process listens on a port."""

import asyncio
import os
import socket

import pytest

from keyrack.net import peer, tcp_table

pytestmark = pytest.mark.skipif(not tcp_table.available(), reason="needs /proc/net/tcp")


def _pair(address: str, client_address: str | None = None) -> tuple[socket.socket, socket.socket]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family, dualstack_ipv6=False) as server:
        client_family = socket.AF_INET6 if ":" in (client_address or address) else socket.AF_INET
        client = socket.socket(client_family)
        client.connect((client_address or address, server.getsockname()[1]))
        accepted, _ = server.accept()
    return client, accepted


@pytest.mark.security("S23")
@pytest.mark.parametrize(
    ("address", "client_address"), [("127.0.0.1", None), ("::1", None), ("127.0.0.1", "::ffff:127.0.0.1")]
)
def test_the_owner_of_the_other_end_is_found(address: str, client_address: str | None) -> None:
    client, accepted = _pair(address, client_address)
    with client, accepted:
        assert peer.tcp_uid(accepted) == os.getuid()
        assert peer.same_user(accepted)


@pytest.mark.security("S23")
def test_a_closed_end_has_no_owner() -> None:
    client, accepted = _pair("127.0.0.1")
    client.close()
    with accepted:
        assert peer.tcp_uid(accepted) is None
        assert not peer.same_user(accepted)


@pytest.mark.security("S84")
def test_the_owner_of_a_unix_socket_is_found() -> None:
    one, two = socket.socketpair()
    with one, two:
        assert peer.same_user(one)


@pytest.mark.security("S5")
def test_the_owner_of_a_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        owner = peer.port_owner(server.getsockname()[1])

    assert owner is not None
    assert owner.pid == os.getpid()
    assert owner.name
    assert owner.user


@pytest.mark.security("S5")
def test_a_free_port_has_no_owner() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert peer.port_owner(port) is None


async def test_connected_sockets_are_not_taken_for_listening_ones() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert peer.port_owner(writer.get_extra_info("sockname")[1]) is None
        writer.close()
        await writer.wait_closed()


def test_the_table_is_read_by_the_port_of_the_local_end_alone() -> None:
    client, accepted = _pair("127.0.0.1")
    with client, accepted:
        port, other = client.getsockname()[1], accepted.getsockname()[1]
        assert {row.local[1] for row in tcp_table.rows(port)} == {port}
        assert (("127.0.0.1", port), ("127.0.0.1", other)) in {(row.local, row.remote) for row in tcp_table.rows(port)}
