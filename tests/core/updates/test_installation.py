"""How Keyrack was installed is found out by what lies around it, and the command goes the same way."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from keyrack.core.updates.installation import Installation, Kind, installation
from keyrack.core.updates.release_list import Release, ReleasedFile
from tests.checkout import ROOT

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
NAMES = (
    "keyrack-0.2.0.tar.gz",
    f"keyrack_0.2.0_python3.99_{MACHINE}.deb",
    f"keyrack_0.2.0_python{PYTHON}_riscv64.deb",
    f"keyrack_0.2.0_python{PYTHON}_{MACHINE}.deb",
    "keyrack-0.2.0-py3-none-any.whl",
    f"keyrack-0.2.0-linux-{platform.machine()}-python{PYTHON}.tar.gz",
    f"keyrack-0.2.0-linux-{platform.machine()}-python3.99.tar.gz",
    "keyrack-0.2.0-windows-x86_64.msi",
    f"keyrack-0.2.0-macos-{platform.machine()}.zip",
    f"Keyrack-0.2.0-{platform.machine()}.AppImage",
)
RELEASE = Release("0.2.0", "2026-12-01", tuple(ReleasedFile(name, 1, "0" * 64) for name in NAMES))


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (["pipx_metadata.json"], "pipx"),
        (["uv-receipt.toml"], "uv"),
        (["README.md", "share/metainfo/app.keyrack.Keyrack.metainfo.xml"], "tarball"),
        (["share/metainfo/app.keyrack.Keyrack.metainfo.xml", "pyvenv.cfg"], "pip"),
        (["pyvenv.cfg"], "pip"),
        ([], "unknown"),
    ],
)
def test_an_environment_is_known_by_its_files(files: list[str], kind: Kind, tmp_path: Path) -> None:
    program = tmp_path / "lib/site-packages/keyrack"
    program.mkdir(parents=True)
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert installation(program, tmp_path).kind == kind


def test_debian_and_sources_are_known_by_their_places() -> None:
    debian = Path("/usr/lib/keyrack")
    assert installation(debian / "lib/python3.11/site-packages/keyrack", debian).kind == "deb"
    here = installation()
    assert (here.kind, here.folder) == ("sources", ROOT)


def test_what_was_brought_in_by_a_desktop_has_its_file_and_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command for another way would leave this Keyrack as it is, or harm it."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/keyrack-gui.exe").touch()
    windows = installation(tmp_path / "python/Lib/site-packages/keyrack", tmp_path / "python")
    bundle = Path("/Applications/Keyrack.app/Contents/Resources/python")
    macos = installation(bundle / "lib/python3.13/site-packages/keyrack", bundle)
    (tmp_path / ".flatpak-info").touch()
    flatpak = installation(tmp_path / "app/lib/python3.13/site-packages/keyrack", tmp_path / "usr", tmp_path)
    own = tmp_path / "home/environment"  # of a person who works in another program's Flatpak
    own.mkdir(parents=True)
    (own / "pyvenv.cfg").touch()
    assert installation(own / "lib/python3.13/site-packages/keyrack", own, tmp_path).kind == "pip"
    image = str(tmp_path / "Keyrack-0.1.0-x86_64.AppImage")
    monkeypatch.setenv("APPIMAGE", image)
    monkeypatch.setenv("APPDIR", str(Path(sys.executable).parent.parent))
    usr = tmp_path / "mounted/usr"
    appimage = installation(usr / "lib/python3.11/site-packages/keyrack", usr)

    assert [each.kind for each in (windows, macos, flatpak, appimage)] == ["windows", "macos", "flatpak", "appimage"]
    assert [each.command(RELEASE) for each in (windows, macos, flatpak, appimage)] == [""] * 4
    files = [each.file(RELEASE) for each in (windows, macos, flatpak, appimage)]
    assert [file and file.name for file in files] == [NAMES[7], NAMES[8], None, NAMES[9]]


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("deb", f"sudo apt install ./keyrack_0.2.0_python{PYTHON}_{MACHINE}.deb"),
        ("pipx", "pipx install --force './keyrack-0.2.0-py3-none-any.whl[sandbox]'"),
        ("uv", "uv tool install --force './keyrack-0.2.0-py3-none-any.whl[sandbox]'"),
        ("tarball", f"tar -xf {NAMES[5]} -C '/my things'"),
        ("sources", "tar -xf keyrack-0.2.0.tar.gz -C '/my things'"),
        ("pip", "'/my things/keyrack/bin/python' -m pip install --upgrade './keyrack-0.2.0-py3-none-any.whl[sandbox]'"),
    ],
)
def test_each_way_has_its_command(kind: Kind, command: str) -> None:
    assert Installation(kind, Path("/my things/keyrack")).command(RELEASE) == command


def test_a_clone_needs_no_file_and_a_release_without_the_file_gives_no_command(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    clone = Installation("sources", tmp_path)
    assert clone.file(RELEASE) is None
    assert clone.command(RELEASE) == f"git -C {tmp_path} pull --ff-only"
    bare = Release("0.2.0", "2026-12-01", ())
    assert Installation("deb", Path("/usr/lib/keyrack")).command(bare) == ""


def test_a_wheel_is_named_without_the_sandbox_where_that_is_not_installed() -> None:
    assert (
        Installation("pipx", Path("/x"), with_sandbox=False)
        .command(RELEASE)
        .endswith("./keyrack-0.2.0-py3-none-any.whl")
    )


def test_git_takes_the_command_for_a_clone(tmp_path: Path) -> None:
    """The words are right: git gets as far as having nothing to pull from."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    command = Installation("sources", tmp_path).command(RELEASE)
    done = subprocess.run(command.split(), capture_output=True, text=True, check=False)
    assert "usage" not in done.stderr.lower()
    assert done.returncode
