"""A minimal Debian in a folder, for what has to be seen on a computer that has nothing but a package. Root makes it."""

import os
import shutil
import signal
import subprocess
from pathlib import Path, PurePosixPath

from shipping.other_release import INSIDE, PATH, Release, make_root

PERSON = "person"
HOME = f"/home/{PERSON}"
PROGRAMS = ("mmdebstrap", "unshare", "chroot", "ip", "Xvfb", "xdotool")
# The person's programs have a loopback of their own and no other network. The screen's socket is a file then.
_SCREENS = PurePosixPath("/", "tmp", ".X11-unix")
_ALONE = f'ip link set lo up && mkdir -p "$0{_SCREENS}" && mount --bind {_SCREENS} "$0{_SCREENS}" && '


def missing_programs() -> str:
    """What is not installed, "" when all is there."""
    return ", ".join(name for name in PROGRAMS if shutil.which(name) is None)


class CleanRoot:
    """The root in a folder, with one person in it who has a home and no rights."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, release: Release) -> None:
        """Install the essential packages alone. Raises BuildError."""
        make_root(release, self.folder)
        shutil.copy("/etc/resolv.conf", self.folder / "etc/resolv.conf")
        self.run("apt-get", "update", "--quiet").check_returncode()
        self.run("useradd", "--create-home", PERSON).check_returncode()

    def command(self, *words: str, person: bool = False, before: str = "") -> list[str]:
        """The command line that runs words inside, as root or as the person.

        `before` is run by root outside, in the same namespace of mounts, with the root's folder as `$0`.
        """
        begin = ["unshare", "--mount", "--propagation", "private"]
        if not person:
            return [*begin, "sh", "-c", before + INSIDE, *[str(self.folder)] * 2, *words]
        who = [str(self.folder), f"--userspec={PERSON}:{PERSON}", str(self.folder)]
        return [*begin, "--net", "sh", "-c", _ALONE + before + INSIDE, *who, *words]

    def environment(self, *, person: bool = False, **more: str) -> dict[str, str]:
        """What a program inside sees, and nothing of this computer's own."""
        own = {"HOME": HOME, "USER": PERSON} if person else {"HOME": "/", "DEBIAN_FRONTEND": "noninteractive"}
        return {
            "PATH": PATH,
            "LANG": "C.UTF-8",
            **own,
            **more,
        }

    def run(self, *words: str, person: bool = False, before: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside to its end, without a standard input."""
        return subprocess.run(
            self.command(*words, person=person, before=before), env=self.environment(person=person, **more), cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip

    def start(self, *words: str, before: str = "", **more: str) -> "subprocess.Popen[bytes]":
        """Start a command inside as the person, in a group of processes of its own."""
        return subprocess.Popen(
            self.command(*words, person=True, before=before), env=self.environment(person=True, **more), cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def end(self, process: "subprocess.Popen[bytes]") -> None:
        """End a process with those that it started."""
        try:
            os.killpg(process.pid, signal.SIGTERM)
        except ProcessLookupError:
            return
        process.wait(30)

    def install(self, package: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Install or upgrade a package file with what it depends on, and nothing that is only recommended."""
        shutil.copy(package, self.folder / package.name)
        done = self.run(
            "apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *options, f"/{package.name}"
        )
        (self.folder / package.name).unlink()
        return done

    def home(self, *parts: str) -> Path:
        """A path in the person's home, as this computer sees it."""
        return self.folder / HOME.removeprefix("/") / Path(*parts)

    def write(self, name: str, text: str) -> None:
        """Write a file of the person."""
        path = self.home(name)
        path.write_text(text)
        owner = self.home().stat()
        os.chown(path, owner.st_uid, owner.st_gid)
