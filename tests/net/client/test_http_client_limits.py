"""Answers that are too large, too slow, damaged or endless."""

import asyncio
import gzip
import zlib
from pathlib import Path

import pytest

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.net.network_errors import NoResponse, TooLarge
from tests.net.canary import shown, with_token
from tests.net.tls_server import Authority, answer, serving


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b"\0" * (1024 * 1024)
    return b"".join(packer.compress(zeros) for _ in range(200)) + packer.flush()


async def test_a_gzip_bomb_is_not_unfolded(client: HttpClient, authority: Authority) -> None:
    """200 MB in 194 KB. The test checks the memory as well as the error."""
    reply = answer("200 OK", "Content-Encoding: gzip", body=_bomb())
    async with serving(reply, authority.server("localhost")) as provider:
        before = _peak()
        with pytest.raises(TooLarge) as caught:
            await client.send(with_token(provider.url()))

    assert _peak() - before < 20 * 1024
    assert "localhost" in caught.value.happened
    assert "1024 KiB" in caught.value.means


def _peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "identity"])
async def test_known_encodings_are_read(encoding: str, client: HttpClient, authority: Authority) -> None:
    body = b'{"access_token":"x"}' * 100
    packed = {"deflate": zlib.compress(body), "identity": body}.get(encoding, gzip.compress(body, mtime=0))
    reply = answer("200 OK", f"Content-Encoding: {encoding}", body=packed)
    async with serving(reply, authority.server("localhost")) as provider:
        assert (await client.send(Request("GET", provider.url()))).body == body


_TEXT = '{"access_token":"x","note":"é"}'
_PLAIN = _TEXT.encode()


def _bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("UTF-8", _PLAIN),
        ("none", _PLAIN),
        ("binary", _PLAIN),
        ("gzip", _PLAIN),
        ("deflate", _PLAIN),
        ("gzip, identity", gzip.compress(_PLAIN, mtime=0)),
        ("utf-8, gzip", gzip.compress(_PLAIN, mtime=0)),
        ("deflate, gzip", gzip.compress(zlib.compress(_PLAIN), mtime=0)),
        ("deflate", _bare_deflate(_PLAIN)),
        ("gzip", gzip.compress(_PLAIN[:9], mtime=0) + gzip.compress(_PLAIN[9:], mtime=0)),
        ("gzip", gzip.compress(_PLAIN, mtime=0) + b"\0\0\0"),
        ("gzip", b""),
    ],
)
async def test_encodings_as_servers_really_name_them(
    encoding: str, body: bytes, client: HttpClient, authority: Authority
) -> None:
    reply = answer("200 OK", f"Content-Encoding: {encoding}", body=body)
    async with serving(reply, authority.server("localhost")) as provider:
        assert (await client.send(Request("GET", provider.url()))).body == (_PLAIN if body else b"")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json; charset=ISO-8859-1", _TEXT.encode("latin-1")),
        ('application/json; Charset="iso-8859-1"; a=b', _TEXT.encode("latin-1")),
        ("application/json;charset=windows-1252", _TEXT.encode("cp1252")),
        ("application/json; charset=UTF-16", _TEXT.encode("utf-16")),
        ("application/json; charset=utf-16le", _TEXT.encode("utf-16-le")),
        ("application/json; charset=ISO-8859-1", _PLAIN),
        ("application/json; charset=unicode_escape", _PLAIN),
        ("application/json; charset=", _PLAIN),
        ("application/json", _PLAIN),
    ],
)
async def test_text_of_another_charset_arrives_as_utf8(
    kind: str, body: bytes, client: HttpClient, authority: Authority
) -> None:
    reply = answer("200 OK", f"Content-Type: {kind}", body=body)
    async with serving(reply, authority.server("localhost")) as provider:
        assert (await client.send(Request("GET", provider.url()))).body == _PLAIN


async def test_text_that_is_not_of_its_charset_arrives_as_it_is(client: HttpClient, authority: Authority) -> None:
    reply = answer("200 OK", "Content-Type: text/plain; charset=utf-16", body=b"odd")
    async with serving(reply, authority.server("localhost")) as provider:
        assert (await client.send(Request("GET", provider.url()))).body == b"odd"


@pytest.mark.parametrize(
    "reply",
    [
        answer("200 OK", "Content-Encoding: br"),
        answer("200 OK", "Content-Encoding: gzip", body=b"\x1f\x8bnot gzip"),
        answer("200 OK", "Content-Encoding: gzip", body=gzip.compress(b"x", mtime=0) * 101),
        answer("200 OK", "Content-Encoding: gzip, gzip, gzip, gzip, gzip", body=b"x"),
        answer("200 OK", "Content-Encoding: gzip", body=gzip.compress(b"x" * 5000, mtime=0)[:-20]),
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000,
        b"nonsense\r\n\r\n",
        b"",
    ],
    ids=[
        "unknown",
        "damaged",
        "members",
        "layers",
        "cut",
        "short",
        "chunks",
        "header",
        "headers",
        "hints",
        "nonsense",
        "nothing",
    ],
)
async def test_a_broken_answer_is_no_answer(reply: bytes, client: HttpClient, authority: Authority) -> None:
    async def once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply)
        await writer.drain()

    async with serving(once, authority.server("localhost")) as provider:
        with pytest.raises(NoResponse) as caught:
            await client.send(with_token(provider.url()))

    assert len(provider.heads) == 1, "what may have arrived is not sent again"
    assert "canary" not in shown(caught.value)


@pytest.mark.parametrize("chunked", [True, False])
async def test_an_endless_body_ends_at_the_cap(chunked: bool, client: HttpClient, authority: Authority) -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = "Transfer-Encoding: chunked" if chunked else "Content-Length: 104857600"
        writer.write(f"HTTP/1.1 200 OK\r\n{length}\r\n\r\n".encode())
        piece = b"x" * 65536
        while True:
            writer.write(b"10000\r\n" + piece + b"\r\n" if chunked else piece)
            await writer.drain()

    async with serving(endless, authority.server("localhost")) as provider:
        with pytest.raises(TooLarge):
            await client.send(Request("GET", provider.url()))


async def test_exactly_the_cap_is_read_and_one_byte_more_is_not(authority: Authority) -> None:
    client = HttpClient(ca_file=authority.file, limits=ClientLimits(body=1000))
    async with serving(answer(body=b"x" * 1000), authority.server("localhost")) as provider:
        assert len((await client.send(Request("GET", provider.url()))).body) == 1000
    async with serving(answer(body=b"x" * 1001), authority.server("localhost")) as provider:
        with pytest.raises(TooLarge):
            await client.send(Request("GET", provider.url()))
    await client.close()


def test_the_numbers_are_the_documented_ones() -> None:
    assert ClientLimits() == ClientLimits(connect=10.0, total=30.0, body=1024 * 1024, connections=20)


@pytest.mark.security("S44")
async def test_a_slow_drip_ends_at_the_total_deadline(authority: Authority) -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    client = HttpClient(ca_file=authority.file, limits=ClientLimits(connect=5.0, total=0.6))
    loop = asyncio.get_running_loop()
    async with serving(drip, authority.server("localhost")) as provider:
        began = loop.time()
        with pytest.raises(NoResponse) as caught:
            await client.send(with_token(provider.url()))
    await client.close()

    assert loop.time() - began < 1.5
    assert "too long" in caught.value.happened
