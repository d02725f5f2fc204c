"""The table of faults: what can be made to go wrong, where, and how often.

A fault is written `kind` or `kind:value`. These work at every endpoint of a provider (`*` is all of them):

    kind            what the caller meets                                                     the request is
    status:503      this status and the provider's own error body                             not processed
    html:502        this status and an HTML page of a gateway                                 not processed
    retry:30        429 with `Retry-After: 30`; any text may stand there                      not processed
    closed          200 and an HTML notice that the service has ended                         not processed
    redirect:URL    302 to URL                                                                not processed
    body:TEXT       200 and TEXT as JSON, whatever it is                                      not processed
    big             200 and 2 MiB of JSON                                                     not processed
    bomb            200 and 200 KB of gzip that unpack to 200 MB                              not processed
    reset           the connection is reset                                                   not processed
    delay:3         the request waits 3 seconds before it is processed                        processed
    hold:3          the answer waits 3 seconds after it was processed                         processed
    lost            the connection is reset instead of the answer                             processed
    truncated       half of the answer's bytes, then the end                                  processed
    malformed       half of the answer's JSON as a whole answer                               processed
    drip            the answer at one byte a second                                           processed
    down            (endpoint `*` only) the port refuses connections until the fault is off   -

The messages of a WebSocket have faults of their own, see `stream_modes`.
What one provider alone can do (an undocumented or doubtful behaviour of its file) is listed in MODES.
A fault with `times` ends after that many requests, the others end by DELETE /faults.
"""

from collections.abc import Callable
from dataclasses import dataclass

from keyrack.sandbox.state.faults_of_providers import LIVING_ENDPOINTS, LIVING_MODES
from keyrack.sandbox.state.faults_of_streams import IN_MESSAGES, MESSAGES, STREAM_MODES

ENDPOINTS = {
    "probit": (
        *("token", "balance", "ticker", "market", "currency", "currency_with_platform", "time"),
        *("ws", "ws.authorization", "ws.subscribe", "ws.push"),
    ),
    "bitport": ("authorize", "consent", "get-access", "token", "me", "cloud"),
    "whitebit-fast-key": (
        *("login", "consent", "token", "info", "secret", "delete", "websocket_token", "stream"),
        *("main", "trade", "collateral", "summary"),
        *("ticker", "assets", "markets", "time", "ping", "status"),
    ),
    "whitebit": (
        *("login", "consent", "token", "refresh", "main", "spot"),
        *("ticker", "assets", "markets", "time", "ping", "status"),
    ),
    "example": ("metadata", "authorize", "consent", "token", "device", "verify", "revoke", "me", "balances", "prices"),
    **LIVING_ENDPOINTS,
}

EVERYWHERE = {
    "status:503": "answers 503 with the provider's own error",
    "html:502": "answers 502 with a gateway's HTML page",
    "retry:30": "answers 429 and asks to wait 30 seconds",
    "closed": "answers with the notice of a service that has ended",
    "redirect:https://example.org/": "sends the caller elsewhere",
    'body:{"odd":NaN}': "answers 200 with this text as JSON",
    "big": "answers with 2 MiB",
    "bomb": "answers with gzip that unpacks to 200 MB",
    "reset": "resets the connection before anything was done",
    "delay:3": "waits 3 seconds, then works",
    "hold:3": "works, and answers 3 seconds later",
    "lost": "works, and resets the connection instead of answering",
    "truncated": "breaks off half-way through the answer",
    "malformed": "answers with JSON cut in half",
    "drip": "answers one byte a second",
}

_WITHDRAWN = {"withdrawn": "refuses every access token as if it had been withdrawn"}
_DELETED = {"inactive:deleted": "a key that lay idle for a fortnight is deleted, not disabled (Q8)"}
_SIGNED = {
    **_DELETED,
    "unknown": "does not know the key",
    "nonce": "says that the nonce is too low (Q6)",
    "disabled": "one text for a disabled key and a foreign address (Q7)",
    "clock": "says that the clock is off",
    "right": "the key may not do this",
    "forbidden": "the endpoint is not enabled for the key",
}
_ROWS = {"rows:nonzero": "leaves out what is empty"}

MODES: dict[tuple[str, str], dict[str, str]] = {
    ("probit", "token"): {
        "refused": "refuses the key: invalid_grant",
        "refused:401": "refuses the key with status 401",
        "newest": "a new token ends the one before",
        "expires:text": "expires_in as a string of digits",
    },
    ("probit", "balance"): {**_WITHDRAWN, **_ROWS, "forbidden": "the key may not read balances"},
    **STREAM_MODES,
    ("bitport", "authorize"): {
        "state:echoed": "the redirect carries the state",
        "state:foreign": "the redirect carries somebody else's state",
        "slash": "a slash before the question mark of the redirect (Q11)",
        "refusal:silent": "a refusal never returns to the application",
    },
    ("bitport", "token"): {
        "refused": "refuses the client: Invalid Client Secret",
        "errors:401": "errors with status 401",
        "errors:envelope": "errors in the envelope of the other answers",
        "refresh": "adds a refresh token",
        "expires:absent": "leaves expires_in out",
        "bare": "answers with access_token alone",
    },
    ("bitport", "me"): {
        **_WITHDRAWN,
        "withdrawn:200": "the same, inside a 200",
        "shape:array": "data as an array of one (Q6)",
        "sizes:text": "sizes as text (Q7)",
        "sizes:null": "sizes as null",
        "disk:absent": "leaves disk out",
    },
    ("bitport", "cloud"): {**_WITHDRAWN, "sizes:text": "sizes as text (Q7)", "sizes:null": "sizes as null"},
    ("whitebit-fast-key", "login"): {
        "state:dropped": "the redirect carries no state",
        "state:foreign": "the redirect carries somebody else's state",
        "refusal:silent": "a refusal never returns to the application",
    },
    ("whitebit-fast-key", "consent"): {
        "exists:active": "a key made elsewhere is in the way (partner_key_active_exists)",
        "exists:expired": "a disabled key is in the way (partner_key_expired_exists)",
        **_DELETED,
        "stuck": "a key in the way ends on a page that never returns",
        "late:5": "the key is known 5 seconds later",
        "late:40": "the key is known 40 seconds later",
        "deliver:info": "the public key comes with the key's facts (Q2)",
        "deliver:secret": "the public key comes with the secret (Q2)",
        "deliver:paste": "the public key is on WhiteBIT's page alone (Q2)",
    },
    ("whitebit-fast-key", "token"): {
        "refused": "401 as for an address that is not on the list",
        "bare": "answers without the wrapper",
    },
    ("whitebit-fast-key", "info"): {
        **_WITHDRAWN,
        "confused": "enabled although it does not exist (section 4)",
        **_DELETED,
    },
    ("whitebit-fast-key", "secret"): {
        **_WITHDRAWN,
        "locked": "423: another retrieval runs",
        "locked:30": "the same for the key's first 30 seconds",
        "taken": "409: handed out before",
        "foreign": "403: another client's key",
        "gone": "404: no such key",
    },
    ("whitebit-fast-key", "delete"): {
        **_WITHDRAWN,
        "foreign": "403: another client's key",
        "gone": "404: no such key",
    },
    ("whitebit-fast-key", "main"): _SIGNED,
    ("whitebit-fast-key", "trade"): _SIGNED,
    ("whitebit-fast-key", "collateral"): {**_SIGNED, "text": "amounts as text"},
    ("whitebit-fast-key", "summary"): _SIGNED,
    ("whitebit-fast-key", "websocket_token"): _SIGNED,
    ("whitebit-fast-key", "stream"): {
        "drop": "drops the connection without a word",
        "refused": "refuses connections to the stream",
    },
    ("whitebit", "login"): {
        "state:dropped": "the redirect carries no state",
        "state:foreign": "the redirect carries somebody else's state",
        "refusal:silent": "a refusal never returns to the application",
    },
    ("whitebit", "token"): {
        "refused": "401 as for an address that is not on the list",
        "scope:wide": "grants orders.create as well",
    },
    ("whitebit", "refresh"): {
        "refused": "400: the refresh token is no longer good",
        "refused:401": "401 as for an address that is not on the list",
        "reuse": "an old refresh token stays good",
        "same": "hands the same refresh token out again",
        "without": "answers without a refresh token and keeps the old one",
    },
    ("whitebit", "main"): {**_WITHDRAWN, **_ROWS, "empty": "nothing held"},
    ("whitebit", "spot"): {**_WITHDRAWN, "empty": "nothing held"},
    ("example", "metadata"): {"issuer": "tells another issuer"},
    ("example", "token"): {
        "client": "refuses the client: invalid_client",
        "says:invalid_grant": "answers invalid_grant",
        "says:slow_down": "answers slow_down (RFC 8628)",
        "says:authorization_pending": "answers authorization_pending (RFC 8628)",
        "says:expired_token": "answers expired_token (RFC 8628)",
        "says:access_denied": "answers access_denied",
        "without": "renews without another refresh token",
    },
    ("example", "device"): {
        "bare": "leaves out verification_uri_complete and interval",
        "elsewhere": "points to a page of another host",
    },
    ("example", "balances"): _WITHDRAWN,
    **LIVING_MODES,
}


@dataclass
class Fault:
    """One fault that is switched on; `times` is how many requests are left, or None for all."""

    provider: str
    endpoint: str
    kind: str
    value: str
    times: int | None

    @property
    def written(self) -> str:
        """The fault as it was written."""
        return f"{self.kind}:{self.value}" if self.value else self.kind


class Faults:
    """The faults that are on; a later one of the same kind and place replaces the earlier."""

    def __init__(self) -> None:
        self._on: list[Fault] = []

    def rows(self) -> list[dict[str, object]]:
        """What is on, as JSON objects of the form POST /faults takes."""
        return [
            {"provider": f.provider, "endpoint": f.endpoint, "fault": f.written, "times": f.times} for f in self._on
        ]

    def add(self, fields: dict[str, object]) -> None:
        """Switch on what POST /faults was given; raises ValueError with a sentence."""
        provider, endpoint, written = (str(fields.get(name, "")) for name in ("provider", "endpoint", "fault"))
        times = fields.get("times")
        if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
            raise ValueError("times is a whole number from 1, or absent")
        kind, _, value = written.partition(":")
        _check(provider, endpoint, kind, written)
        self._remove(lambda f: (f.provider, f.endpoint, f.kind) == (provider, endpoint, kind))
        self._on.append(Fault(provider, endpoint, kind, value, times))

    def remove(self, provider: str, endpoint: str, written: str) -> None:
        """Switch one off; nothing happens when it was not on."""
        self._remove(lambda f: (f.provider, f.endpoint, f.written) == (provider, endpoint, written))

    def clear(self) -> None:
        """Switch everything off."""
        self._on.clear()

    def take(self, provider: str, endpoint: str) -> dict[str, str]:
        """The faults that apply to one request now (kind -> value); those with `times` come nearer to their end."""
        every = "" if endpoint.startswith(MESSAGES) else "*"
        found = [f for f in self._on if f.provider == provider and f.endpoint in (every, endpoint)]
        for fault in found:
            fault.times = fault.times and fault.times - 1
        self._remove(lambda f: f.times == 0)
        return {fault.kind: fault.value for fault in found}

    def waits(self, provider: str, endpoint: str) -> bool:
        """Whether a fault waits for the next message of this kind."""
        return any((f.provider, f.endpoint) == (provider, endpoint) for f in self._on)

    def down(self) -> set[str]:
        """The providers whose port refuses connections."""
        return {f.provider for f in self._on if f.kind == "down"}

    def _remove(self, which: Callable[[Fault], bool]) -> None:
        self._on = [f for f in self._on if not which(f)]


def _check(provider: str, endpoint: str, kind: str, written: str) -> None:
    if provider not in ENDPOINTS:
        raise ValueError(f"provider is one of {', '.join(ENDPOINTS)}")
    if endpoint not in ("*", *ENDPOINTS[provider]):
        raise ValueError(f"endpoint is * or one of {', '.join(ENDPOINTS[provider])}")
    if written == "down" and endpoint == "*":
        return
    if written in MODES.get((provider, endpoint), {}):
        return
    if kind not in {k.partition(":")[0] for k in (IN_MESSAGES if endpoint.startswith(MESSAGES) else EVERYWHERE)}:
        raise ValueError(f"{written!r} is no fault of {provider} {endpoint}")
    if kind in ("status", "html", "delay", "hold"):
        _number(kind, written.partition(":")[2])


def _number(kind: str, value: str) -> None:
    if kind == "html" and not value:
        return
    number = float(value)
    if number < 0 or (kind in ("status", "html") and number not in range(200, 600)):
        raise ValueError(f"{kind} takes a number such as {'503' if kind in ('status', 'html') else '3'}")
