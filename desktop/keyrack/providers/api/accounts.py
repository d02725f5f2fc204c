"""Reads which accounts a person has at a provider, and makes the balance calls of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec

from keyrack.net.client.client_message import Request
from keyrack.oauth.strict_json import at, steps, text_at
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret
from keyrack.providers.api.balance_request import bearer_request, on_the_same_host
from keyrack.providers.api.paging import ITEMS
from keyrack.providers.call_schema import ACCOUNT, AccountsCall, BalanceCall
from keyrack.providers.schema import Region

MOST_ACCOUNTS = 50
LONGEST_ID = 200
LONGEST_NAME = 40
# A browser or a server may read these as a way up in a path, however they are encoded.
_WAYS_UP = frozenset({".", ".."})


@dataclass(frozen=True, slots=True)
class ApiAccount:
    """One account of a person. `name` is shown beside its rows, "" where the file names none."""

    id: str
    name: str = ""


def accounts_request(region: Region, call: AccountsCall, page: str | None, token: Secret) -> Request:
    """The request for one page of the accounts. `page` is what `first_page` or `next_page` returned."""
    request = bearer_request(region, "GET", call.path, "", token)
    if call.paging == "range_items":
        return Request(
            "GET", request.url, {**request.headers, "Range": f"{ITEMS}={page}"}, plain_http_allowed=region.test
        )
    url = request.url if page is None else on_the_same_host(region, page)
    return Request("GET", url, request.headers, plain_http_allowed=region.test)


def accounts_in(call: AccountsCall, answer: Any) -> list[ApiAccount]:
    """The accounts in one response. Raises ValueError for another shape, and for an id that no path may hold.

    An object in place of the list is the only account, and null is an empty list.
    """
    found = at(answer, call.rows)
    null = found is None and call.rows and isinstance(answer, dict) and steps(call.rows)[0] in answer
    rows = [] if null else [found] if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise ValueError("no list of accounts")  # noqa: TRY004 - what a server sends is a value, not a type of ours
    return [
        ApiAccount(_id(row, call), plain(text_at(row, call.name), LONGEST_NAME) if call.name else "") for row in rows
    ]


def _id(row: Any, call: AccountsCall) -> str:
    id = text_at(row, call.id)
    if not id or len(id) > LONGEST_ID or id in _WAYS_UP or not id.isprintable():
        raise ValueError("no id of an account")
    return id


def calls_of(call: BalanceCall, accounts: Sequence[ApiAccount]) -> list[BalanceCall]:
    """The call once for each account, with its percent-encoded id in the path (S38). Else the call itself."""
    if ACCOUNT not in call.path:
        return [call]
    return [
        msgspec.structs.replace(
            call, path=call.path.replace(ACCOUNT, quote(account.id, safe="")), place=account.name or call.place
        )
        for account in accounts
    ]
