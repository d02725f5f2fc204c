"""Checks the AppImage by running what is in it, and the manifest of the Flatpak by reading it."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from shipping.bill_of_materials import NAME
from shipping.checkout_copy import BuildError
from shipping.desktops.own_python import glibc_floor, run

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
        print(f"{image.name} needs version {glibc_floor(application)} of the C library.", flush=True)


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
