"""The JSON-RPC responses that Deribit sends over HTTP and over its WebSocket. Amounts are numbers (Deribit Q4)."""

from decimal import Decimal
from typing import Any

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.people.person import Person

UNAUTHORIZED = 13009
_OTHERS = Decimal("0.28")
_ERRORS = {
    10028: "too_many_requests",
    11050: "bad_request",
    13004: "invalid_credentials",
    13009: "unauthorized",
    11051: "system_maintenance",
    13021: "forbidden",
    -32601: "Method not found",
}


def error(code: int, reason: str = "", number: object = None) -> dict[str, Any]:
    """An error of JSON-RPC."""
    content: dict[str, Any] = {"code": code, "message": _ERRORS[code]}
    if reason:
        content["data"] = {"reason": reason}
    return {"jsonrpc": "2.0", "id": number, "error": content, "testnet": True}


def result(content: object, number: object = None) -> dict[str, Any]:
    """A successful response of JSON-RPC."""
    return {"jsonrpc": "2.0", "id": number, "result": content, "testnet": True}


def rows(person: Person, elapsed: float, *, cross: bool = False) -> list[dict[str, Any]]:
    """One row per currency. Its figures are decimals that become JSON numbers.

    With cross collateral the available funds are those of the whole account in each currency (Q17).
    """
    made: list[dict[str, Any]] = []
    for holding in person.holdings:
        available, held = portfolio.spot(person, holding, elapsed)
        figures: dict[str, Decimal] = {
            "equity": available + held,
            "balance": available + held,
            "available_funds": available,
            "maintenance_margin": held,
        }
        if cross:
            figures["available_funds"] = available + _OTHERS
        made.append({"currency": holding.asset, **figures, **({"cross_collateral_enabled": True} if cross else {})})
    return made
