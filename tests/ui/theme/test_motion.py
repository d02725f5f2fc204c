"""Reduced motion and more contrast: asked of the desktop's portal without waiting, believed when it answers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.contrast import Contrast
from keyrack.ui.theme.motion import Motion
from keyrack.ui.theme.palette import DARK_STRONG, LIGHT, LIGHT_STRONG
from keyrack.ui.theme.portal_setting import has_session_bus, unwrapped
from keyrack.ui.theme.theme import Theme
from tests.keyring_session import KeyringSession
from tests.ui.harness import seen
from tests.ui.theme.settings_portal import playing_the_portal

PATH = "/org/freedesktop/portal/desktop"
MOTION = ("org.gnome.desktop.interface", "enable-animations")
CONTRAST = ("org.freedesktop.appearance", "contrast")


def test_an_answer_is_unwrapped() -> None:
    wrapped = QDBusVariant()
    wrapped.setVariant(False)
    assert unwrapped(wrapped) is False
    assert unwrapped(True) is True


def test_no_bus_is_started_to_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert not has_session_bus()
    (tmp_path / "bus").touch()
    assert has_session_bus()


def test_motion_is_allowed_until_the_system_says_otherwise(qapp: QApplication) -> None:
    motion, told = Motion(), list[bool]()
    motion.changed.connect(lambda: told.append(motion.allowed))
    motion.query()
    assert motion.allowed
    motion.set_allowed(allowed=True)
    motion.set_allowed(allowed=False)
    assert told == [False]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    if shutil.which("dbus-daemon") is None:
        pytest.skip("no dbus-daemon")
    session = KeyringSession(tmp_path / "bus")
    session.runtime.mkdir(mode=0o700, parents=True)
    session.start_bus()
    yield f"unix:path={session.socket}"
    session.stop()


@pytest.fixture
def bus(address: str) -> Iterator[QDBusConnection]:
    yield QDBusConnection.connectToBus(address, "motion")
    QDBusConnection.disconnectFromBus("motion")


def test_a_change_is_followed_live(qtbot: QtBot, bus: QDBusConnection) -> None:
    motion = Motion()
    assert bus.registerService("org.freedesktop.portal.Desktop")
    motion.setting.follow(bus)
    for allowed in (False, True):
        change = QDBusMessage.createSignal(PATH, "org.freedesktop.portal.Settings", "SettingChanged")
        value = QDBusVariant()
        value.setVariant(allowed)
        change.setArguments([*MOTION, value])
        with qtbot.waitSignal(motion.changed):
            bus.send(change)
        assert motion.allowed is allowed
    other = QDBusVariant()
    other.setVariant("")
    motion.setting.setting_changed("org.gnome.desktop.interface", "clock-format", other)
    assert motion.allowed


def wrapped(value: int) -> QDBusVariant:
    made = QDBusVariant()
    made.setVariant(value)
    return made


def test_more_contrast_is_followed_live(qtbot: QtBot, bus: QDBusConnection) -> None:
    wanted = Contrast()
    assert not wanted.more
    assert bus.registerService("org.freedesktop.portal.Desktop")
    wanted.setting.follow(bus)
    for value, more in ((1, True), (0, False)):
        change = QDBusMessage.createSignal(PATH, "org.freedesktop.portal.Settings", "SettingChanged")
        change.setArguments([*CONTRAST, wrapped(value)])
        with qtbot.waitSignal(wanted.changed):
            bus.send(change)
        assert wanted.more is more
    wanted.setting.setting_changed("org.freedesktop.appearance", "color-scheme", wrapped(1))
    assert not wanted.more, "another setting"


async def test_both_settings_are_asked_for_at_the_start(qtbot: QtBot, address: str, bus: QDBusConnection) -> None:
    motion, wanted = Motion(), Contrast()
    settings = {MOTION: 0, CONTRAST: 1}
    async with playing_the_portal(address, settings) as asked:
        motion.setting.ask(bus)
        wanted.setting.ask(bus)
        await seen(lambda: wanted.more and not motion.allowed)
    assert asked == [MOTION, CONTRAST]


async def test_a_portal_without_the_setting_changes_nothing(qtbot: QtBot, address: str, bus: QDBusConnection) -> None:
    wanted = Contrast()
    async with playing_the_portal(address, {}) as asked:
        wanted.setting.ask(bus)
        await seen(lambda: bool(asked))
        await seen(lambda: wanted.setting.findChild(QDBusPendingCallWatcher) is None)
    assert not wanted.more


def test_the_theme_takes_stronger_colours_and_the_usual_ones_again(qapp: QApplication) -> None:
    theme = Theme(lambda: Qt.ColorScheme.Light)
    assert theme.palette is LIGHT
    wanted = theme.findChild(Contrast)
    assert wanted is not None
    wanted.setting.told.emit(1)
    assert theme.palette is LIGHT_STRONG
    theme.use("dark")
    assert theme.palette is DARK_STRONG
    theme.use_contrast(more=False)
    theme.use(None)
    assert theme.palette is LIGHT, "forced"
    theme.use_contrast(more=None)
    assert theme.palette is LIGHT_STRONG
    wanted.setting.told.emit(0)
    assert theme.palette is LIGHT


def test_the_theme_passes_it_on(qapp: QApplication) -> None:
    theme = Theme()
    assert theme.motion()
    motion = theme.findChild(Motion)
    assert motion is not None
    motion.set_allowed(allowed=False)
    assert not theme.motion()
    theme.allow_motion(allowed=True)
    assert theme.motion()
