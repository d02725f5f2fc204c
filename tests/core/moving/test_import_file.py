"""What is no plain file is refused with a sentence, and nothing of it stays open."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from keyrack.core.moving.import_file import read_import
from keyrack.core.moving.moving_failures import ImportRefused


def descriptors() -> list[str]:
    return sorted(os.listdir("/proc/self/fd"))


def nothing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("make", "reason"),
    [(Path.mkdir, "Is a directory"), (os.mkfifo, "it is no plain file"), (nothing, "No such file or directory")],
)
def test_what_is_no_plain_file_is_refused_and_not_left_open(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    path = tmp_path / "chosen"
    make(path)
    before = descriptors()
    with pytest.raises(ImportRefused) as refused:
        read_import(path)
    assert refused.value.params["reason"] == reason
    assert descriptors() == before
