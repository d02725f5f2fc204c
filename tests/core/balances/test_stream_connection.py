"""One connection of a stream, over a real socket: the opening, what it says by itself, and its own pings."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from keyrack.core.balances.stream_connection import StreamConnection, StreamEvent, StreamInterrupted
from keyrack.net.client.websocket_client import Dialler
from keyrack.net.network_errors import NoResponse
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_failures import TokenRefused
from keyrack.providers.api.stream import (
    Authorized,
    Delta,
    Event,
    Ignored,
    Ping,
    Pong,
    Send,
    Snapshot,
    StreamProblem,
    StreamRefused,
)

TOKEN = Secret("canary-token")
Scene = Callable[[ServerConnection], Awaitable[None]]


class WordStream:
    """A stream with words as frames."""

    places: frozenset[str] | None = None

    def __init__(self, ping: Ping | None = None) -> None:
        self.ping = ping

    async def opening(self, token: Secret) -> Sequence[Secret]:
        """Two frames."""
        return [Secret(f"hello {token.reveal()}"), Secret("more")]

    def read(self, frame: str) -> list[Event]:
        """One event for each word."""
        known: dict[str, Event] = {
            "yes": Authorized(),
            "no": StreamRefused("7: no"),
            "all": Snapshot(()),
            "some": Delta(()),
            "ask": Send(Secret("asked")),
            "pong": Pong(),
            "bad": StreamProblem("odd"),
        }
        return [known.get(word, Ignored()) for word in frame.split()]


@asynccontextmanager
async def talking(scene: Scene) -> AsyncGenerator[str]:
    async with serve(scene, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def run(scene: Scene, ping: Ping | None = None) -> tuple[Failure, list[StreamEvent]]:
    """The failure that ended the connection, and its events."""
    told: list[StreamEvent] = []
    async with talking(scene) as url:
        socket = await Dialler().open(url, plain_allowed=True)
        try:
            with pytest.raises(Failure) as caught:
                await StreamConnection("Sample", socket, WordStream(ping), told.append).run(TOKEN)
        finally:
            await socket.close()
    return caught.value, told


async def test_it_says_the_opening_and_hands_on_what_it_hears() -> None:
    heard: list[str] = []

    async def scene(peer: ServerConnection) -> None:
        heard.extend([str(await peer.recv()), str(await peer.recv())])
        await peer.send("yes nothing all some ask")
        heard.append(str(await peer.recv()))

    why, told = await run(scene)
    assert heard == ["hello canary-token", "more", "asked"]
    assert told == [Authorized(), Snapshot(()), Delta(())]
    assert isinstance(why, NoResponse)


async def test_a_refusal_and_a_problem_end_it_each_in_its_way() -> None:
    async def refuses(peer: ServerConnection) -> None:
        await peer.send("no")
        await peer.wait_closed()

    async def breaks(peer: ServerConnection) -> None:
        await peer.send("yes all bad some")
        await peer.wait_closed()

    why, told = await run(refuses)
    assert isinstance(why, TokenRefused)
    assert (why.detail, told) == ("7: no", [])
    why, told = await run(breaks)
    assert isinstance(why, StreamInterrupted)
    assert (why.detail, told) == ("odd", [Authorized(), Snapshot(())])
    assert "canary" not in why.sentences() + why.detail


async def test_the_first_figures_must_come_in_time_and_the_next_need_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyrack.core.balances.stream_connection.ANSWER_SECONDS", 0.3)

    async def mute(peer: ServerConnection) -> None:
        await peer.send("yes nothing")
        await peer.wait_closed()

    async def quiet(peer: ServerConnection) -> None:
        await peer.send("yes all")
        await asyncio.sleep(0.6)
        await peer.send("some")

    why, told = await run(mute)
    assert (type(why), told) == (NoResponse, [Authorized()])
    assert "too long" in why.happened
    _, told = await run(quiet)
    assert told == [Authorized(), Snapshot(()), Delta(())]


async def test_its_own_ping_is_sent_and_its_pong_counts() -> None:
    pings: list[str] = []

    async def answers(peer: ServerConnection) -> None:
        await peer.send("yes all")
        async for frame in peer:
            if frame == "ping":
                pings.append(str(frame))
                await peer.send("pong")
            if len(pings) == 3:
                return

    why, _ = await run(answers, Ping(0.02, "ping"))
    assert pings == ["ping"] * 3
    assert "broke off" in why.happened, "it ended because the other side left"


async def test_a_ping_without_a_pong_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyrack.core.balances.stream_connection.PONG_SECONDS", 0.1)

    async def talks_of_other_things(peer: ServerConnection) -> None:
        await peer.send("yes all")
        while True:
            await peer.send("some")
            await asyncio.sleep(0.02)

    why, told = await run(talks_of_other_things, Ping(0.02, "ping"))
    assert isinstance(why, NoResponse)
    assert "too long" in why.happened
    assert Delta(()) in told
