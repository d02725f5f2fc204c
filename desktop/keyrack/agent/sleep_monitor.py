"""Hears from logind that the computer woke, where there is no desktop and no Qt (R16)."""

import asyncio
import logging
import sys
from collections.abc import Callable

if sys.platform == "linux":
    from jeepney import MatchRule, message_bus
    from jeepney.io.asyncio import Proxy, open_dbus_router

_LOGIN = "org.freedesktop.login1"
_log = logging.getLogger(__name__)


async def watch_sleep(resumed: Callable[[], object]) -> None:
    """Call `resumed` after each sleep, until cancelled. Returns at once where no system bus can be reached.

    The signal is PrepareForSleep with False (org.freedesktop.login1(5)). The bus passes on only that of logind itself.
    Without it, what fell due is seen 30 s after the resume at the latest.
    """
    if sys.platform != "linux":
        return
    signal = {"interface": f"{_LOGIN}.Manager", "member": "PrepareForSleep", "path": "/org/freedesktop/login1"}
    try:
        async with open_dbus_router(bus="SYSTEM") as router:
            with router.filter(MatchRule(type="signal", **signal), queue=asyncio.Queue()) as heard:
                await Proxy(message_bus, router).AddMatch(MatchRule(type="signal", sender=_LOGIN, **signal))
                while True:
                    if (await heard.get()).body == (False,):
                        _log.info("The computer woke.")
                        resumed()
    except Exception as error:  # noqa: BLE001 - whatever the bus does, the agent goes on without it
        _log.info("Sleep is not heard from the system: %s", type(error).__name__)
