"""The AppImage: one file that runs on most Linux desktops, with a Python of its own and without being installed.

It is the AppDir as a squashfs behind AppImage's own runtime. The runtime is on no index of packages: without it the
squashfs alone is made, which can be checked and run when it is unpacked.
"""

import os
import shutil
import tempfile
from pathlib import Path

from shipping.bill_of_materials import add_parts
from shipping.checkout_copy import Checkout
from shipping.desktops import own_python, parts
from shipping.desktops.debian_parts import copy_copyrights, debian_parts
from shipping.desktops.tool import run
from shipping.licences import write_licences
from shipping.program_tree import compile_all, make_tree, target, write_command

COMMAND = """\
#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/python{python}" -I -m keyrack "$@"
"""
ASIDE = ("platformthemes", "platforminputcontexts")  # plug-ins that Qt leaves aside where they cannot load


def make_appimage(source: Checkout, out: Path, wheels: Path, folder: Path) -> list[Path]:
    """Write the AppImage, or only its squashfs where the runtime is not in the folder of the parts."""
    machine = target().machine
    key = f"appimage-runtime-{machine}"
    runtime = parts.pinned(key, folder)
    with tempfile.TemporaryDirectory() as scratch:
        application = Path(scratch, "Keyrack.AppDir")
        make_application(source, wheels, application)
        squashed = Path(scratch, "squashfs")
        squash(application, squashed, source.epoch)
        if runtime is None:
            print(f"{parts.part(key).sentence()} The AppImage is made without it, as a squashfs.", flush=True)
        made = out / f"Keyrack-{source.version}-{machine}.{'AppImage' if runtime else 'squashfs'}"
        made.write_bytes((runtime.read_bytes() if runtime else b"") + squashed.read_bytes())
        made.chmod(0o755 if runtime else 0o644)
    return [made]


def make_application(source: Checkout, wheels: Path, application: Path) -> None:
    """Make the AppDir: the program with its own Python, and at its top what desktops look for."""
    usr = application / "usr"
    version = target().python
    make_tree(source, wheels, usr, ".")
    (usr / "bin/python3").unlink()
    (usr / "pyvenv.cfg").unlink()
    made = usr / "lib" / f"python{version}" / "site-packages"
    made.rename(usr / "ours")
    shutil.rmtree(made.parent)
    site = own_python.copy_python(version, usr)
    site.parent.mkdir(parents=True, exist_ok=True)
    (usr / "ours").rename(site)
    executable = usr / "bin" / f"python{version}"
    private = site / "PySide6/Qt/lib"  # where Qt's own libraries look, too
    binaries = [path for path in own_python.programs(usr) if not any(word in path.parts for word in ASIDE)]
    copied = own_python.copy_libraries(binaries, usr, private)
    own_python.look_into(private, executable)
    write_command(usr, COMMAND.format(python=version))
    compile_all(usr / "lib" / f"python{version}", str(usr), ".")
    documents = usr / "share/doc/keyrack"
    found = debian_parts([Path("/usr/bin", executable.name).resolve(), *copied.values()])
    copy_copyrights(found, documents / "licences")
    write_licences(site, str(site.relative_to(application)), documents / "licences")
    add_parts(documents / "keyrack.cdx.json", found)
    _top(application)


def squash(application: Path, squashed: Path, epoch: int) -> None:
    """Pack the AppDir in the order of its names, with one date and one owner."""
    environ = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    dates = ["-mkfs-time", str(epoch), "-all-time", str(epoch)]
    plain = ["-all-root", "-no-xattrs", "-noappend", "-no-progress", "-quiet"]
    packed = ["-comp", "zstd", "-Xcompression-level", "12"]
    run("mksquashfs", str(application), str(squashed), *dates, *plain, *packed, environ=environ)


def _top(application: Path) -> None:
    """What the AppImage specification wants at the top: the start, the menu's entry and the icon."""
    (application / "AppRun").symlink_to("usr/bin/keyrack")
    (application / "app.keyrack.Keyrack.desktop").symlink_to("usr/share/applications/keyrack.desktop")
    (application / "keyrack.svg").symlink_to("usr/share/icons/hicolor/scalable/apps/keyrack.svg")
    (application / ".DirIcon").symlink_to("keyrack.svg")
    for path in [application, *application.rglob("*")]:
        if not path.is_symlink():
            program = path.parent.name == "bin" and path.parent.parent.name == "usr"
            path.chmod(0o755 if path.is_dir() or program else 0o644)
