"""The folder with the whole program for Linux: a private environment with what is used of each wheel, compiled.

The system's Python runs it. Its minor version is the one that builds, as byte code and some of the wheels hold for one.
"""

import json
import os
import platform
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import environment
import stamps
from pip_output import explain
from shipping.bill_of_materials import write_bill
from shipping.checkout_copy import BuildError, Checkout
from shipping.python_packages import make_wheel
from shipping.used_parts import keep_used, strip

# Python's own search for packages would look into places that are not used, at each start of a verb too.
COMMAND = """\
#!{place}/bin/python3 -IS
import sys

sys.path.append("{place}/lib/python{python}/site-packages")

from keyrack.__main__ import main

sys.exit(main())
"""
ASK = "import json, platform, sys; print(json.dumps([sys.version_info[0], sys.version_info[1], platform.machine()]))"


@dataclass(frozen=True)
class Target:
    """The Python that runs the program, such as 3.11, and the kind of processor as `uname` says it."""

    python: str
    machine: str


def target() -> Target:
    """What the environment of this checkout is made for. Raises BuildError where that is not Linux."""
    if platform.system() != "Linux":
        raise BuildError("The packages for Linux are made on Linux.")
    asked = subprocess.run([stamps.PYTHON, "-I", "-c", ASK], capture_output=True, text=True, check=True).stdout
    major, minor, machine = json.loads(asked)
    return Target(f"{major}.{minor}", machine)


def make_tree(source: Checkout, wheels: Path, folder: Path, place: str) -> None:
    """Make the program in a folder that will lie at `place` once it is installed."""
    python = target().python
    site = folder / "lib" / f"python{python}" / "site-packages"
    site.mkdir(parents=True)
    _install(wheels, site)
    with tempfile.TemporaryDirectory() as scratch:
        _unpack(make_wheel(source, Path(scratch))[0], site, folder)
    keep_used(site, site / "keyrack")
    strip(site)
    unfold_support(site)
    (folder / "bin").mkdir()
    (folder / "bin/python3").symlink_to(f"/usr/bin/python{python}")
    (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {python}\n")
    write_bill(source, folder)
    write_command(folder, COMMAND.format(place=place, python=python))
    compile_all(site, str(folder), place)


def write_command(folder: Path, text: str) -> None:
    """Write what `keyrack` starts."""
    command = folder / "bin/keyrack"
    command.write_text(text, "utf-8")
    command.chmod(0o755)


def _install(wheels: Path, site: Path) -> None:
    """Have pip unpack the locked wheels, after it has checked the hash of each."""
    lock = str(Path(stamps.ROOT, "packaging", stamps.RUNTIME))
    locked = [*environment.OPTIONS, "--quiet", "--requirement", lock]
    wheels.mkdir(parents=True, exist_ok=True)
    offline = ["--no-index", "--find-links", str(wheels)]
    unpack = [*environment.pip(), "install", *locked, *offline, "--no-compile", "--target", str(site)]
    if environment.run(unpack).returncode == 0:
        return
    print(f"Downloading the locked wheels into {wheels}, once.", flush=True)
    shutil.rmtree(site)
    fetch = [word for word in locked if word != "--no-warn-script-location"]
    for command in ([*environment.pip(), "download", *fetch, "--dest", str(wheels)], unpack):
        done = environment.run(command)
        if done.returncode:
            raise BuildError(f"The locked wheels cannot be had: {explain(done.stdout)}")


def _unpack(wheel: Path, site: Path, folder: Path) -> None:
    """Put our own wheel beside the others, and its shared files into `share` of the folder."""
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    data = next(site.glob("keyrack-*.data"))
    (data / "data/share").rename(folder / "share")
    shutil.rmtree(data)


def unfold_support(site: Path) -> None:
    """Have Shiboken's own modules lie beside it. Raises BuildError.

    They are packed in its library as sources, and each start would compile them anew, for a tenth of the time to the
    first paint. Shiboken 6.11 writes them into `files.dir` where SBK_EMBED is 0, and prefers that folder from then on.
    """
    code = f"import sys; sys.path.insert(0, {str(site)!r}); import shiboken6"
    environ = {**os.environ, "SBK_EMBED": "0"}
    done = subprocess.run([stamps.PYTHON, "-IB", "-c", code], env=environ, capture_output=True, text=True, check=False)
    if done.returncode or not (site / "shiboken6/files.dir").is_dir():
        raise BuildError(f"Shiboken does not write its modules: {(done.stdout + done.stderr).strip()}")


def compile_all(site: Path, built: str, place: str) -> None:
    """Compile every module below a folder, which is in `built` now and will be in `place`.

    Byte code that is checked against nothing costs no look at its source at each start. Without the columns of each
    instruction, which only mark the place in a traceback's line, it is smaller. Raises BuildError.
    """
    words = ["-X", "no_debug_ranges", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    words += ["-s", built, "-p", place, str(site)]
    environ = {**os.environ, "PYTHONHASHSEED": "0"}
    environ.pop("PYTHONPYCACHEPREFIX", None)
    done = subprocess.run([stamps.PYTHON, *words], env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"A module cannot be compiled: {done.stdout.strip()}")
