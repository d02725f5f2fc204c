"""The bundle's description, its links and its icon, as far as they can be read on another system."""

import plistlib
import re
import subprocess
from pathlib import Path

import pytest

from shipping.archive import write_zip
from shipping.checkout_copy import BuildError
from shipping.desktops import macos
from shipping.desktops.foreign_checks import check_bundle, unpacked
from shipping.desktops.icon_files import icns
from tests.checkout import ROOT


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle with one framework and one wheel, without a Python."""
    made = tmp_path / "Keyrack.app"
    site = made / "Contents/Resources/python/lib/python3.11/site-packages"
    framework = site / "PySide6/Qt/lib/QtCore.framework"
    (framework / "Versions/A/Resources").mkdir(parents=True)
    (framework / "Versions/A/Resources/Info.plist").write_bytes(plistlib.dumps({}))
    (framework / "Versions/A/QtCore").write_bytes(b"")
    (framework / "Resources").mkdir()
    macos.complete(framework)
    (site / "tiny-1.dist-info").mkdir()
    (site / "tiny-1.dist-info/WHEEL").write_text("Tag: cp311-abi3-macosx_12_0_arm64\n")
    contents = made / "Contents"
    (contents / "Info.plist").write_bytes(plistlib.dumps(macos.information("1.2.3", macos.oldest(site))))
    (contents / "MacOS").mkdir()
    (contents / "MacOS/keyrack").write_text(macos.LAUNCHER.format(python="3.11"))
    (contents / "MacOS/keyrack").chmod(0o755)
    (contents / "Resources/keyrack.icns").write_bytes(icns(ROOT / "resources/icons/keyrack.svg"))
    return made


def site_of(bundle: Path) -> Path:
    return next(bundle.glob("Contents/Resources/python/lib/*/site-packages"))


def test_a_whole_bundle_is_accepted_also_after_it_was_packed(bundle: Path, tmp_path: Path) -> None:
    check_bundle(bundle, site_of(bundle), whole=False)
    write_zip(bundle, tmp_path / "packed.zip", 1_000_000_000)
    again = unpacked(tmp_path / "packed.zip", tmp_path / "again") / "Keyrack.app"
    check_bundle(again, site_of(again), whole=False)
    framework = site_of(again) / "PySide6/Qt/lib/QtCore.framework"
    assert (framework / "QtCore").readlink() == Path("Versions/Current/QtCore")
    assert (framework / "Resources/Info.plist").is_file()


def test_what_is_wrong_with_a_bundle_is_named(bundle: Path) -> None:
    with pytest.raises(BuildError, match="the launcher starts nothing"):
        check_bundle(bundle, site_of(bundle), whole=True)
    about = bundle / "Contents/Info.plist"
    about.write_bytes(plistlib.dumps(macos.information("1.2.3", "26.0")))
    with pytest.raises(BuildError, match="differs in LSMinimumSystemVersion"):
        check_bundle(bundle, site_of(bundle), whole=False)


def test_a_link_that_leads_outside_is_refused(bundle: Path) -> None:
    (bundle / "Contents/out").symlink_to("../../elsewhere")
    with pytest.raises(BuildError, match="lead outside: out"):
        check_bundle(bundle, site_of(bundle), whole=False)


def test_the_oldest_system_is_the_newest_that_a_wheel_wants(tmp_path: Path) -> None:
    for name, tag in (("a-1", "macosx_11_0_arm64"), ("b-1", "macosx_10_13_universal2"), ("c-1", "any")):
        (tmp_path / f"{name}.dist-info").mkdir()
        (tmp_path / f"{name}.dist-info/WHEEL").write_text(f"Tag: cp311-abi3-{tag}\n")
    assert macos.oldest(tmp_path) == "11.0"


def test_the_script_that_signs_is_one_and_asks_for_no_exception() -> None:
    script = ROOT / "packaging/recipes/sign-macos.sh"
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    assert plistlib.loads((ROOT / "packaging/recipes/macos.entitlements").read_bytes()) == {}
    assert re.search(r"codesign .*--options runtime", script.read_text())
    assert (ROOT / "packaging/recipes/macos.entitlements").name in script.read_text()
