"""The path of the running Keyrack's local socket: what `core.system.paths` says, with the standard library alone."""

import os
import sys

SOCKET_NAME = "keyrack.sock"


def socket_path(*, sandbox: bool) -> str:
    """The path of the socket, whether a Keyrack listens there or not. "" on a system without a socket."""
    return os.path.join(_folder("keyrack-sandbox" if sandbox else "keyrack"), SOCKET_NAME)


def _folder(app: str) -> str:
    if sys.platform == "win32":
        return ""
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", app, "run")
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(session):
        return os.path.join(session, app)
    usual = f"/run/user/{os.getuid()}"
    if os.path.isdir(usual) and os.access(usual, os.W_OK):
        return os.path.join(usual, app)
    state = os.environ.get("XDG_STATE_HOME", "").strip() or os.path.join(home, ".local", "state")
    return os.path.join(state, app, "run")
