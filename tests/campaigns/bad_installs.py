"""Installations that go wrong, or over something that is there: each has an end, and says what happened."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.campaigns.clean_root import CleanRoot
from tests.campaigns.screen_keys import press, shown
from tests.campaigns.table import Count
from tests.until import wait_for

# What a removal that was killed in the middle leaves: a part of the files, and a package manager that knows it.
HALF = r"""
dpkg --remove keyrack >/dev/null 2>&1 &
removing=$!
all=$(find /usr/lib/keyrack | wc -l)
while [ -e /proc/$removing ] && [ "$(find /usr/lib/keyrack 2>/dev/null | wc -l)" -ge "$all" ]; do :; done
kill -KILL $removing
wait $removing
find /usr/lib/keyrack 2>/dev/null | wc -l
dpkg-query --show --showformat='${db:Status-Status}' keyrack
"""
# The installed program is put on a disk of its own that has no room for a second one.
FULL = r"""
set -e
cp -a /usr/lib/keyrack /srv/kept
mount -t tmpfs -o size=$(( $(du -sm /srv/kept | cut -f1) + 20 ))m none /usr/lib/keyrack
cp -a /srv/kept/. /usr/lib/keyrack
set +e
apt-get install --yes --quiet --no-install-recommends "$1"
echo "ended with $?"
su -s /bin/sh person -c 'keyrack --version'
"""
READ_ONLY = 'mount --bind "$0/home" "$0/home" && mount -o remount,bind,ro "$0/home" && '
NO_KEYRING = r"""
cd
keyrack agent 2>alone.log &
agent=$!
until keyrack status >/dev/null 2>&1; do sleep 0.2; done
printf 'invented-secret\n' | keyrack accounts add "No desk" --provider deribit --region test --client-id invented
echo "ended with $?"
keyrack accounts list
kill $agent
"""


def half_removed(root: CleanRoot, package: Path) -> list[Count]:
    """Kill a removal in the middle, and install again, as apt says how."""
    found = root.run("sh", "-c", HALF).stdout.split()
    left, state = int(found[-2]), found[-1]
    refused = root.install(package).stdout
    root.run("dpkg", "--configure", "-a")
    done = root.install(package, "--reinstall")
    differ = len(root.run("dpkg", "--verify", "keyrack").stdout.splitlines())
    version = root.run("keyrack", "--version", person=True)
    return [
        Count("a removal killed in the middle", f"{left} files left, {state}", "some", good=left > 1),
        Count("apt says what to do", sentence(refused, "dpkg"), "a sentence", good="dpkg --configure -a" in refused),
        Count("installed over it then", f"exit code {done.returncode}", "0", good=done.returncode == 0),
        Count("files that differ then", str(differ), "0", good=differ == 0),
        Count("it runs", version.stdout.strip(), "a version", good=version.stdout.startswith("Keyrack ")),
    ]


def without_disk(root: CleanRoot, package: Path, newer: Path) -> list[Count]:
    """Upgrade where the disk has no room for it, and again where it has."""
    shutil.copy(newer, root.folder / newer.name)
    full = root.run("sh", "-c", FULL, "full", f"/{newer.name}").stdout
    (root.folder / newer.name).unlink()
    shutil.rmtree(root.folder / "srv/kept")
    said = "No space left on device" in full
    again = root.install(package, "--reinstall")
    kept = re.findall(r"^Keyrack (\S+)$", full, re.MULTILINE)
    return [
        Count("upgrade without disk", "refused" if "ended with 100" in full else "?", "refused", good=said),
        Count("the old one goes on", ", ".join(kept) or "no", "a version", good=len(kept) == 1),
        Count("installed again with disk", f"exit code {again.returncode}", "0", good=again.returncode == 0),
    ]


def without_keyring(root: CleanRoot) -> list[Count]:
    """Add an account where no keyring is: refused with a sentence, and nothing is stored."""
    said = root.run("timeout", "60", "sh", "-c", NO_KEYRING, person=True).stdout
    return [
        Count("an account without a keyring", sentence(said, "keyring"), "a sentence", good="keyring" in said),
        Count("its end", sentence(said, "ended with"), "ended with 5", good="ended with 5" in said),
        Count("it is not listed", str("No desk" not in said), "True", good="No desk" not in said),
    ]


def read_only_home(root: CleanRoot, display: str) -> list[Count]:
    """Start it where nothing of the home can be written: at a terminal, and from the menu, where a window says why."""
    counts = []
    for words in (["keyrack", "agent"], ["keyrack", "settings", "set", "theme", "dark"]):
        done = root.run(*words, person=True, before=READ_ONLY, DISPLAY=display)
        counts.append(_refused(" ".join(words), done.returncode, done.stdout))
    command = root.command("keyrack", person=True, before=READ_ONLY)
    environ = root.environment(person=True, DISPLAY=display)
    with subprocess.Popen(command, env=environ, cwd="/", stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(lambda: shown(display), "the window that says why", 60)
            press(display, "Return")
            process.wait(60)
        except (AssertionError, subprocess.TimeoutExpired):
            process.kill()
        assert process.stderr is not None
        counts.append(_refused("keyrack, told by a window,", process.wait(), process.stderr.read()))
    return counts


def _refused(words: str, code: int, said: str) -> Count:
    good = code == 1 and "Read-only file system" in said and "Traceback" not in said
    figure = f"exit code {code}, {sentence(said, 'Read-only')}"
    return Count(f"{words} in a read-only home", figure, "1", good=good)


def sentence(text: str, word: str) -> str:
    """The line with the word, cut to a table's width."""
    line = next((line for line in text.splitlines() if word in line), "no sentence")
    return line if len(line) <= 90 else line[:89] + "…"
