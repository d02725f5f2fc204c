"""A browser on another computer: it signs in at the provider and then cannot reach Keyrack."""

import urllib.request
from http.client import HTTPMessage
from typing import IO

from keyrack.sandbox.browser import Browser


class _EndedError(Exception):
    """Where the browser ended."""


class _RemoteRedirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, redirect_uri: str) -> None:
        self._redirect_uri = redirect_uri

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if newurl.startswith(self._redirect_uri):
            raise _EndedError(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def address_bar(address: str, redirect_uri: str, answer: str = "approve") -> str:
    """What the address bar shows after the person followed the provider's address and pressed a button."""
    try:
        Browser(_RemoteRedirects(redirect_uri)).answer(address, answer, None)
    except _EndedError as ended:
        return str(ended)
    raise AssertionError("the browser never left the provider")
