"""The list of all parts with their versions (CycloneDX), as the package's own environment or the lock has them."""

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import stamps
from shipping.checkout_copy import BuildError, Checkout

NAME = "share/doc/keyrack/keyrack.cdx.json"
_CHECK = (
    "import sys; from cyclonedx.schema import SchemaVersion; from cyclonedx.validation.json import JsonStrictValidator;"
    "found = JsonStrictValidator(SchemaVersion.from_version(sys.argv[1])).validate_str(sys.stdin.read());"
    "sys.exit(found and str(found))"
)


class OtherPart(Protocol):
    """A part that Python does not import, such as Python itself. `address` is its package URL."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def address(self) -> str: ...


def write_bill(source: Checkout, folder: Path) -> None:
    """Ask the program's own Python what it can import. Raises BuildError where that is not here or the list is bad."""
    python = folder / "bin/python3"
    if not python.exists():
        raise BuildError(
            f"The package starts {python.readlink()}, which is missing here; on Debian: sudo apt install python3"
        )
    bill = folder / NAME
    bill.parent.mkdir(parents=True, exist_ok=True)
    _told(source, "environment", "--output-file", str(bill), str(python))
    bill.chmod(0o644)


def bill_of_lock(source: Checkout) -> bytes:
    """What the lock names with its hashes, for packages that pip gets the other parts of. Raises BuildError."""
    return _told(source, "requirements", str(source.root / "packaging" / stamps.RUNTIME)).encode()


def add_parts(bill: Path, others: Iterable[OtherPart]) -> None:
    """Write what Python does not know into a list that is there. Raises BuildError where the list is bad then."""
    told = json.loads(bill.read_text("utf-8"))
    for other in others:
        named = {"type": "library", "bom-ref": other.address, "name": other.name, "version": other.version}
        told["components"].append({**named, "purl": other.address})
        told["dependencies"].append({"ref": other.address})
    text = json.dumps(told, indent=2) + "\n"
    command = [stamps.PYTHON, "-c", _CHECK, told["specVersion"]]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"The list of parts is not valid: {done.stderr.strip()}")
    bill.write_text(text, "utf-8")


def _told(source: Checkout, of: str, *words: str) -> str:
    """What the tool writes to its output for this program. Raises BuildError."""
    options = ["--pyproject", str(source.root / "pyproject.toml"), "--output-reproducible", "--validate"]
    command = [stamps.PYTHON, "-m", "cyclonedx_py", of, *options, *words]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(source.epoch)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"The list of parts could not be made: {done.stderr.strip()}")
    return done.stdout
