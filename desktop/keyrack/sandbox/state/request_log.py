"""What was asked of the sandbox: one row a request, without any secret."""

from collections import deque
from dataclasses import asdict, dataclass, field

_KEPT = 20_000


@dataclass
class Row:
    """One request. `at` is in sandbox seconds; `status` is 0 when no whole answer was sent. Names, never values."""

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


class Log:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._rows: deque[Row] = deque(maxlen=_KEPT)

    def add(self, row: Row) -> None:
        """Keep a row; its holder goes on filling it in."""
        self._rows.append(row)

    def rows(self) -> list[dict[str, object]]:
        """All rows as JSON objects."""
        return [asdict(row) for row in self._rows]
