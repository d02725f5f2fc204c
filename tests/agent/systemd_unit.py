"""The systemd unit as a test runs it, where no systemd is: its own ExecStart line, with what systemd would put in."""

import shlex
from pathlib import Path

import menu
from tests.agent.agent_process import AgentHome
from tests.checkout import ROOT

UNIT = ROOT / "packaging" / "keyrack-agent.service"


def settings() -> dict[str, list[str]]:
    """Every setting of the unit, in the order of its lines."""
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text().splitlines():
        name, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def exec_start(place: AgentHome) -> list[str]:
    """The command of the unit, after the launcher was put where `--install` puts it."""
    (line,) = settings()["ExecStart"]
    command = [part.replace("%h", str(place.home)) for part in shlex.split(line)]
    launcher = Path(command[0])
    launcher.parent.mkdir(parents=True, exist_ok=True)
    launcher.write_text(menu.launch(ROOT))
    launcher.chmod(0o755)
    return command


def credential(place: AgentHome, text: str) -> dict[str, str]:
    """The variable by which systemd names the folder of the unit's credentials, with this one in it."""
    name = settings()["LoadCredential"][0].partition(":")[0]
    folder = place.home / "credentials"
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / name).write_text(text)
    return {"CREDENTIALS_DIRECTORY": str(folder)}
