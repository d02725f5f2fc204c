"""Makes the HTTP responses of the local socket: JSON objects, streams of them, and errors."""

from collections.abc import AsyncGenerator, Mapping

import msgspec

from keyrack.broker.protocol.api_errors import STATUSES, ApiError, error_body, kind_of
from keyrack.core.failures import Unexpected
from keyrack.net.server.server_message import ServerResponse
from keyrack.primitives.failure import Failure

_JSON = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
_LINES = (("Content-Type", "application/x-ndjson"), ("Cache-Control", "no-store"))
_REFUSAL_CODES = {
    408: "request_late",
    413: "request_too_long",
    414: "address_too_long",
    421: "other_server_meant",
    431: "headers_too_long",
}


class WrongMethod(ApiError):
    """The path exists, but not with this method."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__("not_found", "method_not_taken", methods=", ".join(allowed))
        self.allowed = allowed


def ok(answer: Mapping[str, object]) -> ServerResponse:
    """The response with a handler's object."""
    return ServerResponse(200, _JSON, line(answer))


def line(answer: Mapping[str, object]) -> bytes:
    """One JSON object and a line end."""
    return msgspec.json.encode(answer) + b"\n"


def stream(lines: AsyncGenerator[bytes, None]) -> ServerResponse:
    """A response with one object per line, for as long as `lines` yields any."""
    return ServerResponse(200, _LINES, parts=lines, last=True)


def error_response(failure: Failure, *, last: bool = False) -> ServerResponse:
    """The response to a failure, without secrets."""
    if isinstance(failure, WrongMethod):
        return ServerResponse(405, (*_JSON, ("Allow", ", ".join(failure.allowed))), line(error_body(failure)))
    return ServerResponse(STATUSES[kind_of(failure)], _JSON, line(error_body(failure)), last=last)


def refusal(status: int) -> ServerResponse:
    """The response to a request that breaks a limit or cannot be parsed. `status` is the HTTP status."""
    if status == 503:
        return error_response(ApiError("busy", "too_many_programs"))
    if status == 500:
        return error_response(Unexpected())
    code = _REFUSAL_CODES.get(status, "request_malformed")
    return ServerResponse(status, _JSON, line(error_body(ApiError("usage", code))))
