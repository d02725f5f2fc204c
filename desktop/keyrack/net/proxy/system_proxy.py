"""The system's proxy: on Linux from the environment, then from the desktop, elsewhere from the system's settings."""

import asyncio
import importlib
import os
import sys
from collections.abc import Mapping
from dataclasses import replace

from keyrack.messages.catalogue import phrases
from keyrack.net.proxy.bypass import bypassed
from keyrack.net.proxy.environment_proxy import of_the_environment
from keyrack.net.proxy.gnome_proxy import of_gnome
from keyrack.net.proxy.kde_proxy import of_kde
from keyrack.net.proxy.named_proxy import NamedProxy, does_not_count
from keyrack.net.proxy.proxy_address import BadProxy, Proxy, parse
from keyrack.net.proxy.proxy_portal import ask_portal
from keyrack.net.proxy.way import Way

_KDE = "kde"


async def of_the_system(host: str, environment: Mapping[str, str] = os.environ, *, compared: bool = True) -> Way:
    """The way to a host as the system's settings say. Raises BadProxy where they cannot be used.

    The environment goes before the desktop, because somebody set it for the program that was started. With `compared`
    the desktop is read all the same, which takes a program (30 ms), and told where it differs.
    """
    if sys.platform in ("win32", "darwin"):
        return await asyncio.to_thread(_of_the_library, host)
    named = await asyncio.to_thread(_named, environment, compared=compared)
    if named is None:
        return Way(place=phrases("proxy_place_nowhere").happened)
    if bypassed(host, named.excepted) != named.only_excepted:
        return Way(place=named.place, overruled=named.overruled)
    address = await _automatic(host, named, environment) if named.automatic else named.address
    return Way(_parsed(address, named.place) if address else None, named.place, named.overruled)


def _named(environment: Mapping[str, str], *, compared: bool) -> NamedProxy | None:
    """The setting that counts. A desktop's that differs is told in it."""
    first = of_the_environment(environment)
    if first is not None and not compared:
        return first
    desktop = _of_the_desktop(environment)
    if first is None or desktop is None or not (desktop.address or desktop.automatic):
        return first or desktop
    if _same(first, desktop):
        return first
    told = (first.overruled, does_not_count(desktop.place, first.place))
    return replace(first, overruled=" ".join(part for part in told if part))


def _of_the_desktop(environment: Mapping[str, str]) -> NamedProxy | None:
    if _KDE in environment.get("XDG_CURRENT_DESKTOP", "").lower().split(":"):
        return of_kde(environment)
    return of_gnome(environment)


def _same(first: NamedProxy, second: NamedProxy) -> bool:
    try:
        return not second.automatic and parse(first.address) == parse(second.address)
    except BadProxy:
        return first.address == second.address


async def _automatic(host: str, named: NamedProxy, environment: Mapping[str, str]) -> str:
    """What the script says, as far as somebody here can run it."""
    address = await ask_portal(host, environment.get("DBUS_SESSION_BUS_ADDRESS", ""))
    if address is None:
        raise BadProxy("proxy_automatic_unanswered", place=named.place)
    return address


def _parsed(address: str, place: str) -> Proxy:
    try:
        return parse(address)
    except BadProxy as why:
        problem = BadProxy("system_proxy_unusable", place=place, why=why.phrases.means)
    raise problem


def _of_the_library(host: str) -> Way:
    """Windows' registry and macOS' configuration, as the standard library reads them."""
    library = importlib.import_module("urllib.request")  # it takes 30 ms, and most people have no proxy
    place = phrases("proxy_place_system").happened
    found = {} if library.proxy_bypass(host) else library.getproxies()
    address = found.get("https") or found.get("all")
    return Way(_parsed(address, place) if address else None, place)
