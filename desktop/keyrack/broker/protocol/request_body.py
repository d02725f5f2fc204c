"""The JSON object in a request's body, read strictly."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import Declined
from keyrack.net.server.server_message import Received
from keyrack.oauth.oauth_errors import StrangeAnswer
from keyrack.oauth.strict_json import read_json


def object_of(received: Received) -> Mapping[str, object]:
    """The object; raises Declined for whatever is not exactly one, without quoting it (C3)."""
    try:
        found = read_json(received.body, "The request")
    except StrangeAnswer:
        found = None
    if not isinstance(found, dict):
        raise Declined("usage", "The request's body is not one JSON object.", "", "Send an object in UTF-8.")
    return found
