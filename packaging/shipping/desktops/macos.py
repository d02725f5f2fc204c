"""The application for macOS: a bundle with a Python of its own, for computers with Apple's processors.

It can be made and read here. Nobody has run it. It has to be signed and notarised on a Mac, which
`recipes/sign-macos.sh` does. The lock's cryptography has no wheel for Intel's processors, so there is no bundle for
them.
"""

import plistlib
import re
import shutil
import tarfile
import tempfile
from pathlib import Path

from shipping.archive import write_zip
from shipping.checkout_copy import BuildError, Checkout
from shipping.desktops import parts
from shipping.desktops.foreign_program import make_program
from shipping.desktops.foreign_wheels import Aim
from shipping.desktops.icon_files import icns
from shipping.desktops.own_python import UNUSED
from shipping.program_tree import compile_all
from shipping.shared_files import APPLICATION

KEY = "python-macos-arm64"
MACHINE = "arm64"
NEWEST = (14, 0)  # the version of macOS whose wheels are taken at most
NOT_NEEDED = (
    "include", "share", "bin/[!p]*", "bin/pip*", "bin/pydoc*", "lib/tcl*", "lib/tk*", "lib/itcl*", "lib/thread*",
    "lib/libtcl*", "lib/libtk*", "lib/pkgconfig", *(f"lib/python3*/{name}" for name in UNUSED),
)  # fmt: skip
LAUNCHER = """\
#!/bin/sh
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
exec "$here/../Resources/python/bin/python{python}" -I -m keyrack "$@"
"""
COMMAND = """\
#!/bin/sh
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
exec "$here/python{python}" -I -m keyrack "$@"
"""


def aim() -> Aim:
    """macOS with the pinned Python."""
    return Aim("macos", parts.part(KEY).name.split("-")[1].split("+")[0], MACHINE, macos=NEWEST)


def make_macos(source: Checkout, out: Path, wheels: Path, folder: Path) -> list[Path]:
    """Write the bundle as a zip, or without its Python where the pinned one is not in the folder of the parts."""
    python = parts.pinned(KEY, folder)
    with tempfile.TemporaryDirectory() as scratch:
        bundle = Path(scratch, "Keyrack.app")
        make_bundle(source, wheels, bundle, python)
        end = "" if python else "-without-python"
        packed = out / f"keyrack-{source.version}-macos-{MACHINE}{end}.zip"
        write_zip(bundle, packed, source.epoch)
    if python is None:
        print(f"{parts.part(KEY).sentence()} The bundle is made without it.", flush=True)
    return [packed]


def make_bundle(source: Checkout, wheels: Path, bundle: Path, python: Path | None) -> None:
    """Lay out the bundle."""
    resources = bundle / "Contents/Resources"
    if python is not None:
        with tarfile.open(python) as packed:
            packed.extractall(resources, filter="data")
        for path in [path for pattern in NOT_NEEDED for path in (resources / "python").glob(pattern)]:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    meant = aim()
    site = resources / f"python/lib/python{meant.minor}/site-packages"
    make_program(source, wheels, meant, site, resources / "licences")
    if python is not None:
        compile_all(site.parent, str(bundle), ".")
    for framework in sorted((site / "PySide6/Qt/lib").glob("*.framework")):
        complete(framework)
    (resources / "keyrack.icns").write_bytes(icns(source.root / "resources/icons/keyrack.svg"))
    about = plistlib.dumps(information(source.version, oldest(site)))
    (bundle / "Contents/Info.plist").write_bytes(about)
    for name, text in (("MacOS/keyrack", LAUNCHER), ("Resources/python/bin/keyrack", COMMAND)):
        command = bundle / "Contents" / name
        command.parent.mkdir(parents=True, exist_ok=True)
        command.write_text(text.format(python=meant.minor), "utf-8")
        command.chmod(0o755)


def information(version: str, system: str) -> dict[str, object]:
    """The bundle's Info.plist, by Apple's reference of its keys."""
    return {
        "CFBundleName": "Keyrack",
        "CFBundleDisplayName": "Keyrack",
        "CFBundleIdentifier": APPLICATION,
        "CFBundleExecutable": "keyrack",
        "CFBundleIconFile": "keyrack.icns",
        "CFBundlePackageType": "APPL",
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["cs", "de", "en", "ko", "uk"],
        "LSApplicationCategoryType": "public.app-category.utilities",
        "LSArchitecturePriority": [MACHINE],  # without it a bundle that begins with a script may be run by Rosetta
        "LSMinimumSystemVersion": system,
        "NSHighResolutionCapable": True,
        "NSPrincipalClass": "NSApplication",
        "NSHumanReadableCopyright": "The Keyrack maintainers. Apache-2.0",
    }


def oldest(site: Path) -> str:
    """The oldest macOS that every wheel accepts, by their tags, such as 13.0. Raises BuildError where none says it."""
    texts = [path.read_text("utf-8") for path in site.glob("*.dist-info/WHEEL")]
    found = [tuple(map(int, pair)) for text in texts for pair in re.findall(r"-macosx_(\d+)_(\d+)_", text)]
    if not found:
        raise BuildError("No wheel says for which macOS it is.")
    return ".".join(map(str, max(found)))


def complete(framework: Path) -> None:
    """Give a framework the links that a wheel cannot hold, and without which codesign calls it ambiguous."""
    name = framework.name.removesuffix(".framework")
    shutil.rmtree(framework / "Resources", ignore_errors=True)
    (framework / "Versions/Current").symlink_to("A")
    for inner in ("Resources", name):
        (framework / inner).symlink_to(f"Versions/Current/{inner}")
