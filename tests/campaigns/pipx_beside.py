"""A second installation beside the package: the wheel, which a person without rights installs with the real pipx."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from shipping.other_release import Release, give_wheels
from tests.campaigns.bad_installs import sentence
from tests.campaigns.clean_root import HOME, CleanRoot
from tests.campaigns.table import Count
from tests.checkout import ROOT

PARTS = "/srv/parts"
COMMAND = f"{HOME}/.local/bin/keyrack"
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": PARTS}


def wheel_of_this_checkout(home: Path) -> Path:
    """Make it."""
    command = [sys.executable, str(ROOT / "packaging/build.py"), "wheel", "--out", str(home)]
    subprocess.run([*command, "--wheels", str(ROOT / "artefacts/wheels")], check=True)
    return next(home.glob("keyrack-*.whl"))


def installed_by_pipx(root: CleanRoot, wheel: Path, release: Release, called: str) -> list[Count]:
    """Install the wheel from files whose hashes the lock names, without any index, and name its release `called`."""
    got = root.run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "pipx", "python3-venv")
    parts = root.folder / PARTS.removeprefix("/")
    parts.mkdir()
    give_wheels(release, ROOT / "artefacts/wheels", parts)
    shutil.copy(wheel, parts)
    root.run("sh", "-c", f"cp /usr/share/python-wheels/pip-*.whl {PARTS}")  # pipx 1.7 upgrades its own pip at first
    done = root.run("pipx", "install", f"{PARTS}/{wheel.name}[sandbox]", person=True, **OFFLINE)
    version = root.run(COMMAND, "--version", person=True)
    good = got.returncode == done.returncode == 0 and version.stdout.startswith("Keyrack ")
    for about in root.home(".local").glob("**/site-packages/keyrack/__init__.py"):
        about.write_text(re.sub(r'(__version__ = ")[^"]+', rf"\g<1>{called}", about.read_text()))
    return [
        Count("installed beside it by pipx", f"exit code {done.returncode}, {version.stdout.strip()}", "0", good=good)
    ]


def side_by_side(root: CleanRoot, display: str) -> list[Count]:
    """Ask and start the second installation while the first one runs. One of them runs at a time."""
    status = root.run(COMMAND, "status", person=True)
    agent = root.run(COMMAND, "agent", person=True)
    window = root.run(COMMAND, person=True, DISPLAY=display)
    told = "runs already, and its window came forward" in window.stdout
    return [
        Count("the other's command is told which runs", sentence(status.stdout, "runs, and this"), "a sentence",
              good="runs, and this command is of" in status.stdout),
        Count("the other's agent ends at once", f"exit code {agent.returncode}", "0", good=agent.returncode == 0),
        Count("the other's window gives way", f"exit code {window.returncode}, {sentence(window.stdout, 'came')}", "0",
              good=window.returncode == 0 and told),
    ]  # fmt: skip


def removed_by_pipx(root: CleanRoot) -> list[Count]:
    """Remove the second installation: the first one stays as it is."""
    done = root.run("pipx", "uninstall", "keyrack", person=True)
    version = root.run("keyrack", "--version", person=True)
    good = (
        done.returncode == 0 and version.stdout.startswith("Keyrack ") and not root.home(".local/bin/keyrack").exists()
    )
    return [Count("removed by pipx, the package stays", version.stdout.strip(), "a version", good=good)]
