"""Asks the desktop's portal what an automatic configuration says about one host."""

import asyncio
import importlib
import logging
from typing import Any

_NAME = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.ProxyResolver"
_SECONDS = 10.0
_DIRECT = "direct://"

_log = logging.getLogger(__name__)


async def ask_portal(host: str, bus: str) -> str | None:
    """The address of the first proxy that the portal names for a host. None where it names none.

    `bus` is the address of the session bus, "" for the usual one.

    The portal hands the question to GLib, which answers `direct://` both where the script says so and where nobody
    here can run the script (tried with xdg-desktop-portal 1.16 and libproxy 0.4.18). So that answer is no answer.
    """
    try:
        async with asyncio.timeout(_SECONDS):
            named = await _lookup(f"https://{host}/", bus or "SESSION")
    except Exception as error:  # noqa: BLE001 - whatever the bus does, there is no answer then
        _log.info("The portal was not asked for a proxy: %s", type(error).__name__)
        return None
    first = named[0] if named else _DIRECT
    return None if first == _DIRECT else first


async def _lookup(url: str, bus: str) -> list[str]:
    jeepney: Any = importlib.import_module("jeepney.wrappers")  # most people have no automatic configuration
    routers: Any = importlib.import_module("jeepney.io.asyncio")
    portal = jeepney.DBusAddress(_PATH, bus_name=_NAME, interface=_INTERFACE)
    async with routers.open_dbus_router(bus=bus) as router:
        reply = await router.send_and_get_reply(jeepney.new_method_call(portal, "Lookup", "s", (url,)))
        (named,) = jeepney.unwrap_msg(reply)
    return [str(address) for address in named]
