"""Plays the desktop's portal for proxies on the session bus (org.freedesktop.portal.ProxyResolver, version 1)."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

if sys.platform == "linux":
    from jeepney import MatchRule, message_bus, new_error, new_method_return
    from jeepney.io.asyncio import Proxy, open_dbus_router

NAME = "org.freedesktop.portal.Desktop"


@asynccontextmanager
async def playing_the_portal(bus: str, answers: Mapping[str, list[str] | None]) -> AsyncGenerator[list[str]]:
    """The addresses that were asked for. Where the answer is None the call fails."""
    asked: list[str] = []
    async with open_dbus_router(bus=bus) as router:
        rule = MatchRule(type="method_call", member="Lookup")
        with router.filter(rule, queue=asyncio.Queue()) as calls:
            await Proxy(message_bus, router).RequestName(NAME)

            async def serve() -> None:
                while True:
                    call = await calls.get()
                    (url,) = call.body
                    asked.append(url)
                    answer = answers[url]
                    failed = new_error(call, "org.freedesktop.DBus.Error.Failed", "s", ("no script",))
                    await router.send(failed if answer is None else new_method_return(call, "as", (answer,)))

            serving = asyncio.create_task(serve())
            try:
                yield asked
            finally:
                serving.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await serving
