"""Which providers push their balances, and which addresses a stream may have."""

from importlib.resources import files

import pytest

from keyrack.net.client.http_client import HttpClient
from keyrack.providers.api.stream import StreamTarget, words
from keyrack.providers.files.load import BadProviderFile, moved, read
from keyrack.providers.registry import BUILT_IN, built_in

PROBIT = files("keyrack.providers").joinpath("probit.toml").read_text("utf-8")
ADDRESS = "wss://api.probit.com/api/exchange/v1/ws"


def test_each_provider_with_a_stream_address_has_a_conversation_and_no_other() -> None:
    for provider in built_in():
        pushes = BUILT_IN[provider.id].stream is not None
        streams = {bool(region.stream) for region in provider.regions.values() if not region.typed_in}
        assert streams == {pushes}, provider.id
    assert {p.id for p in built_in() if BUILT_IN[p.id].stream} == {"probit", "deribit", "whitebit-fast-key"}


def test_each_connection_has_a_new_conversation() -> None:
    provider = built_in()[0]
    make = BUILT_IN[provider.id].stream
    assert make is not None
    site = StreamTarget(provider, provider.regions["global"], HttpClient())
    assert make(site) is not make(site)


@pytest.mark.security("S40")
@pytest.mark.parametrize(
    "address",
    [
        "ws://api.probit.com/ws",
        "ws://127.0.0.1:1/ws",
        "https://api.probit.com/ws",
        "wss://me@api.probit.com/ws",
        "wss://api.probit.com/ws?token=1",
        "wss://",
        "api.probit.com",
    ],
)
def test_a_stream_is_a_bare_encrypted_address(address: str) -> None:
    text = PROBIT.replace(ADDRESS, address, 1)
    with pytest.raises(BadProviderFile) as caught:
        read("probit.toml", text)
    assert "regions.global.stream" in caught.value.happened
    line = next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith("stream"))
    assert caught.value.line == line


def test_only_a_site_whose_hosts_are_typed_in_may_leave_them_out() -> None:
    with pytest.raises(BadProviderFile, match=r"regions\.own\.token_endpoint"):
        read("probit.toml", PROBIT.replace("typed_in = true\n", "", 1))


def test_a_sandbox_moves_the_streams_too() -> None:
    regions = moved(built_in()[0], "http://127.0.0.1:4711").regions
    assert regions["global"].stream == "ws://127.0.0.1:4711/api/exchange/v1/ws"
    assert regions["own"].stream == ""


def test_words_are_texts_alone_and_short() -> None:
    assert words("A", None, "", 7, ["x"], "b" * 500) == f"A: {'b' * 100}"
    assert words() == ""
