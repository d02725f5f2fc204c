"""Removes secrets from text: those that are in memory now, and all that looks like one (S102)."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from threading import Lock
from urllib.parse import quote, quote_plus

from keyrack.primitives.secret import MASK, Secret, live_secrets, new_secrets

_SHORTEST_PIECE = 8
_STEM = 6
_FEWEST_STEMS = 20_000
_SCHEMES = ("Basic ", "Bearer ")
# The unreserved characters (RFC 3986 section 2.3), which no address, JSON text or repr escapes.
_PLAIN = re.compile(r"[A-Za-z0-9._~-]+")
_NAMES = r"(?:token|secret|passw|pwd|verifier|authorization|cookie|api[_-]?key|nonce)[\w.-]{0,40}"
_QUOTE = r"\\{0,8}[\"']"
# After an opening quote everything up to the same quote, else everything up to a delimiter.
_VALUE = (
    r"(?(quote)(?:(?!(?P=mark))\\.|(?!(?P=mark)).)*"
    r"|(?:(?:bearer|basic|token)\s+)?[^\s&;,\"'(){}\[\]<>]+)"
)
_OPENING = rf"(?P<quote>b?(?P<mark>{_QUOTE}))?"
_PATTERNS = (
    # name=value, name: value, "name": "value", ('name', 'value'), b'name', b'value'
    re.compile(rf"(?P<before>{_NAMES}(?:{_QUOTE}\s*[:=,]\s*|\s*[:=]\s*){_OPENING}){_VALUE}", re.IGNORECASE),
    # the two short names only where they are a query's or a JSON object's
    re.compile(
        rf"(?P<before>(?:\b(?:code|state)=|{_QUOTE}(?:code|state){_QUOTE}\s*[:,]\s*){_OPENING}){_VALUE}", re.IGNORECASE
    ),
    re.compile(r"(?P<before>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{4,}", re.IGNORECASE),
)


class _Stems:
    """The first letters of every spelling of every live secret, as hashes with the salt of this process.

    A text that holds none of them holds no secret. So a line of the log is not searched for thousands of secrets, each
    in a dozen spellings.
    """

    def __init__(self) -> None:
        self._hashes: set[int] = set()
        self._most = _FEWEST_STEMS
        self._has_short = False
        self._lock = Lock()

    def may_be_in(self, text: str) -> bool:
        """Whether the text may hold a secret. It is never wrongly False."""
        if not self._lock.acquire(blocking=False):
            return True  # another thread, or a signal in the middle of this
        try:
            self._add(new_secrets())
            if len(self._hashes) > self._most:
                self._begin_anew()
            stems = (hash(text[at : at + _STEM]) for at in range(len(text) - _STEM + 1))
            return self._has_short or any(stem in self._hashes for stem in stems)
        finally:
            self._lock.release()

    def _begin_anew(self) -> None:
        """Forget those of secrets that are gone."""
        self._hashes.clear()
        self._has_short = False
        self._add(live_secrets())
        self._most = max(_FEWEST_STEMS, 2 * len(self._hashes))

    def _add(self, secrets: list[Secret]) -> None:
        for secret in secrets:
            for form in secret.spellings(_forms):
                self._hashes.add(hash(form[:_STEM]))
                self._has_short |= len(form) < _STEM


_stems = _Stems()


def redact(text: str) -> str:
    """The text with every live secret, and all that looks like one, replaced by `***` (S102)."""
    text = without_secrets(text)
    for pattern in _PATTERNS:
        text = pattern.sub(_masked, text)
    return text


def without_secrets(text: str) -> str:
    """The text with every live secret replaced by `***`, in each of its spellings.

    It is for the words of a server, because some servers repeat the request. Text that only looks like a secret stays.
    """
    if not _stems.may_be_in(text):
        return text
    spelled = {form for secret in live_secrets() for form in secret.spellings(_forms) if form in text}
    for form in sorted(spelled, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def _masked(found: re.Match[str]) -> str:
    return found["before"] + MASK


def _forms(secret: str) -> Iterator[str]:
    yield secret
    raw = secret.encode("utf-8", "surrogatepass")
    if not _PLAIN.fullmatch(secret):
        yield from _escaped(secret, raw)
    yield from (raw.hex(), raw.hex().upper())
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode().rstrip("=")
        yield from _inner(raw, encode)


def _escaped(secret: str, raw: bytes) -> Iterator[str]:
    if secret.startswith(_SCHEMES):
        yield secret.partition(" ")[2]
    yield from (
        quote(secret, "", errors="replace"),
        quote(secret, errors="replace"),
        quote_plus(secret, errors="replace"),
    )
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1])
    yield json.dumps(secret).replace("/", "\\/")[1:-1]
    yield repr(raw)[2:-1]


def _inner(raw: bytes, encode: Callable[[bytes], bytes]) -> Iterator[str]:
    """The part of the secret's base64 that is constant in the middle of a longer text ("id:secret")."""
    for lead in (0, 1, 2):
        whole = b"\0" * lead + raw
        piece = encode(whole[: len(whole) - len(whole) % 3]).decode()[lead + 1 if lead else 0 :]
        if len(piece) >= _SHORTEST_PIECE:
            yield piece
