"""Three hosts on an etcd of three members, with a link between each host and each member that a test breaks."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.etcd_cluster import EtcdCluster
from tests.tcp_relay import TcpRelay

HOSTS = ("desk-1", "desk-2", "desk-3")


class SharingBench:
    """The etcd as `cluster`, and the addresses by which each host reaches it. Use it with `with`."""

    def __init__(self, folder: Path, hosts: Sequence[str] = HOSTS, members: int = 3) -> None:
        self.hosts = tuple(hosts)
        self.cluster = EtcdCluster(folder, members)
        self._links: dict[str, list[TcpRelay]] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            opening.enter_context(self.cluster)
            for host in self.hosts:
                self._links[host] = [opening.enter_context(TcpRelay(member.port)) for member in self.cluster.members]
            self._open = opening.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self._open.close()

    def addresses(self, host: str) -> tuple[str, ...]:
        """The members as this host reaches them."""
        return tuple(f"http://127.0.0.1:{link.own_port}" for link in self._links[host])

    def cut(self, host: str) -> None:
        """Break the host's connections to all members, and refuse new ones."""
        self._each(host, TcpRelay.cut)

    def freeze(self, host: str) -> None:
        """Hold everything between the host and all members."""
        self._each(host, TcpRelay.freeze)

    def hold_answers(self, host: str) -> None:
        """Let the host's requests through, and hold all answers."""
        self._each(host, TcpRelay.hold_answers)

    def mend(self, host: str) -> None:
        """Let everything pass, also what was held."""
        self._each(host, TcpRelay.mend)

    def _each(self, host: str, change: Callable[[TcpRelay], None]) -> None:
        for link in self._links[host]:
            change(link)
