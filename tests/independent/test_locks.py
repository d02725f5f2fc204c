"""The locks of the programs that we did not write: whole, by hash, without hosts, and no part of the product."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CCXT = sorted(HERE.glob("ccxt-*.txt"))
LOCKS = [*CCXT, *sorted(HERE.glob("servers/*/*.txt"))]
ONE = re.compile(r"[A-Za-z0-9._-]+==[^\s;]+( ;[^\n\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\s*")


@pytest.mark.security("S109")
@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_each_lock_pins_everything_by_hash_and_names_no_host(lock: Path) -> None:
    parts = [part for part in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8")) if part.strip()]
    assert len(parts) > 5
    assert [part for part in parts if not ONE.fullmatch(part)] == []
    package, _, version = lock.stem.rpartition("-")
    assert any(part.startswith(f"{package}=={version} ") for part in parts)


def test_ccxt_is_no_dependency_of_the_product() -> None:
    assert len(CCXT) == 2
    named = [ROOT / "packaging" / "requirements.txt", ROOT / "packaging" / "requirements-tests.txt"]
    assert not [path.name for path in named if re.search(r"^ccxt\b", path.read_text(encoding="utf-8"), re.MULTILINE)]
    sources = (ROOT / "desktop").rglob("*.py")
    assert not [
        path.name for path in sources if re.search(r"^\s*(import|from) ccxt\b", path.read_text("utf-8"), re.MULTILINE)
    ]
