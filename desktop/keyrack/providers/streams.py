"""The providers that push: which conversation belongs to which provider id."""

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
    """What makes a conversation for one connection; None for a provider that is polled."""
    return _STREAMS.get(provider.id)
