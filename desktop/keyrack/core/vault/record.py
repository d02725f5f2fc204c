"""The record that the keyring stores for an account, with a version number (S62)."""

import json
import math
from dataclasses import dataclass, field, fields
from typing import Any

from keyrack.core.vault.vault_errors import Corrupt, NewerSchema
from keyrack.primitives.plain_json import parse_json
from keyrack.primitives.secret import Secret

SCHEMA = 1
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The secrets of one account and the values that belong to them.

    `generation` grows by one with each token that is stored. Wall times and lifetimes are in seconds, and None where
    the provider gave none. `access` is stored only for providers without renewal (S65).
    `api_key` and `api_secret` sign requests where the provider made a key for this program. `api_key_id` is its name
    there. `fetching` names the key whose secret was requested and is shown only once (WhiteBIT Fast API key Q4).
    `delivered` is a public part that came before its secret (WhiteBIT Fast API key Q2).
    `sign_in_wall` and `sign_in_lifetime` are those of a sign-in whose end no renewal moves, `code_verifier` is what a
    renewal repeats, and `api` is the address of the API that the provider named.
    `verifier` checks the lock passphrase. Only the lock's own record has one (S91).
    `ended` says how a sign-in ended that did not end by the person's wish, "" for every other end.
    `proxy` is the address of the proxy that `proxy_user` and `proxy_password` are for. Only the record of the proxy has
    them (S52). `group_keys` are those of the group of hosts that share accounts, and `store_password` is for the store
    that they share. Only the record of the group has them.
    """

    generation: int = 0
    schema: int = SCHEMA
    client_secret: Secret | None = None
    refresh: Secret | None = None
    refresh_issued_wall: float | None = None
    refresh_lifetime: float | None = None
    access: Secret | None = None
    issued_wall: float | None = None
    lifetime: float | None = None
    sign_in_wall: float | None = None
    sign_in_lifetime: float | None = None
    code_verifier: Secret | None = None
    api: str = ""
    scopes: tuple[str, ...] = ()
    signed_in: bool = False
    identity: str = ""
    api_key: Secret | None = None
    api_secret: Secret | None = None
    api_key_id: str = ""
    api_key_issued_wall: float | None = None
    fetching: str = ""
    delivered: Secret | None = None
    verifier: Secret | None = None
    ended: str = ""
    proxy: str = ""
    proxy_user: str = field(default="", repr=False)
    proxy_password: Secret | None = None
    group_keys: Secret | None = None
    store_password: Secret | None = None

    def encode(self) -> Secret:
        """The record as ASCII JSON. Equal records have equal texts."""
        values = {each.name: _json_value(getattr(self, each.name)) for each in fields(self)}
        kept = {name: value for name, value in values.items() if value is not None and value != ""}
        return Secret(json.dumps(kept, separators=(",", ":"), sort_keys=True, allow_nan=False))

    @staticmethod
    def decode(text: Secret) -> "Record":
        """Parse a record. Unknown keys are ignored, as those of version 0.1.0 that are gone.

        Raises Corrupt for anything that is not a record, NewerSchema for a record of a later version.
        """
        found = read_object(text)
        return Record(
            generation=_count(found.get("generation")),
            client_secret=_secret(found, "client_secret"),
            refresh=_secret(found, "refresh"),
            refresh_issued_wall=_seconds(found, "refresh_issued_wall"),
            refresh_lifetime=_seconds(found, "refresh_lifetime"),
            access=_secret(found, "access"),
            issued_wall=_seconds(found, "issued_wall"),
            lifetime=_seconds(found, "lifetime"),
            sign_in_wall=_seconds(found, "sign_in_wall"),
            sign_in_lifetime=_seconds(found, "sign_in_lifetime"),
            code_verifier=_secret(found, "code_verifier"),
            api=_text(found.get("api", "")),
            scopes=_scopes(found.get("scopes", [])),
            signed_in=_flag(found.get("signed_in", False)),
            identity=_text(found.get("identity", "")),
            api_key=_secret(found, "api_key"),
            api_secret=_secret(found, "api_secret"),
            api_key_id=_text(found.get("api_key_id", "")),
            api_key_issued_wall=_seconds(found, "api_key_issued_wall"),
            fetching=_text(found.get("fetching", "")),
            delivered=_secret(found, "delivered"),
            verifier=_secret(found, "verifier"),
            ended=_text(found.get("ended", "")),
            proxy=_text(found.get("proxy", "")),
            proxy_user=_text(found.get("proxy_user", "")),
            proxy_password=_secret(found, "proxy_password"),
            group_keys=_secret(found, "group_keys"),
            store_password=_secret(found, "store_password"),
        )


def read_object(text: Secret) -> dict[str, Any]:
    """The JSON object of an item with our `schema`. Raises Corrupt or NewerSchema."""
    if len(text) > _LONGEST:
        raise Corrupt
    try:
        found = parse_json(text.reveal())
    except (ValueError, RecursionError):
        raise Corrupt from None
    if not isinstance(found, dict):
        raise Corrupt
    schema = _count(found.get("schema"))
    if schema > SCHEMA:
        raise NewerSchema
    if schema < 1:
        raise Corrupt
    return found


def _json_value(value: object) -> object:
    if isinstance(value, Secret):
        return value.reveal()
    return list(value) if isinstance(value, tuple) else value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise Corrupt
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Corrupt
    return value


def _text(value: object) -> str:
    # A lone surrogate cannot be encoded again, so it would break every later comparison.
    if not isinstance(value, str) or any("\ud800" <= c <= "\udfff" for c in value):
        raise Corrupt
    return value


def _secret(found: dict[str, Any], name: str) -> Secret | None:
    value = found.get(name)
    if value == "":
        raise Corrupt  # none of ours: what is not there is left out
    return None if value is None else Secret(_text(value))


def _seconds(found: dict[str, Any], name: str) -> float | None:
    value = found.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Corrupt
    try:
        seconds = float(value)
    except OverflowError:  # a whole number of more than 308 digits
        raise Corrupt from None
    if not math.isfinite(seconds):
        raise Corrupt
    return seconds


def _scopes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Corrupt
    return tuple(_text(scope) for scope in value)
