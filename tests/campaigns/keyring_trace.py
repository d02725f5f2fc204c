"""When the keyring of a session took a new item and gave it back, as dbus-monitor saw it on the bus.

The program that is watched takes no part in this. The bus tells it of both at the same time.
"""

import bisect
import subprocess
import threading
from typing import IO

from tests.keyring_session import KeyringSession

_SET = {"CreateItem", "SetSecret"}
_GET = {"GetSecret", "GetSecrets"}
_RULES = ("type='method_call',path_namespace='/org/freedesktop/secrets'", "type='method_return'")


class Moments:
    """Moments in seconds since 1970, in order."""

    def __init__(self) -> None:
        self._all: list[float] = []

    def add(self, moment: float) -> None:
        """Add a moment that is not before the last one."""
        self._all.append(moment)

    def first_from(self, moment: float) -> float | None:
        """The first one at or after this moment."""
        at = bisect.bisect_left(self._all, moment)
        return self._all[at] if at < len(self._all) else None


class KeyringTrace:
    """Reads one bus from `start` to `close`. Of the secrets it sees only that they pass."""

    def __init__(self, keyring: KeyringSession) -> None:
        self._keyring = keyring
        self._set, self._got = Moments(), Moments()
        self._asked: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def start(self) -> "KeyringTrace":
        """Begin. Returns when the bus is watched."""
        command = ["dbus-monitor", "--session", "--profile", *_RULES]
        self._monitor = subprocess.Popen(command, env=self._keyring.env, stdout=subprocess.PIPE, text=True)
        lines = self._monitor.stdout
        assert lines is not None
        while "NameLost" not in lines.readline():  # the bus takes its name away when it watches
            assert self._monitor.poll() is None, "dbus-monitor has ended"
        self._reader = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self._reader.start()
        return self

    def close(self) -> None:
        """End."""
        self._monitor.kill()
        self._reader.join(10)
        self._monitor.wait()
        if self._monitor.stdout is not None:
            self._monitor.stdout.close()

    def sent(self, since: float) -> float | None:
        """When the first item since this moment was sent to the keyring, which takes it whatever becomes of the sender.

        None if none was.
        """
        with self._lock:
            return self._set.first_from(since)

    def read_back(self, since: float) -> float | None:
        """When the first item that was written since this moment had been given back. None if that did not happen."""
        with self._lock:
            written = self._set.first_from(since)
            return None if written is None else self._got.first_from(written)

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            kind, at, *rest = line.rstrip("\n").split("\t")
            with self._lock:
                if kind == "mc" and len(rest) == 6 and rest[5] in _SET:
                    self._set.add(float(at))
                elif kind == "mc" and len(rest) == 6 and rest[5] in _GET:
                    self._asked.add((rest[1], rest[0]))  # the caller and its serial
                elif kind == "mr" and len(rest) == 4 and (rest[2], rest[3]) in self._asked:
                    self._asked.discard((rest[2], rest[3]))
                    self._got.add(float(at))
