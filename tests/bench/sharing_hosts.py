"""Hosts of one group for the benchmark, each with a keyring and an agent, and the records that they share."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.group_key import GroupKey
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import Put
from keyrack.core.sharing.shared_record import SharedRecord, SharedSettings
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret
from tests.agent.agent_process import ask
from tests.bench import environment as running
from tests.etcd_cluster import EtcdCluster
from tests.keyring_session import KeyringSession
from tests.until import wait_for

GROUP, PREFIX = "desk", "/keyrack/desk/"
_PATIENCE = 120.0
_TOGETHER = 40


class Host:
    """One host. Its agent may be started, ended and killed any number of times."""

    def __init__(self, folder: Path, provider: running.Provider, name: str) -> None:
        self.name = name
        self._home = folder / name
        self._session = KeyringSession(folder / f"{name}-k")
        bus = {"DBUS_SESSION_BUS_ADDRESS": self._session.env["DBUS_SESSION_BUS_ADDRESS"]}
        self._environment = running.environment(self._home) | bus
        self.socket = self._home / "run/keyrack/keyrack.sock"
        self._process: subprocess.Popen[bytes] | None = None
        running.own_file(self._home, provider, renewal="refresh_or_again", app="keyrack")

    def open(self) -> None:
        """Start the keyring, and the agent for the first time."""
        self._session.start()
        self.begin()

    def start(self) -> None:
        """Start the agent, and return at once."""
        self.socket.unlink(missing_ok=True)
        command = [sys.executable, "-m", "keyrack", "agent"]
        with (self._home / "agent.log").open("ab") as log:
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)

    def begin(self) -> None:
        """Start the agent, and wait until it answers."""
        self.start()
        wait_for(self.socket.exists, f"the agent of {self.name}", _PATIENCE)

    def kill(self) -> None:
        """End it as kill -9 does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in order."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(20)

    def close(self) -> None:
        """End everything."""
        if self._process is not None:
            self.kill()
        self._session.stop()

    def ask(self, method: str, target: str, **body: object) -> dict[str, Any]:
        """One request at the socket, which must succeed."""
        answer = ask(self.socket, method, target, **body)
        assert "error" not in answer, f"{self.name}: {answer}"
        return answer

    def accounts(self) -> list[dict[str, Any]]:
        """How every account stands."""
        found: list[dict[str, Any]] = self.ask("GET", "/v1/status")["accounts"]
        return found

    def ready(self) -> int:
        """How many accounts have a token."""
        return sum(account["state"] == "ready" for account in self.accounts())

    def leads(self) -> int:
        """How many accounts it renews."""
        return sum(bool((account.get("shared") or {}).get("here")) for account in self.accounts())

    def follows(self, name: str) -> bool:
        """Whether another host renews an account."""
        return any(each["name"] == name and (each.get("shared") or {}).get("here") is False for each in self.accounts())

    def allow(self, name: str) -> None:
        """Let programs have the tokens of an account."""
        self.ask("PATCH", f"/v1/accounts/{quote(name)}", scripts="allow")

    def until_ready(self, count: int) -> float:
        """The seconds until so many accounts have a token."""
        began = time.perf_counter()
        wait_for(self.socket.exists, f"the agent of {self.name}", _PATIENCE)
        wait_for(lambda: self.ready() >= count, f"{count} accounts on {self.name}", _PATIENCE)
        return time.perf_counter() - began

    def make_group(self, etcd: EtcdCluster) -> None:
        """Make the group."""
        self.ask("POST", "/v1/share/group", **self._door(etcd))

    def join(self, etcd: EtcdCluster, first: "Host") -> None:
        """Join the group of another host."""
        code = first.ask("POST", "/v1/share/invitation")["code"]
        self.ask("POST", "/v1/share/joining", **self._door(etcd), code=code)
        wait_for(lambda: first.ask("GET", "/v1/share/invitation?wait=1&step=")["step"] == "asked", "a host", _PATIENCE)
        first.ask("POST", "/v1/share/invitation/answer", let_in=True)
        wait_for(lambda: self.ask("GET", "/v1/share/joining?wait=1")["joined"], f"{self.name} to join", _PATIENCE)

    def _door(self, etcd: EtcdCluster) -> dict[str, object]:
        return {"group": GROUP, "host": self.name, "members": list(etcd.addresses), "password": "", "user": ""}

    def key(self) -> GroupKey:
        """The group's key as the keyring has it."""
        found = self._session.search(service="Keyrack", username="sharing").split("secret = ", 1)[-1].splitlines()[0]
        number, _, digits = json.loads(found)["group_keys"].partition(":")
        return GroupKey(int(number), Secret(digits))


@contextmanager
def hosts(folder: Path, provider: running.Provider, *names: str) -> Iterator[list[Host]]:
    """Hosts whose agents run."""
    made: list[Host] = []
    try:
        for name in names:
            made.append(Host(folder, provider, name))
            made[-1].open()
        yield made
    finally:
        for host in made:
            host.close()


async def seed(etcd: EtcdCluster, key: GroupKey, numbers: range, lifetime: float) -> None:
    """Write the records of accounts whose tokens end one after another, as those of a desk that runs for long do."""
    store, seal, now = EtcdStore(EtcdSettings(etcd.addresses)), Seal((key,), None), time.time()
    before = (await store.read(PREFIX)).revision
    puts = []
    for number in numbers:
        id = f"{number:032x}"
        settings = SharedSettings(name(number), "bench", "here", "client_credentials", f"Bench-{number}")
        record = Record(
            generation=1,
            client_secret=Secret("invented"),
            refresh=Secret(f"invented-refresh-token-{number}"),
            refresh_issued_wall=now,
            lifetime=lifetime,
            signed_in=True,
        )
        shared = SharedRecord(
            settings=settings,
            record=record,
            written=now,
            writer="0" * 16,
            access=Secret(f"invented-access-token-{number}"),
            access_issued=now - 0.7 * lifetime * (number / numbers.stop),
            access_lifetime=lifetime,
        )
        address = f"{PREFIX}accounts/{id}"
        puts.append(Put(address, seal.close(address, before, shared.encode())))
    for start in range(0, len(puts), _TOGETHER):
        await store.commit((), puts[start : start + _TOGETHER])
    await store.close()


def name(number: int) -> str:
    """The name of a shared account."""
    return f"Shared {number}"


def requests(etcd: EtcdCluster) -> int:
    """How many requests the members were sent, as they count them. Each request at the gateway is one of them."""
    total = 0
    for address in etcd.addresses:
        with urlopen(f"{address}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        total += sum(
            int(float(line.rsplit(" ", 1)[1])) for line in lines if line.startswith("grpc_server_started_total")
        )
    return total
