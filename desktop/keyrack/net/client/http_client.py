"""The only HTTP client. Every byte to and from a provider passes here, except those of a WebSocket."""

import asyncio
import importlib
import importlib.util
import logging
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keyrack import __version__
from keyrack.net.client import body, rules, tls
from keyrack.net.client.body import BodyTooLarge, BodyUnreadable
from keyrack.net.client.charset import as_utf8
from keyrack.net.client.client_message import Request, Response, bytes_of, text_of
from keyrack.net.client.line_stream import LineStream
from keyrack.net.client.tls import OwnCertificateUnusable, TlsFiles
from keyrack.net.network_errors import NoResponse, TlsRefused, TooLarge, Unreachable
from keyrack.net.proxy.proxies import Proxies
from keyrack.net.proxy.proxy_address import Proxy
from keyrack.net.proxy.proxy_failures import answered_itself, refused, unreachable
from keyrack.net.proxy.way import Way
from keyrack.primitives.failure import Failure, plain

if TYPE_CHECKING:
    import httpx
    from httpcore import AsyncNetworkStream

USER_AGENT = f"Keyrack/{__version__}"

_QUIET = ("httpx", "httpcore")
_OPTIONAL_MODULE = "sniffio"
_CONNECTING = "connect_tcp.started"
_CONNECTED = "connect_tcp.complete"
_FIRST_BYTE = "send_request_headers.started"
_BODY = "send_request_body.started"
_TO_PROXY = b"CONNECT"
_PROXY_ERROR = "ProxyError"


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """The limits of a client: `connect`, `total` and `kept` in seconds, `body` in decoded bytes, `connections` a count.

    A connection that was idle for longer than `kept` is not used again. Many servers close theirs after five seconds,
    as Node and uvicorn do. A request that meets that moment may or may not have arrived, which can cost a sign-in.
    """

    connect: float = 10.0
    total: float = 30.0
    body: int = 1024 * 1024
    connections: int = 20
    kept: float = 1.0


class HttpClient:
    """Sends requests over verified TLS, and follows nothing, keeps nothing and trusts no environment.

    There is no redirect (S41), no cookie, no proxy that the person did not choose (S52) and no key log (S53).
    httpx is imported at the first request, so that the first window does not wait for it.
    """

    def __init__(
        self,
        *,
        ca_file: Path | None = None,
        limits: ClientLimits | None = None,
        proxies: Proxies | None = None,
        files: TlsFiles | None = None,
    ) -> None:
        self._ca_file = ca_file
        self._files = files
        self._limits = limits or ClientLimits()
        self._proxies = proxies or Proxies()
        self._libraries: dict[Proxy | None, httpx.AsyncClient] = {}
        self._opening = asyncio.Lock()
        self._under_way = 0
        self._given_up = False

    async def send(self, request: Request) -> Response:
        """The response, whatever its status. Raises a NetworkFailure where there is none, or what the check raised."""
        rules.check(request)
        self._under_way += 1
        try:
            return await self._send(request)
        finally:
            self._under_way -= 1
            await self._close_if_given_up()

    async def _send(self, request: Request) -> Response:
        way = await self._proxies.to(request.host)
        library = await self._open(request.host, way.proxy)
        most = request.most_bytes or self._limits.body
        progress = _Progress(request, self._limits, most, way, proves_itself=self._files is not None)
        try:
            async with asyncio.timeout(self._limits.total) as progress.deadline:
                return await self._exchange(library, request, progress, most)
        except Exception as error:  # noqa: BLE001  the library's errors, and those of the four below it
            failure = progress.failure(error)
        finally:
            await progress.release()
        raise failure  # outside of the handler: the library's own error quotes header values and addresses

    async def stream(self, request: Request) -> LineStream:
        """The response as a stream of lines that goes on until it is closed, of `most_bytes` a line.

        Only its head has to come in time. Raises a NetworkFailure when there is none.
        """
        rules.check(request)
        way = await self._proxies.to(request.host)
        library = await self._open(request.host, way.proxy)
        most = request.most_bytes or self._limits.body
        progress = _Progress(request, self._limits, most, way, proves_itself=self._files is not None)
        try:
            async with asyncio.timeout(self._limits.total) as progress.deadline:
                response = await library.send(_prepared(library, request, progress), stream=True)
                return LineStream(response, request.host, most)
        except Exception as error:  # noqa: BLE001  as in `_send`
            failure = progress.failure(error)
        finally:
            await progress.release()
        raise failure

    async def close(self) -> None:
        """End all connections. A later request opens new ones."""
        ended, self._libraries = self._libraries, {}
        for library in ended.values():
            await library.aclose()

    async def give_up(self) -> None:
        """End the connections once no request is on them, because each one may have used up a token or a code.

        A later request has its response too, and ends the connections after it.
        """
        self._given_up = True
        await self._close_if_given_up()

    async def _close_if_given_up(self) -> None:
        if self._given_up and not self._under_way:
            await self.close()

    async def _exchange(
        self, library: "httpx.AsyncClient", request: Request, progress: "_Progress", most: int
    ) -> Response:
        response = await library.send(_prepared(library, request, progress), stream=True)
        try:
            encoding = response.headers.get("content-encoding", "")
            content = await body.read(response.aiter_raw(), encoding, most)
        finally:
            await response.aclose()
        content = as_utf8(content, response.headers.get("content-type", ""))
        return Response(response.status_code, {k.lower(): v for k, v in response.headers.items()}, content)

    async def _open(self, host: str, proxy: Proxy | None) -> "httpx.AsyncClient":
        async with self._opening:
            if proxy not in self._libraries:
                # Both take tens of milliseconds, which a window would feel.
                imported = await asyncio.to_thread(importlib.import_module, "httpx")
                try:
                    verify = await asyncio.to_thread(self._context)
                except OwnCertificateUnusable as error:
                    raise TlsRefused("own_certificate_unusable", host, file=plain(str(error))) from None
                except OSError as error:  # ssl.SSLError is one
                    raise _no_certificates(host, self._files.ca if self._files else self._ca_file, error) from None
                self._libraries[proxy] = _made(imported, verify, self._limits, proxy)
            return self._libraries[proxy]

    def _context(self) -> ssl.SSLContext:
        return tls.context_of(self._files) if self._files is not None else tls.shared_context(self._ca_file)


def _prepared(library: "httpx.AsyncClient", request: Request, progress: "_Progress") -> "httpx.Request":
    return library.build_request(
        request.method,
        request.url,
        headers={name: text_of(value) for name, value in request.headers.items()},
        content=bytes_of(request.body),
        extensions={"trace": progress.note},
    )


def _no_certificates(host: str, ca_file: Path | None, error: OSError) -> TlsRefused:
    detail = type(error).__name__
    if ca_file is None:
        return TlsRefused("system_certificates_unusable", host, detail=detail)
    return TlsRefused("certificate_file_unusable", host, file=plain(ca_file.name), detail=detail)


def _made(imported: Any, verify: ssl.SSLContext, limits: ClientLimits, proxy: Proxy | None) -> "httpx.AsyncClient":
    if importlib.util.find_spec(_OPTIONAL_MODULE) is None:
        # httpcore looks for it several times a request, in every folder of the path, and does well without.
        sys.modules[_OPTIONAL_MODULE] = None  # type: ignore[assignment]
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    cookies: Any = importlib.import_module("http.cookiejar")  # httpx has imported it
    client: httpx.AsyncClient = imported.AsyncClient(
        verify=verify,
        trust_env=False,
        proxy=_for_library(imported, proxy) if proxy is not None else None,
        follow_redirects=False,
        cookies=cookies.CookieJar(policy=cookies.DefaultCookiePolicy(allowed_domains=())),
        timeout=None,  # _Progress keeps the deadlines: the library's are per read, which a slow drip outlasts
        limits=imported.Limits(
            max_connections=limits.connections,
            max_keepalive_connections=limits.connections,
            keepalive_expiry=limits.kept,
        ),
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": body.ACCEPTED},
    )
    return client


def _for_library(imported: Any, proxy: Proxy) -> Any:
    """The proxy with its login beside the address. It goes with CONNECT and with no request to a provider."""
    login = (proxy.login.user, proxy.login.password.reveal()) if proxy.login is not None else None
    return imported.Proxy(proxy.address, auth=login)


class _Progress:
    """How far one request came. This decides its deadline and what its failure means (S44)."""

    deadline: asyncio.Timeout
    _bare: "AsyncNetworkStream | None" = None

    def __init__(self, request: Request, limits: ClientLimits, most: int, way: Way, *, proves_itself: bool) -> None:
        self._host = request.host
        self._proves_itself = proves_itself
        self._last_check = request.last_check
        self._way = way
        self._limits = limits
        self._most = most
        self._end = asyncio.get_running_loop().time() + limits.total
        self._sent = False

    async def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Take an event of httpcore. Name lookup, TCP, the proxy and TLS share the time to connect."""
        if event.endswith(_CONNECTING):
            now = asyncio.get_running_loop().time()
            self.deadline.reschedule(min(self._end, now + self._limits.connect))
        elif event.endswith(_CONNECTED):
            self._bare = info["return_value"]
        elif event.endswith((_FIRST_BYTE, _BODY)) and info["request"].method != _TO_PROXY:
            if self._last_check is not None:
                self._last_check()
            self._sent = True
            self._bare = None
            self.deadline.reschedule(self._end)

    async def release(self) -> None:
        """Close a connection that ended before TLS. httpcore loses it when the request is cancelled there."""
        if self._bare is not None:
            await self._bare.aclose()

    def failure(self, error: Exception) -> Failure:
        """The failure for an error of the library, of whose text nothing is kept, or that of the last check."""
        if isinstance(error, Failure):
            return error
        if isinstance(error, BodyTooLarge):
            return TooLarge(self._host, limit=self._most)
        if isinstance(error, BodyUnreadable):
            return NoResponse(self._host, detail="unreadable body")
        tls_error = tls.in_chain(error)
        proxy = self._way.proxy
        if tls_error is not None and self._proves_itself and tls.wants_certificate(tls_error):
            return TlsRefused("own_certificate_refused", self._host, detail=tls_error.reason or "")
        if tls_error is not None and not self._sent:
            replaced = answered_itself(self._host, proxy, tls_error) if proxy is not None else None
            return replaced or tls.refused(self._host, tls_error)
        late, detail = isinstance(error, TimeoutError), type(error).__name__
        if self._sent:
            return NoResponse(self._host, late=late, detail=detail)
        if proxy is not None and detail == _PROXY_ERROR:
            return refused(self._host, proxy, str(error))
        if proxy is not None and self._bare is None and not late:
            return unreachable(self._host, proxy, error)
        return Unreachable(self._host, self._way.connects(), late=late, detail=detail)
