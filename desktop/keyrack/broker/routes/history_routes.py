"""The route of the history: the lines of one account as CSV, some at a time."""

from collections.abc import Mapping
from datetime import UTC, datetime

from keyrack.broker.protocol.api_errors import VERSION, ApiError
from keyrack.broker.protocol.route import Call, Route
from keyrack.core.history.history_csv import HEAD

_QUERY = frozenset({"since", "after"})
_LATEST = 10_000_000_000


async def lines(call: Call) -> Mapping[str, object]:
    """The next lines from a day on, or from after a moment on. `after` is None where no more follow."""
    text, after = await call.rack.history.csv(call.named, max(_since(call.query), _after(call.query)))
    return {"version": VERSION, "head": HEAD, "lines": text, "after": after}


def _since(query: Mapping[str, str]) -> int:
    """The last second before a day, in UTC as the lines have it."""
    day = query.get("since", "")
    if not day:
        return -1
    try:
        return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()) - 1
    except ValueError:
        raise ApiError("usage", "history_since_odd") from None


def _after(query: Mapping[str, str]) -> int:
    text = query.get("after", "-1")
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit() or abs(int(text[:12])) > _LATEST:
        raise ApiError("usage", "history_after_odd")
    return int(text)


ROUTES = (Route("GET", "/v1/accounts/{name}/history", lines, query=_QUERY),)
