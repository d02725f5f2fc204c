"""The wheels that the lock names for another system or another Python, checked against its hashes.

pip asks markers of the system that it runs on, so they are asked here for the one that is meant, by pip's own rules.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import environment
import stamps
from pip_output import explain
from shipping.checkout_copy import BuildError

_KEPT = """\
import json, sys
from packaging.requirements import Requirement
from packaging.tags import mac_platforms
asked = json.load(sys.stdin)
kept = []
for block in asked["blocks"]:
    line, *hashes = block.replace("\\\\\\n", "").split("--hash=")
    wanted = Requirement(line.strip())
    if wanted.marker is None or wanted.marker.evaluate(asked["markers"]):
        kept.append(" ".join([f"{wanted.name}{wanted.specifier}", *(f"--hash={part.strip()}" for part in hashes)]))
platforms = asked["platforms"]
if asked["macos"]:
    platforms = list(mac_platforms(tuple(asked["macos"]), asked["machine"]))
json.dump([kept, platforms], sys.stdout)
"""


@dataclass(frozen=True)
class Aim:
    """A system: its name, the Python that runs there, such as 3.11.16, its processor, and pip's tags for it.

    `macos` is the version whose tags are taken, and empty for other systems.
    """

    system: str
    python: str
    machine: str
    platforms: tuple[str, ...] = ()
    macos: tuple[int, ...] = ()

    @property
    def minor(self) -> str:
        """The minor version of the Python, such as 3.11."""
        return ".".join(self.python.split(".")[:2])

    def markers(self) -> dict[str, str]:
        """What the markers of PEP 508 are there."""
        about = {
            "windows": ("win32", "Windows", "nt"),
            "macos": ("darwin", "Darwin", "posix"),
            "linux": ("linux", "Linux", "posix"),
        }
        sys_platform, system, name = about[self.system]
        return {
            "sys_platform": sys_platform, "platform_system": system, "os_name": name,
            "platform_machine": self.machine, "python_full_version": self.python, "python_version": self.minor,
            "implementation_name": "cpython", "platform_python_implementation": "CPython",
        }  # fmt: skip


def locked(aim: Aim) -> tuple[list[str], list[str]]:
    """The lines of the lock that count there, each with its hashes and without a marker, and pip's tags."""
    text = Path(stamps.ROOT, "packaging", stamps.RUNTIME).read_text("utf-8")
    blocks: list[str] = []
    for line in text.splitlines(keepends=True):
        if line[:1].isalnum():
            blocks.append(line)
        elif blocks and not line.startswith("#"):
            blocks[-1] += line
    asked = {"blocks": blocks, "markers": aim.markers(), "platforms": aim.platforms, "machine": aim.machine}
    done = subprocess.run(
        [stamps.PYTHON, "-I", "-c", _KEPT], input=json.dumps({**asked, "macos": aim.macos}),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BuildError(f"The lock cannot be read for {aim.system}: {done.stderr.strip()}")
    lines, platforms = json.loads(done.stdout)
    return lines, platforms


@contextmanager
def locked_wheels(aim: Aim, wheels: Path) -> Iterator[list[Path]]:
    """The wheels for that system in a folder that ends with the block. They are downloaded into `wheels` once.

    Raises BuildError where one cannot be had or has another hash.
    """
    lines, platforms = locked(aim)
    wheels.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        requirements = Path(scratch, "requirements.txt")
        requirements.write_text("\n".join(lines) + "\n", "utf-8")
        found = Path(scratch, "wheels")
        command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps", "--quiet"]
        command += ["--require-hashes", "--only-binary=:all:", "--implementation", "cp"]
        command += ["--python-version", aim.python]
        command += [word for abi in (f"cp{aim.minor.replace('.', '')}", "abi3", "none") for word in ("--abi", abi)]
        command += [word for platform in platforms for word in ("--platform", platform)]
        command += ["--requirement", str(requirements)]
        offline = [*command, "--no-index", "--find-links", str(wheels), "--dest", str(found)]
        if environment.run(offline).returncode:
            print(f"Downloading the locked wheels for {aim.system} {aim.machine} into {wheels}, once.", flush=True)
            for again in ([*command, "--dest", str(wheels)], offline):
                done = environment.run(again)
                if done.returncode:
                    raise BuildError(f"The locked wheels cannot be had: {explain(done.stdout)}")
        yield sorted(found.glob("*.whl"))


def unpack(wheels: list[Path], site: Path) -> None:
    """Unpack wheels beside each other, without what they would put elsewhere (binary distribution format, .data)."""
    site.mkdir(parents=True, exist_ok=True)
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(site)
        for data in site.glob("*.data"):
            for inner in [path for name in ("purelib", "platlib") for path in data.glob(f"{name}/*")]:
                inner.rename(site / inner.name)
            shutil.rmtree(data)
