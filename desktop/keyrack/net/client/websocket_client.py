"""The only WebSocket client. Every frame to and from a provider passes here (RFC 6455)."""

import asyncio
import importlib
import logging
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from keyrack.net.client import rules, tls
from keyrack.net.client.websocket_limits import WebSocketLimits
from keyrack.net.proxy.proxies import Proxies

if TYPE_CHECKING:
    from keyrack.net.client.websocket_connection import WebSocket

_QUIET = "websockets"
_LIBRARY = "keyrack.net.client.websocket_connection"


class Dialler:
    """Opens WebSockets over verified TLS and trusts no environment: no key log, no compression (S53).

    There is no proxy that the person did not choose (S52).
    """

    def __init__(
        self, *, ca_file: Path | None = None, limits: WebSocketLimits | None = None, proxies: Proxies | None = None
    ) -> None:
        self._ca_file = ca_file
        self._proxies = proxies or Proxies()
        self._limits = limits or WebSocketLimits()
        self._tls: ssl.SSLContext | None = None
        # Its own lines quote frames, and frames hold tokens.
        logging.getLogger(_QUIET).setLevel(logging.CRITICAL)

    async def open(self, url: str, *, plain_allowed: bool = False) -> "WebSocket":
        """An open WebSocket. Raises a NetworkFailure.

        `plain_allowed` admits `ws` to a literal loopback address (S40).
        """
        host = rules.check_socket(url, plain_allowed=plain_allowed)
        way = await self._proxies.to(host)
        # It takes tens of milliseconds, and many never need it.
        library: Any = await asyncio.to_thread(importlib.import_module, _LIBRARY)
        opened: WebSocket = await library.opened(url, host, way, self._limits, await self._secure(url))
        return opened

    async def _secure(self, url: str) -> dict[str, Any]:
        if urlsplit(url).scheme != "wss":
            return {}
        if self._tls is None:
            self._tls = await asyncio.to_thread(tls.shared_context, self._ca_file)
        # asyncio would wait half a minute for a host that does not end its TLS.
        return {"ssl": self._tls, "ssl_shutdown_timeout": self._limits.close}
