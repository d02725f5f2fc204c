"""A host that is not trusted gets no byte of a secret, and the failure says why."""

import asyncio
import datetime as dt
import socket
import ssl
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
import trustme

from keyrack.net.client import tls
from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.net.client.tls import TlsFiles
from keyrack.net.network_errors import NoResponse, TlsRefused, Unreachable, Unsendable
from keyrack.primitives.secret import Secret
from tests.net.tls_server import Authority, answer, serving

pytestmark = pytest.mark.security("S40")


def _request(url: str, *, plain_http_allowed: bool = False) -> Request:
    secret = {"Authorization": Secret("Bearer canary-token")}
    return Request("POST", url, secret, Secret("client_secret=canary"), plain_http_allowed)


async def _refused(client: HttpClient, context: ssl.SSLContext, host: str = "localhost") -> TlsRefused:
    async with serving(answer(), context) as provider:
        with pytest.raises(TlsRefused) as caught:
            await client.send(_request(provider.url(host=host)))
        assert provider.received == b""
    assert caught.value.happened == f"{host} could not prove who it is."
    assert "Nothing was sent." in caught.value.means
    return caught.value


async def test_an_unknown_authority_is_refused(client: HttpClient, tmp_path: Path) -> None:
    stranger = Authority(trustme.CA(), tmp_path / "none")

    failure = await _refused(client, stranger.server("localhost"))

    assert "nobody this computer trusts" in failure.means


async def test_a_self_signed_certificate_is_refused(client: HttpClient) -> None:
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with ca.private_key_pem.tempfile() as key, ca.cert_pem.tempfile() as cert:
        context.load_cert_chain(cert, key)

    await _refused(client, context)


async def test_another_hosts_certificate_is_refused(client: HttpClient, authority: Authority) -> None:
    failure = await _refused(client, authority.server("other.example"))

    assert "another name" in failure.means


async def test_a_certificate_for_the_name_does_not_prove_the_address(client: HttpClient, authority: Authority) -> None:
    await _refused(client, authority.server("localhost"), host="127.0.0.1")


async def test_an_expired_certificate_names_the_clock(client: HttpClient, authority: Authority) -> None:
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)

    failure = await _refused(client, authority.server("localhost", not_after=past))

    assert "date" in failure.means
    assert f"the clock here says {dt.datetime.now(dt.UTC).year}-" in failure.means
    assert "date and time of this computer" in failure.todo


async def test_a_certificate_from_the_future_names_the_clock(client: HttpClient, authority: Authority) -> None:
    future = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)

    failure = await _refused(client, authority.server("localhost", not_before=future))

    assert "date and time of this computer" in failure.todo


async def test_tls_before_1_2_is_refused(client: HttpClient, authority: Authority) -> None:
    context = authority.server("localhost")
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = asyncio.create_task(asyncio.to_thread(_shake_hands, listening, context))
        with pytest.raises(TlsRefused) as caught:
            await client.send(_request(f"https://localhost:{listening.getsockname()[1]}/"))

    assert await server == "refused"
    assert "encryption" in caught.value.means


def _shake_hands(listening: socket.socket, context: ssl.SSLContext) -> str:
    """A blocking server, for asyncio's own sends no alert."""
    accepted, _ = listening.accept()
    with accepted:
        try:
            context.wrap_socket(accepted, server_side=True).close()
        except ssl.SSLError:
            return "refused"
    return "accepted"


async def test_plain_http_behind_an_https_address_is_refused(client: HttpClient) -> None:
    async with serving(answer(), None) as provider:
        with pytest.raises((TlsRefused, Unreachable)):
            await client.send(_request(provider.url()))
        assert b"canary" not in provider.received


def test_the_context_verifies_and_cannot_be_loosened_by_its_maker(authority: Authority) -> None:
    for context in (tls.context(), tls.context(authority.file)):
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
        assert context.keylog_filename is None


def test_the_context_of_the_key_log_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))

    assert tls.context().keylog_filename is None


def test_the_systems_authorities_are_read_once_and_a_private_one_is_no_other_clients(authority: Authority) -> None:
    usual = tls.shared_context(None)

    assert tls.shared_context(None) is usual
    assert len(tls.shared_context(authority.file).get_ca_certs()) == len(usual.get_ca_certs()) + 1
    assert len(tls.shared_context(None).get_ca_certs()) == len(tls.context().get_ca_certs())


async def test_the_private_authority_is_trusted_beside_the_systems_own(authority: Authority) -> None:
    assert len(tls.context(authority.file).get_ca_certs()) == len(tls.context().get_ca_certs()) + 1
    without = HttpClient(limits=ClientLimits(connect=1.0, total=2.0))
    await _refused(without, authority.server("localhost"))
    await without.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://provider.example/token",
        "http://localhost:1/token",
        "http://127.0.0.2:1/token",
        "http://127.0.0.1.evil.example/token",
        "http://[::ffff:127.0.0.1]:1/token",
        "http://2130706433:1/token",
        "ws://127.0.0.1:1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "https://me:word@provider.example/",
        "https://@provider.example/",
        "https:///token",
        "https://provider.example:99999/",
        "https://provider.example/a b",
        "https://provider.example/\r\nX: y",
        "https://provider.exämple/",
        "token",
        "",
    ],
)
async def test_only_https_is_sent_to_anyone_else(url: str, client: HttpClient) -> None:
    with pytest.raises(Unsendable):
        await client.send(_request(url, plain_http_allowed=True))


async def test_plain_http_to_this_machine_needs_leave(client: HttpClient) -> None:
    async with serving(answer(), None) as provider:
        url = provider.url(host="127.0.0.1", scheme="http")
        with pytest.raises(Unsendable):
            await client.send(_request(url))
        assert provider.connections == 0
        assert (await client.send(_request(url, plain_http_allowed=True))).status == 200


@pytest.mark.parametrize("proves_itself", [True, False])
async def test_a_server_that_wants_a_certificate_may_have_got_a_provider_s_request(
    authority: Authority, proves_itself: bool
) -> None:
    """It says so when the request is on its way (RFC 8446 section 4.4.2.4), which may have used up a token.

    Only a server that this host proves itself to is one of the person's own, to which no token is sent.
    """
    context = authority.server("localhost")
    context.verify_mode = ssl.CERT_REQUIRED
    ended = asyncio.Event()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = context.wrap_bio(came, goes, server_side=True)
        while data := await reader.read(65_536):
            came.write(data)
            with suppress(ssl.SSLError):
                server.do_handshake()
            writer.write(goes.read())
        writer.transport.abort()
        ended.set()

    client = HttpClient(ca_file=authority.file, files=TlsFiles(authority.file) if proves_itself else None)
    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as listening:
        with pytest.raises(TlsRefused if proves_itself else NoResponse) as caught:
            await client.send(_request(f"https://localhost:{listening.sockets[0].getsockname()[1]}/"))
        assert caught.value.code == ("own_certificate_refused" if proves_itself else "no_response")
        await client.close()
        await ended.wait()
        await asyncio.sleep(0)
