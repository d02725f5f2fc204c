"""The conversation on a provider's WebSocket: frames to send, and events from frames, without the socket."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.strict_json import read_json
from keyrack.primitives.failure import Failure
from keyrack.primitives.redaction import without_secrets
from keyrack.primitives.secret import Secret
from keyrack.providers.holding import NOTHING_LEFT_OUT, Holding, LeftOut
from keyrack.providers.schema import Provider, Region


@dataclass(frozen=True, slots=True)
class StreamTarget:
    """The provider and the region of a stream, and the HTTP client for that region's API."""

    provider: Provider
    region: Region
    http: HttpClient


@dataclass(frozen=True, slots=True)
class Authorized:
    """The provider accepted the token."""


@dataclass(frozen=True, slots=True)
class StreamRefused:
    """The provider refused the token. `detail` holds the provider's code and text."""

    detail: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that the account holds, or with `places` everything in these wallets. Zero rows are left out."""

    holdings: tuple[Holding, ...]
    places: frozenset[str] | None = None
    left_out: LeftOut = NOTHING_LEFT_OUT


@dataclass(frozen=True, slots=True)
class Delta:
    """The rows that changed, each with all its figures. A zero row is no longer held."""

    holdings: tuple[Holding, ...]
    left_out: LeftOut = NOTHING_LEFT_OUT


@dataclass(frozen=True, slots=True)
class NotPushed:
    """The provider sends nothing about these assets, which are polled instead."""

    assets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Send:
    """A frame to send now. It may hold a token."""

    frame: Secret


@dataclass(frozen=True, slots=True)
class Pong:
    """The response to the stream's own ping."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A frame that does not concern the balances."""


@dataclass(frozen=True, slots=True)
class StreamProblem:
    """An error that ends the connection, because the figures would no longer be right. `detail` is shown."""

    detail: str


Event = Authorized | StreamRefused | Snapshot | Delta | NotPushed | Send | Pong | Ignored | StreamProblem

_LONGEST_WORD = 100


def words(*parts: object) -> str:
    """A provider's own code and text in one line, without any known secret. Parts that are not text are left out."""
    return without_secrets(": ".join(part[:_LONGEST_WORD] for part in parts if isinstance(part, str) and part))


def message(frame: str, name: str) -> dict[str, Any] | StreamProblem:
    """The JSON object of one frame, or a StreamProblem. `name` is the provider's."""
    try:
        found = read_json(frame.encode(), name)
    except Failure:
        return StreamProblem("unreadable frame")
    return found if isinstance(found, dict) else StreamProblem("unexpected frame")


@dataclass(frozen=True, slots=True)
class Ping:
    """A ping in the provider's own form. It is sent every `seconds`, and Pong must follow within ten seconds."""

    seconds: float
    frame: str


class Stream(Protocol):
    """The conversation on one connection. Each connection gets a new one, which may remember its requests.

    `ping` is None where the WebSocket's own pings suffice. `places` names the wallets that are pushed, and the
    others are then polled. None stands for the whole account.
    """

    ping: Ping | None
    places: frozenset[str] | None

    async def opening(self, token: Secret) -> Sequence[Secret]:
        """The frames to send once the connection is open. Raises Failure when a request for them fails."""
        ...

    def read(self, frame: str) -> list[Event]:
        """The events of one frame. Raises nothing, whatever the frame holds."""
        ...
