"""Makes the package for another release of Debian or Ubuntu, in a folder that has that release, by its own Python.

A package holds for one minor version of Python, and its dependencies are named as that release names them. So it is
made where it will run: from the same commit and the same locks, and without any network once the wheels are there.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import debian
import environment
import stamps
from pip_output import explain
from shipping.checkout_copy import BuildError, Checkout, copy_to

# The namespaces of mounts and of the network end with the command. Outside of it nothing is mounted.
ALONE = ("unshare", "--mount", "--net", "--propagation", "private", "sh", "-c")
INSIDE = 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec chroot "$@"'
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# The C library that pip is to assume: Debian 12 has 2.36, and each later release a newer one.
_GLIBC = (34, 31, 28, 27, 26, 24, 17, 12, 5)
_OLD_NAMES = ("manylinux2014", "manylinux2010", "manylinux1")


@dataclass(frozen=True)
class Release:
    """A release, the minor version of its Python, and the parts of its archive.

    `keys` is a package of Debian 13 with the keys that sign it, "" where this computer has them.
    """

    suite: str
    python: str
    components: str = "main"
    keys: str = ""


RELEASES = {
    release.suite: release
    for release in (
        Release("bookworm", "3.11"),
        Release("trixie", "3.13"),
        Release("noble", "3.12", "main,universe", "ubuntu-keyring"),
    )
}


def make_root(release: Release, folder: Path, include: Sequence[str] = ()) -> None:
    """Put the release's essential packages and some more into a new folder. Raises BuildError."""
    if os.geteuid() != 0:
        raise BuildError("Only root can make a system in a folder.")
    if missing := debian.missing(("mmdebstrap",)):
        raise BuildError(f"A tool is missing: sudo apt install {' '.join(missing)}")
    command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--components={release.components}"]
    with tempfile.TemporaryDirectory() as scratch:
        if release.keys:
            command.append(f"--keyring={_keys(release.keys, Path(scratch))}")
        wanted = ",".join(("apt", "ca-certificates", *include))
        done = environment.run([*command, f"--include={wanted}", release.suite, str(folder)])
    if done.returncode:
        lines = done.stdout.strip().splitlines() or ["it said nothing"]
        raise BuildError(f"No system of {release.suite} could be made: {lines[-1]}")


def make_deb_for(release: Release, source: Checkout, out: Path, wheels: Path) -> list[Path]:
    """Make the package in `out`, where its file is named by the release's Python. Raises BuildError."""
    with tempfile.TemporaryDirectory(prefix="keyrack-") as scratch:
        root = Path(scratch, "root")
        tools = ("python3", "python3-venv", "git", *debian.QT, *debian.PACKAGES)
        make_root(release, root, tools)
        for name in ("source", "made", "wheels"):
            (root / name).mkdir()
        give_wheels(release, wheels, root / "wheels")
        subprocess.run(["git", "clone", "--quiet", str(source.root), str(root / "source")], check=True)
        copy_to(source, root / "source")
        words = ["python3", "/source/packaging/build.py", "deb", "--out", "/made", "--wheels", "/wheels"]
        variables = {
            "PATH": PATH, "HOME": "/made", "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": str(source.epoch),
            "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels",
        }  # fmt: skip
        done = subprocess.run(
            [*ALONE, INSIDE, str(root), str(root), *words], env=variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise BuildError(f"On {release.suite}: {(done.stdout.strip().splitlines() or ['it said nothing'])[-1]}")
        return [Path(shutil.copy(path, out)) for path in (root / "made").glob("*.deb")]


def _keys(package: str, folder: Path) -> Path:
    """The keys of a package that Debian 13 has, which Debian itself has signed."""
    root = folder / "root"
    make_root(RELEASES["trixie"], root, (package,))
    found = sorted((root / "usr/share/keyrings").glob("*archive-keyring.gpg"))
    chosen = [path for path in found if path.name.startswith(package.partition("-")[0])]
    if not chosen:
        raise BuildError(f"Debian's package {package} has no keys.")
    return Path(shutil.copy(chosen[0], folder))


def give_wheels(release: Release, wheels: Path, folder: Path) -> None:
    """Put the locked wheels for the release's Python into a folder. What `wheels` lacks is downloaded once."""
    wheels.mkdir(parents=True, exist_ok=True)
    offline = ["--no-index", "--find-links", str(wheels)]
    if _download(release, [*offline, "--dest", str(folder)]):
        print(f"Downloading the locked wheels for Python {release.python} into {wheels}, once.", flush=True)
        for options in (["--dest", str(wheels)], [*offline, "--dest", str(folder)]):
            if why := _download(release, options):
                raise BuildError(f"The locked wheels cannot be had: {why}")


def _download(release: Release, options: Sequence[str]) -> str:
    """Have pip choose each locked file for that Python, by its hash. Returns what is in the way, "" for nothing."""
    machine = os.uname().machine
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in _GLIBC] + [f"{name}_{machine}" for name in _OLD_NAMES]
    python = release.python.replace(".", "")
    words = [word for word in environment.OPTIONS if word != "--no-warn-script-location"]
    words += ["--python-version", release.python, "--implementation", "cp"]
    words += [word for abi in (f"cp{python}", "abi3", "none") for word in ("--abi", abi)]
    words += [word for platform in platforms for word in ("--platform", platform)]
    lock = str(Path(stamps.ROOT, "packaging", stamps.PACKAGES))
    done = environment.run([*environment.pip(), "download", "--quiet", *words, *options, "--requirement", lock])
    return explain(done.stdout) if done.returncode else ""
