"""What a provider's push stream says and hears, without the socket under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.strict_json import read_json
from keyrack.primitives.failure import Failure
from keyrack.primitives.redaction import without_secrets
from keyrack.primitives.secret import Secret
from keyrack.providers.holding import Holding
from keyrack.providers.schema import Provider, Region


@dataclass(frozen=True, slots=True)
class StreamTarget:
    """Where a stream belongs: its provider, its region, and the way to ask that region's API."""

    provider: Provider
    region: Region
    http: HttpClient


@dataclass(frozen=True, slots=True)
class Authorized:
    """The provider accepted the token."""


@dataclass(frozen=True, slots=True)
class StreamRefused:
    """The provider did not accept the token; `detail` is its own code and words."""

    detail: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is held; with `places`, all that is held in these wallets. Rows that are zero are left out."""

    holdings: tuple[Holding, ...]
    places: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed, each row whole; a row that is zero is gone."""

    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Send:
    """What is to be sent now; it may hold a token."""

    frame: Secret


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to the stream's own ping."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing that concerns what is held."""


@dataclass(frozen=True, slots=True)
class StreamProblem:
    """What ends the connection, for the figures would no longer be right; `detail` is for the person."""

    detail: str


Event = Authorized | StreamRefused | Snapshot | Delta | Send | Pong | Ignored | StreamProblem

_LONGEST_WORD = 100


def words(*parts: object) -> str:
    """A provider's own code and words in one line, without any secret of ours; what is no text is left out."""
    return without_secrets(": ".join(part[:_LONGEST_WORD] for part in parts if isinstance(part, str) and part))


def message(frame: str, name: str) -> dict[str, Any] | StreamProblem:
    """The object that one frame holds; a Problem for anything else. `name` is the provider's."""
    try:
        said = read_json(frame.encode(), name)
    except Failure:
        return StreamProblem("unreadable frame")
    return said if isinstance(said, dict) else StreamProblem("unexpected frame")


@dataclass(frozen=True, slots=True)
class Ping:
    """A ping of the provider's own making, to be sent every `seconds` and answered by Pong within ten."""

    seconds: float
    frame: str


class Stream(Protocol):
    """One connection's conversation: made anew for each, so that it may remember what it asked.

    `ping` is None where the WebSocket's own pings do. `places` names the wallets that are pushed, and then the
    others are polled as before; None stands for the whole account.
    """

    ping: Ping | None
    places: frozenset[str] | None

    async def opening(self, token: Secret) -> Sequence[Secret]:
        """What to send once the connection is open; raises Failure where that needs an answer that does not come."""
        ...

    def read(self, frame: str) -> list[Event]:
        """What one frame means; never raises for what stands in it."""
        ...
