"""A Keyrack that was installed without the libraries of its sandbox says which are missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import DESKTOP

CODE = "import sys; from keyrack.startup import option_parser; getattr(option_parser, sys.argv[1])(sys.argv[2:])"


def parsed(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Parse a command line in a Python that has none of the locked libraries."""
    command = [sys.executable, "-S", "-c", CODE, name, *words]
    return subprocess.run(command, env={"PYTHONPATH": str(DESKTOP)}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["parse", "parse_agent"])
def test_the_sandbox_needs_its_libraries(name: str, tmp_path: Path) -> None:
    done = parsed(name, "--sandbox")
    assert done.returncode == 2
    assert done.stderr.endswith("the sandbox needs two more libraries: install Keyrack as keyrack[sandbox]\n")
    assert parsed(name, "--sandbox", "--join", str(tmp_path / "announced")).returncode == 0, "another runs it then"


def test_everything_else_goes_without_them() -> None:
    assert parsed("parse_agent", "--own-keyring").returncode == 0
