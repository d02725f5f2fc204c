"""The agent hears of a resume from logind, played here by another program on a bus of the test's own."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.agent.sleep_monitor import watch_sleep
from tests.keyring_session import KeyringSession
from tests.until import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="logind is Linux's")

if sys.platform == "linux":
    from jeepney import DBusAddress, message_bus, new_signal
    from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_router

LOGIN = "org.freedesktop.login1"


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringSession]:
    if shutil.which("dbus-daemon") is None:
        pytest.skip("no dbus-daemon")
    session = KeyringSession(tmp_path / "bus")
    session.runtime.mkdir(mode=0o700, parents=True)
    session.start_bus()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={session.socket}")
    yield session
    session.stop()


async def tell(router: "DBusRouter", *, before: bool) -> None:
    """Send the signal as logind does: True before a sleep, False after it."""
    emitter = DBusAddress("/org/freedesktop/login1", interface=f"{LOGIN}.Manager")
    await router.send(new_signal(emitter, "PrepareForSleep", "b", (before,)))


async def passed_on(router: "DBusRouter") -> None:
    """Return when the bus has passed on what this program sent, and it was read."""
    await Proxy(message_bus, router).GetId()
    for _ in range(20):
        await asyncio.sleep(0)


async def test_each_resume_is_heard_and_no_other_program_s_word(bus: KeyringSession) -> None:
    woke: list[str] = []
    watching = asyncio.create_task(watch_sleep(lambda: woke.append("woke")))
    async with open_dbus_router(bus="SYSTEM") as logind, open_dbus_router(bus="SYSTEM") as other:
        await Proxy(message_bus, logind).RequestName(LOGIN)

        async def heard() -> bool:
            await tell(logind, before=False)
            return bool(woke)

        await until(heard)
        await passed_on(logind)
        count = len(woke)
        for sender, before in ((other, False), (logind, True), (logind, False)):
            await tell(sender, before=before)
            await passed_on(sender)
        await until(lambda: len(woke) > count)
        await passed_on(other)
        assert len(woke) == count + 1
    assert not watching.done()
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching


@pytest.mark.parametrize("address", ["unix:path=/nonexistent/bus", "nonsense"])
async def test_without_a_system_bus_the_agent_goes_on(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    await watch_sleep(lambda: None)


async def test_a_bus_that_goes_away_ends_nothing(bus: KeyringSession) -> None:
    watching = asyncio.create_task(watch_sleep(lambda: None))
    await asyncio.sleep(0.1)
    bus.stop()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert watching.done()
