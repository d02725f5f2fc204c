"""A private session bus with a real gnome-keyring for tests. Nothing of the machine's own session is used."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from tests.until import wait_for

PROGRAMS = ("dbus-daemon", "dbus-monitor", "gnome-keyring-daemon", "secret-tool")
PASSWORD = "pw"

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  {services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def missing_programs() -> str:
    """The programs that are not installed, for the text of a skipped test ("" when all are there)."""
    return ", ".join(name for name in PROGRAMS if shutil.which(name) is None)


class KeyringSession:
    """One bus and one keyring daemon under `home`. `env` is the environment of a program that uses them.

    `activatable` lets the bus start a (locked) daemon by itself when a program requests one, and the program that
    asks for the password. That program needs `display`. Without it the person is not asked.
    `aborts` counts the daemons of this process that ended by SIGABRT.
    """

    aborts: ClassVar[int] = 0

    def __init__(self, home: Path, *, activatable: bool = False, display: str = "") -> None:
        self.home = home
        self.runtime = home / "runtime"
        self.socket = self.runtime / "bus"
        self._activatable = activatable
        self._bus: subprocess.Popen[bytes] | None = None
        self._daemon: subprocess.Popen[bytes] | None = None
        self.env = {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_DATA_HOME": str(home / ".local/share"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_STATE_HOME": str(home / ".local/state"),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.socket}",
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
        }
        if display:
            self.env["DISPLAY"] = display

    def start(self) -> "KeyringSession":
        """Start the bus and an unlocked keyring."""
        self.runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.start_bus()
        self.start_daemon()
        return self

    def start_bus(self) -> None:
        """Start the bus alone."""
        self.socket.unlink(missing_ok=True)
        config = self.home / "bus.conf"
        services = "<standard_session_servicedirs/>" if self._activatable else ""
        config.write_text(_CONFIG.format(socket=self.socket, services=services))
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"],
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # The file is there a moment before anybody listens.
        wait_for(lambda: _accepts(self.socket), "the session bus")

    def start_daemon(self) -> None:
        """Start the keyring with its collection unlocked by the test's password."""
        self._daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"],
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._daemon.stdin is not None
        self._daemon.stdin.write(PASSWORD.encode())
        self._daemon.stdin.close()
        wait_for(self.is_open, "the keyring daemon")

    def start_without_collection(self) -> None:
        """Start the keyring of a person who never had one: it answers, and has nothing to keep secrets in."""
        self.kill_daemon()
        shutil.rmtree(self.home / ".local/share/keyrings", ignore_errors=True)
        self._daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--components=secrets", "--foreground"],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: self.owner() != 0, "the keyring daemon")

    def renew(self) -> None:
        """Start with an empty keyring. gnome-keyring 42 reuses the names of deleted items and crashes at last."""
        self.kill_daemon()
        shutil.rmtree(self.home / ".local/share/keyrings", ignore_errors=True)
        self.start_daemon()

    def lock(self) -> None:
        """Lock the default collection."""
        self._call("org.freedesktop.Secret.Service.Lock", "array:objpath:/org/freedesktop/secrets/aliases/default")

    def freeze(self) -> None:
        """Stop the daemon (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Continue the daemon (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def kill_daemon(self) -> None:
        """End the daemon without warning (SIGKILL)."""
        if self._daemon is not None and self._daemon.poll() == -signal.SIGABRT:
            KeyringSession.aborts += 1
        _end(self._daemon)
        self._daemon = None

    def kill_bus(self) -> None:
        """End the bus without warning and remove its socket."""
        _end(self._bus)
        self._bus = None
        self.socket.unlink(missing_ok=True)

    def owner(self) -> int:
        """The process id of the keyring that answers on the bus, 0 for none."""
        command = ["dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus"]
        member = ["/", "org.freedesktop.DBus.GetConnectionUnixProcessID", "string:org.freedesktop.secrets"]
        done = subprocess.run([*command, *member], env=self.env, capture_output=True, timeout=20, check=False)
        return int(done.stdout.split()[-1]) if done.returncode == 0 else 0

    def stop(self) -> None:
        """End both, including a daemon that the bus started."""
        self.kill_daemon()
        started = self.owner() if self._activatable and self._bus is not None else 0
        if started:
            os.kill(started, signal.SIGKILL)
        self.kill_bus()

    def store(self, value: bytes, **attributes: str) -> None:
        """Put an item into the keyring by `secret-tool`, as another program would."""
        pairs = [text for pair in attributes.items() for text in pair]
        self.run(["secret-tool", "store", "--label=from outside", *pairs], input_=value)

    def clear(self, **attributes: str) -> None:
        """Remove items by `secret-tool`."""
        self.run(["secret-tool", "clear", *(text for pair in attributes.items() for text in pair)])

    def search(self, **attributes: str) -> str:
        """What `secret-tool search` prints of the matching items, secrets and attributes."""
        pairs = [text for pair in attributes.items() for text in pair]
        done = self.run(["secret-tool", "search", "--all", "--unlock", *pairs])
        return done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")

    def run(self, command: list[str], input_: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run a program in this session."""
        return subprocess.run(command, env=self.env, input=input_, capture_output=True, timeout=20, check=True)

    @contextlib.contextmanager
    def monitored(self) -> Iterator[Callable[[], None]]:
        """Watch the bus. The function that it yields returns when the next call has been sent to the keyring."""
        rule = "type='method_call',path_namespace='/org/freedesktop/secrets'"
        with subprocess.Popen(
            ["dbus-monitor", "--session", rule], env=self.env, stdout=subprocess.PIPE, text=True
        ) as monitor:
            lines = monitor.stdout
            assert lines is not None
            lines.readline()  # the first line comes when it watches

            def wait_for_call() -> None:
                while not lines.readline().startswith("method call"):
                    assert monitor.poll() is None, "the monitor has ended"

            try:
                yield wait_for_call
            finally:
                monitor.kill()

    def connections(self) -> set[str]:
        """The connections to the bus now, without the one that asks."""
        command = ["dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus"]
        names = self.run([*command, "/", "org.freedesktop.DBus.ListNames"]).stdout.decode().split()
        numbers = sorted((name for name in names if name.startswith(":")), key=lambda name: int(name.split(".")[1]))
        return set(numbers[:-1])

    def is_open(self) -> bool:
        """Whether the keyring answers, and its default collection is there and unlocked."""
        command = ["dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.secrets"]
        collection = ["/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get"]
        locked = ["string:org.freedesktop.Secret.Collection", "string:Locked"]
        done = subprocess.run(
            [*command, *collection, *locked], env=self.env, capture_output=True, timeout=20, check=False
        )
        return b"boolean false" in done.stdout

    def _call(self, member: str, *arguments: str) -> None:
        command = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets"]
        self.run([*command, "/org/freedesktop/secrets", member, *arguments])

    def _signal(self, number: signal.Signals) -> None:
        assert self._daemon is not None
        self._daemon.send_signal(number)


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None:
        process.kill()
        process.wait()


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0
