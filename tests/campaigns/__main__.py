"""Runs the slow campaigns, `python3 tests/campaigns kills soak fuzz disk packages sharing`, each with its table."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

import debian
import module_run

if __name__ == "__main__":
    sys.exit(
        module_run.run(
            "tests.campaigns.run", sys.argv[1:], debian.QT + debian.DESKTOP_TESTS + debian.PACKAGES + debian.CLEAN_ROOT
        )
    )
