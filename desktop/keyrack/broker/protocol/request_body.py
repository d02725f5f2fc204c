"""Reads the JSON object in a request's body, strictly."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import ApiError
from keyrack.net.server.server_message import ServerRequest
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import read_json


def object_of(request: ServerRequest) -> Mapping[str, object]:
    """The object. Raises ApiError for anything that is not exactly one object, without quoting it (C3)."""
    try:
        parsed = read_json(request.body, "The request")
    except UnexpectedResponse:
        parsed = None
    if not isinstance(parsed, dict):
        raise ApiError("usage", "body_not_object")
    return parsed
