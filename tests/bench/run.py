"""Runs every benchmark in a separate home and prints the table."""

import sys
import tempfile
from pathlib import Path

from tests.bench import figures_cost, token_cost
from tests.bench.table import printed


def main() -> int:
    """0 when every ratio was kept."""
    with tempfile.TemporaryDirectory(prefix="kr") as folder:
        home = Path(folder)
        rows = [*figures_cost.measured(home), *token_cost.measured(home)]
    print(printed(rows))
    if all(row.peer is None for row in rows):
        print("The peer was not measured: oidc-agent is not installed (Debian's oidc-agent-cli).")
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
