"""The launchers and the installer for Windows, as far as they can be read on another system."""

import hashlib
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from shipping.checkout_copy import BuildError, checkout
from shipping.desktops import installer, windows
from shipping.desktops.foreign_checks import check_launchers
from shipping.desktops.icon_files import ico
from tests.checkout import ROOT

NAMES = "{http://schemas.microsoft.com/wix/2006/wi}"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with launchers, an icon, and Pythons that are none."""
    folder = tmp_path / "Keyrack"
    (folder / "python").mkdir(parents=True)
    for name in ("python.exe", "pythonw.exe"):
        (folder / "python" / name).write_bytes(b"")
    windows.write_launchers(folder / "bin", folder / "python/python.exe")
    (folder / "keyrack.ico").write_bytes(b"an icon")
    return folder


def test_each_launcher_starts_the_python_beside_it_isolated(program: Path) -> None:
    check_launchers(program, whole=True)
    assert sorted(path.name for path in (program / "bin").iterdir()) == [
        "keyrack-gui-script.pyw",
        "keyrack-gui.exe",
        "keyrack-script.py",
        "keyrack.exe",
        "vcruntime140.dll",
    ]
    assert (program / "bin/keyrack-script.py").read_text().startswith("#!python\\python.exe -I\n")
    assert (program / "bin/keyrack-gui-script.pyw").read_text().startswith("#!python\\pythonw.exe -I\n")


def test_a_launcher_whose_python_is_missing_is_refused(program: Path) -> None:
    (program / "python/pythonw.exe").unlink()
    with pytest.raises(BuildError, match="start nothing: keyrack-gui"):
        check_launchers(program, whole=True)


def test_a_launcher_without_the_library_of_its_compiler_is_refused(program: Path) -> None:
    (program / "bin/vcruntime140.dll").unlink()
    with pytest.raises(BuildError, match=r"keyrack\.exe lacks VCRUNTIME140\.dll"):
        check_launchers(program, whole=True)


def test_the_installers_description_has_every_file_once_and_the_menus_entry(program: Path) -> None:
    told = ET.fromstring(installer.described(checkout(ROOT), program))
    files = [file.get("Source") for file in told.iter(f"{NAMES}File")]
    there = sorted(path.relative_to(program).as_posix() for path in program.rglob("*") if path.is_file())
    assert sorted(map(str, files)) == there
    components = [component.get("Id") for component in told.iter(f"{NAMES}Component")]
    assert sorted(map(str, components)) == sorted(str(one.get("Id")) for one in told.iter(f"{NAMES}ComponentRef"))
    assert len(set(components)) == len(there)
    (shortcut,) = told.iter(f"{NAMES}Shortcut")
    assert shortcut.get("Name") == "Keyrack"
    (product,) = told.iter(f"{NAMES}Product")
    assert product.get("Version") == checkout(ROOT).version
    assert product.get("UpgradeCode") == str(installer.UPGRADES).upper()


def test_the_installer_holds_the_folder_and_has_the_same_bytes_again(program: Path, tmp_path: Path) -> None:
    if shutil.which("wixl") is None or shutil.which("msibuild") is None:
        pytest.skip("wixl or msitools is not installed")
    made = [tmp_path / "one.msi", tmp_path / "two.msi"]
    for setup in made:
        installer.write_installer(checkout(ROOT), program, setup)
    listed = subprocess.run(["msiextract", "--list", made[0]], capture_output=True, text=True, check=True).stdout
    there = {f"Keyrack/{path.relative_to(program).as_posix()}" for path in program.rglob("*") if path.is_file()}
    assert set(listed.splitlines()) == there
    path = subprocess.run(["msiinfo", "export", made[0], "Environment"], capture_output=True, text=True, check=True)
    assert path.stdout.splitlines()[-1].startswith(f"PATH\t=-*PATH\t[~];[{installer.identifier('bin')}]")
    assert len({hashlib.sha256(setup.read_bytes()).hexdigest() for setup in made}) == 1


def test_the_icon_is_a_directory_of_pictures() -> None:
    icon = ico(ROOT / "resources/icons/keyrack.svg")
    assert icon[:6] == b"\0\0\1\0\5\0"
    begin = int.from_bytes(icon[18:22], "little")
    assert icon[begin : begin + 4] == b"\x89PNG"
