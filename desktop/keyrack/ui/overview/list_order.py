"""The order of the list where the person sorts it by a column."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keyrack.ui.text.state_text import AccountView

if TYPE_CHECKING:
    from keyrack.core.rack import Rack
    from keyrack.ui.overview.list_titles import Column

# What needs the person first, then what waits, then what goes on by itself.
_NEEDS, _WAITS, _GOES_ON = 0, 1, 2
_Key = tuple[float, str]


def in_order(rack: "Rack", ids: Sequence[str], column: "Column", *, descending: bool) -> tuple[str, ...]:
    """The accounts by a column, equal ones by name. Those that have nothing there come last in both directions."""
    keys = {id: _key(rack, id, column) for id in ids}
    with_one = [(key, id) for id, key in keys.items() if key is not None]
    without = [id for id in ids if keys[id] is None]
    return (*(id for _, id in sorted(with_one, key=lambda pair: pair[0], reverse=descending)), *without)


def _key(rack: "Rack", id: str, column: "Column") -> _Key | None:
    account = rack.accounts.find(id)
    if account is None:
        return None
    name = account.settings.name.casefold()
    if column == "account":
        return 0.0, name
    if column == "value":
        total = rack.totals.total_of(account)
        return (float(total.amount), name) if total is not None and total.known else None
    view = AccountView(account, rack.clock)
    if column == "left":
        return (view.status.left, name) if view.has_token and view.status.left is not None else None
    rank = _NEEDS if view.needs_person else _GOES_ON if view.name == "ready" else _WAITS
    return rank * 1e9 + (view.status.renews_in or 0.0), name
