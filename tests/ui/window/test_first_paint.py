"""What may be imported before the window is painted: Qt and the frame, nothing that stands behind it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import DESKTOP

LATER = {
    *("asyncio", "qasync", "ssl", "httpx", "h11", "websockets", "keyring", "msgspec", "segno", "tomllib"),
    *(
        "keyrack.core.rack",
        "keyrack.core.vault.keyring_vault",
        "keyrack.providers.schema",
        "keyrack.oauth.authorization_server",
        "keyrack.app",
    ),
    *("keyrack.net.client.http_client", "keyrack.ui.frontend", "keyrack.ui.window.contents"),
    *("keyrack.ui.theme.theme", "keyrack.ui.parts.dressing", "keyrack.messages.catalogue"),
}

# What many days of use never need.
WHEN_NEEDED = {"websockets", "segno", "cryptography", "httpx", "http.cookiejar", "keyring", "keyrack.tour.tour"}


def test_network_keyring_and_providers_come_after_the_first_paint() -> None:
    before = "keyrack.__main__, keyrack.startup.preflight, keyrack.core.system.paths, keyrack.ui.window.first_paint"
    code = f"import sys, {before}; print(*sys.modules)"
    imported = set(subprocess.check_output([sys.executable, "-c", code], cwd=DESKTOP, text=True).split())
    assert "keyrack.ui.window.main_window" in imported
    assert imported & LATER == set()


def test_libraries_that_many_days_never_need_are_imported_when_they_are_needed() -> None:
    code = "import sys, keyrack.ui.window.first_paint, keyrack.app; print(*sys.modules)"
    imported = set(subprocess.check_output([sys.executable, "-c", code], cwd=DESKTOP, text=True).split())
    assert "keyrack.ui.frontend" in imported
    assert imported & WHEN_NEEDED == set()


HIDDEN = """
import sys
from pathlib import Path
from keyrack.core.preferences.first_look import FirstLook
from keyrack.ui.theme.theme import theme
from keyrack.ui.parts.dressing import dress, show_name
from keyrack.ui.window.first_paint import application, first_paint
look = FirstLook("dark", 150, sys.argv[1] == "hidden")
window = first_paint(sandbox=False, look=look, at_login=True)
dress(application(), look)
show_name(window, sandbox=False)
minimised = window.isMinimized()
window.tray_appeared()
print(theme().palette.name, theme().scale > 1.2, minimised, window.isVisible())
window.come_forward()
print(window.isVisible(), window.isMinimized())
"""


@pytest.mark.parametrize(("wanted", "said"), [("hidden", "True False"), ("shown", "False True")])
def test_a_start_at_sign_in_shows_no_window_where_that_was_chosen(wanted: str, said: str) -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    out = subprocess.check_output([sys.executable, "-c", HIDDEN, wanted], cwd=DESKTOP, env=env, text=True)
    assert out.splitlines() == [f"dark True {said}", "True False"]


GROUNDS = """
import sys
from pathlib import Path
from PySide6 import QtCore, QtWidgets
from keyrack.core.preferences.first_look import FirstLook
from keyrack.ui.window.first_paint import application, first_paint
look = FirstLook(*sys.argv[1:2], int(sys.argv[2]))
window = first_paint(sandbox=False, look=look)
dear = [name for module in (QtCore, QtWidgets) for name in ("Qt", "QStyle") if name in vars(module)]
picture = window.grab().toImage()
middle = picture.height() // 2
pixels = [picture.pixelColor(x, middle).name() for x in map(int, sys.argv[3:])]
from keyrack.ui.parts.dressing import dress, show_name
dress(application(), look)
show_name(window, sandbox=False)
picture = window.grab().toImage()
print(dear, pixels, [picture.pixelColor(x, middle).name() for x in map(int, sys.argv[3:])])
"""


def painted(scheme: str, percent: int, *places: int) -> str:
    """What the first paint needed that is dear, and the colours at these places of it and of the dressed frame."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", GROUNDS, scheme, str(percent), *map(str, places)]
    return subprocess.check_output(command, cwd=DESKTOP, env=env, text=True).strip()


@pytest.mark.parametrize(
    ("scheme", "percent", "places", "colours"),
    [
        ("light", 100, (10, 254, 255, 256, 500), ["#ffffff", "#ffffff", "#e2e5ea", "#f5f6f8", "#f5f6f8"]),
        ("dark", 100, (10, 254, 255, 256, 500), ["#1b1e24", "#1b1e24", "#2b2f37", "#131519", "#131519"]),
        ("light", 150, (10, 382, 383, 384, 500), ["#ffffff", "#ffffff", "#e2e5ea", "#f5f6f8", "#f5f6f8"]),
    ],
)
def test_the_first_paint_has_the_grounds_of_the_dressed_frame_and_nothing_dear(
    scheme: str, percent: int, places: tuple[int, ...], colours: list[str]
) -> None:
    assert painted(scheme, percent, *places) == f"[] {colours} {colours}"


SOURCES = """
import linecache, sys, types
from keyrack.__main__ import main
# In the place of all that comes after the first frame.
sys.modules["keyrack.app"] = types.SimpleNamespace(run=lambda *_: print(len(linecache.cache)) or 0, ended=int)
main([])
"""


def test_no_source_is_read_and_kept_for_what_is_imported(tmp_path: Path) -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    kept = subprocess.check_output([sys.executable, "-c", SOURCES], cwd=DESKTOP, env=env, text=True)
    assert int(kept) < 10, "PySide itself reads a few before it can be told"
