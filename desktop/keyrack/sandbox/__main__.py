"""Starts the sandbox: every stand-in and a control port on 127.0.0.1, until standard input ends."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import threading

from keyrack.sandbox.control.control import Control, as_json
from keyrack.sandbox.providers.alpaca import alpaca_stand_in
from keyrack.sandbox.providers.bitport import bitport_stand_in
from keyrack.sandbox.providers.deribit import deribit_stand_in
from keyrack.sandbox.providers.example import example_file, example_stand_in
from keyrack.sandbox.providers.gemini import gemini_stand_in
from keyrack.sandbox.providers.kraken import kraken_stand_in
from keyrack.sandbox.providers.probit import probit_stand_in
from keyrack.sandbox.providers.uphold import uphold_stand_in
from keyrack.sandbox.providers.whitebit import whitebit_stand_in
from keyrack.sandbox.providers.whitebit_fast_key import fast_key_stand_in
from keyrack.sandbox.state.lifetimes import ENDLESS, KRAKEN_REFRESH, WHITEBIT_REFRESH, Lifetimes
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.ports import Port


class Sandbox:
    """The four ports and what they share."""

    def __init__(self, lifetimes: Lifetimes) -> None:
        self.world = World(lifetimes)
        apps = {
            "probit": probit_stand_in.app,
            "bitport": bitport_stand_in.app,
            "whitebit": whitebit_stand_in.app,
            "whitebit-fast-key": fast_key_stand_in.app,
            "gemini": gemini_stand_in.app,
            "deribit": deribit_stand_in.app,
            "kraken": kraken_stand_in.app,
            "uphold": uphold_stand_in.app,
            "alpaca": alpaca_stand_in.app,
            "example": example_stand_in.app,
        }
        self.providers = {name: Port(make(self.world)) for name, make in apps.items()}
        self.control = Port(Control(self.world, self.settle).app())
        self._settling = asyncio.Lock()

    async def open(self) -> None:
        """Accept connections everywhere."""
        await asyncio.gather(*(port.open() for port in (*self.providers.values(), self.control)))

    async def close(self) -> None:
        """Stop at once."""
        await asyncio.gather(*(port.close() for port in (*self.providers.values(), self.control)))

    async def settle(self) -> None:
        """Take down and bring back the ports as the faults say."""
        async with self._settling:
            down = self.world.faults.down()
            await asyncio.gather(*(p.close() if name in down else p.open() for name, p in self.providers.items()))

    def announcement(self) -> dict[str, object]:
        """Where everything is, and which clients are registered."""
        providers: dict[str, dict[str, object]] = {name: {"base": port.base} for name, port in self.providers.items()}
        refresh = self.world.lifetimes.refresh(WHITEBIT_REFRESH)
        providers["whitebit"]["refresh_lifetime"] = refresh
        providers["kraken"]["refresh_lifetime"] = self.world.lifetimes.refresh(KRAKEN_REFRESH)
        if self.world.lifetimes.cap_refresh is not None:  # without a cap it does not end
            providers["gemini"]["refresh_lifetime"] = self.world.lifetimes.refresh(ENDLESS)
        providers["bitport"]["user_code_page"] = self.providers["bitport"].base + bitport_stand_in.USER_CODE_PAGE
        providers["example"]["file"] = example_file.text(self.providers["example"].base, self.world.lifetimes)
        clients = [as_json(client) for client in self.world.clients]
        return {"control": self.control.base, "providers": providers, "clients": clients}


async def run(lifetimes: Lifetimes) -> None:
    """Open, announce on one line, and serve until standard input ends or a signal asks."""
    sandbox = Sandbox(lifetimes)
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
    # os.read and not sys.stdin: a thread that waits inside the buffered reader holds a lock the exit needs.
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(ended.set)


def _arguments(given: list[str]) -> Lifetimes:
    parser = argparse.ArgumentParser(prog="python -m keyrack.sandbox", description=__doc__)
    parser.add_argument("--speed", type=_positive, default=1.0, metavar="N", help="divide renewable lifetimes by N")
    parser.add_argument("--cap-access", type=_seconds, metavar="S", help="no renewable access token lives longer")
    parser.add_argument("--cap-refresh", type=_seconds, metavar="S", help="no refresh token lives longer")
    chosen = parser.parse_args(given)
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


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(_arguments(sys.argv[1:])))
