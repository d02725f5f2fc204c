"""Hosts of one group: a home, a keyring and an agent each, a link of its own to every member of an etcd of three."""

import json
import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.campaigns.running_keyrack import KeyrackHome
from tests.etcd_cluster import EtcdCluster
from tests.sandbox_process import RunningSandbox
from tests.tcp_relay import TcpRelay
from tests.until import wait_for

ACCOUNT = "Trading"
GROUP = "desk"
_PATIENCE = 30.0
# The last that a start in the sandbox adds.
_LAST_ACCOUNT = "Own provider by token"


class SharingHost(KeyrackHome):
    """One host. Its links can be cut, and its agent frozen and killed."""

    def __init__(self, folder: Path, sandbox: RunningSandbox, etcd: EtcdCluster, name: str) -> None:
        super().__init__(folder, sandbox)
        self.name = name
        self._open_links = ExitStack()
        self.links = [self._open_links.enter_context(TcpRelay(member.port)) for member in etcd.members]

    @property
    def members(self) -> list[str]:
        """The addresses of the etcd as this host reaches them."""
        return [f"http://127.0.0.1:{link.own_port}" for link in self.links]

    def begin(self) -> None:
        """Start the agent, and wait until it answers."""
        self.start("agent")
        wait_for(self._answers, f"the agent of {self.name}", _PATIENCE)

    def _answers(self) -> bool:
        try:
            return "accounts" in self.ask("GET", "/v1/status")
        except OSError:
            return False

    def until_ready_accounts(self) -> None:
        """Wait until the sandbox has given its ready accounts."""
        wait_for(lambda: self.account(_LAST_ACCOUNT), "the accounts of the sandbox", _PATIENCE)

    def make_room(self) -> None:
        """Remove this host's own account of the name."""
        self.until_ready_accounts()
        self.done(self.ask("DELETE", f"/v1/accounts/{quote(ACCOUNT)}"))

    def done(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The answer of a request that has to succeed."""
        assert "error" not in answer, f"{self.name}: {answer}"
        return answer

    def freeze(self) -> None:
        """Stop the agent where it is, as a lid that is closed does."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGCONT)

    def shared(self) -> dict[str, Any]:
        """Which host renews the account, as this one tells it. {} while that is not known."""
        return self.account(ACCOUNT).get("shared") or {}

    def access(self) -> str:
        """The token that a program gets here, "" for none."""
        try:
            return str(self.token(ACCOUNT, "?min_valid=0").get("access_token", ""))
        except OSError:
            return ""

    def close(self) -> None:
        """End everything that was started here."""
        if self.process is not None and self.process.poll() is None:
            self.thaw()
        super().close()
        self._open_links.close()


def make_group(hosts: list[SharingHost]) -> None:
    """Start the agents, make a group on the first one, have the others join, and share the signed-in account."""
    first, *others = hosts
    first.begin()
    first.until_ready_accounts()
    first.sign_in(ACCOUNT)
    door = {"group": GROUP, "password": "", "user": ""}
    first.done(first.ask("POST", "/v1/share/group", **door, host=first.name, members=first.members))
    for host in others:
        host.begin()
        host.make_room()
        code = first.done(first.ask("POST", "/v1/share/invitation"))["code"]
        host.done(host.ask("POST", "/v1/share/joining", **door, host=host.name, members=host.members, code=code))
        _let_in(first)
        wait_for(lambda host=host: _joined(host), f"{host.name} to join", _PATIENCE)  # type: ignore[misc]
    wait_for(lambda: not _refused(first), "the account to be shared", _PATIENCE)
    for host in hosts:
        wait_for(lambda host=host: host.account(ACCOUNT), f"the account on {host.name}", _PATIENCE)  # type: ignore[misc]
        host.done(host.ask("PATCH", f"/v1/accounts/{quote(ACCOUNT)}", scripts="allow"))
        wait_for(lambda host=host: bool(host.access()), f"a token on {host.name}", _PATIENCE)  # type: ignore[misc]


def _let_in(first: SharingHost) -> None:
    step, ends = "", time.monotonic() + _PATIENCE
    while step != "asked":
        assert time.monotonic() < ends, step
        step = first.done(first.ask("GET", "/v1/share/invitation?wait=1&step="))["step"]
    first.done(first.ask("POST", "/v1/share/invitation/answer", let_in=True))


def _joined(host: SharingHost) -> bool:
    return bool(host.done(host.ask("GET", "/v1/share/joining?wait=5"))["joined"])


def _refused(first: SharingHost) -> bool:
    return "error" in first.ask("POST", f"/v1/accounts/{quote(ACCOUNT)}/share")


def group_keys(host: SharingHost) -> list[tuple[int, str]]:
    """The group's keys, as the keyring of a host has them."""
    kept = json.loads(host.record("sharing").split("secret = ", 1)[-1].splitlines()[0])["group_keys"]
    return [(int(number), key) for number, key in (part.split(":") for part in kept.split(" "))]
