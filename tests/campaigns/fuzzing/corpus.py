"""The inputs that are kept in the tree, one file for each.

A file that ends with `.http` is written for reading: its line ends stand for CRLF, and other bytes are escaped as in a
Python literal. Every other file is the input itself.
"""

import codecs
import hashlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "corpus"


def kept(target: str) -> dict[str, bytes]:
    """The inputs of a target by the names of their files."""
    return {path.name: _read(path) for path in sorted((FOLDER / target).iterdir())}


def keep(target: str, data: bytes) -> str:
    """Add an input, so that every run of the tests tries it from now on. Returns the name of its file."""
    name = f"fault-{hashlib.sha256(data).hexdigest()[:8]}"
    (FOLDER / target / name).write_bytes(data)
    return name


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    return codecs.escape_decode(data.replace(b"\n", b"\r\n"))[0] if path.suffix == ".http" else data
