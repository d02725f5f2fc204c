"""What a stand-in declares about its provider. The rest of the sandbox knows a provider by this alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from starlette.types import ASGIApp

from keyrack.sandbox.people.person import People
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.sandbox_clock import Clock
from keyrack.sandbox.state.world import World

ControlCall = Callable[[World, dict[str, object]], object]


def no_state(_clock: Clock) -> None:
    """For a stand-in that keeps nothing beside the world's state."""


def announces_nothing(_base: str, _lifetimes: Lifetimes) -> dict[str, object]:
    """For a stand-in whose announcement is its address alone."""
    return {}


@dataclass(frozen=True)
class StandIn:
    """One provider's stand-in. Its folder is named by the `id`, with `_` for `-`.

    id, title: the provider's id, and its name on the control page.
    people: account id -> person. The first is the usual account.
    clients: the clients that are registered at the start.
    endpoints: endpoint -> its own faults (as they are written -> what they do), beside those of `fault_kinds`.
    app: makes the application that answers.
    state: makes what this stand-in alone keeps. `World.own` returns it.
    announce: base address and lifetimes -> the fields of its announcement, beside the address.
    controls: "GET /path" at the control port -> what answers there. It gets the world and the JSON object of the
        request, returns JSON, and raises ValueError with a sentence.
    """

    id: str
    title: str
    people: People
    clients: tuple[Client, ...]
    endpoints: Mapping[str, Mapping[str, str]]
    app: Callable[[World], ASGIApp]
    state: Callable[[Clock], object] = no_state
    announce: Callable[[str, Lifetimes], dict[str, object]] = announces_nothing
    controls: Mapping[str, ControlCall] = field(default_factory=dict)


def world_of(stand_ins: Iterable[StandIn], lifetimes: Lifetimes) -> World:
    """A world with the people, clients and faults of these stand-ins."""
    known = tuple(stand_ins)
    return World(
        {each.id: each.people for each in known},
        [client for each in known for client in each.clients],
        {each.id: each.endpoints for each in known},
        {each.id: each.state for each in known},
        lifetimes,
    )
