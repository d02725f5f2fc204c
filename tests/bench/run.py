"""Runs every benchmark in a separate home and prints the table."""

import sys
import tempfile
from pathlib import Path

from tests.bench import figures_cost, keyring_cost, renewal_cost, rotation_cost, start_cost, token_cost
from tests.bench.table import Row, printed


def main() -> int:
    """0 when every ratio was kept."""
    rows: list[Row] = []
    for part in (figures_cost, token_cost, renewal_cost, rotation_cost, start_cost, keyring_cost):
        with tempfile.TemporaryDirectory(prefix="kr") as folder:
            rows += part.measured(Path(folder))
    print(printed(rows))
    if all(row.peer is None for row in rows):
        print("The peer was not measured: oidc-agent is not installed (Debian's oidc-agent-cli).")
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
