"""Reduced motion: asked of the desktop's portal without waiting, believed when it answers."""

from pathlib import Path

import pytest
from PySide6.QtDBus import QDBusVariant
from PySide6.QtWidgets import QApplication

from keyrack.ui.theme.motion import Motion, has_session_bus, unwrapped
from keyrack.ui.theme.theme import Theme


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


def test_the_theme_passes_it_on(qapp: QApplication) -> None:
    theme = Theme()
    assert theme.motion()
    motion = theme.findChild(Motion)
    assert motion is not None
    motion.set_allowed(allowed=False)
    assert not theme.motion()
    theme.allow_motion(allowed=True)
    assert theme.motion()
