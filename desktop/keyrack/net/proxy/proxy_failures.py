"""The failures of a connection through a proxy. Nothing was sent to the provider in any of them."""

import re
import socket
import ssl

from keyrack.net.network_errors import ProxyRefused
from keyrack.net.proxy.proxy_address import Proxy

_SIGN_IN_WANTED = "407"
_STATUS = re.compile(r"[1-5][0-9]{2}\b")
# What OpenSSL says when the first bytes of the other side are text, by its version.
_NO_TLS = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST"}


def refused(host: str, proxy: Proxy, status: str) -> ProxyRefused:
    """The failure for a proxy that answered CONNECT with another status than 2xx (RFC 9110 section 9.3.6).

    `status` may begin any text. Nothing but its three digits is kept.
    """
    found = _STATUS.match(status)
    number = found.group() if found else "?"
    if number == _SIGN_IN_WANTED:
        code = "proxy_wants_password" if proxy.login is None else "proxy_refuses_password"
        return ProxyRefused(code, host, proxy=proxy.name)
    return ProxyRefused("proxy_refused", host, proxy=proxy.name, status=number)


def unreachable(host: str, proxy: Proxy, error: BaseException) -> ProxyRefused:
    """The failure for a proxy to which there is no connection."""
    code = "proxy_name_unknown" if _has_no_address(error) else "proxy_unreachable"
    return ProxyRefused(code, host, proxy=proxy.name)


def answered_itself(host: str, proxy: Proxy, error: ssl.SSLError) -> ProxyRefused | None:
    """The failure for a proxy that agreed to a tunnel and then sent text of its own, None for any other error."""
    if isinstance(error, ssl.SSLCertVerificationError) or error.reason not in _NO_TLS:
        return None
    return ProxyRefused("proxy_answers_itself", host, proxy=proxy.name)


def _has_no_address(error: BaseException | None) -> bool:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, socket.gaierror):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False
