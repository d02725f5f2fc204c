"""The folders of Keyrack's files on this platform."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_APP = "keyrack"
_SANDBOX = "keyrack-sandbox"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders. None of them needs to exist yet.

    `config` holds the accounts file, `state` the activity and notes, `runtime` the local socket, `logs` the log file.
    `spare` are the folders for the socket where `runtime` cannot be used. No secret is in any of them (S66).
    """

    config: Path
    state: Path
    runtime: Path
    logs: Path
    spare: tuple[Path, ...] = ()


def paths(sandbox: bool) -> Paths:
    """The folders of the product, or those of the sandbox."""
    app = _SANDBOX if sandbox else _APP
    folders = platformdirs.PlatformDirs(app, appauthor=False)
    state = folders.user_state_path
    runtime, *spare = _runtimes(app, state)
    return Paths(folders.user_config_path, state, runtime, folders.user_log_path, tuple(spare))


def _runtimes(app: str, state: Path) -> list[Path]:
    """The session's own folder where there is one, then one in the state folder. None is a shared folder (S82).

    A variable that names a missing folder counts as unset, so what would be used without it comes next. The command
    line looks in the same folders (`cli.socket_path`).
    """
    own = state / "run"
    if sys.platform == "win32" or sys.platform == "darwin":
        return [own]
    named, usual = os.environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{os.getuid()}"
    found = [named] if os.path.isabs(named) else []
    if usual not in found and os.path.isdir(usual) and os.access(usual, os.W_OK):
        found.append(usual)
    return [*(Path(session, app) for session in found), own]
