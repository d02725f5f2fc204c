"""Runs every benchmark, or those that are named, each in a separate home, and prints the table."""

import sys
import tempfile
from pathlib import Path

from tests.bench import (
    figures_cost,
    history_cost,
    keyring_cost,
    renewal_cost,
    rotation_cost,
    sharing_cost,
    start_cost,
    token_cost,
    window_cost,
)
from tests.bench.table import Row, printed

PARTS = {
    "figures": figures_cost,
    "token": token_cost,
    "renewal": renewal_cost,
    "rotation": rotation_cost,
    "start": start_cost,
    "keyring": keyring_cost,
    "window": window_cost,
    "history": history_cost,
    "sharing": sharing_cost,
}


def main() -> int:
    """0 when every ratio was kept. 2 for a name that is not a benchmark's."""
    names = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        print(f"There is no benchmark {' '.join(unknown)}, but {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for part in map(PARTS.__getitem__, names):
        with tempfile.TemporaryDirectory(prefix="kr") as folder:
            rows += part.measured(Path(folder))
    print(printed(rows))
    if "token" in names and all(row.peer is None for row in rows):
        print("The peer was not measured: oidc-agent is not installed (Debian's oidc-agent-cli).")
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
