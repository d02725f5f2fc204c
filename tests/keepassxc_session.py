"""A real KeePassXC as the Secret Service of a private session bus, with an open database and its own screen."""

import asyncio
import base64
import os
import shutil
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
        wait_for(self.is_open, "KeePassXC's database")

    def end_daemon(self) -> None:
        """End KeePassXC once its file holds what it shows: it saves after it answered.

        It is killed, because KeePassXC 2.7.4 does not always end when it is asked to (SIGTERM).
        """
        wait_for(lambda: self._entries_in_file() == self._entries_shown(), "KeePassXC to save its database")
        self.kill_daemon()

    def questions(self) -> list[str]:
        """The windows in which KeePassXC asks whether a program may have entries."""
        command = ["xdotool", "search", "--onlyvisible", "--name", "Access Request"]
        found = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=20, check=False)
        return found.stdout.split()

    def answer(self, key: str, asking: "asyncio.Task[object]") -> None:
        """Press a key in the question until the task that waits for it is done: Return allows, Escape closes."""
        wait_for(lambda: asking.done() or self._pressed(key), "KeePassXC to take the answer", 60.0)

    def _pressed(self, key: str) -> bool:
        """Press the key where a question is shown. Always False: one that is just being shown may miss it."""
        for window in self.questions():
            # Without a window manager no other program gives the question the keyboard. No other window gets the key.
            for command in (["windowfocus", "--sync", window], ["key", "--window", window, key]):
                subprocess.run(["xdotool", *command], env=self.env, capture_output=True, timeout=20, check=False)
        return False

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

    def _entries_in_file(self) -> int:
        listing = ["keepassxc-cli", "ls", "--quiet", "--flatten", str(self.home / "test.kdbx"), "Keys"]
        return len(self.run(listing, input_=f"{PASSWORD}\n".encode()).stdout.splitlines())

    def _entries_shown(self) -> int:
        command = ["dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.secrets"]
        collection = ["/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get"]
        items = ["string:org.freedesktop.Secret.Collection", "string:Items"]
        return self.run([*command, *collection, *items]).stdout.count(b"/org/freedesktop/secrets/")
