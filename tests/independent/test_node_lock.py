"""The locks of the Node packages: every version with its hash, and no address to download from."""

import json
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FOLDERS = [HERE / "oidc", *sorted(path.parent for path in HERE.glob("servers/*/package.json"))]
EACH = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@pytest.mark.security("S109")
@EACH
def test_every_package_is_pinned_by_its_hash(folder: Path) -> None:
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    packages = {name: told for name, told in lock["packages"].items() if name}
    assert len(packages) > 10
    for name, told in packages.items():
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", told["integrity"]), name
        assert re.fullmatch(r"\d+\.\d+\.\d+[\w.-]*", told["version"]), name


@pytest.mark.security("S109")
@EACH
def test_no_file_names_an_address(folder: Path) -> None:
    for file in ("package.json", "package-lock.json"):
        text = (folder / file).read_text("utf-8")
        assert "://" not in text
        assert "resolved" not in text


@EACH
def test_each_program_is_named_by_its_exact_version(folder: Path) -> None:
    named = json.loads((folder / "package.json").read_text("utf-8"))["dependencies"]
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    assert named == {name: lock[f"node_modules/{name}"]["version"] for name in named}
