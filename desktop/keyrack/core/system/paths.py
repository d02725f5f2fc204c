"""The folders of Keyrack's files on this platform."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

if sys.platform in ("win32", "darwin"):
    import platformdirs

_APP = "keyrack"
_SANDBOX = "keyrack-sandbox"


class Paths(NamedTuple):
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
    if sys.platform in ("win32", "darwin"):
        folders = platformdirs.PlatformDirs(app, appauthor=False)
        config, state, logs = folders.user_config_path, folders.user_state_path, folders.user_log_path
    else:
        config, state = _xdg("XDG_CONFIG_HOME", ".config") / app, _xdg("XDG_STATE_HOME", ".local/state") / app
        logs = state / "log"
    runtime, *spare = _runtimes(app, state)
    return Paths(config, state, runtime, logs, tuple(spare))


def _xdg(variable: str, usual: str) -> Path:
    """The folder that a variable names. One that is not absolute counts as unset (XDG Base Directory)."""
    named = os.environ.get(variable, "")
    return Path(named) if os.path.isabs(named) else Path.home() / usual


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
