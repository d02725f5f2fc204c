"""SQLite is loaded when there is something to read or write, not at the start."""

import os
import subprocess
import sys

import pytest

from tests.checkout import ROOT


@pytest.mark.parametrize("root", ["keyrack.app", "keyrack.agent.agent"])
def test_neither_root_imports_sqlite(root: str) -> None:
    code = f"import sys, {root}; sys.exit('sqlite3' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "desktop"), "QT_QPA_PLATFORM": "offscreen"}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 0
