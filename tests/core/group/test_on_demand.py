"""Without `keyrack share` nothing of several hosts is imported, started or written, in an agent or in a window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keyrack.core.group.sharing_file import NAME
from keyrack.core.several_hosts import FILE
from tests.checkout import ROOT

ROOMS = (
    "keyrack.core.group",
    "keyrack.core.sharing",
    "keyrack.core.shared_store",
    "keyrack.cli.sharing",
    "keyrack.ui.sharing",
)
# A whole life of the rack, with the socket's routes: loaded, opened, asked how it stands, closed.
LIFE = """
import asyncio, sys, {root}
from pathlib import Path
from keyrack.broker import socket_server
from keyrack.core.rack import Rack
from keyrack.core.system.paths import Paths
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.wiring import assemble
from keyrack.providers.registry import built_in

async def live():
    folder = Path(sys.argv[1])
    paths = Paths(folder / "config", folder / "state", folder / "run", folder / "logs")
    rack = Rack(assemble(built_in(), MemoryVault(), paths))
    rack.load()
    await rack.open()
    tasks = sorted(task.get_coro().__qualname__ for task in asyncio.all_tasks())
    await asyncio.sleep(0.05)
    await rack.close()
    return tasks

tasks = asyncio.run(live())
print(*sys.modules)
print(*tasks)
"""


def lived(root: str, folder: Path) -> tuple[list[str], list[str]]:
    """The modules and the tasks of a rack over these folders."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "desktop"), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", LIFE.format(root=root), str(folder)]
    modules, tasks = subprocess.check_output(command, env=env, text=True).splitlines()
    return modules.split(), tasks.split()


@pytest.mark.parametrize("root", ["keyrack.app", "keyrack.ui.preferences.preferences_page", "keyrack.agent.agent"])
def test_a_host_of_no_group_imports_and_starts_nothing_of_it(root: str, tmp_path: Path) -> None:
    if root != "keyrack.agent.agent" and os.environ.get("KEYRACK_QT_PROBLEM"):
        pytest.skip("Qt cannot be loaded")
    modules, tasks = lived(root, tmp_path)
    assert "keyrack.core.several_hosts" in modules
    assert [name for name in modules if name.startswith(ROOMS)] == []
    assert [name for name in modules if name.startswith("cryptography")] == []
    assert [name for name in tasks if "Sharing" in name or "Election" in name or "Lease" in name] == []
    assert [path.name for path in tmp_path.rglob("*") if "shar" in path.name] == []


def test_a_host_of_a_group_does(tmp_path: Path) -> None:
    """What the test above looks for is there when there is a group."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / NAME).write_text("schema = 2\n")
    modules, _ = lived("keyrack.agent.agent", tmp_path)
    assert "keyrack.core.group.membership" in modules
    assert FILE == NAME
