"""A desk for the tests of this room."""

from pathlib import Path

import pytest

from tests.core.updates.published import Desk, desk_in


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path)
