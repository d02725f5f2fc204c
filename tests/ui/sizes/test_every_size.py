"""Every screen at every size of text and window: nothing is cut and nothing lies on something else."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from keyrack.language.languages import LANGUAGES
from keyrack.language.translation import SOURCE
from keyrack.ui.integration.window_language import window_language
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import delete_later
from tests.ui.sizes.clipped_text import troubles
from tests.ui.sizes.every_screen import FIRST_SCREENS, SCREENS
from tests.ui.sizes.other_windows import other_windows
from tests.ui.sizes.walk import SHOWN, close, harness_of, laid_out, show, text_size

# In parts, so that each is done soon also on a busy computer. A screen of the lock follows the one that locks.
HALF = next(at for at, screen in enumerate(SCREENS) if screen.name == "rename")
WALKS = {
    "accounts": (SHOWN, SCREENS[:HALF]),
    "forms": (SHOWN, SCREENS[HALF:]),
    "first start": ((), FIRST_SCREENS),
}
SMALL, USUAL, LARGE = (640, 420), (1000, 680), (2560, 1440)


@pytest.mark.parametrize(
    ("points", "room", "sizes"),
    [
        (9, LARGE, (SMALL, USUAL, LARGE)),
        (13, LARGE, (SMALL, USUAL, LARGE)),
        (20, LARGE, (USUAL, LARGE)),
        (28, LARGE, (USUAL, LARGE)),
        # On a screen that is as small as its window the text grows to twice its size and no more.
        (28, SMALL, (SMALL,)),
    ],
    ids=["9", "13", "20", "28", "28 on a small screen"],
)
@pytest.mark.parametrize("walk", WALKS)
async def test_nothing_is_cut(
    walk: str,
    points: int,
    room: tuple[int, int],
    sizes: tuple[tuple[int, int], ...],
    tmp_path: Path,
    qapp: QApplication,
    qtbot: QtBot,
) -> None:
    assert await cut_texts(walk, points, room, sizes, tmp_path, qapp) == {}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != SOURCE])
@pytest.mark.parametrize("walk", WALKS)
async def test_nothing_is_cut_in_another_language(
    walk: str, language: str, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    window_language().speak(language)
    try:
        assert await cut_texts(walk, 13, LARGE, (SMALL, USUAL), tmp_path, qapp) == {}
    finally:
        window_language().speak(SOURCE)


async def cut_texts(
    walk: str, points: int, room: tuple[int, int], sizes: tuple[tuple[int, int], ...], folder: Path, qapp: QApplication
) -> dict[str, list[str]]:
    """What is cut or lies on something else, by screen and size of the window."""
    found: dict[str, list[str]] = {}
    with text_size(qapp, points, room):
        settings, screens = WALKS[walk]
        harness = await harness_of(folder, settings)
        for screen in screens:
            await show(harness, screen)
            for wide, high in sizes:
                harness.window.resize(wide, high)
                laid_out()
                if high >= theme().px(screen.high) and (wrong := troubles(harness.window)):
                    found[f"{screen.name} at {wide} x {high}"] = wrong
            screen.leave(harness)
        await close(harness)
        for name, window in other_windows() if walk == "first start" else ():
            if wrong := troubles(window):
                found[name] = wrong
            delete_later(window)
    return found


async def test_none_is_wider(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    """A page that scrolls sideways cannot be read.

    This test's name is short because it is in a path that a page shows.
    """
    wide: list[str] = []
    with text_size(qapp, 20, SMALL):
        harness = await harness_of(tmp_path)
        harness.window.resize(*SMALL)
        for screen in SCREENS[HALF:]:
            await show(harness, screen)
            laid_out()
            areas = [area for area in harness.window.findChildren(QScrollArea) if area.isVisible()]
            wide += [screen.name for area in areas if area.horizontalScrollBar().maximum()]
            screen.leave(harness)
        await close(harness)
    assert wide == []
