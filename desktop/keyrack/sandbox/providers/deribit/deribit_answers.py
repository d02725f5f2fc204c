"""How Deribit answers, over HTTP and over its WebSocket alike: JSON-RPC, amounts as numbers (Deribit Q4)."""

from decimal import Decimal
from typing import Any

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.people.person import Person

UNAUTHORIZED = 13009
_ERRORS = {
    10028: "too_many_requests",
    11050: "bad_request",
    13004: "invalid_credentials",
    13009: "unauthorized",
    13021: "forbidden",
    -32601: "Method not found",
}


def error(code: int, reason: str = "", number: object = None) -> dict[str, Any]:
    """An error of JSON-RPC."""
    told: dict[str, Any] = {"code": code, "message": _ERRORS[code]}
    if reason:
        told["data"] = {"reason": reason}
    return {"jsonrpc": "2.0", "id": number, "error": told, "testnet": True}


def result(content: object, number: object = None) -> dict[str, Any]:
    """A good answer of JSON-RPC."""
    return {"jsonrpc": "2.0", "id": number, "result": content, "testnet": True}


def rows(holder: Person, elapsed: float) -> list[dict[str, Any]]:
    """One row per currency, its figures as decimals that become JSON numbers."""
    made: list[dict[str, Any]] = []
    for holding in holder.holdings:
        available, held = portfolio.spot(holder, holding, elapsed)
        figures: dict[str, Decimal] = {
            "equity": available + held,
            "balance": available + held,
            "available_funds": available,
            "maintenance_margin": held,
        }
        made.append({"currency": holding.asset, **figures})
    return made
