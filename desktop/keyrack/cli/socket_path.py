"""Where the running Keyrack's local socket may be: what `core.system.paths` says, with the standard library alone."""

import os
import sys

SOCKET_NAME = "keyrack.sock"
RECORD_NAME = "socket.path"
_LONGEST = 4_096


def socket_paths(*, sandbox: bool) -> list[str]:
    """The paths to try, the likeliest first, whether a Keyrack listens there or not.

    The last one is what the running Keyrack noted, whose environment may name another runtime folder. [] on a system
    without a socket.
    """
    app = "keyrack-sandbox" if sandbox else "keyrack"
    if sys.platform == "win32":
        return []
    if sys.platform == "darwin":
        state = os.path.join(os.path.expanduser("~"), "Library", "Application Support", app)
        return [os.path.join(state, "run", SOCKET_NAME)]
    home = os.environ.get("XDG_STATE_HOME", "").strip() or os.path.join(os.path.expanduser("~"), ".local", "state")
    folders = [os.path.join(session, app) for session in _sessions()] + [os.path.join(home, app, "run")]
    paths = [os.path.join(folder, SOCKET_NAME) for folder in folders]
    noted = _noted(os.path.join(home, app))
    return paths if not noted or noted in paths else [*paths, noted]


def _sessions() -> list[str]:
    named, usual = os.environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{os.getuid()}"
    found = [named] if os.path.isabs(named) else []
    if usual not in found and os.path.isdir(usual) and os.access(usual, os.W_OK):
        found.append(usual)
    return found


def _noted(state: str) -> str:
    """What `broker.instance.socket_record` wrote, "" without a note."""
    try:
        with open(os.path.join(state, RECORD_NAME), "rb") as file:
            path = os.fsdecode(file.read(_LONGEST).rstrip(b"\n"))
    except OSError:
        return ""
    return path if os.path.isabs(path) and "\0" not in path else ""
