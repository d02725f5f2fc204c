"""Kraken Connect: the read-only key that a token is exchanged for, its signature, and Kraken's names of assets."""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from keyrack.oauth.strict_json import at
from keyrack.primitives.secret import Secret
from keyrack.providers.api_key import ApiKey

LONGEST_KEY = 512
_OWN_NAMES = {"XBT": "BTC", "XDG": "DOGE"}
# Only assets of the early years have a letter before their name. ZETA and XION are whole names.
_CRYPTO = frozenset({"ETC", "ETH", "ICN", "LTC", "MLN", "NMC", "REP", "XBT", "XDG", "XLM", "XMR", "XRP", "XVN", "ZEC"})
_MONEY = frozenset({"AUD", "CAD", "EUR", "GBP", "JPY", "KRW", "USD"})


class KrakenKeys:
    """`ReadOnlyKeyProvider` for Kraken Connect (Kraken Q13)."""

    path = "/oauth/fast-api-key"

    def request_body(self, name: str) -> bytes:
        """The request for a key that may see balances and nothing else. The program chooses the rights."""
        return json.dumps({"api_key_name": name, "permissions": {"funds_query": True}}).encode()

    def read(self, answer: Any) -> ApiKey | None:
        """The key in the response. None where there is none that can sign."""
        key, secret = at(answer, "result.api_key"), at(answer, "result.secret")
        if not _usable(key) or not _usable(secret) or not _decoded(secret):
            return None
        return ApiKey(Secret(secret), Secret(key))

    def signed(self, path: str, key: ApiKey, nonce: int) -> tuple[dict[str, str | Secret], bytes]:
        """Headers and body of one private call. `nonce` grows with each."""
        body = urlencode({"nonce": nonce})
        headers: dict[str, str | Secret] = {
            "API-Key": key.key or "",
            "API-Sign": signature(path, body, nonce, key.secret),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return headers, body.encode()


def _usable(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_KEY and value.isascii() and value.isprintable()


def _decoded(secret: str) -> bytes:
    try:
        return base64.b64decode(secret, validate=True)
    except (ValueError, binascii.Error):
        return b""


def signature(path: str, body: str, nonce: int, secret: Secret) -> Secret:
    """HMAC-SHA512 over path and SHA-256 of nonce and body, by the decoded secret (docs.kraken.com, authentication)."""
    message = path.encode() + hashlib.sha256(f"{nonce}{body}".encode()).digest()
    digest = hmac.new(_decoded(secret.reveal()), message, hashlib.sha512).digest()
    return Secret(base64.b64encode(digest).decode())


def common_name(asset: str) -> str:
    """The common name of an asset: XXBT is BTC, ZUSD is USD. A suffix such as .F stays (Kraken Q8)."""
    name, dot, suffix = asset.partition(".")
    kind, rest = name[:1], name[1:]
    if (kind == "X" and rest in _CRYPTO) or (kind == "Z" and rest in _MONEY):
        name = rest
    return _OWN_NAMES.get(name, name) + dot + suffix


def pair_names(base: str, quote: str) -> list[str]:
    """How Kraken may write a pair of common names: XXBTZUSD where both are old, else SOLUSD.

    USDTZUSD is an exception.
    """
    short = {common: own for own, common in _OWN_NAMES.items()}
    first, second = short.get(base, base), short.get(quote, quote)
    mixed = f"{first}{_lettered(second)}" if (base, quote) == ("USDT", "USD") else ""
    return [name for name in (_lettered(first) + _lettered(second), mixed, first + second) if name]


def _lettered(name: str) -> str:
    if name in _CRYPTO:
        return f"X{name}"
    return f"Z{name}" if name in _MONEY else name
