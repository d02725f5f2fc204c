"""What a screen reader sees: Keyrack's tree of accessible objects, their actions and their events, over AT-SPI."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.desktop.programs import PATIENCE, Programs, end, wait_until

if sys.platform == "linux":
    from jeepney import (
        DBusAddress,
        HeaderFields,
        MatchRule,
        Message,
        MessageType,
        Properties,
        message_bus,
        new_method_call,
    )
    from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

    _BUS = DBusAddress("/org/a11y/bus", "org.a11y.Bus", interface="org.a11y.Bus")
    _REGISTRY = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
_ROOT = "/org/a11y/atspi/accessible/root"
_OBJECT = "org.a11y.atspi.Accessible"
_ACTION = "org.a11y.atspi.Action"
# The numbers of AtspiStateType.
_STATES = {11: "focusable", 12: "focused", 23: "selected", 24: "sensitive", 25: "showing"}


@dataclass(frozen=True)
class Accessible:
    """One object of the tree. `path` is its place on the bus, `actions` the names of what can be done with it."""

    path: str
    role: str
    name: str
    description: str
    states: frozenset[str]
    actions: tuple[str, ...]
    children: tuple["Accessible", ...]

    def all(self) -> Iterator["Accessible"]:
        """This one and all below it that are shown."""
        if "showing" in self.states:
            yield self
            for child in self.children:
                yield from child.all()

    def find(self, role: str, name: str) -> "Accessible":
        """The one shown object of this role and name."""
        (found,) = [each for each in self.all() if (each.role, each.name) == (role, name)]
        return found


@dataclass(frozen=True)
class SpokenEvent:
    """Something that an object told: the signal of AT-SPI, what changed, and the new value."""

    path: str
    signal: str
    what: str
    value: Any


class ScreenReader:
    """A screen reader that runs. It reads and presses what one program shows that was started after it."""

    def __init__(self, programs: Programs, bus: str) -> None:
        self._session: DBusConnection = open_dbus_connection(bus)
        self._programs = programs
        self._launcher = programs.start([str(LAUNCHER)])
        names = Proxy(message_bus, self._session, timeout=PATIENCE)
        wait_until(lambda: names.NameHasOwner(_BUS.bus_name)[0], "the bus of the screen readers")
        found = self._session.send_and_get_reply(new_method_call(_BUS, "GetAddress"), timeout=PATIENCE)
        self._bus: DBusConnection = open_dbus_connection(found.body[0])
        self._signals: list[Message] = []
        self._program = ""
        self._answers([new_method_call(_REGISTRY, "RegisterEvent", "sass", ("object:", [], ""))])
        rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object")
        self._answers([message_bus.AddMatch(rule)])

    def close(self) -> None:
        """End the bus of the screen readers, and take away the sign of it by which Qt finds it."""
        self._bus.close()
        self._session.close()
        end(self._launcher)
        self._programs.ask("xprop", "-root", "-remove", "AT_SPI_BUS")

    def turn_to(self, pid: int) -> "ScreenReader":
        """Read this program from now on, as soon as it is there."""

        def look() -> str:
            ((programs,),) = self._answers([_call(_REGISTRY.bus_name, _ROOT, "GetChildren")])
            pids = self._answers([message_bus.GetConnectionUnixProcessID(name) for name, _ in programs])
            found = [name for (name, _), (its,) in zip(programs, pids, strict=True) if its == pid]
            return str(found[0]) if found else ""

        self._program = wait_until(look, "the program among those that can be read")
        return self

    def tree(self) -> Accessible:
        """Everything the program shows now. The cells of a table are left out."""
        levels, paths = [], [_ROOT]
        while paths:
            levels.append(self._level(paths))
            paths = [path for _, below in levels[-1] for path in below]
        made: dict[str, Accessible] = {}
        for level in reversed(levels):
            for each, below in level:
                made[each.path] = replace(each, children=tuple(made[path] for path in below))
        return made[_ROOT]

    def _level(self, paths: list[str]) -> list[tuple[Accessible, list[str]]]:
        """Objects that are equally deep in the tree, each with the places of those below it."""
        asked = [self._about(path) for path in paths]
        answers = iter(self._answers([message for messages in asked for message in messages]))
        level = []
        for path, messages in zip(paths, asked, strict=True):
            (numbers,), (role,), (faces,), (children,), (name,), (text,) = (next(answers) for _ in messages)
            states = frozenset(word for number, word in _STATES.items() if numbers[number // 32] >> number % 32 & 1)
            actions = ("",) if _ACTION in faces else ()
            shown = "showing" in states and role != "table"
            below = [place for _, place in children] if shown else []
            level.append((Accessible(path, role, name[1], text[1], states, actions, ()), below))
        acting = [each.path for each, _ in level if each.actions]
        told = self._answers([_call(self._program, path, "GetActions", face=_ACTION) for path in acting])
        names = {path: tuple(name for name, *_ in actions) for path, (actions,) in zip(acting, told, strict=True)}
        return [(replace(each, actions=names.get(each.path, ())), below) for each, below in level]

    def _about(self, path: str) -> list["Message"]:
        asked = [_call(self._program, path, f"Get{what}") for what in ("State", "RoleName", "Interfaces", "Children")]
        place = Properties(DBusAddress(path, self._program, _OBJECT))
        return [*asked, place.get("Name"), place.get("Description")]

    def press(self, thing: Accessible) -> None:
        """Do its first action, as a screen reader does on Enter."""
        assert thing.actions[0] == "Press", thing
        self._answers([_call(self._program, thing.path, "DoAction", "i", (0,), face=_ACTION)])

    @contextmanager
    def listening(self) -> Iterator[Callable[[], list[SpokenEvent]]]:
        """Gives what returns all that the program told since, up to the moment of the call."""

        def told() -> list[SpokenEvent]:
            # The answer comes after all that was told before.
            self._answers([_call(self._program, _ROOT, "GetRoleName")])
            return [_event(signal) for signal in self._signals]

        told()
        self._signals.clear()
        yield told

    def _answers(self, messages: list["Message"]) -> list[Any]:
        """The answers to all these questions, which are put before the first answer is awaited."""
        waiting: dict[int, int] = {}
        for at, message in enumerate(messages):
            serial = next(self._bus.outgoing_serial)
            self._bus.send(message, serial=serial)
            waiting[serial] = at
        answers: list[Any] = [None] * len(messages)
        while waiting:
            heard = self._bus.receive(timeout=PATIENCE)
            kind = heard.header.message_type
            at = waiting.pop(heard.header.fields.get(HeaderFields.reply_serial, -1), -1)
            if at >= 0:
                assert kind is MessageType.method_return, heard.body
                answers[at] = heard.body
            elif kind is MessageType.signal and heard.header.fields[HeaderFields.path] != message_bus.object_path:
                self._signals.append(heard)
        return answers


def _call(
    program: str, path: str, method: str, signature: str | None = None, told: tuple[Any, ...] = (), face: str = _OBJECT
) -> "Message":
    return new_method_call(DBusAddress(path, program, face), method, signature, told)


def _event(signal: "Message") -> SpokenEvent:
    what, _, _, (_, value), *_ = signal.body
    fields = signal.header.fields
    return SpokenEvent(fields[HeaderFields.path], fields[HeaderFields.member], what, value)
