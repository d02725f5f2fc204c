"""The lock of the Node packages: every version with its hash, and no address to download from."""

import json
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "oidc"
LOCK = json.loads((HERE / "package-lock.json").read_text("utf-8"))


@pytest.mark.security("S109")
def test_every_package_is_pinned_by_its_hash() -> None:
    packages = {name: told for name, told in LOCK["packages"].items() if name}
    assert len(packages) > 20
    for name, told in packages.items():
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", told["integrity"]), name
        assert re.fullmatch(r"\d+\.\d+\.\d+[\w.-]*", told["version"]), name


@pytest.mark.security("S109")
def test_no_file_names_an_address() -> None:
    for file in ("package.json", "package-lock.json"):
        text = (HERE / file).read_text("utf-8")
        assert "://" not in text
        assert "resolved" not in text


def test_the_provider_itself_is_named_by_its_exact_version() -> None:
    named = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    assert named == {"oidc-provider": LOCK["packages"]["node_modules/oidc-provider"]["version"]}
    assert named["oidc-provider"].startswith("9.")
