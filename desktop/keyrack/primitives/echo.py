"""Takes Keyrack's own secrets out of what a server says, because some servers repeat what they were sent."""

from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from keyrack.primitives.secret import MASK, live_secrets

_SCHEMES = ("Basic ", "Bearer ")


def without_secrets(text: str) -> str:
    """The text with every secret in memory replaced by `***`, as it is and percent-encoded."""
    for form in sorted({form for secret in live_secrets() for form in _forms(secret) if form}, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def _forms(secret: str) -> Iterator[str]:
    yield from (secret, quote(secret, safe="", errors="replace"), quote_plus(secret, errors="replace"))
    if secret.startswith(_SCHEMES):
        yield secret.partition(" ")[2]
