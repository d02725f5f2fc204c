"""The last check before the bytes of a request, and what it leaves unsent."""

from dataclasses import replace

import pytest

from keyrack.net.client.http_client import HttpClient
from keyrack.primitives.failure import Failure
from tests.net.canary import with_token
from tests.net.tls_server import Authority, answer, serving


class Refusing:
    """A check that refuses from the call of this number on."""

    def __init__(self, number: int) -> None:
        self.calls = 0
        self._number = number

    def __call__(self) -> None:
        self.calls += 1
        if self.calls >= self._number:
            raise Failure("shared_not_the_renewer")


@pytest.mark.parametrize(("number", "head"), [(1, False), (2, True)])
async def test_a_check_that_refuses_keeps_the_body_here(
    number: int, head: bool, client: HttpClient, authority: Authority
) -> None:
    async with serving(answer(), authority.server("localhost")) as provider:
        request = replace(with_token(provider.url()), last_check=Refusing(number))
        with pytest.raises(Failure) as caught:
            await client.send(request)
        assert caught.value.code == "shared_not_the_renewer"
        again = await client.send(with_token(provider.url()))
    assert again.status == 200
    assert provider.received.count(b"refresh_token=") == 1, "that of the second request"
    assert len(provider.heads) == 1 + head


async def test_a_check_is_called_for_each_request_also_on_a_kept_connection(
    client: HttpClient, authority: Authority
) -> None:
    async with serving(answer(), authority.server("localhost")) as provider:
        for _ in range(2):
            check = Refusing(3)
            assert (await client.send(replace(with_token(provider.url()), last_check=check))).status == 200
            assert check.calls == 2
        assert provider.connections == 1
