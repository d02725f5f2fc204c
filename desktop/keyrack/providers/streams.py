"""The providers that push: which conversation belongs to which provider id."""

from collections.abc import Callable

from keyrack.providers.api.stream import Site, Stream
from keyrack.providers.deribit import DeribitStream
from keyrack.providers.probit import ProbitStream
from keyrack.providers.schema import Provider
from keyrack.providers.whitebit.whitebit_stream import WhitebitKeyStream

_STREAMS: dict[str, Callable[[Site], Stream]] = {
    "probit": ProbitStream,
    "deribit": DeribitStream,
    "whitebit-fast-key": WhitebitKeyStream,
}


def stream_for(provider: Provider) -> Callable[[Site], Stream] | None:
    """What makes a conversation for one connection; None for a provider that is polled."""
    return _STREAMS.get(provider.id)
