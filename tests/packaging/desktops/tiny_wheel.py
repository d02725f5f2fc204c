"""Small wheels for tests: a zip with these files."""

import zipfile
from collections.abc import Mapping
from pathlib import Path


def write_wheel(path: Path, files: Mapping[str, str]) -> Path:
    """Write a wheel and return it."""
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return path
