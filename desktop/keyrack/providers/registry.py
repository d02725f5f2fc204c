"""The providers that come with Keyrack, in the order in which they are offered, each with its code if it has any."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from keyrack.providers.api.key_provider import KeyProvider, ReadOnlyKeyProvider
from keyrack.providers.api.stream import Stream, StreamTarget
from keyrack.providers.deribit import DeribitStream
from keyrack.providers.files.load import read
from keyrack.providers.kraken import KrakenKeys
from keyrack.providers.probit import ProbitStream
from keyrack.providers.schema import Provider
from keyrack.providers.whitebit.whitebit_keys import WhitebitKeys
from keyrack.providers.whitebit.whitebit_stream import WhitebitKeyStream


@dataclass(frozen=True, slots=True)
class Quirks:
    """The code of a provider for what its file cannot express.

    `stream` reads its WebSocket, whose address is the region's `stream`. `keys` serves a provider whose credential is a
    key: its file has `[flows.fast_api_key]` with `credential = "key"`. `read_only_key` serves a provider with tokens
    that shows balances to a key alone.
    """

    stream: Callable[[StreamTarget], Stream] | None = None
    keys: Callable[[StreamTarget], KeyProvider] | None = None
    read_only_key: ReadOnlyKeyProvider | None = None


NO_QUIRKS = Quirks()
BUILT_IN: Mapping[str, Quirks] = {
    "probit": Quirks(stream=ProbitStream),
    "bitport": NO_QUIRKS,
    "whitebit": NO_QUIRKS,
    "whitebit-fast-key": Quirks(stream=WhitebitKeyStream, keys=WhitebitKeys),
    "gemini": NO_QUIRKS,
    "deribit": Quirks(stream=DeribitStream),
    "kraken": Quirks(read_only_key=KrakenKeys()),
    "uphold": NO_QUIRKS,
    "alpaca": NO_QUIRKS,
    "putio": NO_QUIRKS,
    "dropbox": NO_QUIRKS,
    "premiumize": NO_QUIRKS,
    "saxo-sim": NO_QUIRKS,
    "tastytrade": NO_QUIRKS,
}


@cache
def built_in() -> tuple[Provider, ...]:
    """The provider files that come with Keyrack, read once."""
    folder = files("keyrack.providers")
    return tuple(read(f"{id}.toml", folder.joinpath(f"{id}.toml").read_text("utf-8")) for id in BUILT_IN)
