"""The entry that starts Keyrack at the sign-in to the computer: what it names, and that it follows a move."""

import shlex
import sys
from pathlib import Path

import pytest

from keyrack.core.system.login_start import LoginStart, quoted

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="they have no autostart folder")


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "c" / "autostart" / "keyrack.desktop"


def value(entry: Path, key: str) -> str:
    (line,) = [line for line in entry.read_text().splitlines() if line.startswith(f"{key}=")]
    return line.partition("=")[2]


def test_an_entry_names_a_program_that_is_there(entry: Path, tmp_path: Path) -> None:
    LoginStart(tmp_path / "c").write(value=True)
    words = shlex.split(value(entry, "Exec"))
    assert words[-1] == "--at-login"
    assert value(entry, "TryExec") == words[0]
    assert all(Path(word).exists() for word in words[:-1])
    assert "Delay" not in entry.read_text()
    before = entry.read_bytes()
    assert not LoginStart(tmp_path / "c").follow()
    assert entry.read_bytes() == before


def test_an_entry_names_the_appimage_and_not_where_it_is_mounted(
    entry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = tmp_path / "Keyrack.AppImage"
    image.touch()
    monkeypatch.setenv("APPIMAGE", str(image))
    monkeypatch.setenv("APPDIR", str(Path(sys.executable).parents[1]))
    LoginStart(tmp_path / "c").write(value=True)
    assert value(entry, "TryExec") == str(image)


def test_the_appimage_of_another_program_is_not_named(
    entry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPIMAGE", str(tmp_path / "terminal.AppImage"))
    monkeypatch.setenv("APPDIR", str(tmp_path / "mounted"))
    LoginStart(tmp_path / "c").write(value=True)
    assert "AppImage" not in entry.read_text()


@pytest.mark.parametrize("old", ["/gone/bin/keyrack", '/gone/a "quoted" 100% $folder\\keyrack'])
def test_an_entry_follows_where_the_program_moved(entry: Path, tmp_path: Path, old: str) -> None:
    place = LoginStart(tmp_path / "c")
    place.write(value=True)
    right = entry.read_text()
    own = "X-GNOME-Autostart-enabled=false\nHidden=false\n"
    stale = right.replace(value(entry, "Exec"), f"{quoted(old)} {quoted('--at-login')}")
    entry.write_text(stale.replace(f"TryExec={value(entry, 'TryExec')}", f"TryExec={old}") + own)
    assert place.follow()
    assert entry.read_text() == right + own
    assert not place.read(), "what the desktop switched off stays so"


def test_an_entry_of_somebody_elses_making_is_left(entry: Path, tmp_path: Path) -> None:
    entry.parent.mkdir(parents=True)
    for text in ('[Desktop Entry]\nExec="/gone/keyrack"\n', "[Desktop Entry]\n", "\xff"):
        entry.write_text(text, "latin-1")
        assert not LoginStart(tmp_path / "c").follow()
        assert entry.read_text("latin-1") == text
    entry.unlink()
    assert not LoginStart(tmp_path / "c").follow()
    assert not entry.exists()
