"""The order of the list where the person sorts it by a column."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keyrack.ui.text.state_text import AccountView

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack
    from keyrack.ui.overview.list_titles import Column

# What needs the person first, then what waits, then what goes on by itself.
_NEEDS, _WAITS, _GOES_ON = 0, 1, 2
_Key = tuple[float, str]


def in_order(rack: "Rack", ids: Sequence[str], column: "Column", *, descending: bool) -> tuple[str, ...]:
    """The accounts by a column: the pinned ones first, equal ones by name.

    Those that have nothing there come last in both directions.
    """
    named = sorted((account for id in ids if (account := rack.accounts.find(id)) is not None), key=_name)
    keys = {account.id: _key(rack, account, column) for account in named}
    there = [(key, id) for id, key in keys.items() if key is not None]
    there.sort(key=lambda pair: pair[0], reverse=descending)  # equal ones stay in their order
    ordered = [*(id for _key, id in there), *(id for id, key in keys.items() if key is None)]
    return tuple(sorted(ordered, key=rack.arrangement.pinned_ids().__contains__, reverse=True))


def _name(account: "Account") -> str:
    return account.settings.name.casefold()


def _key(rack: "Rack", account: "Account", column: "Column") -> _Key | None:
    if column == "account":
        return 0.0, _name(account)
    if column == "value":
        total = rack.totals.total_of(account)
        return (float(total.amount), "") if total is not None and total.known else None
    view = AccountView(account, rack.clock)
    if column == "left":
        return (view.status.left, "") if view.has_token and view.status.left is not None else None
    rank = _NEEDS if view.needs_person else _GOES_ON if view.name == "ready" else _WAITS
    return rank * 1e9 + (view.status.renews_in or 0.0), ""
