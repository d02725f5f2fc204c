"""What starts Keyrack without a person: the desktop at sign-in, and systemd on a server."""

import re
import shlex

from tests.campaigns.clean_root import CleanRoot
from tests.campaigns.table import Count
from tests.until import wait_for

UNIT = "keyrack-agent.service"
# A user manager starts only where systemd seems to be the system's, and passes credentials by shared mounts.
MANAGED = r"""
export HOME=/srv
mount -t tmpfs none /run && mkdir -p /run/systemd/system /run/me && mount --make-rshared / || exit 3
mkdir -p $HOME/.config/systemd/user $HOME/.config/credstore
printf '[Unit]\nDefaultDependencies=no\n' >$HOME/.config/systemd/user/nothing.target
(umask 077; printf 'an invented password\n' >$HOME/.config/credstore/keyrack-keyring-password)
export XDG_RUNTIME_DIR=/run/me
/lib/systemd/systemd --user --unit=nothing.target --log-target=console >$HOME/manager.log 2>&1 &
manager=$!
until [ -e /run/me/systemd/private ]; do
    [ -e /proc/$manager ] || { tail -3 $HOME/manager.log; exit 4; }
    sleep 0.1
done
systemctl --user start keyrack-agent
echo "started with $?"
systemctl --user show --value --property=StatusText keyrack-agent
keyrack status >/dev/null; echo "status $?"
systemctl --user stop keyrack-agent
systemctl --user show --value --property=Result keyrack-agent
kill $manager
"""


def at_sign_in(root: CleanRoot, display: str) -> list[Count]:
    """Switch the start at sign-in on, and start what the desktop would start."""
    chosen = root.run("keyrack", "settings", "set", "start_at_login", "true", person=True)
    entry = root.home(".config/autostart/keyrack.desktop").read_text()
    named = dict(re.findall(r"^(\w+)=(.*)$", entry, re.MULTILINE))
    there = root.run("test", "-x", named["TryExec"], person=True).returncode == 0
    process = root.start(*shlex.split(named["Exec"]), DISPLAY=display)
    try:
        wait_for(lambda: root.run("keyrack", "status", person=True).returncode == 0, "what the desktop starts", 60)
        runs = True
    except AssertionError:
        runs = False
    finally:
        root.end(process)
    root.run("keyrack", "settings", "set", "start_at_login", "false", person=True)
    left = root.home(".config/autostart/keyrack.desktop").exists()
    return [
        Count(
            "the start at sign-in is on", f"exit code {chosen.returncode}", "0", good=chosen.returncode == 0 and there
        ),
        Count("what the desktop starts runs", str(runs), "True", good=runs),
        Count("switched off, its entry is gone", str(not left), "True", good=not left),
    ]


def by_systemd(root: CleanRoot) -> list[Count]:
    """Start the agent's unit by a user manager of root in this root, with all that the unit forbids it."""
    root.run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "systemd", "dbus", "gnome-keyring")
    read = root.run("systemd-analyze", "--user", "verify", f"/usr/lib/systemd/user/{UNIT}", HOME="/srv")
    wrong = [line for line in read.stdout.splitlines() if "keyrack" in line]
    ran = root.run("sh", "-c", MANAGED, before='mount --bind "$0" "$0" && mount --rbind /sys "$0/sys" && ').stdout
    good = "started with 0" in ran and "status 0" in ran and ran.strip().endswith("success")
    figure = "; ".join(ran.strip().splitlines()[-4:])
    return [
        Count("systemd reads the agent's unit", "; ".join(wrong) or "no complaint", "no complaint", good=not wrong),
        Count("the agent's unit runs, as root's own", figure, "started with 0", good=good),
    ]
