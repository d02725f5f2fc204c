"""Starts the sandbox: every stand-in and a control port on 127.0.0.1, until standard input ends."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Iterable

from starlette.types import ASGIApp

from keyrack.sandbox.control.control import Control, as_json
from keyrack.sandbox.find_stand_ins import stand_ins
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.stand_in import StandIn, world_of
from keyrack.sandbox.transport.ports import Port


class Sandbox:
    """One port for each stand-in, the control port, and the world that they share."""

    def __init__(self, found: Iterable[StandIn], lifetimes: Lifetimes) -> None:
        self._stand_ins = tuple(found)
        self.world = world_of(self._stand_ins, lifetimes)
        self.providers = {each.id: Port(self.app(each)) for each in self._stand_ins}
        self.control = Port(Control(self._stand_ins, self.world, self.apply_faults).app())
        self._applying = asyncio.Lock()

    def app(self, stand_in: StandIn) -> ASGIApp:
        """What answers at the port of this stand-in."""
        return stand_in.app(self.world)

    async def open(self) -> None:
        """Accept connections everywhere."""
        await asyncio.gather(*(port.open() for port in (*self.providers.values(), self.control)))

    async def close(self) -> None:
        """Close every port at once."""
        await asyncio.gather(*(port.close() for port in (*self.providers.values(), self.control)))

    async def apply_faults(self) -> None:
        """Close and reopen the ports of the providers as the fault "down" says."""
        async with self._applying:
            down = self.world.faults.down()
            await asyncio.gather(*(p.close() if name in down else p.open() for name, p in self.providers.items()))

    def announcement(self) -> dict[str, object]:
        """The JSON object of the announcement: every address, and the clients that are registered."""
        bases = {each.id: self.providers[each.id].base for each in self._stand_ins}
        providers = {
            each.id: {"base": bases[each.id], **each.announce(bases[each.id], self.world.lifetimes)}
            for each in self._stand_ins
        }
        clients = [as_json(client) for client in self.world.clients]
        return {"control": self.control.base, "providers": providers, "clients": clients}


async def run(lifetimes: Lifetimes, kind: type[Sandbox]) -> None:
    """Open all ports, announce them on one line of standard output, and serve until standard input ends.

    SIGINT and SIGTERM end it as well.
    """
    sandbox = kind(stand_ins(), lifetimes)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, ended.set)
    await sandbox.open()
    print(json.dumps(sandbox.announcement()), flush=True)
    threading.Thread(target=_watch, args=(loop, ended), daemon=True).start()
    await ended.wait()
    await sandbox.close()


def _watch(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    # os.read and not sys.stdin: a thread that waits inside the buffered reader holds a lock that the exit needs.
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(ended.set)


def _arguments(arguments: list[str]) -> Lifetimes:
    parser = argparse.ArgumentParser(prog="python -m keyrack.sandbox", description=__doc__)
    parser.add_argument("--speed", type=_positive, default=1.0, metavar="N", help="divide renewable lifetimes by N")
    parser.add_argument("--cap-access", type=_seconds, metavar="S", help="no renewable access token lives longer")
    parser.add_argument("--cap-refresh", type=_seconds, metavar="S", help="no refresh token lives longer")
    chosen = parser.parse_args(arguments)
    return Lifetimes(chosen.speed, chosen.cap_access, chosen.cap_refresh)


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e6:
        raise ValueError
    return number


def _seconds(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main(arguments: list[str], kind: type[Sandbox] = Sandbox) -> None:
    """Run a sandbox of this kind, as the options say."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(_arguments(arguments), kind))


if __name__ == "__main__":
    main(sys.argv[1:])
