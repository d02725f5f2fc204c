"""A response that is read line by line for as long as it goes on."""

import pytest

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import HttpClient
from keyrack.net.network_errors import NoResponse, TooLarge, Unreachable
from tests.net.tls_server import Authority, answer, serving


async def test_lines_come_one_by_one_and_the_last_needs_no_end(authority: Authority, client: HttpClient) -> None:
    async with serving(answer(body=b"one\n\ntwo\nthree"), authority.server("localhost")) as provider:
        stream = await client.stream(Request("POST", provider.url()))
        assert stream.status == 200
        assert [await stream.line() for _ in range(4)] == [b"one", b"", b"two", b"three"]
        with pytest.raises(NoResponse):
            await stream.line()
        await stream.close()
        assert "three" not in repr(stream)


async def test_a_line_that_does_not_end_is_not_kept(authority: Authority, client: HttpClient) -> None:
    async with serving(answer(body=b"x" * 300_000), authority.server("localhost")) as provider:
        stream = await client.stream(Request("POST", provider.url(), most_bytes=100_000))
        with pytest.raises(TooLarge):
            await stream.line()
        await stream.close()


async def test_a_stream_of_nobody_is_unreachable(client: HttpClient) -> None:
    with pytest.raises(Unreachable):
        await client.stream(Request("POST", "https://127.0.0.1:1/"))
