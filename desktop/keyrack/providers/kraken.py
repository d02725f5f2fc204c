"""Kraken Connect: the read-only key that a token is exchanged for, its signature, and Kraken's names of assets."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from typing import Any
from urllib.parse import urlencode

from keyrack.oauth.strict_json import at, text_at
from keyrack.primitives.secret import Secret
from keyrack.providers.api_key import ApiKey

LONGEST_KEY = 512
_OWN_NAMES = {"XBT": "BTC", "XDG": "DOGE"}
# Only assets of the early years have a letter before their name. ZETA and XION are whole names.
_CRYPTO = frozenset({"ETC", "ETH", "ICN", "LTC", "MLN", "NMC", "REP", "XBT", "XDG", "XLM", "XMR", "XRP", "XVN", "ZEC"})
_MONEY = frozenset({"AUD", "CAD", "EUR", "GBP", "JPY", "KRW", "USD"})
# Where an asset lies, by the suffix of its name.
_PLACES = {
    "B": "Bonded",
    "F": "Rewards",
    "HOLD": "On hold",
    "M": "Opt-in rewards",
    "P": "Parachain",
    "S": "Staked",
    "T": "Tokenized",
}
# C98 is a whole name: at least two letters stand before the days.
_BONDED = re.compile(r"([A-Z]{2,})([0-9]{1,3})\Z")


class KrakenKeys:
    """`ReadOnlyKeyProvider` for Kraken Connect (Kraken Q13)."""

    path = "/oauth/fast-api-key"
    list_path = "/oauth/fast-api-keys"

    def request_body(self, name: str) -> bytes:
        """The request for a key that may see balances and nothing else. The program chooses the rights."""
        return json.dumps({"api_key_name": name, "permissions": {"funds_query": True}}).encode()

    def read(self, answer: Any) -> ApiKey | None:
        """The key in the response. None where there is none that can sign."""
        key, secret = at(answer, "result.api_key"), at(answer, "result.secret")
        if not _usable(key) or not _usable(secret) or not _decoded(secret):
            return None
        return ApiKey(Secret(secret), Secret(key))

    def names(self, answer: Any) -> frozenset[str]:
        """The names in the list of the account's keys (Kraken Q23)."""
        listed = at(answer, "result")
        return frozenset(text_at(row, "api_key_name") for row in listed) if isinstance(listed, list) else frozenset()

    def deletion_body(self, name: str) -> bytes:
        """The request to delete a key."""
        return json.dumps({"api_key_name": name}).encode()

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


def placed_name(asset: str) -> tuple[str, str]:
    """The common name of an asset and where it lies: XXBT is BTC, ZUSD is USD, and DOT28.S is DOT (Kraken Q8, Q20).

    An unknown suffix stays a part of the name.
    """
    name, dot, suffix = asset.partition(".")
    word = _PLACES.get(suffix, "")
    if dot and not word:
        return common_name(name) + dot + suffix, ""
    bonded = _BONDED.match(name) if suffix == "S" else None
    if bonded is not None:
        name = bonded[1]
        # ETH2 is an asset of Kraken's own, and no number of days.
        word = word if name == "ETH" else f"Bonded, {int(bonded[2])} days"
    return common_name(name), word


def common_name(name: str) -> str:
    """The common name of an asset without a suffix (Kraken Q8)."""
    kind, rest = name[:1], name[1:]
    if (kind == "X" and rest in _CRYPTO) or (kind == "Z" and rest in _MONEY):
        name = rest
    return _OWN_NAMES.get(name, name)


def pair_names(base: str, quote: str) -> list[str]:
    """How Kraken may write a pair of common names: XXBTZUSD where both are old, else SOLUSD.

    USDTZUSD is an exception.
    """
    short = {common: own for own, common in _OWN_NAMES.items()}
    first, second = short.get(base, base), short.get(quote, quote)
    mixed = f"{first}{_lettered(second)}" if (base, quote) == ("USDT", "USD") else ""
    return [name for name in (_lettered(first) + _lettered(second), mixed, first + second) if name]


def own_names(asset: str) -> set[str]:
    """The ways in which Kraken may write one asset: BTC is XBT and XXBT."""
    short = next((own for own, common in _OWN_NAMES.items() if common == asset), asset)
    return {asset, short, _lettered(short)}


def _lettered(name: str) -> str:
    if name in _CRYPTO:
        return f"X{name}"
    return f"Z{name}" if name in _MONEY else name
