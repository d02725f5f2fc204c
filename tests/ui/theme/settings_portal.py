"""Plays the desktop's portal for settings on a session bus (org.freedesktop.portal.Settings, method Read)."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

if sys.platform == "linux":
    from jeepney import MatchRule, message_bus, new_error, new_method_return
    from jeepney.io.asyncio import Proxy, open_dbus_router

NAME = "org.freedesktop.portal.Desktop"
Setting = tuple[str, str]


@asynccontextmanager
async def playing_the_portal(bus: str, values: Mapping[Setting, int]) -> AsyncGenerator[list[Setting]]:
    """The settings that were asked for. One that is not among `values` is refused, as the portal does it."""
    asked: list[Setting] = []
    async with open_dbus_router(bus=bus) as router:
        with router.filter(MatchRule(type="method_call", member="Read"), queue=asyncio.Queue()) as calls:
            await Proxy(message_bus, router).RequestName(NAME)

            async def serve() -> None:
                while True:
                    call = await calls.get()
                    asked.append(call.body)
                    value = values.get(call.body)
                    unknown = new_error(call, "org.freedesktop.portal.Error.NotFound", "s", ("no such setting",))
                    # Read wraps the value in a second variant.
                    known = new_method_return(call, "v", (("v", ("u", value or 0)),))
                    await router.send(unknown if value is None else known)

            serving = asyncio.create_task(serve())
            try:
                yield asked
            finally:
                serving.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await serving
