"""Recognises a response of a provider's API which says that the service has ended."""

from keyrack.net.client.client_message import Response
from keyrack.oauth.endpoints.error_response import ended
from keyrack.primitives.failure import Failure
from keyrack.providers.schema import Provider


def service_end(provider: Provider, response: Response) -> Failure | None:
    """The failure for a 410, and for an empty 404 of a provider whose end was announced. None for anything else."""
    return ended(provider.name, response, announced=provider.ends is not None, advice=provider.ends_note)
