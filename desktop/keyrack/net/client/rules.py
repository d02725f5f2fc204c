"""The rules that a request must keep before a single byte of it leaves the machine."""

import re
from urllib.parse import SplitResult

from keyrack.net import address
from keyrack.net.client.client_message import Request, text_of
from keyrack.net.network_errors import Unsendable

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?|")


def check(request: Request) -> None:
    """Raise Unsendable unless the address and the headers may be sent (S40).

    A header value is never quoted. Libraries quote it in their own errors, so a token with a line end in it would
    reach a log.
    """
    _check_address(request)
    for name, value in request.headers.items():
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(text_of(value)):
            raise Unsendable("request_value_unfit", request.host)


def _check_address(request: Request) -> None:
    parts = _host_named(request.url, request.host)
    if parts.scheme == "https" or (parts.scheme == "http" and _may_be_plain(request, parts.hostname or "")):
        return
    raise Unsendable("address_not_https", parts.hostname or "")


def check_socket(url: str, *, plain_allowed: bool = False) -> str:
    """The host of a WebSocket address. Raises Unsendable unless it is wss, or ws to this machine where allowed."""
    parts = _host_named(url, "")
    host = parts.hostname or ""
    if parts.scheme == "wss" or (parts.scheme == "ws" and plain_allowed and host in address.LOOPBACK):
        return host
    raise Unsendable("address_not_wss", host)


def _host_named(url: str, host: str) -> SplitResult:
    parts = address.split(url)
    if parts is None or not parts.hostname:
        raise Unsendable("address_invalid" if host else "address_missing", host)
    if parts.username is not None or parts.password is not None:
        raise Unsendable("address_names_user", parts.hostname)
    return parts


def _may_be_plain(request: Request, hostname: str) -> bool:
    return request.plain_http_allowed and hostname in address.LOOPBACK
