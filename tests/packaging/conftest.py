"""What the set-up's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.tiny_repository import TinyRepository


@pytest.fixture
def repository(tmp_path: Path) -> TinyRepository:
    """A fresh clone of a tiny Keyrack."""
    return TinyRepository(tmp_path)


@pytest.fixture(scope="session")
def shared_repository(tmp_path_factory: pytest.TempPathFactory) -> TinyRepository:
    """A clone that is set up once for all tests that begin where the set-up has ended."""
    made = TinyRepository(tmp_path_factory.mktemp("shared"))
    assert made.start().returncode == 0
    made.keep()
    return made


@pytest.fixture
def finished(shared_repository: TinyRepository, tmp_path: Path) -> TinyRepository:
    """A clone that is set up, for a test that leaves it as it was, with a new home."""
    shared_repository.home = tmp_path / "home"
    shared_repository.home.mkdir()
    return shared_repository


@pytest.fixture
def changeable(finished: TinyRepository) -> Iterator[TinyRepository]:
    """The same for a test that changes it: it is put back afterwards."""
    yield finished
    finished.restore()
