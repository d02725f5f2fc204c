"""An environment is made from its lock and from nothing else: absent packages skip a test, wrong ones fail it."""

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.independent import environments
from tests.independent.environments import python_of

Lock = Callable[..., str]
WHEEL = "sample-1.0-py3-none-any.whl"


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lock:
    """Write a lock of one made-up package with a hash; the only package index is a folder that holds its wheel."""
    vault = tmp_path / "shelf"
    vault.mkdir()
    with zipfile.ZipFile(vault / WHEEL, "w") as wheel:
        wheel.writestr("sample.py", "")
        wheel.writestr("sample-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: sample\nVersion: 1.0\n")
        wheel.writestr("sample-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("sample-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(vault))
    monkeypatch.setattr(environments, "HERE", tmp_path)
    monkeypatch.setattr(environments, "PLACE", tmp_path / "made")

    def write(digest: str, name: str = "sample") -> str:
        digest = digest or hashlib.sha256((vault / WHEEL).read_bytes()).hexdigest()
        (tmp_path / "sample-1.0.txt").write_text(f"{name}==1.0 \\\n    --hash=sha256:{digest}\n")
        return "sample-1.0.txt"

    return write


def test_it_is_made_once_and_holds_what_the_lock_names(lock: Lock) -> None:
    first = python_of(lock(""))
    made = first.stat().st_ino
    assert list(first.parent.parent.rglob("sample.py"))
    assert python_of("sample-1.0.txt").stat().st_ino == made


def test_packages_that_cannot_be_fetched_skip_the_test_and_say_so(lock: Lock) -> None:
    with pytest.raises(pytest.skip.Exception, match=r"sample-1\.0\.txt cannot be fetched: .*check the network"):
        python_of(lock("0" * 64, name="absent"))


@pytest.mark.security("S109")
def test_a_package_that_is_not_the_locked_one_is_refused_and_fails_the_test(lock: Lock) -> None:
    with pytest.raises(AssertionError, match="DO NOT MATCH THE HASHES"):
        python_of(lock("0" * 64))
