"""What the set-up's tests share."""

from pathlib import Path

import pytest

from tests.packaging.tiny_repository import TinyRepository


@pytest.fixture
def repository(tmp_path: Path) -> TinyRepository:
    """A fresh clone of a tiny Keyrack."""
    return TinyRepository(tmp_path)
