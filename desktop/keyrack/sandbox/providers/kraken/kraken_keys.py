"""The API keys that Kraken made for a token, and the check of a signed request."""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs


@dataclass
class KrakenKey:
    """One key of an account. `nonce` is the largest number that was used with it."""

    account: str
    name: str
    key: str
    secret: str
    nonce: int = 0


class KrakenKeys:
    """All keys, by their public part."""

    def __init__(self) -> None:
        self._known: dict[str, KrakenKey] = {}

    def make(self, account: str, name: str) -> KrakenKey:
        """A new key."""
        secret = base64.b64encode(secrets.token_bytes(64)).decode()
        made = KrakenKey(account, name, base64.b64encode(secrets.token_bytes(42)).decode(), secret)
        self._known[made.key] = made
        return made

    def has_name(self, account: str, name: str) -> bool:
        """Whether the account has a key of this name already."""
        return any((key.account, key.name) == (account, name) for key in self._known.values())

    def find(self, key: str) -> KrakenKey | None:
        """The key with this public part, or None."""
        return self._known.get(key)

    def of(self, account: str) -> list[KrakenKey]:
        """Every key of one account."""
        return [key for key in self._known.values() if key.account == account]

    def delete(self, account: str, name: str) -> bool:
        """Delete a key by its name. Returns whether there was one."""
        found = [key for key in self.of(account) if key.name == name]
        for key in found:
            del self._known[key.key]
        return bool(found)

    def forget_all(self) -> None:
        """Delete every key, as a person can on Kraken's page."""
        self._known.clear()

    def problem_of(self, key: KrakenKey | None, path: str, body: bytes, sign: str) -> str:
        """Why a request is refused, "" when it is signed correctly. Its nonce is then used up."""
        if key is None:
            return "EAPI:Invalid key"
        nonce = parse_qs(body.decode(errors="replace")).get("nonce", [""])[0]
        if not nonce.isdigit() or int(nonce) <= key.nonce:
            return "EAPI:Invalid nonce"
        message = path.encode() + hashlib.sha256(nonce.encode() + body).digest()
        wanted = hmac.new(base64.b64decode(key.secret), message, hashlib.sha512).digest()
        try:
            given = base64.b64decode(sign, validate=True)
        except binascii.Error:
            given = b""
        if not hmac.compare_digest(given, wanted):
            return "EAPI:Invalid signature"
        key.nonce = int(nonce)
        return ""
