"""The system's proxy is found where a person set it, its place is named, and nothing is silently another way."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from keyrack.net.proxy.proxy_address import BadProxy
from keyrack.net.proxy.system_proxy import of_the_system
from keyrack.net.proxy.way import Way
from tests.keyring_session import KeyringSession
from tests.net.proxy.portal import playing_the_portal

pytestmark = [
    pytest.mark.security("S52"),
    pytest.mark.skipif(not shutil.which("gsettings"), reason="no gsettings: the desktop's settings are Linux's"),
]

HOST = "provider.example"
NOWHERE = "the system's settings, which name no proxy"
GNOME = "the desktop's network settings (GNOME)"
KDE = "the desktop's network settings (KDE)"
SCHEMA = "org.gnome.system.proxy"


@dataclass
class Desktop:
    """A home without settings, and the environment of a program in it."""

    home: Path
    environment: dict[str, str]

    def set_gnome(self, **values: str) -> None:
        """Set keys as the desktop's own page does, such as `https_port="3128"`."""
        for name, value in values.items():
            part, _, key = name.rpartition("_")
            schema = f"{SCHEMA}.{part}" if part else SCHEMA
            command = ["gsettings", "set", schema, key.replace("ignorehosts", "ignore-hosts"), value]
            subprocess.run(command, check=True, env=self.environment)

    def set_kde(self, text: str, folder: str = ".") -> None:
        file = self.home / folder / "kioslaverc"
        file.write_text(f"[General]\nhttpsProxy=http://other.example 1\n[Proxy Settings]\n{text}")

    async def way(self, host: str = HOST) -> Way:
        return await of_the_system(host, self.environment)

    async def found(self, host: str = HOST) -> str:
        """The way in short: the proxy or "directly", and the place."""
        way = await self.way(host)
        return f"{way.proxy.name if way.proxy else 'directly'}, {way.place}"


@pytest.fixture
def desktop(tmp_path: Path) -> Desktop:
    """GSettings keeps its settings in a file here, which needs no bus."""
    return Desktop(
        tmp_path,
        {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path),
            "XDG_CONFIG_DIRS": str(tmp_path / "etc"),
            "GSETTINGS_BACKEND": "keyfile",
            "XDG_CURRENT_DESKTOP": "GNOME",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus",
        },
    )


@pytest.mark.parametrize(
    ("environment", "there", "near"),
    [
        (
            {"HTTPS_PROXY": "http://p.example:3128", "NO_PROXY": "near.example, 10.0.0.0/8"},
            "p.example:3128",
            "directly",
        ),
        ({"https_proxy": "p.example:3128"}, "p.example:3128", "p.example:3128"),
        ({"ALL_PROXY": "http://p.example:3128", "no_proxy": "*"}, "directly", "directly"),
        ({"https_proxy": " ", "ALL_PROXY": "http://p.example:3128"}, "p.example:3128", "p.example:3128"),
    ],
)
async def test_the_environment_is_read_as_by_other_programs(
    environment: dict[str, str], there: str, near: str, desktop: Desktop
) -> None:
    for name, value in environment.items():
        desktop.environment[name] = value

    place = next(name for name in environment if "no" not in name.lower() and environment[name].strip())
    assert await desktop.found() == f"{there}, {place} of its environment"
    assert await desktop.found("near.example") == f"{near}, {place} of its environment"


async def test_without_any_setting_that_is_said(desktop: Desktop) -> None:
    desktop.environment["HTTP_PROXY"] = "http://p.example:3128"  # it is for http alone
    assert await desktop.found() == f"directly, {GNOME}"
    desktop.environment["PATH"] = str(desktop.home)
    assert await desktop.found() == f"directly, {NOWHERE}"


async def test_a_login_in_the_environment_is_used_and_never_shown(desktop: Desktop) -> None:
    desktop.environment["HTTPS_PROXY"] = "http://me:invented-secret@p.example:3128"
    way = await desktop.way()

    assert way.proxy is not None
    assert way.proxy.login is not None
    assert way.proxy.login.password.reveal() == "invented-secret"
    assert "invented" not in way.connects() + repr(way)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"_mode": "none", "https_host": "10.0.0.5", "https_port": "3128"}, "directly"),
        ({"_mode": "manual", "https_host": "10.0.0.5", "https_port": "3128"}, "10.0.0.5:3128"),
        ({"_mode": "manual", "https_host": "fd00::5", "https_port": "3128"}, "[fd00::5]:3128"),
        ({"_mode": "manual", "https_host": "proxy.example", "https_port": "0"}, "proxy.example:80"),
        ({"_mode": "manual", "http_host": "10.0.0.6", "http_port": "3128"}, "directly"),
    ],
)
async def test_gnome_s_settings_are_read(settings: dict[str, str], expected: str, desktop: Desktop) -> None:
    desktop.set_gnome(**settings)
    assert await desktop.found() == f"{expected}, {GNOME}"


async def test_gnome_s_exceptions_are_obeyed(desktop: Desktop) -> None:
    desktop.set_gnome(
        _mode="manual", https_host="10.0.0.5", https_port="3128", _ignorehosts="['*.near.example', '10.1.0.0/16']"
    )
    assert await desktop.found("api.near.example") == f"directly, {GNOME}"
    assert await desktop.found("10.1.2.3") == f"directly, {GNOME}"
    assert await desktop.found() == f"10.0.0.5:3128, {GNOME}"
    desktop.set_gnome(_ignorehosts="[]")
    assert await desktop.found("api.near.example") == f"10.0.0.5:3128, {GNOME}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ProxyType=0\nhttpsProxy=http://10.0.0.5 3128", "directly"),
        ("ProxyType=1\nhttpsProxy=http://10.0.0.5 3128", "10.0.0.5:3128"),
        ("ProxyType[$i]=1\nhttpsProxy[$e]=10.0.0.5:3128", "10.0.0.5:3128"),
        ("ProxyType=1\nhttpProxy=http://10.0.0.6 3128", "directly"),
        ("ProxyType=1\nhttpsProxy=http://10.0.0.5 3128\nNoProxyFor=near.example,.example", "directly"),
        ("ProxyType=1\nhttpsProxy=http://10.0.0.5 3128\nNoProxyFor=near.example", "10.0.0.5:3128"),
        ("ProxyType=1\nhttpsProxy=http://10.0.0.5 3128\nNoProxyFor=near.example\nReversedException=true", "directly"),
        ("ProxyType=1\nhttpsProxy=http://10.0.0.5 3128\nNoProxyFor=.example\nReversedException=true", "10.0.0.5:3128"),
        ("ProxyType=4\nhttpsProxy=MY_PROXY\nNoProxyFor=MY_NO_PROXY", "10.0.0.7:8080"),
        ("ProxyType=nonsense without an address", "refused"),
        ("[Other]\nProxyType=1", "directly"),
        ("", "directly"),
    ],
)
async def test_kde_s_settings_are_read(text: str, expected: str, desktop: Desktop) -> None:
    desktop.environment["XDG_CURRENT_DESKTOP"] = "KDE"
    desktop.environment["MY_PROXY"] = "http://10.0.0.7:8080"
    desktop.set_gnome(_mode="manual", https_host="10.9.9.9", https_port="1")
    desktop.set_kde(text)
    if expected == "refused":
        with pytest.raises(BadProxy):
            await desktop.found()
    else:
        assert await desktop.found() == f"{expected}, {KDE}"


async def test_kde_s_settings_of_the_system_count_where_the_person_has_none(desktop: Desktop) -> None:
    desktop.environment["XDG_CURRENT_DESKTOP"] = "KDE"
    assert await desktop.found() == f"directly, {KDE}"
    (desktop.home / "etc").mkdir()
    desktop.set_kde("ProxyType=1\nhttpsProxy=http://10.0.0.8 3128", "etc")
    assert await desktop.found() == f"10.0.0.8:3128, {KDE}"
    desktop.set_kde("ProxyType=0")
    assert await desktop.found() == f"directly, {KDE}"


def _socks_of_gnome(desktop: Desktop) -> None:
    desktop.set_gnome(_mode="manual", socks_host="10.0.0.5", socks_port="1080")


def _nonsense_of_gnome(desktop: Desktop) -> None:
    desktop.set_gnome(_mode="manual", https_host="pro xy", https_port="1080")


@pytest.mark.parametrize("prepare", [_socks_of_gnome, _nonsense_of_gnome])
async def test_a_setting_that_cannot_be_used_is_told_with_its_place(
    prepare: Callable[[Desktop], None], desktop: Desktop
) -> None:
    prepare(desktop)
    with pytest.raises(BadProxy) as caught:
        await desktop.found()

    assert caught.value.code == "system_proxy_unusable"
    assert caught.value.means.startswith(f"It is the one of {GNOME}. It is")


async def test_two_spellings_that_differ_are_told(desktop: Desktop) -> None:
    desktop.environment["https_proxy"] = "http://small.example:3128"
    desktop.environment["HTTPS_PROXY"] = "http://large.example:3128"
    way = await desktop.way()

    assert way.proxy is not None
    assert way.proxy.name == "small.example:3128"
    assert way.overruled == (
        "Another way stands in HTTPS_PROXY of its environment. It does not count, because https_proxy of its "
        "environment goes first."
    )


async def test_a_desktop_that_differs_from_the_environment_is_told(desktop: Desktop) -> None:
    desktop.environment["HTTPS_PROXY"] = "http://10.0.0.5:3128"
    desktop.set_gnome(_mode="manual", https_host="10.0.0.6", https_port="3128")
    way = await desktop.way()
    assert way.proxy is not None
    assert way.proxy.name == "10.0.0.5:3128"
    assert way.overruled.startswith(f"Another way stands in {GNOME}. It does not count")

    desktop.set_gnome(https_host="10.0.0.5")
    assert (await desktop.way()).overruled == ""


@pytest.fixture
def bus(desktop: Desktop) -> Iterator[str]:
    """The address of a session bus of the test's own."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("no dbus-daemon")
    session = KeyringSession(desktop.home / "bus")
    session.runtime.mkdir(mode=0o700, parents=True)
    session.start_bus()
    desktop.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={session.socket}"
    yield desktop.environment["DBUS_SESSION_BUS_ADDRESS"]
    session.stop()


async def test_an_automatic_configuration_is_left_to_the_desktop_s_portal(desktop: Desktop, bus: str) -> None:
    desktop.set_gnome(_mode="auto")
    async with playing_the_portal(bus, {f"https://{HOST}/": ["http://10.0.0.9:8080", "direct://"]}) as asked:
        assert await desktop.found() == f"10.0.0.9:8080, {GNOME}"
    assert asked == [f"https://{HOST}/"]


@pytest.mark.parametrize("answer", [["direct://"], [], None], ids=["direct", "nothing", "an error"])
async def test_an_automatic_configuration_that_nobody_runs_is_no_direct_connection(
    answer: list[str] | None, desktop: Desktop, bus: str
) -> None:
    """GLib answers `direct://` where it cannot run the script, so that this answer means nothing."""
    desktop.set_gnome(_mode="auto")
    async with playing_the_portal(bus, {f"https://{HOST}/": answer}):
        with pytest.raises(BadProxy) as caught:
            await desktop.found()

    assert caught.value.code == "proxy_automatic_unanswered"
    assert GNOME in caught.value.means


@pytest.mark.parametrize("kind", ["2", "3"])
async def test_without_a_portal_an_automatic_configuration_is_told(kind: str, desktop: Desktop) -> None:
    desktop.environment["XDG_CURRENT_DESKTOP"] = "KDE"
    desktop.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={desktop.home}/no-bus"
    desktop.set_kde(f"ProxyType={kind}\nProxy Config Script=http://wpad/wpad.dat")
    with pytest.raises(BadProxy) as caught:
        await desktop.found()

    assert caught.value.code == "proxy_automatic_unanswered"
