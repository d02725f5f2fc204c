"""The API keys that people made on WhiteBIT's page, one for each person and client, and the check of signatures."""

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from dataclasses import dataclass, field

from keyrack.sandbox.state.sandbox_clock import Clock
from keyrack.sandbox.state.world import World

PROVIDER = "whitebit-fast-key"
_IDLE = 14 * 86_400.0
_WINDOW_MS = 5_000
_STREAM_TOKEN_SECONDS = 60.0
# Group name -> its title, its paths, whether it can do more than read. The order is that of the boxes on the page.
GROUPS: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "info": ("Main balance", ("/v4/main-account/balance",), False),
    "spot": ("Spot balance", ("/v4/trade-account/balance",), False),
    "collateral": ("Collateral balance", ("/v4/collateral-account/balance",), False),
    "trading": ("Trading", ("/v4/order/new", "/v4/order/cancel"), True),
    "withdrawal": ("Withdrawal", ("/v4/main-account/withdraw",), True),
}
READING = frozenset(name for name, (_, _, risky) in GROUPS.items() if not risky)


@dataclass
class FastKey:
    """One key. Moments are sandbox seconds.

    `secret_retrieved` is set when the secret was read. The public part is the `id` (Q2), unless `delivery` names an
    older way: the response that carries another one, or "paste".
    """

    client_id: str
    account: str
    rights: frozenset[str]
    made: float
    ready: float
    used: float
    delivery: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    public: str = ""
    secret: str = field(default_factory=lambda: secrets.token_hex(32))
    secret_retrieved: bool = False
    disabled: bool = False
    last_nonce: int = 0
    windowed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.public = self.public or (secrets.token_hex(16) if self.delivery else self.id)


class FastKeys:
    """All keys that exist, and the check of a signed request."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys: list[FastKey] = []
        self._stream_tokens: dict[str, tuple[str, float]] = {}

    def make(
        self, client_id: str, account: str, rights: frozenset[str], *, late: float = 0.0, delivery: str = ""
    ) -> FastKey:
        """A new key. The endpoints know it after `late` seconds."""
        now = self._clock.now()
        key = FastKey(client_id, account, rights, now, now + late, now, delivery)
        self._keys.append(key)
        return key

    def of_person(self, client_id: str, account: str) -> FastKey | None:
        """The key of a person for a client, even if it is disabled or not yet ready."""
        return next((k for k in self._keys if (k.client_id, k.account) == (client_id, account)), None)

    def by_id(self, id: str) -> FastKey | None:
        """The key with this id, or None."""
        return next((k for k in self._keys if k.id == id), None)

    def listed(self) -> list[dict[str, object]]:
        """The keys as WhiteBIT's page shows them to their people."""
        return [
            {
                "externalId": k.id,
                "client_id": k.client_id,
                "account": k.account,
                "apiKey": k.public,
                "disabled": k.disabled,
            }
            for k in self._keys
        ]

    def by_public_key(self, public: str) -> FastKey | None:
        """The key with this public part, or None. A key that is not ready is not found."""
        return next((k for k in self._keys if k.public == public and k.ready <= self._clock.now()), None)

    def delete(self, key: FastKey) -> None:
        """Delete a key."""
        self._keys.remove(key)

    def stream_token(self, key: FastKey) -> str:
        """A new token that opens the stream once, within 60 seconds."""
        token = secrets.token_urlsafe(24)
        self._stream_tokens[token] = (key.id, self._clock.now() + _STREAM_TOKEN_SECONDS)
        return token

    def take_stream_token(self, token: str) -> FastKey | None:
        """Use a stream token up. The key it was made for, or None when it is unknown, used or too old."""
        id, expires = self._stream_tokens.pop(token, ("", 0.0))
        return self.by_id(id) if expires > self._clock.now() else None

    def expire_idle(self, key: FastKey | None, *, deleted: bool) -> FastKey | None:
        """The key, disabled after fourteen days without use. With `deleted` it is deleted instead, and None (Q8)."""
        if key is None or self._clock.now() - key.used <= _IDLE:
            return key
        if deleted:
            self.delete(key)
            return None
        key.disabled = True
        return key

    def check(self, headers: dict[str, str], body: bytes, path: str) -> tuple[int, str, int] | FastKey:
        """The key that signed a request, or (code, text, status) of the refusal."""
        payload = headers.get("x-txc-payload", "")
        if not payload or "x-txc-signature" not in headers:
            return 0, "Payload not provided.", 400
        fields = _fields(body)
        if base64.b64encode(body).decode() != payload or fields is None or body != _compact(fields):
            return 9, "Invalid payload.", 400
        key = self.by_public_key(headers.get("x-txc-apikey", ""))
        if key is None or not hmac.compare_digest(_signature(key, payload), headers["x-txc-signature"]):
            return 10, "Unauthorized request.", 401
        if fields.get("request") != path:
            return 0, "Request not provided.", 422
        return self._counted(key, fields) or key

    def _counted(self, key: FastKey, fields: dict[str, object]) -> tuple[int, str, int] | None:
        nonce, window = _whole(fields.get("nonce")), fields.get("nonceWindow", False)
        if nonce is None:
            return 0, "Nonce not provided.", 422
        if not isinstance(window, bool):
            return 0, "Invalid nonceWindow.", 422
        if not window:
            if nonce <= key.last_nonce:
                return 0, "Too many requests.", 422
            key.last_nonce = nonce
            return None
        away = nonce - int(self._clock.wall() * 1000)
        if abs(away) > _WINDOW_MS:
            older = "lesser" if away < 0 else "greater"
            return 0, f"Your nonce is more than 5 seconds {older} than the current nonce", 422
        if nonce in key.windowed:
            return 0, "Too many requests.", 422
        key.windowed.add(nonce)
        return None


def keys_of(world: World) -> FastKeys:
    """The keys of this world."""
    return world.own(PROVIDER, FastKeys)


def _signature(key: FastKey, payload: str) -> str:
    return hmac.new(key.secret.encode(), payload.encode(), hashlib.sha512).hexdigest()


def _fields(body: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _compact(fields: dict[str, object]) -> bytes:
    """The canonical form: no spaces (Q5)."""
    return json.dumps(fields, separators=(",", ":")).encode()


def _whole(value: object) -> int | None:
    """A nonce as a number. It may be text as well (Q17)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
