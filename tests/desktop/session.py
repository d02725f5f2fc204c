"""A real desktop of its own: X server, window manager, tray, session bus and an unlocked keyring."""

import os
import re
import secrets
from pathlib import Path

from tests.desktop.programs import Programs, end, wait_until
from tests.keyring_session import KeyringSession

SCREEN = "1280x800x24"
PANEL = 32


class Session:
    """One desktop under `home`. `env` is the environment of a program that uses it.

    Nothing of the machine's own desktop, home or keyring is touched: every folder is below `home`, the X
    server answers only to a cookie made here, and the bus is a private one.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.keyring = KeyringSession(home)
        self.env = dict(self.keyring.env)
        self.programs = Programs(home, self.env)

    def start(self) -> "Session":
        """Start everything. Returns when each part was seen to work."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.keyring.start()
        self._start_display()
        self._start_desktop()
        return self

    def stop(self) -> None:
        """End everything."""
        self.programs.close()
        self.keyring.stop()

    def _start_display(self) -> None:
        cookie = secrets.token_hex(16)
        server, client = self.home / "server.auth", self.home / "client.auth"
        server.touch(0o600)
        client.touch(0o600)
        self.programs.ask("xauth", "-q", "-f", str(server), "add", ":0", ".", cookie)
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp", "-auth", str(server)]
        # Without -noreset the server throws everybody out whenever the last program happens to leave.
        self.programs.start([*command, "-noreset"], pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "the X server did not start"
        self.env |= {"DISPLAY": f":{number}", "XAUTHORITY": str(client)}
        self.programs.ask("xauth", "-q", "-f", str(client), "add", f":{number}", ".", cookie)

    def _start_desktop(self) -> None:
        self.programs.start(["openbox"])
        wait_until(lambda: "window id" in self._root("_NET_SUPPORTING_WM_CHECK"), "the window manager")
        self.start_tray()

    def _root(self, name: str) -> str:
        return self.programs.ask("xprop", "-root", name)

    def start_tray(self) -> None:
        """Start the tray."""
        command = ["trayer", "--edge", "top", "--height", str(PANEL), "--widthtype", "request"]
        self._tray = self.programs.start(command)
        wait_until(self._panel, "the tray")

    def stop_tray(self) -> None:
        """End the tray, as when a desktop's panel dies."""
        end(self._tray)
        wait_until(lambda: not self._panel(), "the tray to be gone")

    def _panel(self) -> str:
        """The window id of the tray's panel as xwininfo writes it, "" while there is none."""
        lines = self.programs.ask("xwininfo", "-root", "-tree").splitlines()
        return next((line.split()[0] for line in lines if '("panel" "trayer")' in line), "")

    def icon_at(self, program: str) -> list[int]:
        """The middle of a program's icon in the tray on the screen, [] while it has none there."""
        panel = self._panel()
        if not panel:
            return []
        for line in self.programs.ask("xwininfo", "-id", panel, "-tree").splitlines():
            if found := re.search(rf'"{program}"\)\s+(\d+)x(\d+)\S+\s+\+(\d+)\+(\d+)', line):
                width, height, x, y = map(int, found.groups())
                return [x + width // 2, y + height // 2]
        return []

    def screenshot(self, path: Path) -> None:
        """Keep a picture of the whole screen."""
        self.programs.ask("import", "-window", "root", "-quality", "10", str(path))

    def colour(self, x: int, y: int) -> str:
        """The colour of one place of the screen, such as #F5F6F8."""
        told = self.programs.ask("import", "-window", "root", "-crop", f"1x1+{x}+{y}", "-depth", "8", "txt:-")
        found = re.search(r"#[0-9A-F]{6}", told)
        assert found, told
        return found[0]
