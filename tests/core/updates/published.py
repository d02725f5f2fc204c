"""A publisher of release lists, with keys of its own and a server that hands them out."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keyrack.core.preferences.all_settings import LOOK_FOR_UPDATES, UPDATES_ADDRESS, UPDATES_KEY
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.updates.update_check import Pace, UpdateCheck
from keyrack.net.proxy.proxies import Proxies
from publishing.signing import public_of, with_signature
from tests.clock import FakeClock
from tests.net.tls_server import Authority, Provider, Script, answer, serving

HOST = "localhost"
PATH = "/keyrack-releases.txt"
FILE = {"name": "keyrack-0.2.0-py3-none-any.whl", "size": 7, "sha256": "ab" * 32}
RELEASE = {
    "version": "0.2.0",
    "date": "2026-12-01",
    "note": "An invented change.",
    "security": False,
    "files": [FILE],
}
QUICK = Pace(first=0.0, look=0.01)


@dataclass
class Publisher:
    """Signs lists. `now` is the moment at which it makes them."""

    now: datetime
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> str:
        return public_of(self.key).text

    def text(self, number: int = 1, *, days: int = 30, at: datetime | None = None, **more: object) -> bytes:
        """A list that names one newer version, or what `more` says."""
        at = at or self.now
        whole: dict[str, Any] = {
            "keyrack_releases": 1,
            "number": number,
            "made": stamp(at),
            "good_until": stamp(at + timedelta(days=days)),
            "page": "https://desk.example/keyrack/",
            "releases": [RELEASE],
        }
        return json.dumps({**whole, **more}).encode() + b"\n"

    def sign(self, text: bytes) -> bytes:
        return with_signature(self.key, text, "an invented comment")

    def list(self, number: int = 1, **more: Any) -> bytes:
        return self.sign(self.text(number, **more))


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Desk:
    """A home that looks for updates at a server. `reply` is what the server answers with."""

    publisher: Publisher
    authority: Authority
    clock: FakeClock
    folder: Path
    has_route: bool = True
    asked_for_route: int = 0

    def check(self, *, home: str = "home", running: str = "0.1.0", proxies: Proxies | None = None) -> UpdateCheck:
        """The look of a Keyrack that has just started."""
        state = self.folder / home / "state"
        return UpdateCheck(
            self.preferences(home), proxies or Proxies(), state, self.clock.clock, running=running,
            ca_file=self.authority.file, route=self.route, pace=QUICK,
        )  # fmt: skip

    def route(self) -> bool:
        """Whether there is a network."""
        self.asked_for_route += 1
        return self.has_route

    def preferences(self, home: str = "home") -> Preferences:
        made = Preferences(self.folder / home / "config")
        made.load()
        return made

    def choose(self, address: str, key: str = "", *, home: str = "home", by_itself: bool = False) -> None:
        """Name a list in the settings of a home."""
        preferences = self.preferences(home)
        preferences.choose(UPDATES_ADDRESS, address)
        preferences.choose(UPDATES_KEY, key or self.publisher.public)
        preferences.choose(LOOK_FOR_UPDATES, by_itself)

    @asynccontextmanager
    async def publishing(self, reply: bytes | Script, *, home: str = "home") -> AsyncGenerator[Provider]:
        """A server of this list, which the home is told of."""
        whole = answer(body=reply) if isinstance(reply, bytes) and not reply.startswith(b"HTTP/") else reply
        async with serving(whole, self.authority.server(HOST)) as server:
            self.choose(server.url(PATH, HOST), home=home)
            yield server


def desk_in(folder: Path) -> Desk:
    """A desk with a publisher and a certificate authority."""
    clock = FakeClock(wall=datetime(2026, 12, 2, tzinfo=UTC).timestamp())
    authority = Authority(trustme.CA(), folder / "ca.pem")
    authority.ca.cert_pem.write_to_path(str(authority.file))
    return Desk(Publisher(datetime(2026, 12, 1, tzinfo=UTC)), authority, clock, folder)
