"""A request to a provider and its response, as plain values. Neither shows its content in a repr."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from keyrack.primitives.secret import Secret


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """A request.

    `plain_http_allowed` admits `http` to a literal 127.0.0.1 or [::1], and to nothing else (S40). `most_bytes` is the
    limit of the decoded response where it is not the client's own. `last_check` is called when there is a connection,
    before the head and before the body. What it raises ends the request, and no more of it is sent.
    """

    method: str
    url: str
    headers: Mapping[str, str | Secret] = field(default_factory=dict)
    body: bytes | Secret | None = None
    plain_http_allowed: bool = False
    most_bytes: int | None = None
    last_check: Callable[[], None] | None = None

    @property
    def host(self) -> str:
        """The host without its port, or "" when the address is not valid."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.host}>"


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """A response. Header names are in lower case. The body is decoded, and text of another charset is UTF-8 in it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"<Response {self.status}>"


def text_of(value: str | Secret) -> str:
    """The text of a header value, secret or not."""
    return value.reveal() if isinstance(value, Secret) else value


def bytes_of(body: bytes | Secret | None) -> bytes | None:
    """The bytes of a body, secret or not."""
    return body.reveal().encode() if isinstance(body, Secret) else body
