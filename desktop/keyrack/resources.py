"""Finds the files that are not code: in a checkout, or packed beside the code."""

from functools import cache
from pathlib import Path

_PACKED = Path(__file__).parent / "_resources"
_CHECKOUT = Path(__file__).parents[2] / "resources"


@cache
def resources() -> Path:
    """The folder of all resources."""
    return _PACKED if _PACKED.is_dir() else _CHECKOUT


def resource(name: str) -> Path:
    """The path of one resource, such as "icons/copy.svg". Raises FileNotFoundError when there is none."""
    path = resources() / name
    if not path.is_file():
        raise FileNotFoundError(f"no resource {name}")
    return path
