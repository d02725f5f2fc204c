"""The libraries are those that the project names, and all of theirs, each with its licence."""

import tomllib

from keyrack.core.system.libraries import DIRECT, libraries
from tests.checkout import ROOT


def test_the_direct_ones_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [line.partition("=")[0].partition(">")[0] for line in project["dependencies"]]
    assert sorted(DIRECT) == sorted(named)


def test_each_has_its_version_and_its_licence() -> None:
    found = {each.name: each for each in libraries()}
    assert found["h11"].licence == "MIT"
    assert found["httpx"].licence == "BSD-3-Clause"
    assert "LGPL-3.0-only" in found["PySide6_Essentials"].licence
    assert found["segno"].licence == "BSD License"
    assert {"httpcore", "shiboken6", "cffi"} <= found.keys(), "what they need in turn"
    assert not found.keys() & {"pytest", "mypy", "keyrack"}
    assert [each.name for each in found.values() if not each.licence] == []
