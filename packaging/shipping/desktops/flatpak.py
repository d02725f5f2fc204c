"""The manifest of the Flatpak, made from the lock: each wheel is a source with its hash.

`flatpak-builder` needs a runtime, which this computer may not have, so nothing is built here. What is made is the
folder from which it builds: the manifest, the locked wheels for the runtime's Python, and the wheel of Keyrack.
"""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from shipping.checkout_copy import Checkout
from shipping.desktops.foreign_program import describe
from shipping.desktops.foreign_wheels import Aim, locked, locked_wheels, unpack
from shipping.python_packages import make_wheel
from shipping.shared_files import APPLICATION

RUNTIME = "25.08"
PYTHON = "3.13.0"  # the minor version of the runtime's
MACHINE = "x86_64"
_LIBC = (34, 28, 17, 12, 5)  # the manylinux tags that the runtime's C library satisfies, newest first
ALLOWED = {
    "--share=network": "the providers, and the listener on the loopback address to which the browser comes back",
    "--share=ipc": "X11 draws by shared memory",
    "--socket=wayland": "the window",
    "--socket=fallback-x11": "the window where there is no Wayland",
    "--device=dri": "drawing by the graphics card",
    "--talk-name=org.freedesktop.secrets": "the keyring, in which all secrets are",
    "--talk-name=org.kde.kwalletd6": "the keyring of KDE",
    "--talk-name=org.kde.kwalletd5": "the keyring of an older KDE",
    "--talk-name=org.kde.StatusNotifierWatcher": "the tray",
    "--talk-name=org.freedesktop.Notifications": "notices",
    "--talk-name=org.freedesktop.ScreenSaver": "locking when the screen is locked",
    "--system-talk-name=org.freedesktop.login1": "renewing after a sleep, and locking before it",
    "--filesystem=xdg-run/keyrack:create": "the socket by which programs outside ask for their tokens",
}
INSTALL = (
    "pip3 install --no-index --find-links=. --require-hashes --no-deps --no-compile --prefix=${FLATPAK_DEST}"
    " --requirement requirements.txt"
)
COMPILE = "python3 -m compileall -q --invalidation-mode unchecked-hash ${FLATPAK_DEST}/lib"
DOCUMENTS = "install -Dm644 LICENSE keyrack.cdx.json *.txt -t ${FLATPAK_DEST}/share/doc/keyrack"


def aim() -> Aim:
    """The runtime's system."""
    tags = tuple(f"manylinux_2_{version}_{MACHINE}" for version in _LIBC)
    return Aim("linux", PYTHON, MACHINE, (*tags, f"manylinux2014_{MACHINE}", f"linux_{MACHINE}"))


def make_flatpak(source: Checkout, out: Path, wheels: Path) -> list[Path]:
    """Write the folder from which `flatpak-builder` builds. Returns its manifest."""
    folder = out / f"keyrack-{source.version}-flatpak"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    own = make_wheel(source, folder)[0]
    with locked_wheels(aim(), wheels) as found, tempfile.TemporaryDirectory() as scratch:
        for wheel in found:
            shutil.copyfile(wheel, folder / wheel.name)
        unpack([*found, own], Path(scratch, "site"))
        describe(source, Path(scratch, "site"), Path(scratch, "documents"))
        for path in (path for path in Path(scratch, "documents").rglob("*") if path.is_file()):
            shutil.copyfile(path, folder / path.name)
    (folder / f"keyrack-{source.version}-requirements.txt").unlink()
    lines = [*locked(aim())[0], f"./{own.name} --hash=sha256:{_digest(own)}"]
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n", "utf-8")
    shutil.copyfile(source.root / "LICENSE", folder / "LICENSE")
    manifest = folder / f"{APPLICATION}.json"
    manifest.write_text(json.dumps(described(folder), indent=2) + "\n", "utf-8")
    return [manifest]


def described(folder: Path) -> dict[str, object]:
    """The manifest, with every file of the folder as a source (flatpak-manifest(5))."""
    files = [path for path in sorted(folder.iterdir()) if path.name != f"{APPLICATION}.json"]
    return {
        "id": APPLICATION,
        "runtime": "org.freedesktop.Platform",
        "runtime-version": RUNTIME,
        "sdk": "org.freedesktop.Sdk",
        "command": "keyrack",
        "rename-desktop-file": "keyrack.desktop",
        "rename-icon": "keyrack",
        "finish-args": list(ALLOWED),
        "modules": [
            {
                "name": "keyrack",
                "buildsystem": "simple",
                "build-options": {"build-args": ["--unshare=network"]},
                "build-commands": [INSTALL, COMPILE, DOCUMENTS],
                "sources": [{"type": "file", "path": path.name, "sha256": _digest(path)} for path in files],
            }
        ],
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
