"""Runs the campaigns that were named, each in a separate home, and prints their tables."""

import argparse
import importlib
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from tests.campaigns.campaign import Options
from tests.campaigns.table import Count, printed

CAMPAIGNS = (
    "kills",
    "soak",
    "fuzz",
    "disk",
    "packages",
    "sharing",
    "hosts",
)  # each is `<name>_campaign.py` with TITLE and `counted(home, options)`


class Campaign(Protocol):
    """What a module of a campaign has."""

    TITLE: str

    def counted(self, home: Path, options: Options) -> list[Count]:
        """Run it in this folder. Returns the lines of its table."""


def main(arguments: Sequence[str] | None = None, load: Callable[[str], Campaign] | None = None) -> int:
    """0 when every promise of every campaign was kept."""
    parser = argparse.ArgumentParser(prog="python3 tests/campaigns")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(CAMPAIGNS)} (default: all)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--share", type=float, default=1.0, help="the part of the full length to run (default: 1)")
    chosen = parser.parse_args(arguments)
    strange = set(chosen.names) - set(CAMPAIGNS)
    if strange:
        parser.error(f"there is no campaign {', '.join(sorted(strange))}; there are {', '.join(CAMPAIGNS)}")
    good = True
    for name in chosen.names or CAMPAIGNS:
        campaign = (load or _load)(name)
        with tempfile.TemporaryDirectory(prefix="kr") as folder:
            counts = campaign.counted(Path(folder), Options(chosen.seed, chosen.share))
        print(printed(f"{campaign.TITLE} (seed {chosen.seed})", counts), flush=True)
        good = good and not any(count.good is False for count in counts)
    return 0 if good else 1


def _load(name: str) -> Campaign:
    found: Any = importlib.import_module(f"tests.campaigns.{name}_campaign")
    campaign: Campaign = found
    return campaign


if __name__ == "__main__":
    sys.exit(main())
