"""A real KeePassXC as the Secret Service of a private session bus, with an open database and its own screen."""

import base64
import os
import shutil
import signal
import subprocess
import uuid
from pathlib import Path

from tests.keyring_session import PASSWORD, KeyringSession
from tests.until import wait_for

PROGRAMS = ("keepassxc", "keepassxc-cli", "Xvfb", "xdotool", "dbus-daemon", "dbus-send")
_GROUP = base64.b64encode(b"keyrack-test-grp").decode()
_SETTINGS = """[General]
ConfigVersion=2
UpdateCheckMessageShown=true
[GUI]
CheckForUpdates=false
[FdoSecrets]
Enabled=true
"""
_DATABASE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile>
  <Meta>
    <Generator>KeePassXC</Generator>
    <CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{exposed}</Value></Item></CustomData>
  </Meta>
  <Root>
    <Group>
      <UUID>{root}</UUID><Name>Passwords</Name>
      <Group><UUID>{group}</UUID><Name>Keys</Name></Group>
    </Group>
  </Root>
</KeePassFile>
"""


def missing_programs() -> str:
    """The programs that are not installed, for the text of a skipped test ("" when all are there)."""
    return ", ".join(name for name in PROGRAMS if shutil.which(name) is None)


class KeepassxcSession(KeyringSession):
    """The bus and KeePassXC under `home`, on the X server `display`."""

    def start_daemon(self) -> None:
        """Start KeePassXC with its database open. Its group Keys is what it shows as Secret Service."""
        database = self.home / "test.kdbx"
        if not database.exists():
            self._make(database)
        command = ["keepassxc", "--pw-stdin", str(database)]
        quiet = subprocess.DEVNULL
        # One KeePassXC runs for each folder of temporary files: another that runs here must not take this start over.
        temporary = self.runtime / "keepassxc"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(mode=0o700)
        environment = {**self.env, "TMPDIR": str(temporary)}
        self._daemon = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
        assert self._daemon.stdin is not None
        self._daemon.stdin.write(f"{PASSWORD}\n".encode())
        self._daemon.stdin.close()
        wait_for(self._is_open, "KeePassXC's database")

    def end_daemon(self) -> None:
        """End KeePassXC as at the end of a session. It has saved its database at every change."""
        self._signal(signal.SIGTERM)
        assert self._daemon is not None
        self._daemon.wait(30)

    def questions(self) -> list[str]:
        """The windows in which KeePassXC asks whether a program may have entries."""
        command = ["xdotool", "search", "--onlyvisible", "--name", "Access Request"]
        found = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=20, check=False)
        return found.stdout.split()

    def answer(self, key: str) -> None:
        """Wait for the one question, and press a key in it until it is gone: Return allows, Escape closes."""
        wait_for(self.questions, "KeePassXC's question", 60.0)
        (window,) = self.questions()
        wait_for(lambda: self._is_answered(window, key), "KeePassXC to take the answer", 60.0)

    def _is_answered(self, window: str, key: str) -> bool:
        """Whether the question is gone. Presses the key if not: a question that is just being shown may miss one."""
        if window not in self.questions():
            return True
        # Without a window manager no other program gives the question the keyboard.
        for command in (["windowfocus", "--sync", window], ["key", key]):
            subprocess.run(["xdotool", *command], env=self.env, capture_output=True, timeout=20, check=False)
        return window not in self.questions()

    def _make(self, database: Path) -> None:
        settings = self.home / ".config/keepassxc"
        settings.mkdir(parents=True)
        (self.home / ".cache").mkdir()
        (settings / "keepassxc.ini").write_text(_SETTINGS)
        root = base64.b64encode(os.urandom(16)).decode()
        exposed = f"{{{uuid.UUID(bytes=base64.b64decode(_GROUP))}}}"
        source = self.home / "test.xml"
        source.write_text(_DATABASE.format(exposed=exposed, root=root, group=_GROUP))
        self.run(
            ["keepassxc-cli", "import", "--quiet", "--set-password", str(source), str(database)],
            input_=f"{PASSWORD}\n{PASSWORD}\n".encode(),
        )

    def _is_open(self) -> bool:
        command = ["dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.secrets"]
        collection = ["/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get"]
        locked = ["string:org.freedesktop.Secret.Collection", "string:Locked"]
        done = subprocess.run(
            [*command, *collection, *locked], env=self.env, capture_output=True, text=True, timeout=20, check=False
        )
        return "boolean false" in done.stdout
