"""Makes the README's pictures anew: `python3 tests/pictures` drives the real program on a screen of its own."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

import debian
import module_run

if __name__ == "__main__":
    sys.exit(module_run.run("tests.pictures.run", sys.argv[1:], debian.QT + debian.DESKTOP_TESTS))
