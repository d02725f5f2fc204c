"""What a stand-in declares about itself: the only thing that the rest of the sandbox knows of a provider."""

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
    """The state of a stand-in that needs none beside the world's."""


def announces_nothing(_base: str, _lifetimes: Lifetimes) -> dict[str, object]:
    """The announcement of a stand-in that has an address alone."""
    return {}


@dataclass(frozen=True)
class StandIn:
    """One provider's stand-in. Its folder is named by the `id` with "_" for "-".

    `people`: account id -> person. `clients`: what is registered at the start. `endpoints`: endpoint -> its own faults
    (as written -> what they do), beside those of `fault_kinds`. `app` makes the application that answers.
    `state` makes what only this stand-in keeps (`World.own` gives it). `announce`: base address and lifetimes -> what
    the announcement says beside the address. `controls`: "GET /path" at the control port -> what answers there; it gets
    the JSON object of the request and raises ValueError with a sentence.
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
