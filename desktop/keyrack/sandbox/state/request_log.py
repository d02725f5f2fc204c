"""The log of requests: one row for each request, without any secret."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_KEPT = 20_000


@dataclass
class LogRow:
    """One request. It holds names of parameters, never their values.

    `at` is in sandbox seconds. `status` is 0 when no whole response was sent.
    """

    at: float
    provider: str
    endpoint: str
    method: str
    client_id: str | None = None
    account: str | None = None
    status: int = 0
    grant: str | None = None
    unexpected: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class RequestLog:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._rows: deque[LogRow] = deque(maxlen=_KEPT)

    def add(self, row: LogRow) -> None:
        """Keep a row. Its endpoint completes it later."""
        self._rows.append(row)

    def rows(self, wanted: Mapping[str, str] = MappingProxyType({})) -> list[dict[str, object]]:
        """The rows whose fields have the wanted values, as JSON objects."""
        rows = list(self._rows)
        # Tests ask again and again until a row is there. The client leaves the fewest.
        for name in sorted(wanted, key=lambda name: name != "client_id"):
            value = wanted[name]
            rows = [row for row in rows if getattr(row, name) == value]
        return [dict(vars(row)) for row in rows]
