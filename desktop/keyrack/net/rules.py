"""What a request must satisfy before a single byte of it leaves the machine."""

import re
from urllib.parse import SplitResult, urlsplit

from keyrack.net.errors import Unsendable
from keyrack.net.message import Request, text_of

LOOPBACK = frozenset({"127.0.0.1", "::1"})

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?|")
_URL = re.compile(r"[\x21-\x7e]+")


def check(request: Request) -> None:
    """Raise Unsendable unless the address and the headers are fit to be sent (S40).

    A header value is never quoted: libraries quote it in their own errors, so a token with a
    line end in it would land in a log.
    """
    _check_address(request)
    for name, value in request.headers.items():
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(text_of(value)):
            raise Unsendable(
                request.host, "A value of it holds characters that no request may hold.", "Check what was entered."
            )


def _check_address(request: Request) -> None:
    parts = _split(request.url)
    if parts is None or not parts.hostname:
        raise Unsendable(request.host or "the provider", "Its address is not a web address.")
    if parts.username is not None or parts.password is not None:
        raise Unsendable(parts.hostname, "Its address names a user, which Keyrack does not send.")
    if parts.scheme == "https" or (parts.scheme == "http" and _may_be_plain(request, parts.hostname)):
        return
    raise Unsendable(parts.hostname, "Its address is not an encrypted one (https).")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  a wrong port raises here
    except ValueError:
        return None
    return parts if _URL.fullmatch(url) else None


def _may_be_plain(request: Request, hostname: str) -> bool:
    return request.plain_http_allowed and hostname in LOOPBACK
