"""The proxy of KDE's settings: the file `kioslaverc`."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from keyrack.messages.catalogue import phrases
from keyrack.net.proxy.named_proxy import NamedProxy

_FILE = "kioslaverc"
_GROUP = "Proxy Settings"
_NONE, _MANUAL, _ENVIRONMENT = "0", "1", "4"
# KConfig marks groups and keys that cannot be changed or that are expanded, as in `httpsProxy[$e]`.
_MARK = re.compile(r"\[\$[a-z]+\]$")
_LARGEST = 100_000


def of_kde(environment: Mapping[str, str]) -> NamedProxy:
    """What KDE's settings say. Without a file they say that there is no proxy, as KDE itself takes it.

    The person's own file goes before the system's (`$XDG_CONFIG_HOME`, `$XDG_CONFIG_DIRS`).
    """
    home = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".config")
    folders = [home, *(environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep)]
    values: dict[str, str] = {}
    for folder in folders:
        values = {**_read(Path(folder) / _FILE), **values}
    place, kind = phrases("proxy_place_kde").happened, values.get("ProxyType", _NONE)
    if kind == _NONE:
        return NamedProxy(place)
    if kind not in (_MANUAL, _ENVIRONMENT):
        return NamedProxy(place, automatic=True)
    https, socks, excepted = (values.get(key, "").strip() for key in ("httpsProxy", "socksProxy", "NoProxyFor"))
    if kind == _ENVIRONMENT:
        # These name variables then.
        https, socks, excepted = (_of_variables(names, environment) for names in (https, socks, excepted))
    return NamedProxy(
        place,
        _address(https, "http") or _address(socks, "socks5"),
        tuple(excepted.replace(",", " ").split()),
        only_excepted=values.get("ReversedException", "").lower() in ("true", "1"),
    )


def _read(path: Path) -> dict[str, str]:
    """The keys of the group, empty where the file is missing or cannot be read."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(_LARGEST)
    except OSError:
        return {}
    values, inside = {}, False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            inside = _MARK.sub("", line) == f"[{_GROUP}]"
        elif inside and "=" in line:
            key, _, value = line.partition("=")
            values[_MARK.sub("", key.strip())] = value.strip()
    return values


def _address(text: str, scheme: str) -> str:
    """KDE writes `http://10.0.0.5 3128`, with a space before the port."""
    address = ":".join(text.split())
    return address if not address or "://" in address else f"{scheme}://{address}"


def _of_variables(names: str, environment: Mapping[str, str]) -> str:
    return next((value for name in names.split(",") if (value := environment.get(name.strip(), ""))), "")
