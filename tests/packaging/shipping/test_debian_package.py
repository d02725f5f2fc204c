"""What the package for Debian is made from: the used parts of Qt, the entries that desktops read, and the texts."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest
import shiboken6

from shipping import deb, debian_control
from shipping.checkout_copy import checkout
from shipping.licences import licence_of
from shipping.program_tree import compile_all, unfold_support
from shipping.shared_files import write_shared_files
from shipping.used_parts import PLUGINS, imported_modules, used_of_qt
from tests.checkout import DESKTOP, ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages for Debian are made on Linux")
PYSIDE = Path(str(PySide6.__file__)).parent


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shared files of every package."""
    folder = tmp_path_factory.mktemp("shared")
    write_shared_files(ROOT, folder)
    return folder / "share"


def test_the_modules_of_qt_are_those_that_the_sources_import() -> None:
    assert imported_modules(DESKTOP / "keyrack") == {"QtCore", "QtDBus", "QtGui", "QtSvg", "QtWidgets"}


def test_what_stays_of_qt_is_whole_and_small() -> None:
    used = used_of_qt(PYSIDE, DESKTOP / "keyrack")
    names = {path.name for path in used}
    assert {Path(name).name for name in PLUGINS} <= names
    assert {"libQt6Core.so.6", "libQt6XcbQpa.so.6", "libQt6WaylandClient.so.6", "libicudata.so.73"} <= names
    assert not [name for name in names if any(part in name for part in ("Qml", "Quick", "Designer", "Sql", "OpenGL"))]
    whole = sum(path.stat().st_size for path in PYSIDE.rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in used) < whole / 2


def test_shibokens_own_modules_are_compiled_once(tmp_path: Path) -> None:
    site = tmp_path / "it's a site"
    shutil.copytree(Path(str(shiboken6.__file__)).parent, site / "shiboken6")
    unfold_support(site)
    compile_all(site, str(site), str(site))
    code = """
import sys
sys.path.insert(0, sys.argv[1])
import shiboken6
own = [module for name, module in sys.modules.items() if name.partition(".")[0] == "shibokensupport"]
print(shiboken6.__file__, *(str(getattr(each, "__cached__", None)) for each in own), sep="\\n")
"""
    done = subprocess.run([sys.executable, "-I", "-c", code, site], capture_output=True, text=True, check=True)
    ours, *support = done.stdout.splitlines()
    assert ours == str(site / "shiboken6/__init__.py")
    assert len(support) > 5
    assert all(path.endswith(".pyc") and path.startswith(str(site)) and Path(path).exists() for path in support)


def test_the_menus_entry_is_one(shared: Path) -> None:
    entry = shared / "applications/keyrack.desktop"
    done = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert "\nExec=keyrack\n" in entry.read_text()


def test_software_centres_read_the_metadata(shared: Path) -> None:
    command = ["appstreamcli", "validate", "--no-net", str(next((shared / "metainfo").iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "<launchable" in Path(command[-1]).read_text()


def test_the_unit_starts_the_installed_command() -> None:
    assert f"ExecStart={deb.LAUNCHER} agent" in (ROOT / "packaging/keyrack-agent.service").read_text()


def test_debians_changelog_is_the_one_of_this_version() -> None:
    lines = debian_control.changelog(checkout(ROOT)).splitlines()
    assert lines[0].startswith("keyrack (")
    assert lines[2].startswith("  * ")
    assert lines[-1].startswith(f" -- {debian_control.MAINTAINER}  ")
    assert max(map(len, lines[:-1])) < 80


def test_every_part_of_the_environment_names_its_licence() -> None:
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "packaging/requirements.txt").read_text(), re.MULTILINE)
    found = {re.sub(r"[_.]+", "-", path.name.split("-")[0]).lower(): path for path in PYSIDE.parent.glob("*.dist-info")}
    parts = [found[name] for name in locked if name in found]  # some are for other systems
    assert len(parts) > 20
    assert all(licence_of(part) for part in parts)


def test_removal_says_what_stays_and_takes_nothing(tmp_path: Path) -> None:
    script = tmp_path / "postrm"
    script.write_text(debian_control.POSTRM)
    for word, said in (("remove", "stays"), ("purge", ""), ("upgrade", "")):
        done = subprocess.run(["sh", str(script), word], capture_output=True, text=True, check=True, cwd=tmp_path)
        assert said in done.stdout
        assert bool(done.stdout) == bool(said)
    assert [path.name for path in tmp_path.iterdir()] == ["postrm"]
