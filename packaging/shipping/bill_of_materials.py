"""The list of all parts with their versions and licences (CycloneDX), as the package's own environment has them."""

import os
import subprocess
from pathlib import Path

import stamps
from shipping.checkout_copy import BuildError, Checkout

NAME = "share/doc/keyrack/keyrack.cdx.json"


def write_bill(source: Checkout, folder: Path) -> None:
    """Ask the program's own Python what it can import. Raises BuildError where that is not here or the list is bad."""
    python = folder / "bin/python3"
    if not python.exists():
        raise BuildError(
            f"The package starts {python.readlink()}, which is missing here; on Debian: sudo apt install python3"
        )
    bill = folder / NAME
    bill.parent.mkdir(parents=True, exist_ok=True)
    words = ["environment", "--pyproject", str(source.root / "pyproject.toml"), "--output-reproducible", "--validate"]
    command = [stamps.PYTHON, "-m", "cyclonedx_py", *words, "--output-file", str(bill), str(python)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(source.epoch)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"The list of parts could not be made: {done.stderr.strip()}")
    bill.chmod(0o644)
