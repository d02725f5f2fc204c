"""Finds the WebSocket conversation of a provider that pushes its balances."""

from collections.abc import Callable

from keyrack.providers.api.stream import Stream, StreamTarget
from keyrack.providers.deribit import DeribitStream
from keyrack.providers.probit import ProbitStream
from keyrack.providers.schema import Provider
from keyrack.providers.whitebit.whitebit_stream import WhitebitKeyStream

_STREAMS: dict[str, Callable[[StreamTarget], Stream]] = {
    "probit": ProbitStream,
    "deribit": DeribitStream,
    "whitebit-fast-key": WhitebitKeyStream,
}


def stream_for(provider: Provider) -> Callable[[StreamTarget], Stream] | None:
    """The class of the conversation on one connection. None for a provider that is polled."""
    return _STREAMS.get(provider.id)
