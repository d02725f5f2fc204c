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
    """The four folders. None of them needs to exist yet.

    `config` holds the accounts file, `state` the activity and notes, `runtime` the local socket, `logs` the log file.
    No secret is in any of them (S66).
    """

    config: Path
    state: Path
    runtime: Path
    logs: Path


def paths(sandbox: bool) -> Paths:
    """The folders of the product, or those of the sandbox."""
    app = _SANDBOX if sandbox else _APP
    folders = platformdirs.PlatformDirs(app, appauthor=False)
    state = folders.user_state_path
    return Paths(folders.user_config_path, state, _runtime(app, state), folders.user_log_path)


def _runtime(app: str, state: Path) -> Path:
    """The session's own folder where there is one, else one in the state folder. It is never a shared folder (S82)."""
    if sys.platform == "win32" or sys.platform == "darwin":
        return state / "run"
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(named):
        return Path(named, app)
    usual = Path(f"/run/user/{os.getuid()}")
    return usual / app if usual.is_dir() and os.access(usual, os.W_OK) else state / "run"
