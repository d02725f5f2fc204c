"""Where the sources under test lie, and what a Python needs to run them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESKTOP = ROOT / "desktop"
# Hundreds of processes are started: each finds the byte code of the first, which lies in no folder of the sources.
BYTE_CODE = ROOT / ".venv" / "byte-code"
FROM_SOURCE = {"PYTHONPATH": str(DESKTOP), "PYTHONPYCACHEPREFIX": str(BYTE_CODE)}
