"""Runs the campaigns that were named, each in a separate home, and prints their tables."""

import argparse
import importlib
import random
import sys
import tempfile
from pathlib import Path

from tests.campaigns.campaign import Options
from tests.campaigns.table import printed

CAMPAIGNS = ("kills", "soak", "fuzz", "disk")  # each is `<name>_campaign.py` with TITLE and `counted(home, options)`


def main() -> int:
    """0 when every promise of every campaign was kept."""
    parser = argparse.ArgumentParser(prog="python3 tests/campaigns")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(CAMPAIGNS)} (default: all)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--share", type=float, default=1.0, help="the part of the full length to run (default: 1)")
    chosen = parser.parse_args()
    strange = set(chosen.names) - set(CAMPAIGNS)
    if strange:
        parser.error(f"there is no campaign {', '.join(sorted(strange))}; there are {', '.join(CAMPAIGNS)}")
    good = True
    for name in chosen.names or CAMPAIGNS:
        campaign = importlib.import_module(f"tests.campaigns.{name}_campaign")
        with tempfile.TemporaryDirectory(prefix="kr") as folder:
            counts = campaign.counted(Path(folder), Options(chosen.seed, chosen.share))
        print(printed(f"{campaign.TITLE} (seed {chosen.seed})", counts), flush=True)
        good = good and not any(count.good is False for count in counts)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
