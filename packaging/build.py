"""Makes the packages that people install: `python3 packaging/build.py KIND [--verify]`, where KIND may be `all`.

`deb --for trixie` makes the package of another release.

They are written into `artefacts`. The wheels that the lock names are downloaded once into `artefacts/wheels`, or taken
from another folder. With them no network is used. What no index has is named in `recipes/parts.toml`, and taken from
`artefacts/parts` where it lies there.
"""

import argparse
import os
import sys
from pathlib import Path

import bootstrap
import stamps
from shipping import deb, python_packages, sizes, tarball, verification
from shipping.bill_of_materials import bill_of_lock
from shipping.checkout_copy import BuildError, Checkout, changes, checkout
from shipping.desktops import appimage, flatpak, macos, windows
from shipping.other_release import RELEASES, make_deb_for

ROOT = Path(stamps.ROOT)
KINDS = ("wheel", "sdist", "tarball", "deb", "appimage", "flatpak", "windows", "macos")


def make(kind: str, source: Checkout, out: Path, wheels: Path, parts: Path, release: str = "") -> list[Path]:
    """Make one kind of package, that for Debian also for another release. Raises BuildError."""
    if kind == "deb" and release:
        return make_deb_for(RELEASES[release], source, out, wheels)
    match kind:
        case "wheel":
            return python_packages.make_wheel(source, out, bill_of_lock(source))
        case "sdist":
            return python_packages.make_sdist(source, out, bill_of_lock(source))
        case "tarball":
            return tarball.make_tarball(source, out, wheels)
        case "appimage":
            return appimage.make_appimage(source, out, wheels, parts)
        case "flatpak":
            return flatpak.make_flatpak(source, out, wheels)
        case "windows":
            return windows.make_windows(source, out, wheels, parts)
        case "macos":
            return macos.make_macos(source, out, wheels, parts)
    return deb.make_deb(source, out, wheels)


def main() -> str | int:
    """Make what was asked for. Returns 0, or a sentence on what is in the way."""
    parser = argparse.ArgumentParser(prog="python3 packaging/build.py", description="Makes Keyrack's packages.")
    parser.add_argument("kinds", nargs="+", choices=[*KINDS, "all"], metavar="KIND", help=f"{', '.join(KINDS)} or all")
    parser.add_argument(
        "--verify",
        action="store_true",
        help="check each package with the tools of its kind, and list the sizes of a deb's parts",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "artefacts", help="where to write them (default: artefacts)")
    parser.add_argument("--wheels", type=Path, help="the folder of the locked wheels (default: OUT/wheels)")
    parser.add_argument("--parts", type=Path, help="the folder of what is on no index (default: OUT/parts)")
    parser.add_argument(
        "--for",
        dest="release",
        choices=RELEASES,
        default="",
        help="the release of the deb, made by root in a folder that has it (default: this computer's)",
    )
    chosen = parser.parse_args()
    out = chosen.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    os.umask(0o022)
    bootstrap.prepare(packages=True, window=False)
    try:
        source = checkout(ROOT)
        if changed := changes(ROOT):
            print(f"{len(changed)} tracked files differ from the commit and are packed as they are.")
        kinds = list(KINDS) if "all" in chosen.kinds else list(dict.fromkeys(chosen.kinds))
        wheels = (chosen.wheels or out / "wheels").absolute()
        for kind in kinds:
            made = make(kind, source, out, wheels, (chosen.parts or out / "parts").absolute(), chosen.release)
            for path in made:
                print(f"{kind}: {path} ({path.stat().st_size:,} bytes)", flush=True)
            if chosen.verify:
                verification.verify(kind, made, wheels)
                print(f"{kind}: verified", flush=True)
            if chosen.verify and kind == "deb":
                print(sizes.sizes(made[0]), flush=True)
    except BuildError as problem:
        return str(problem)
    return 0


if __name__ == "__main__":
    sys.exit(main())
