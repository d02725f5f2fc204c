"""The package for Debian and what descends from it: everything under /usr/lib/keyrack, nothing from the network."""

import gzip
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import debian
from shipping.checkout_copy import BuildError, Checkout
from shipping.debian_control import CONTROL, MAINTAINER, OVERRIDES, POSTRM, changelog, dependencies
from shipping.licences import copyright_file
from shipping.program_tree import make_tree, target

PLACE = "usr/lib/keyrack"
LAUNCHER = "%h/.local/bin/keyrack"


def make_deb(source: Checkout, out: Path, wheels: Path) -> list[Path]:
    """Write the package. Raises BuildError where a tool is missing."""
    if missing := debian.missing(debian.PACKAGES):
        raise BuildError(f"A tool is missing: sudo apt install {' '.join(missing)}")
    machine = _run("dpkg", "--print-architecture").strip()
    package = out / package_name(source.version, target().python, machine)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "root")
        make_tree(source, wheels, root / PLACE, f"/{PLACE}")
        _lay_out(source, root)
        _describe(source, root, machine)
        _date(root, source.epoch)
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(source.epoch)}
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(package)]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return [package]


def package_name(version: str, python: str, machine: str) -> str:
    """The file's name. It has the minor version of Python, as a list of releases has the packages of several."""
    return f"keyrack_{version}_python{python}_{machine}.deb"


def _lay_out(source: Checkout, root: Path) -> None:
    """Put the shared files, the command, the unit and the documents where Debian has them."""
    (root / PLACE / "share").rename(root / "usr/share")
    _write_gz(root / "usr/share/man/man1/keyrack.1")
    (root / "usr/bin").mkdir()
    (root / "usr/bin/keyrack").symlink_to("../lib/keyrack/bin/keyrack")
    python = root / PLACE / "bin/python3"
    python.unlink()
    python.symlink_to(f"../../../bin/python{target().python}")
    unit = (source.root / "packaging/keyrack-agent.service").read_text("utf-8")
    _write(root / "usr/lib/systemd/user/keyrack-agent.service", unit.replace(LAUNCHER, "/usr/bin/keyrack"))
    site = next((root / PLACE).glob("lib/python*/site-packages"))
    place = f"{PLACE}/{site.relative_to(root / PLACE)}"
    documents = root / "usr/share/doc/keyrack"
    _write(documents / "copyright", copyright_file(site, place))
    _write(documents / "changelog", changelog(source))
    _write_gz(documents / "changelog")
    _write(root / "usr/share/lintian/overrides/keyrack", OVERRIDES)
    for path in [*site.glob("*.dist-info/licenses"), *site.glob("*.dist-info/LICEN*")]:  # they are in `copyright`
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _describe(source: Checkout, root: Path, machine: str) -> None:
    """Write the control files."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    sums = "".join(f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n" for path in files)  # noqa: S324  # the format's own digest
    size = sum(-(-path.stat().st_size // 1024) for path in files)  # Policy 5.6.20: each file rounded up, in KiB
    fields = {
        "version": source.version,
        "machine": machine,
        "size": size,
        "python": target().python,
        "maintainer": MAINTAINER,
    }
    (root / "DEBIAN").mkdir()  # by which dpkg-shlibdeps knows that the libraries below are the package's own
    control = CONTROL.format(**fields, **dependencies(root))
    _write(root / "DEBIAN/control", control)
    _write(root / "DEBIAN/md5sums", sums)
    _write(root / "DEBIAN/postrm", POSTRM)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _write_gz(path: Path) -> None:
    """Replace a file by its compressed form, without a date or a name in it."""
    packed = gzip.compress(path.read_bytes(), mtime=0)
    path.unlink()
    path.with_name(path.name + ".gz").write_bytes(packed)


def _date(root: Path, epoch: int) -> None:
    """Give every file the same date and the rights of its kind."""
    for path in [root, *root.rglob("*")]:
        if path.is_symlink():
            os.utime(path, (epoch, epoch), follow_symlinks=False)
            continue
        program = path.parent.name == "bin" or path.name == "postrm"  # Policy 10.2: libraries are not executable
        path.chmod(0o755 if path.is_dir() or program else 0o644)
        os.utime(path, (epoch, epoch))


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
