"""Makes the AppImage twice and walks through it, and makes and reads the packages for Flatpak, Windows and macOS."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from shipping.desktops.linux_checks import offset
from tests.campaigns import windows_setup
from tests.campaigns.campaign import Options
from tests.campaigns.table import Count
from tests.checkout import ROOT
from tests.x_server import x_server

TITLE = "The packages with a Python of their own, or for other systems"
TOOLS = ("mksquashfs", "patchelf", "flatpak-builder", "wixl", "msibuild", "appstreamcli", "desktop-file-validate")


def counted(home: Path, options: Options) -> list[Count]:
    """Make each once, and the AppImage twice. `options` change nothing, because there is nothing by chance in it."""
    if missing := ", ".join(name for name in TOOLS if shutil.which(name) is None):
        return [Count("packages", f"not run: {missing} missing", "run", good=False)]
    first, second = home / "first", home / "second"
    return [
        *(_made(kind, first) for kind in ("appimage", "flatpak", "windows", "macos")),
        _made("appimage", second),
        _same(first, second),
        *_walked(first, home),
        *windows_setup.walked(home / "windows"),
    ]


def _made(kind: str, out: Path) -> Count:
    command = [sys.executable, str(ROOT / "packaging/build.py"), kind, "--verify", "--out", str(out)]
    command += ["--wheels", str(ROOT / "artefacts/wheels"), "--parts", str(ROOT / "artefacts/parts")]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    told = done.stdout.strip().splitlines() or [""]
    good = done.returncode == 0 and told[-1] == f"{kind}: verified"
    return Count(f"{kind} for {out.name}", told[-1], f"{kind}: verified", good=good)


def _same(first: Path, second: Path) -> Count:
    digests = [hashlib.sha256(image(folder).read_bytes()).hexdigest() for folder in (first, second)]
    return Count("the AppImage made again", digests[1][:16], digests[0][:16], good=digests[0] == digests[1])


def image(folder: Path) -> Path:
    """The AppImage of a folder, or its squashfs where the runtime was not there."""
    return next(path for path in folder.iterdir() if path.suffix in (".AppImage", ".squashfs"))


def _walked(folder: Path, home: Path) -> list[Count]:
    """Unpack it and walk the tour on a screen, without anything of this computer's environment."""
    application = home / "AppDir"
    begin = ["-offset", str(offset(image(folder))), "-dest", str(application)]
    subprocess.run(["unsquashfs", "-quiet", "-no-progress", *begin, str(image(folder))], check=True)
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    with x_server() as display:
        environ = {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "DISPLAY": display, "PATH": os.defpath}
        command = [str(application / "AppRun"), "--sandbox", "--tour", str(home / "tour")]
        tour = subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    pictures = len(list((home / "tour").glob("*.png")))
    return [
        Count("the tour of the AppImage", f"exit code {tour.returncode}", "0", good=tour.returncode == 0),
        Count("its pictures", str(pictures), "some", good=pictures > 0),
    ]
