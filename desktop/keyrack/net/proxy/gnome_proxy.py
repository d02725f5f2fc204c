"""The proxy of GNOME's network settings, which the desktops that are built from its parts share."""

import ast
import shutil
import subprocess
from collections.abc import Mapping

from keyrack.messages.catalogue import phrases
from keyrack.net.proxy.named_proxy import NamedProxy

_SCHEMA = "org.gnome.system.proxy"
_SECONDS = 3.0


def of_gnome(environment: Mapping[str, str]) -> NamedProxy | None:
    """What `org.gnome.system.proxy` says, None where the program `gsettings` or this schema is missing.

    GSettings keeps them in a form of its own, so that its own program is asked. The settings of http serve plain http
    alone (GLib's GProxyResolverGnome).
    """
    program = shutil.which("gsettings", path=environment.get("PATH"))
    if program is None:
        return None
    try:
        shown = subprocess.run(
            [program, "list-recursively", _SCHEMA],
            env=environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
        ).stdout
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return understood(shown)


def understood(shown: str) -> NamedProxy:
    """The setting in lines such as `org.gnome.system.proxy.https port 3128`. Values are GVariant texts."""
    values = {
        (schema.removeprefix(_SCHEMA).lstrip("."), key): _value(text)
        for schema, key, text in (line.split(" ", 2) for line in shown.splitlines() if line.count(" ") >= 2)
    }
    place, mode = phrases("proxy_place_gnome").happened, values.get(("", "mode"))
    if mode == "auto":
        return NamedProxy(place, automatic=True)
    if mode != "manual":
        return NamedProxy(place)
    excepted = values.get(("", "ignore-hosts"))
    address = _address(values, "https", "http") or _address(values, "socks", "socks5")
    return NamedProxy(place, address, tuple(map(str, excepted)) if isinstance(excepted, list) else ())


def _address(values: dict[tuple[str, str], object], protocol: str, scheme: str) -> str:
    host, port = values.get((protocol, "host")), values.get((protocol, "port"))
    if not isinstance(host, str) or not host.strip():
        return ""
    host = host.strip()
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"


def _value(text: str) -> object:
    try:
        return ast.literal_eval(text.removeprefix("@as "))
    except (ValueError, SyntaxError):
        return None
