"""The JSON object in a request's body, read strictly."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import Declined
from keyrack.net.exchange import Received
from keyrack.oauth.answers import read_json
from keyrack.oauth.errors import StrangeAnswer


def object_of(received: Received) -> Mapping[str, object]:
    """The object; raises Declined for whatever is not exactly one, without quoting it (C3)."""
    try:
        found = read_json(received.body, "The request")
    except StrangeAnswer:
        found = None
    if not isinstance(found, dict):
        raise Declined("usage", "The request's body is not one JSON object.", "", "Send an object in UTF-8.")
    return found
