"""The rights of a token in plain words, and which of them can move money."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from keyrack.primitives.failure import plain

translate = QCoreApplication.translate
SHOWN = 8
_LONGEST = 40
_RISKY = ("withdraw", "trade", "transfer", "order.create", "orders.create", "orders.delete", "codes.apply", "apikeys")
_HARMLESS = (".read", ":read", ":none")


@dataclass(frozen=True, slots=True)
class Right:
    """One right: its words, the provider's own name for it, and whether it can trade or withdraw."""

    words: str
    scope: str
    risky: bool


def rights(scopes: Iterable[str], risky: Iterable[str] = ()) -> list[Right]:
    """All rights, the risky ones first, otherwise in the provider's order."""
    named = set(risky)
    found = [_right(scope, named) for scope in dict.fromkeys(scopes)]
    return sorted(found, key=lambda right: not right.risky)


def rights_sentence(found: Sequence[Right]) -> str:
    """Rights as one sentence. A provider's own name for a right keeps its letters."""
    words = [right.words for right in found]
    rest = [
        text if text == right.scope else text[:1].lower() + text[1:] for text, right in zip(words, found, strict=True)
    ]
    return ", ".join([*words[:1], *rest[1:]]) + "."


def _right(scope: str, named: set[str]) -> Right:
    clean = plain(scope, _LONGEST)
    writes = not scope.endswith(_HARMLESS) and any(part in scope.lower() for part in _RISKY)
    return Right(_words().get(scope, clean), clean, scope in named or writes)


def _words() -> dict[str, str]:
    return {
        "info": translate("Scopes", "See the main balance"),
        "read": translate("Scopes", "See balances"),
        "spot": translate("Scopes", "See the spot balance"),
        "collateral": translate("Scopes", "See the collateral balance"),
        "trading": translate("Scopes", "Can trade"),
        "withdrawal": translate("Scopes", "Can withdraw"),
        "full": translate("Scopes", "Full access to your files"),
        "general": translate("Scopes", "General access"),
        "balances:read": translate("Scopes", "See balances"),
        "account:read": translate("Scopes", "See the account"),
        "cards:read": translate("Scopes", "See cards"),
        "account_info.read": translate("Scopes", "See the account and its space"),
        "trade:none": translate("Scopes", "No trading"),
        "wallet:none": translate("Scopes", "No withdrawals"),
        "account.info:basic": translate("Scopes", "See whose account it is"),
        "account.fast-api-key:read": translate("Scopes", "See which API keys there are"),
        "account.fast-api-key:write": translate("Scopes", "Make an API key"),
        "account.fast-api-key:funds-query": translate("Scopes", "The key may see balances"),
        "show.userinfo": translate("Scopes", "See your profile"),
        "users.read": translate("Scopes", "See your profile"),
        "users.email.read": translate("Scopes", "See your e-mail"),
        "users.kyc.read": translate("Scopes", "See your verification"),
        "balances.read": translate("Scopes", "See balances"),
        "users.balances.read": translate("Scopes", "See balances"),
        "markets.read": translate("Scopes", "See markets"),
        "deals.read": translate("Scopes", "See trades"),
        "users.deals.read": translate("Scopes", "See trades"),
        "orders.read": translate("Scopes", "See orders"),
        "users.orders.read": translate("Scopes", "See orders"),
        "orders_history.read": translate("Scopes", "See past orders"),
        "users.transactions.read": translate("Scopes", "See deposits and withdrawals"),
        "users.converts.read": translate("Scopes", "See conversions"),
        "orders.create": translate("Scopes", "Can place orders"),
        "orders.delete": translate("Scopes", "Can cancel orders"),
        "codes.apply": translate("Scopes", "Can redeem codes"),
        "apikeys.create": translate("Scopes", "Can create API keys"),
        "apikeys.read": translate("Scopes", "See API keys"),
        "apikeys.delete": translate("Scopes", "Can delete API keys"),
    }
