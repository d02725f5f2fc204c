"""A real etcd on loopback: one member or three, which a test kills, freezes and brings back."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from tests.free_port import free_port

_LONGEST_START = 60.0


class EtcdMember:
    """One member: a process, its folder and its addresses."""

    def __init__(self, name: str, folder: Path, scheme: str = "http") -> None:
        self.name = name
        self.folder = folder / name
        self.port = free_port()
        self.peer = f"http://127.0.0.1:{free_port()}"
        self.address = f"{scheme}://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, cluster: str, token: str, options: Sequence[str] = ()) -> None:
        """Start it, with the data that it has."""
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *("etcd", "--name", self.name, "--data-dir", str(self.folder / "data"), "--logger", "zap"),
                    *("--listen-client-urls", self.address, "--advertise-client-urls", self.address),
                    *("--listen-peer-urls", self.peer, "--initial-advertise-peer-urls", self.peer),
                    *("--initial-cluster", cluster, "--initial-cluster-token", token),
                    *("--heartbeat-interval", "100", "--election-timeout", "1000"),
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def freeze(self) -> None:
        """Stop its process where it is, as a machine without air does."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            self._process = None

    def _signal(self, number: int) -> None:
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, number)


class EtcdCluster:
    """One etcd of so many members. `options` are further ones of etcd, the same for each member."""

    def __init__(
        self, folder: Path, members: int = 1, *, options: Sequence[str] = (), scheme: str = "http", token: str = "desk"
    ) -> None:
        self.members = [EtcdMember(f"m{number}", folder, scheme) for number in range(members)]
        self._options = options
        self._token = token
        self._names = ",".join(f"{each.name}={each.peer}" for each in self.members)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The members' client addresses."""
        return tuple(each.address for each in self.members)

    def start(self) -> Self:
        """Start all members, and wait until they have a leader."""
        if shutil.which("etcd") is None:
            pytest.skip("needs etcd: apt install etcd-server")
        for member in self.members:
            self.start_member(member)
        if not self._options:
            self.wait()
        return self

    def start_member(self, member: EtcdMember) -> None:
        """Start one again, with the data that it has."""
        member.start(self._names, self._token, self._options)

    def wait(self) -> None:
        """Wait until a member that runs answers a question that needs the majority."""
        ends = time.monotonic() + _LONGEST_START
        while True:
            for member in self.members:
                with suppress(OSError, ValueError):
                    self.ask(member, "/v3/kv/range", {"key": "AA=="})
                    return
            assert time.monotonic() < ends, "the etcd has no leader"
            time.sleep(0.05)

    def ask(self, member: EtcdMember, path: str, question: dict[str, Any]) -> dict[str, Any]:
        """One answer of a member without TLS, past Keyrack. Raises OSError or ValueError."""
        request = urllib.request.Request(member.address + path, json.dumps(question).encode())
        with urllib.request.urlopen(request, timeout=2) as response:
            answer: dict[str, Any] = json.loads(response.read())
            return answer

    def leader(self) -> EtcdMember:
        """The member that leads the others."""
        for member in self.members:
            said = self.ask(member, "/v3/maintenance/status", {})
            if said["leader"] == said["header"]["member_id"]:
                return member
        raise AssertionError("no member leads")

    def lease_left(self, member: EtcdMember, lease: int) -> int:
        """The seconds that a lease has left as this member says, -1 while it cannot say."""
        try:
            return int(self.ask(member, "/v3/lease/timetolive", {"ID": str(lease)})["TTL"])
        except (OSError, ValueError, KeyError):
            return -1

    def close(self) -> None:
        """End all members."""
        for member in self.members:
            member.kill()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self.close()
