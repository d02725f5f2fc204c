"""The routes for tokens: give one, renew one, and the status of every account."""

import asyncio
import math
import shlex
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any, TypeVar

from keyrack.broker.protocol.api_errors import VERSION, ApiError, RelayedFailure, client_rejected
from keyrack.broker.protocol.route import Answer, Call, Route
from keyrack.broker.routes.status_body import account_answer, status_answer
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import (
    Active,
    Closed,
    LoggedOut,
    Reason,
    Retrying,
    Running,
    Unreadable,
    Unsaved,
    renewed_of,
    token_of,
)
from keyrack.core.failures import ExchangeClosed, NotSignedIn
from keyrack.core.rack import Rack
from keyrack.core.status import BY_CHOICE
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure

T = TypeVar("T")

_LONGEST_DIGITS = 9
_NEVER_IN = BY_CHOICE | {Reason.DENIED}  # their failure is that of an attempt to sign in


async def token(call: Call) -> Answer:
    """A token that still lives for `min_valid` seconds, by default min(30 s, half its life)."""
    account, rack = call.named, call.rack
    try:
        giving = rack.tokens.give(account, call.program, _seconds(call.query.get("min_valid")))
        given = await _within_queue(call, giving)
    except (NotSignedIn, ClientRejected):
        raise _failure_of(account) or _not_signed_in(account) from None
    left = None if given.expires is None else given.expires - rack.clock.elapsed()
    return {
        "version": VERSION,
        "account": account.settings.name,
        "provider": account.settings.provider,
        "access_token": given.secret.reveal(),
        "token_type": "Bearer",
        "expires_in": None if left is None else int(left),
        "expires_at": None if left is None else int(rack.clock.wall() + left),
        "variable": rack.provider_of(account.settings).variable,
    }


async def refresh(call: Call) -> Answer:
    """Renew the token and the balances now. The response comes once the token is renewed, or with why it was not.

    `renewed` is false for an account with a key, which needs no renewal. `joined` says that a renewal was under way
    already, and that this one waited for it.
    """
    account, rack = call.named, call.rack
    joined, before = _is_renewing(account), token_of(account.state)
    unsaved = isinstance(account.state, Active) and isinstance(account.state.renewal, Unsaved)
    await _within_queue(call, rack.background.finish(rack.renew(account)))
    rack.background.start(rack.update_balances(account))
    why = _failure_of(account)
    if why is not None:
        raise why
    token = token_of(account.state)
    if token is not None and not token.renewable and not unsaved:
        raise _not_renewable(account, rack)
    renewed = token is not before
    if token is not None and not renewed and not unsaved:
        raise ApiError("busy", "nothing_renewed", account=account.settings.name)
    return {"version": VERSION, **account_answer(account, rack), "renewed": renewed, "joined": joined}


async def _within_queue(call: Call, work: Coroutine[Any, Any, T]) -> T:
    """Await the work, but no longer than programs wait while its renewal stands in the queue of its client.

    The renewal keeps its place there. Raises ApiError with how many are before it.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task}, timeout=call.timeouts.turn)
        place = None if task.done() else _place_in_queue(call.named, call.rack)
        if place is not None:
            raise place
        return await task
    finally:
        task.cancel()


def _place_in_queue(account: Account, rack: Rack) -> ApiError | None:
    token = renewed_of(account.state)
    place = None if token is None else rack.parts.rotation.place_in_queue(account, token)
    if place is None:
        return None
    provider, (interval, ahead) = rack.provider_of(account.settings).company_name, place
    seconds = f"{math.ceil(interval)}"
    name = account.settings.name
    return ApiError("busy", "renewal_in_queue", account=name, provider=provider, seconds=seconds, ahead=f"{ahead}")


def _not_renewable(account: Account, rack: Rack) -> ApiError:
    name = account.settings.name
    provider = rack.provider_of(account.settings).company_name
    return ApiError("usage", "renewal_not_possible", account=name, provider=provider, quoted=shlex.quote(name))


async def status(call: Call) -> Answer:
    """Every account with its state and the time left, without amounts and secrets."""
    return status_answer(call.rack, call.host)


@lru_cache(maxsize=64)
def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST_DIGITS:
        raise ApiError("usage", "min_valid_not_seconds")
    return float(text)


def _is_renewing(account: Account) -> bool:
    return isinstance(account.state, Active) and isinstance(account.state.renewal, Running)


def _failure_of(account: Account) -> Failure | None:
    """Why an account has no fresh token. None where it has one."""
    match account.state:
        case Active(credential=Token(), renewal=Retrying(why=ClientRejected() as why)):
            return client_rejected(why, account.settings.name)
        case Active(credential=Token(), renewal=Retrying(why=why)) | Active(renewal=Unsaved(why=why)):
            return why
        case Active():
            return None
        case Unreadable(why=why):
            return why
        case Closed(why=ended):
            return ended or ExchangeClosed()
        case LoggedOut(reason=reason, why=why) if why is not None and reason not in _NEVER_IN:
            return RelayedFailure("sign_in_needed", why)
    return _not_signed_in(account)


def _not_signed_in(account: Account) -> NotSignedIn:
    name = account.settings.name
    return NotSignedIn("not_signed_in_for_command", account=name, quoted=shlex.quote(name))


ROUTES = (
    Route("GET", "/v1/status", status, while_locked=True),
    Route("GET", "/v1/accounts/{name}/token", token, while_locked=True, query=frozenset({"min_valid"})),
    Route("POST", "/v1/accounts/{name}/refresh", refresh, unattended=True),
)
