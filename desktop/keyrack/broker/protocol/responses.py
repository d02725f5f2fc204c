"""The answers of the local socket as pages: JSON objects, streams of them, and errors."""

from collections.abc import AsyncGenerator, Mapping

import msgspec

from keyrack.broker.protocol.api_errors import STATUSES, ApiError, code_of, told
from keyrack.core.failures import Unexpected
from keyrack.net.server.server_message import ServerResponse
from keyrack.primitives.failure import Failure

_JSON = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
_LINES = (("Content-Type", "application/x-ndjson"), ("Cache-Control", "no-store"))
_REFUSALS = {
    408: "The request did not come to its end in time.",
    413: "The request is longer than 64 KiB.",
    414: "The request's address is too long.",
    421: "The request is meant for another server.",
    431: "The request's headers are too long.",
}


class WrongMethod(ApiError):
    """The path exists, but not with this method."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__("not_found", f"This path takes {', '.join(allowed)} only.")
        self.allowed = allowed


def ok(answer: Mapping[str, object]) -> ServerResponse:
    """The answer of a handler."""
    return ServerResponse(200, _JSON, line(answer))


def line(answer: Mapping[str, object]) -> bytes:
    """One object and a line end."""
    return msgspec.json.encode(answer) + b"\n"


def stream(lines: AsyncGenerator[bytes, None]) -> ServerResponse:
    """One object per line for as long as they come."""
    return ServerResponse(200, _LINES, parts=lines, last=True)


def problem(failure: Failure, *, last: bool = False) -> ServerResponse:
    """A failure, told without secrets."""
    if isinstance(failure, WrongMethod):
        return ServerResponse(405, (*_JSON, ("Allow", ", ".join(failure.allowed))), line(told(failure)))
    return ServerResponse(STATUSES[code_of(failure)], _JSON, line(told(failure)), last=last)


def refusal(status: int) -> ServerResponse:
    """The page for a request that breaks a limit or is no request of ours."""
    if status == 503:
        return problem(ApiError("busy", "Too many programs ask Keyrack at once.", "", "Try again."))
    if status == 500:
        return problem(Unexpected())
    happened = _REFUSALS.get(status, "This is not a request that Keyrack reads.")
    return ServerResponse(status, _JSON, line(told(ApiError("usage", happened))))
