"""Runs a tool of this system, and says which package brings it where it is missing."""

import subprocess
from pathlib import Path

from debian import TOOLS
from shipping.checkout_copy import BuildError


def run(*command: str, environ: dict[str, str] | None = None, folder: Path | None = None) -> str:
    """What a tool prints. Raises BuildError where it fails or is missing."""
    try:
        done = subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        needed = TOOLS.get(command[0], command[0])
        raise BuildError(f"{command[0]} is missing; on Debian: sudo apt install {needed}") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise BuildError(f"{Path(command[0]).name} ended with {done.returncode}: {said}")
    return done.stdout
