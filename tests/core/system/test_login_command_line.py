"""What starts Keyrack when the person signs in: the Keyrack that was asked, where two are installed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import DESKTOP

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and scripts as on Linux")
ASK = "import json; from keyrack.core.system.login_start import command_line; print(json.dumps(command_line()))"


def command(tmp_path: Path, *, packaged: bool, launcher: bool) -> list[str]:
    """The command that a Keyrack writes whose Python lies in a folder `private`, perhaps with its command beside it."""
    private = tmp_path / "private"
    private.mkdir()
    (private / "python3").symlink_to(sys.executable)
    if packaged:
        (private / "keyrack").touch()
    if launcher:
        (tmp_path / ".local/bin").mkdir(parents=True)
        (tmp_path / ".local/bin/keyrack").touch()
    environment = {"HOME": str(tmp_path), "PYTHONPATH": str(DESKTOP)}
    done = subprocess.run(
        [str(private / "python3"), "-S", "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("launcher", [True, False])
def test_a_package_starts_itself(tmp_path: Path, launcher: bool) -> None:
    assert command(tmp_path, packaged=True, launcher=launcher) == [str(tmp_path / "private/keyrack"), "--at-login"]


def test_a_checkout_that_is_installed_starts_by_its_launcher(tmp_path: Path) -> None:
    assert command(tmp_path, packaged=False, launcher=True) == [str(tmp_path / ".local/bin/keyrack"), "--at-login"]


def test_a_checkout_starts_by_its_sources(tmp_path: Path) -> None:
    assert command(tmp_path, packaged=False, launcher=False)[1:] == [str(DESKTOP), "--at-login"]
