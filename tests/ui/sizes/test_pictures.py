"""Pictures of every screen for a person to look at: `KEYRACK_PICTURES=DIR python3 tests tests/ui/sizes`."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.palette import Scheme
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import delete_later
from tests.checkout import ROOT
from tests.ui.sizes.every_screen import FIRST_SCREENS, SCREENS, SCREENS_OF_MANY
from tests.ui.sizes.other_windows import menus, other_windows
from tests.ui.sizes.walk import MANY, SHOWN, close, harness_of, laid_out, show, text_size

FOLDER = Path(os.environ.get("KEYRACK_PICTURES", ""))


@dataclass(frozen=True)
class Look:
    """What the pictures differ in. With `many` there are 124 accounts and few screens."""

    scheme: Scheme = "light"
    points: int = 10
    size: tuple[int, int] = (1000, 680)
    many: bool = False
    contrast: bool = False


LOOKS = {
    "light": Look(),
    "dark": Look("dark"),
    "small": Look(size=(640, 420)),
    "20pt": Look(points=20),
    "20pt-small": Look(points=20, size=(640, 420)),
    "large": Look("dark", size=(2560, 1440)),
    "124": Look(many=True),
    "contrast": Look(contrast=True),
    "contrast-dark": Look("dark", contrast=True),
}


@pytest.mark.parametrize("name", LOOKS)
async def test_every_screen(name: str, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    look = LOOKS[name]
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    theme().use(look.scheme)
    theme().use_contrast(look.contrast)
    with text_size(qapp, look.points, look.size):
        theme().take_face()
        walks = ((MANY, SCREENS_OF_MANY),) if look.many else ((SHOWN, SCREENS), ((), FIRST_SCREENS))
        for settings, screens in walks:
            harness = await harness_of(tmp_path / str(len(settings)), settings)
            harness.window.setUpdatesEnabled(True)
            harness.window.resize(*look.size)
            for screen in screens:
                await show(harness, screen)
                laid_out()
                assert harness.window.grab().save(str(folder / f"{screen.name}.png"))
                screen.leave(harness)
            for title, menu in menus(harness) if settings is SHOWN else ():
                assert menu.grab().save(str(folder / f"{title}.png"))
            await close(harness)
        for title, window in other_windows():
            assert window.grab().save(str(folder / f"{title}.png"))
            delete_later(window)
    theme().use(None)
    theme().use_contrast(None)


def test_every_screen_at_twice_the_scale() -> None:
    command = [sys.executable, "-m", "pytest", "-q", __file__, "-k", "light"]
    env = {**os.environ, "KEYRACK_PICTURES": str(FOLDER / "twice"), "QT_SCALE_FACTOR": "2"}
    assert subprocess.run(command, env=env, cwd=ROOT, check=False).returncode == 0
