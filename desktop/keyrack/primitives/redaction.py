"""Removes secrets from text: those that are in memory now, and all that looks like one (S102)."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

from keyrack.primitives.secret import MASK, live_secrets

_SHORTEST_PIECE = 8
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
