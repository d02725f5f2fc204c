"""The hostile requests of the security requirements' list C1, as data. The numbers are the list's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from tests.oauth.listener_harness import CODE, ListenerHarness
from tests.raw_http import get


@dataclass(frozen=True)
class Hostile:
    """One request that must change nothing. Status 0 means that the connection ends without a response."""

    number: int
    name: str
    data: Callable[[ListenerHarness], bytes]
    expected: frozenset[int]
    shows: tuple[str, ...]


def _query(text: str) -> Callable[[ListenerHarness], bytes]:
    """A request to the right path. STATE stands for the right state, CODE for a good code."""
    return lambda listener: get(f"{listener.path}?{_filled(text, listener)}", listener.host)


def _filled(text: str, listener: ListenerHarness) -> str:
    return text.replace("STATE", listener.state).replace("CODE", CODE)


def _path(path: str) -> Callable[[ListenerHarness], bytes]:
    return lambda listener: get(f"{path}?code={CODE}&state={listener.state}", listener.host)


def _host(*lines: str) -> Callable[[ListenerHarness], bytes]:
    def made(listener: ListenerHarness) -> bytes:
        hosts = "".join(f"Host: {line.replace('PORT', str(listener.port))}\r\n" for line in lines)
        return f"GET {listener.target(code=CODE, state=listener.state)} HTTP/1.1\r\n{hosts}\r\n".encode()

    return made


def _with(*headers: str) -> Callable[[ListenerHarness], bytes]:
    return lambda listener: listener.genuine(*headers)


def _method(method: str, *headers: str, body: str = "") -> Callable[[ListenerHarness], bytes]:
    return lambda listener: get(
        listener.target(code=CODE, state=listener.state),
        listener.host,
        *headers,
        method=method,
        body=_filled(body, listener),
    )


def _line(text: str) -> Callable[[ListenerHarness], bytes]:
    """A request written by hand. TARGET and HOST are filled in."""

    def made(listener: ListenerHarness) -> bytes:
        target = listener.target(code=CODE, state=listener.state)
        return text.replace("TARGET", target).replace("HOST", listener.host).encode("latin-1")

    return made


def _other(pick: Callable[[ListenerHarness], str]) -> Callable[[ListenerHarness], bytes]:
    return lambda listener: get(listener.target(code=CODE, state=pick(listener)), listener.host)


def _rows() -> Iterator[tuple[int, str, Callable[[ListenerHarness], bytes], set[int], tuple[str, ...]]]:
    state = ("S9",)
    yield 1, "no state", _query("code=CODE"), {400}, state
    yield 2, "wrong state", _query("code=CODE&state=" + "A" * 43), {400}, state
    yield 5, "error without state", _query("error=access_denied"), {400}, ("S9", "S10")
    yield 5, "error with a wrong state", _query("error=access_denied&state=wrong"), {400}, ("S9", "S10")
    yield 8, "code and error", _query("code=CODE&error=access_denied&state=STATE"), {400}, ("S18",)
    yield 9, "two codes", _query("code=CODE&code=other&state=STATE"), {400}, ("S18",)
    yield 9, "two codes, one escaped", _query("code=CODE&c%6Fde=other&state=STATE"), {400}, ("S18",)
    yield 10, "two states", _query("code=CODE&state=STATE&state=x"), {400}, ("S9", "S18")
    yield 10, "two states, the right one last", _query("code=CODE&state=x&state=STATE"), {400}, ("S9", "S18")
    yield 10, "two issuers", _query("code=CODE&state=STATE&iss=a&iss=b"), {400}, ("S18",)
    yield 11, "empty code", _query("code=&state=STATE"), {400}, ("S18",)
    yield 11, "empty error", _query("error=&state=STATE"), {400}, ("S18",)
    yield 11, "neither code nor error", _query("state=STATE"), {400}, ("S18",)
    for name, code in _BAD_CODES.items():
        yield 12, f"code: {name}", _query(f"code={code}&state=STATE"), {400}, ("S18",)
    yield 13, "names in other case", _query("Code=CODE&STATE=STATE"), {400}, state
    yield 14, "10,000 parameters", _query("a=1&" * 10_000 + "code=CODE&state=STATE"), {400, 414}, ("S17",)
    yield 14, "1,000 parameters", _query("a&" * 1_000 + "code=CODE&state=STATE"), {400}, ("S17",)
    yield 15, "trailing space", _query("code=CODE&state=STATE%20"), {400}, state
    yield 15, "escaped twice", _escaped_twice, {400}, state
    yield 15, "prefix", _other(lambda listener: listener.state[:-1]), {400}, state
    yield 15, "suffix", _other(lambda listener: listener.state[1:]), {400}, state
    yield 15, "longer", _other(lambda listener: listener.state + "A"), {400}, state
    for path in _BAD_PATHS:
        yield 16, f"path {path}", _path(path), {404}, ("S8",)
    for host in _BAD_HOSTS:
        yield 17, f"host {host}", _host(host), {400, 421}, ("S13",)
    yield 17, "two hosts", _host("127.0.0.1:PORT", "127.0.0.1:PORT"), {400, 421}, ("S13",)
    yield 17, "no host", _host(), {400, 421}, ("S13",)
    yield 17, "no host, HTTP/1.0", _line("GET TARGET HTTP/1.0\r\n\r\n"), {400, 421}, ("S13",)
    yield 18, "absolute form", _line("GET http://evil.exampleTARGET HTTP/1.1\r\nHost: HOST\r\n\r\n"), {400}, ("S13",)
    yield 18, "absolute form of ours", _line("GET http://HOSTTARGET HTTP/1.1\r\nHost: HOST\r\n\r\n"), {400}, ("S13",)
    yield 19, "HEAD", _method("HEAD"), {405}, ("S8", "S15")
    preflight = ("Origin: https://evil.example", "Access-Control-Request-Private-Network: true")
    yield 20, "OPTIONS", _method("OPTIONS", *preflight), {405}, ("S8", "S15")
    form = ("Content-Type: application/x-www-form-urlencoded", "Content-Length: 20")
    yield 21, "POST form", _method("POST", *form, body="code=1&state=STATE"), {405}, ("S8",)
    for method in ("PUT", "DELETE", "TRACE", "PATCH", "FOO"):
        yield 22, method, _method(method), {405}, ("S8",)
    yield 22, "CONNECT", _line("CONNECT evil.example:443 HTTP/1.1\r\nHost: HOST\r\n\r\n"), {400, 405}, ("S8",)
    for header in ("Sec-Purpose: prefetch", "Sec-Purpose: prefetch;prerender", "Purpose: prefetch", "X-Moz: prefetch"):
        yield 23, header, _with(header), {503}, ("S15",)
    modes = ("Sec-Fetch-Mode: no-cors", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: image", "Sec-Fetch-Dest: iframe")
    for header in modes:
        yield 24, header, _with(header), {403}, ("S14",)
    yield 24, "mode twice", _with("Sec-Fetch-Mode: navigate", "Sec-Fetch-Mode: cors"), {403}, ("S14",)
    yield 25, "Origin", _with("Origin: https://evil.example"), {403}, ("S14",)
    yield 25, "Origin null", _with("Origin: null"), {403}, ("S14",)
    for path in ("/favicon.ico", "/robots.txt", "/.well-known/x", "/start/x", "/done/x"):
        yield 26, path, _path(path), {404, 410}, ("S8",)
    yield from _malformed()
    yield 37, "guessed before the browser opened", _query("code=CODE&state=guess"), {400}, state
    yield 38, "fragment answer", lambda listener: get(listener.path, listener.host), {400}, state


def _malformed() -> Iterator[tuple[int, str, Callable[[ListenerHarness], bytes], set[int], tuple[str, ...]]]:
    start = "GET TARGET HTTP/1.1\r\nHost: HOST\r\n"
    limits, bytes_ = ("S17",), ("S22",)
    yield 27, "line of 64 KiB", _line("GET /" + "a" * 65536 + " HTTP/1.1\r\nHost: HOST\r\n\r\n"), {0, 414}, limits
    yield 27, "line just too long", _line("GET /" + "a" * 16_384 + " HTTP/1.1\r\nHost: HOST\r\n\r\n"), {414}, limits
    yield 27, "line of 10 MB", _line("GET /" + "a" * 10_000_000 + " HTTP/1.1\r\n\r\n"), {0, 414}, limits
    yield 28, "1,000 header lines", _line(start + "X: y\r\n" * 1000 + "\r\n"), {431}, limits
    yield 28, "257 header lines", _line(start + "X: y\r\n" * 256 + "\r\n"), {431}, limits
    yield 28, "headers of 65 KiB", _line(start + f"X: {'y' * 66_000}\r\n\r\n"), {431}, limits
    yield 28, "header of 1 MB", _line(start + f"X: {'y' * 1_000_000}\r\n\r\n"), {0, 431}, limits
    yield 28, "folded header", _line(start + "X: y\r\n z\r\n\r\n"), {400}, limits
    yield 28, "header without colon", _line(start + "nonsense\r\n\r\n"), {400}, limits
    yield 28, "space before the colon", _line(start + "X : y\r\n\r\n"), {400}, limits
    yield 28, "bare LF", _line("GET TARGET HTTP/1.1\nHost: HOST\n\n"), {400}, limits
    yield 28, "one bare LF", _line("GET TARGET HTTP/1.1\r\nHost: HOST\nX: y\r\n\r\n"), {400}, limits
    yield 28, "bare CR", _line(start + "X: y\rz: 1\r\n\r\n"), {400}, limits
    yield 28, "NUL in a header", _line(start + "X: \0y\r\n\r\n"), {400}, limits
    yield 31, "TLS", lambda _: bytes.fromhex("16030100c8010000c40303") + b"\x01" * 190, {0, 400}, bytes_
    yield 31, "HTTP/2", lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 9, {0, 400}, bytes_
    yield 31, "HTTP/0.9", _line("GET TARGET\r\n\r\n"), {0, 400}, bytes_
    yield 31, "HTTP/3.7", _line("GET TARGET HTTP/3.7\r\nHost: HOST\r\n\r\n"), {0, 400}, bytes_
    yield 31, "binary", lambda _: bytes(range(256)) * 8, {0, 400}, bytes_
    yield 31, "chunked", _line(start + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), {0, 400}, bytes_
    yield 31, "unknown coding", _line(start + "Transfer-Encoding: gzip\r\n\r\n"), {0, 400, 501}, bytes_
    yield 31, "huge length", _line(start + "Content-Length: 99999999999\r\n\r\n"), {0, 400, 413}, bytes_
    yield 31, "negative length", _line(start + "Content-Length: -1\r\n\r\n"), {0, 400}, bytes_
    yield 31, "two lengths", _line(start + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n"), {0, 400}, bytes_
    yield 31, "expect", _line(start + "Expect: 100-continue\r\n\r\n"), {0, 400, 417}, bytes_
    yield 31, "upgrade", _line(start + "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n"), {0, 400}, bytes_


def _escaped_twice(listener: ListenerHarness) -> bytes:
    state = quote("".join(f"%{ord(c):02X}" for c in listener.state))
    return get(f"{listener.path}?code={CODE}&state={state}", listener.host)


_BAD_PATHS = (
    "/",
    "/cb/other",
    "/cb/x/../alpha",
    "//cb/alpha",
    "/cb/alpha/",
    "/CB/alpha",
    "/cb/alpha;a",
    "/cb/%61lpha",
)

_BAD_CODES = {
    "9,000 characters": "a" * 9000,
    "NUL": "a%00b",
    "CR LF": "a%0D%0Ab",
    "not ASCII": "%C3%A9",
    "overlong UTF-8": "%C0%AF",
    "not UTF-8": "%FF",
    "lone %": "a%b",
    "% at the end": "a%",
    "space": "a+b",
}

_BAD_HOSTS = (
    "evil.example:PORT",
    "127.0.0.1",
    "localhost:PORT",
    "localhost.evil:PORT",
    "127.0.0.1:PORT.evil",
    "0.0.0.0:PORT",
    "[::ffff:127.0.0.1]:PORT",
    "[::1]:PORT",
    "2130706433:PORT",
    "user@127.0.0.1:PORT",
    "127.0.0.1:PORT, 127.0.0.1:PORT",
    "",
)

HOSTILE = [Hostile(number, name, data, frozenset(expected), shows) for number, name, data, expected, shows in _rows()]
