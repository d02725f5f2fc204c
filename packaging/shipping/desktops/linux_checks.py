"""Checks the AppImage by running what is in it, and the manifest of the Flatpak by reading it."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import stamps
from shipping.bill_of_materials import NAME
from shipping.checkout_copy import BuildError
from shipping.desktops.foreign_checks import check_compiled
from shipping.desktops.own_python import glibc_floor
from shipping.desktops.tool import run

_MAGIC = b"hsqs"  # the first bytes of a squashfs, in little endian
_INSIDE = (
    "import ctypes, hashlib, json, sqlite3, ssl, sys, uuid, zlib, bz2, lzma;"
    "from PySide6 import QtDBus, QtSvg, QtWidgets;"
    "import cryptography.hazmat.bindings._rust, msgspec, websockets, keyring, uvicorn;"
    "print(json.dumps([sys.prefix, *sys.path]))"
)


def verify_appimage(image: Path, ask: Callable[[Path], None]) -> None:
    """Unpack it into a folder with a blank in its name, ask it, and have its Python import what the program does.

    Raises BuildError where it takes something from elsewhere, or lacks what desktops and licences want.
    """
    with tempfile.TemporaryDirectory(prefix="key rack ") as folder:
        application = Path(folder, "AppDir")
        begin = ["-offset", str(offset(image)), "-dest", str(application)]
        run("unsquashfs", "-quiet", "-no-progress", *begin, str(image))
        ask(application / "AppRun")
        python = next((application / "usr/bin").glob("python3*"))
        outside = {path for path in json.loads(run(str(python), "-I", "-c", _INSIDE)) if not path.startswith(folder)}
        if outside:
            raise BuildError(f"{image.name} looks outside of itself, at {', '.join(sorted(outside))}.")
        run("desktop-file-validate", str(next(application.glob("*.desktop")).resolve()))
        run("appstreamcli", "validate", "--no-net", *map(str, application.glob("usr/share/metainfo/*")))
        _named(application / "usr")
        check_compiled(application / "usr/lib")
        print(f"{image.name} needs version {glibc_floor(application)} of the C library.", flush=True)


def verify_flatpak(manifest: Path) -> None:
    """Have flatpak-builder read the manifest, and compare each source with its hash and with the lock's.

    Raises BuildError where one differs, or where the wheel brings no valid entry for menu and software centre.
    """
    with tempfile.TemporaryDirectory() as state:  # it leaves a folder of its own wherever it runs
        told = json.loads(run("flatpak-builder", "--show-manifest", str(manifest.absolute()), folder=Path(state)))
    lock = Path(stamps.ROOT, "packaging", stamps.RUNTIME).read_text("utf-8")
    (module,) = told["modules"]
    wrong = []
    for source in module["sources"]:
        path = manifest.parent / source["path"]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        locked = path.suffix != ".whl" or path.name.startswith("keyrack-") or f"sha256:{digest}" in lock
        if digest != source["sha256"] or not locked:
            wrong.append(path.name)
    if wrong or "--unshare=network" not in module["build-options"]["build-args"]:
        raise BuildError(f"Sources that are not as the manifest or the lock says: {', '.join(wrong) or 'the network'}.")
    (wheel,) = manifest.parent.glob("keyrack-*.whl")
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
        (shared,) = Path(folder).glob("*.data/data/share")
        run("desktop-file-validate", str(shared / "applications" / told["rename-desktop-file"]))
        run("appstreamcli", "validate", "--no-net", str(shared / f"metainfo/{told['id']}.metainfo.xml"))
        (points,) = Path(folder).glob("*.dist-info/entry_points.txt")
        if f"\n{told['command']} = " not in points.read_text("utf-8"):
            raise BuildError(f"The manifest starts {told['command']}, which the wheel does not bring.")


def offset(image: Path) -> int:
    """Where the squashfs begins: behind the runtime, at the end of its table of sections (ELF-64, e_shoff)."""
    with image.open("rb") as file:
        head = file.read(64)
    if head.startswith(_MAGIC):
        return 0
    table, size, count = (int.from_bytes(head[at : at + long], "little") for at, long in ((40, 8), (58, 2), (60, 2)))
    return table + size * count


def _named(usr: Path) -> None:
    """Whether the list of parts names Python and every copied library, and each has its licence beside it."""
    parts = {part["name"]: part.get("purl", "") for part in json.loads((usr / NAME).read_text("utf-8"))["components"]}
    of_debian = {name for name, address in parts.items() if address.startswith("pkg:deb/")}
    texts = {path.stem for path in (usr / "share/doc/keyrack/licences").iterdir()}
    if not any(name.startswith("python3") for name in of_debian) or of_debian - texts:
        raise BuildError(f"Parts without a licence: {', '.join(sorted(of_debian - texts)) or 'Python'}.")
