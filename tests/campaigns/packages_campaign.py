"""Installs, uses, upgrades and removes the package for Debian on a clean minimal system, as a person without rights."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shipping.other_release import RELEASES
from shipping.used_parts import PLUGINS
from tests.campaigns import clean_root
from tests.campaigns.bad_installs import (
    half_removed,
    read_only_home,
    without_disk,
    without_keyring,
)
from tests.campaigns.campaign import Options
from tests.campaigns.clean_root import PERSON, CleanRoot
from tests.campaigns.from_sources import beside_the_sources
from tests.campaigns.made_again import made_twice
from tests.campaigns.pipx_beside import installed_by_pipx, removed_by_pipx, side_by_side, wheel_of_this_checkout
from tests.campaigns.screen_keys import press, shown
from tests.campaigns.started_by_system import at_sign_in, by_systemd
from tests.campaigns.table import Count
from tests.checkout import ROOT
from tests.until import wait_for
from tests.x_server import x_server

TITLE = "The package for Debian on a clean system"
NEWER = "99.0"
OTHER = "98.0"
SAYS = "What is each person's own stays"
SESSION = """\
set -e
printf pw | gnome-keyring-daemon --unlock --components=secrets >unlocked
if [ "$1" = window ]; then keyrack 2>window.log & else keyrack agent 2>agent.log & fi
agent=$!
echo $agent >process
until keyrack status >status 2>&1; do sleep 0.2; done
if [ "$1" = window ]; then
    printf 'invented-secret\\n' | keyrack accounts add "My desk" --provider deribit --region test --client-id invented
fi
until keyrack status | grep "^My desk .* sign in " >status-$1; do sleep 0.2; done
touch ready-$1
until [ -e go-on ]; do sleep 0.2; done
keyrack status 2>told-$1 | grep "^My desk" >later-$1
kill $agent
wait $agent
"""


def counted(home: Path, options: Options) -> list[Count]:
    """Walk through the life of a package once. `options` change nothing, because there is nothing by chance in it."""
    if missing := clean_root.missing_programs():
        return [Count("steps", f"not run: {missing} missing", "run", good=False)]
    if os.geteuid() != 0:
        return [Count("steps", "not run: only root can make a system in a folder", "run", good=False)]
    package = built(home, options.release)
    again = made_twice(package, home, options.release)
    release = RELEASES[options.release or this_release()]
    root = CleanRoot(home / "root")
    root.make(release)
    with x_server() as display:
        counts = [*installed(root, package), *used(root, display), *at_sign_in(root, display)]
        counts += [*without_keyring(root), *read_only_home(root, display), *half_removed(root, package)]
        newest = newer(package, home)
        counts += [*without_disk(root, package, newest), *by_systemd(root)]
        counts += installed_by_pipx(root, wheel_of_this_checkout(home), release, OTHER)
        counts += beside_the_sources(root, display)
        counts += [*window_upgraded(root, display, package, newest), *removed_by_pipx(root), *upgraded(root, newest)]
        return [*again, *counts, *removed(root)]


def this_release() -> str:
    """What this computer has."""
    system = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    return system["VERSION_CODENAME"].strip('"')


def built(home: Path, release: str) -> Path:
    """Make the package of this checkout, from wheels that an earlier run has left if there are some."""
    command = [sys.executable, str(ROOT / "packaging/build.py"), "deb", "--out", str(home)]
    command += ["--for", release] if release else []
    subprocess.run([*command, "--wheels", str(ROOT / "artefacts/wheels")], check=True)
    return next(home.glob(f"keyrack_*_python{RELEASES[release or this_release()].python}_*.deb"))


def installed(root: CleanRoot, package: Path) -> list[Count]:
    """Install it with its dependencies, and ask it."""
    before = packages(root)
    done = root.install(package)
    size = root.run("dpkg-query", "--show", "--showformat=${Installed-Size}", "keyrack").stdout
    version = root.run("keyrack", "--version", person=True)
    status = root.run("keyrack", "status", person=True)
    page = root.run("test", "-s", "/usr/share/man/man1/keyrack.1.gz")
    return [
        Count("installed by apt", f"exit code {done.returncode}", "0", good=done.returncode == 0),
        Count("packages added to the minimal system", str(len(packages(root) - before))),
        Count("installed size", f"{size} KiB"),
        Count("keyrack --version", version.stdout.strip(), "a version", good=version.stdout.startswith("Keyrack ")),
        Count("keyrack status", f"exit code {status.returncode}", "7", good=status.returncode == 7),
        Count("manual page", f"exit code {page.returncode}", "0", good=page.returncode == 0),
    ]


def used(root: CleanRoot, display: str) -> list[Count]:
    """Walk the tour on a screen, and start the window by the entry of the menu."""
    tour = root.start("keyrack", "--sandbox", "--tour", f"{clean_root.HOME}/tour", DISPLAY=display)
    mapped: set[str] = set()
    while tour.poll() is None:
        mapped |= mapped_libraries(root)
    pictures = len(list(root.home("tour").glob("*.png")))
    aside = {Path(name).name for name in PLUGINS} | {"libQt6WaylandClient.so.6"}  # for other desktops than this screen
    kept = {path.name for path in (root.folder / "usr/lib/keyrack").rglob("*.so*")}
    idle = kept - mapped - aside
    entry = (root.folder / "usr/share/applications/keyrack.desktop").read_text()
    command = next(line.removeprefix("Exec=") for line in entry.splitlines() if line.startswith("Exec="))
    window = root.start("sh", "-c", f"exec {command}", DISPLAY=display)
    try:
        wait_for(lambda: shown(display), "the window", 60)
        comes = True
    except AssertionError:
        comes = False
    finally:
        root.end(window)
    return [
        Count("the tour", f"exit code {tour.returncode}", "0", good=tour.returncode == 0),
        Count("its pictures", str(pictures), "some", good=pictures > 0),
        Count("plug-ins for other desktops, which it did not load", str(len((kept - mapped) & aside))),
        Count("other libraries that it did not load", ", ".join(sorted(idle)) or "none", "none", good=not idle),
        Count("the menu's entry shows the window", str(comes), "True", good=comes),
    ]


def window_upgraded(root: CleanRoot, display: str, package: Path, newest: Path) -> list[Count]:
    """Install a newer package while the window is open: it offers to restart, and by keys alone it does."""
    root.run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "dbus", "gnome-keyring")
    root.write("session", SESSION)
    log = root.home(".local/state/keyrack/log/keyrack.log")
    with session(root, "window", DISPLAY=display):
        beside = side_by_side(root, display)
        before = root.home("status-window").read_text()
        process = root.home("process").read_text()
        root.install(newest)
        wait_for(lambda: "another release is in their place" in log.read_text(), "the offer to restart", 90)
        press(display, "F6", "Tab", "space")
        with suppress(AssertionError):
            wait_for(lambda: NEWER in release_that_runs(root), "the new window", 60)
        runs = release_that_runs(root)
        same = root.home("process").read_text() == process
    after = root.home("later-window").read_text()
    root.install(package, "--allow-downgrades")
    return [
        *beside,
        Count("after Restart runs", runs, NEWER, good=runs == NEWER and same),
        Count("its account and secret are kept", str(after == before), "True", good=after == before),
    ]


def release_that_runs(root: CleanRoot) -> str:
    """The release of the Keyrack that runs, "" while none answers."""
    done = root.run("keyrack", "status", "--json", person=True)
    found = re.search(r'"release": "([^"]+)"', done.stdout)
    return found[1] if found is not None else ""


def upgraded(root: CleanRoot, newest: Path) -> list[Count]:
    """Add an account, install a newer package while the agent runs, and find the account again."""
    with session(root, "first"):
        before = root.home("status-first").read_text()
        done = root.install(newest)
        version = root.run("dpkg-query", "--show", "--showformat=${Version}", "keyrack").stdout
    running = root.home("later-first").read_text()
    told = root.home("told-first").read_text()
    with session(root, "second"):
        after = root.home("status-second").read_text()
    return [
        Count(
            "upgraded while the agent runs", f"exit code {done.returncode}, {version}", "0", good=done.returncode == 0
        ),
        Count("the command says to start it again", str(NEWER in told), "True", good=NEWER in told),
        Count("the agent answers on", str(running == before), "True", good=running == before),
        Count("the account and its secret are kept", str(after == before), "True", good=after == before),
    ]


def removed(root: CleanRoot) -> list[Count]:
    """Remove and purge it, and compare what is the person's own."""
    mine = digests(root)
    gone = root.run("apt-get", "remove", "--yes", "--quiet", "keyrack")
    left = [path for path in ("usr/lib/keyrack", "usr/bin/keyrack") if (root.folder / path).exists()]
    purged = root.run("apt-get", "purge", "--yes", "--quiet", "keyrack")
    same = digests(root) == mine
    return [
        Count("removed", f"exit code {gone.returncode}", "0", good=gone.returncode == 0),
        Count("removal says what stays", str(SAYS in gone.stdout), "True", good=SAYS in gone.stdout),
        Count("files left over", ", ".join(left) or "none", "none", good=not left),
        Count("purged without a question", f"exit code {purged.returncode}", "0", good=purged.returncode == 0),
        Count(f"the {len(mine)} files of {PERSON} are as they were", str(same), "True", good=same and bool(mine)),
    ]


@contextmanager
def session(root: CleanRoot, name: str, **more: str) -> Iterator[None]:
    """A session of the person with a keyring and an agent or the window, which ends with the block."""
    root.home("go-on").unlink(missing_ok=True)
    running = root.start("dbus-run-session", "--", "sh", "-c", f"cd; sh session {name}", **more)
    try:
        wait_for(root.home(f"ready-{name}").exists, "the agent", 60)
        yield
        root.write("go-on", "")
        running.wait(60)
    finally:
        root.end(running)


def newer(package: Path, home: Path) -> Path:
    """The same package under a later version, which its program names too."""
    folder = home / "newer"
    subprocess.run(["dpkg-deb", "--raw-extract", str(package), str(folder)], check=True)
    (about,) = folder.glob("usr/lib/keyrack/lib/python*/site-packages/keyrack/__init__.py")
    about.write_text(re.sub(r'(__version__ = ")[^"]+', rf"\g<1>{NEWER}", about.read_text()))
    for compiled in about.parent.glob("__pycache__/__init__.*"):
        compiled.unlink()
    control = folder / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*", f"Version: {NEWER}", control.read_text(), flags=re.MULTILINE))
    made = home / f"keyrack_{NEWER}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(folder), str(made)], check=True)
    shutil.rmtree(folder)
    return made


def packages(root: CleanRoot) -> set[str]:
    """What is installed."""
    return set(root.run("dpkg-query", "--show", "--showformat=${Package}\\n").stdout.split())


def mapped_libraries(root: CleanRoot) -> set[str]:
    """The names of our libraries that some process has in its memory now."""
    found: set[str] = set()
    for maps in Path("/proc").glob("[0-9]*/maps"):
        try:
            text = maps.read_text()
        except OSError:  # it ended, or is another's
            continue
        found |= set(re.findall(r"/usr/lib/keyrack/\S*/([^/\s]+)$", text, re.MULTILINE))
    return found


def digests(root: CleanRoot) -> dict[str, str]:
    """What the person's files hold, by path."""
    files = [path for path in root.home().rglob("*") if path.is_file() and not path.is_symlink()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
