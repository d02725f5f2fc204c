"""Which port is opened, on which addresses, and what happens when it cannot be had."""

import asyncio
import shutil
import socket
import subprocess
import time

import pytest

from keyrack.oauth.authorization.redirect_uri import BadRedirect
from keyrack.oauth.loopback import reserved_port
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.oauth.oauth_errors import PortBusy
from tests.free_port import free_port
from tests.oauth.listener_harness import CODE, ListenerHarness, beside, request_for
from tests.oauth.loopback.other_programs import held_by_another, linux, listening_addresses
from tests.raw_http import exchange, get


@linux
@pytest.mark.security("S1", "S3", "S4")
async def test_it_listens_on_this_machine_alone_and_accepts_when_begin_returns(redirects: Redirects) -> None:
    reserved = redirects.reserve("http://127.0.0.1:0/cb/alpha")
    kept = reserved.sockets["127.0.0.1"]
    pending = await redirects.begin(request_for(reserved.redirect_uri), reserved=reserved)
    port = kept.getsockname()[1]

    assert listening_addresses(port) == {"127.0.0.1"}
    assert (await exchange(port, get("/", pending.authority))).status == 404
    assert str(port) in pending.start_address()


@linux
@pytest.mark.security("S1")
@pytest.mark.skipif(shutil.which("ss") is None, reason="no ss")
async def test_ss_shows_no_wildcard(listener: ListenerHarness) -> None:
    process = await asyncio.create_subprocess_exec("ss", "-ltnH", f"sport = :{listener.port}", stdout=subprocess.PIPE)
    shown, _ = await process.communicate()

    assert [line.split()[3] for line in shown.decode().splitlines()] == [f"127.0.0.1:{listener.port}"]


@linux
@pytest.mark.security("S6", "S1")
async def test_localhost_is_held_on_both_families(redirects: Redirects) -> None:
    port = free_port()
    pending = await redirects.begin(request_for(f"http://localhost:{port}/cb/alpha"))

    assert listening_addresses(port) == {"127.0.0.1", "::1"}
    callback = get(f"/cb/alpha?code={CODE}&state={pending.request.state.reveal()}", f"localhost:{port}")
    assert (await exchange(port, callback, host="::1")).status == 303


@linux
@pytest.mark.security("S6", "S5")
async def test_localhost_is_refused_when_another_holds_one_family(redirects: Redirects) -> None:
    with held_by_another("::1", free_port()) as (port, pid):
        with pytest.raises(PortBusy) as caught:
            await redirects.begin(request_for(f"http://localhost:{port}/cb/alpha"))
        assert f"process {pid}" in caught.value.happened
        assert listening_addresses(port) == {"::1"}


@linux
@pytest.mark.security("S5")
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
async def test_a_busy_port_is_named_with_its_process(address: str, redirects: Redirects) -> None:
    with held_by_another(address) as (port, pid):
        began = time.monotonic()
        with pytest.raises(PortBusy) as caught:
            await redirects.begin(request_for(f"http://127.0.0.1:{port}/cb/alpha"))

    assert time.monotonic() - began < 2
    assert f"Port {port} is in use by python" in caught.value.happened
    assert f"(process {pid})" in caught.value.happened


@pytest.mark.security("S5")
async def test_exactly_the_registered_port_and_path_are_used(redirects: Redirects) -> None:
    port = free_port()
    pending = await redirects.begin(request_for(f"http://127.0.0.1:{port}/Some/Path"))
    state = pending.request.state.reveal()

    assert (await exchange(port, get(f"/some/path?code=1&state={state}", pending.authority))).status == 404
    assert (await exchange(port, get(f"/Some/Path?code={CODE}&state={state}", pending.authority))).status == 303


@pytest.mark.security("S7")
async def test_the_port_is_not_shared(listener: ListenerHarness) -> None:
    for platform in ("linux", "darwin"):
        assert reserved_port.options(socket.AF_INET, platform) == [(socket.SOL_SOCKET, socket.SO_REUSEADDR)]
    exclusive = reserved_port.options(socket.AF_INET, "win32")
    assert exclusive == [(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", ~socket.SO_REUSEADDR))]
    with socket.socket() as second:
        second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        with pytest.raises(OSError, match="in use"):
            second.bind(("127.0.0.1", listener.port))


async def test_a_failed_begin_leaves_the_shared_port_to_the_others(redirects: Redirects) -> None:
    with held_by_another("::1") as (port, _):
        first = await redirects.begin(request_for(f"http://127.0.0.1:{port}/cb/alpha"))
        with pytest.raises(PortBusy):
            await redirects.begin(request_for(f"http://localhost:{port}/cb/beta"))
        listener = ListenerHarness(redirects, first, port)
        await listener.still_waits()


@pytest.mark.parametrize(
    "uri",
    [
        "http://192.0.2.1:17463/cb",
        "http://evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1:1/cb?x=1",
        "http://127.0.0.1:1/cb#x",
        "http://me@127.0.0.1:1/cb",
        "ftp://127.0.0.1/cb",
        "127.0.0.1:17463",
        "http://127.0.0.1:99999/cb",
        "http://127.0.0.1:1/c b",
        "",
    ],
)
@pytest.mark.security("S1")
async def test_other_addresses_are_no_redirect_addresses(uri: str, redirects: Redirects) -> None:
    with pytest.raises(BadRedirect) as caught:
        await redirects.begin(request_for(uri))
    assert caught.value.means


@pytest.mark.security("S37")
async def test_a_second_sign_in_adds_the_family_it_needs(redirects: Redirects) -> None:
    port = free_port()
    first = ListenerHarness(redirects, await redirects.begin(request_for(f"http://127.0.0.1:{port}/cb/alpha")), port)
    second = ListenerHarness(redirects, await redirects.begin(request_for(f"http://localhost:{port}/cb/beta")), port)

    wrong_host = get(second.target(code=CODE, state=second.state), first.host)
    assert (await first.send(wrong_host)).status == 404
    await second.still_waits()
    await first.still_waits()


async def test_many_sign_ins_at_one_port(listener: ListenerHarness) -> None:
    others = [await beside(listener, "/cb/alpha", account=f"a{number}") for number in range(20)]

    for other in others:
        await other.still_waits()
    await listener.still_waits()
