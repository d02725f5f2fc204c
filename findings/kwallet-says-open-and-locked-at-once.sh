#!/usr/bin/env bash
# kwalletd5 5.103 says of one wallet that it is open and that it is locked, and its question to unlock it shows nothing.
#
# A wallet is often opened by its own interface: by the sign-in to the desktop (pam_kwallet calls pamOpen) or by a KDE
# program. org.kde.KWallet.isOpen then says true, while the same process says as org.freedesktop.secrets that the
# collection of this wallet is locked, and goes on so until somebody unlocks it there. Unlock hands out a prompt, as if
# a person had to be asked; the prompt ends at once without a window, and the collection is unlocked for everybody. So
# a program that waits for its person while a collection is locked, as it should, waits for nothing. And a wallet that
# pamOpen has just made is no collection at all before kwalletd5 is started again.
#
# Seen with libkf5wallet-bin 5.103.0-1 of Debian 12:
#   just made: isOpen true, collections 0
#   started again: isOpen true, Locked true
#   prompt: dismissed false, windows 0
#   afterwards: Locked false
#
# Needs root for a name space of mounts, and mmdebstrap, xvfb, xdotool. Debian's packages go into a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=apt --aptopt='APT::Install-Recommends "false"' \
    --include=libkf5wallet-bin=5.103.0-1,libqca-qt5-2-plugins,dbus-daemon,xvfb,xauth,xdotool,python3-jeepney \
    bookworm "$folder/debian" >/dev/null 2>&1
cat > "$folder/debian/seen.py" <<'PYTHON'
import os
import subprocess
import sys
import time

from jeepney import DBusAddress, MatchRule, Properties, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

SECRETS = "org.freedesktop.secrets"
KWALLET = DBusAddress("/modules/kwalletd5", "org.kde.kwalletd5", "org.kde.KWallet")
SERVICE = DBusAddress("/org/freedesktop/secrets", SECRETS, "org.freedesktop.Secret.Service")
COLLECTION = DBusAddress(SERVICE.object_path + "/collection/kdewallet", SECRETS, "org.freedesktop.Secret.Collection")
connection = open_dbus_connection("SESSION")


def call(address, method, signature="", *values):
    return connection.send_and_get_reply(new_method_call(address, method, signature, values)).body


def value(address, name):
    return connection.send_and_get_reply(Properties(address).get(name)).body[0][1]


def started():
    daemon = subprocess.Popen(["kwalletd5"], stderr=subprocess.DEVNULL)
    while not Proxy(message_bus, connection).NameHasOwner(SECRETS)[0]:
        time.sleep(0.1)
    call(KWALLET, "pamOpen", "sayi", "kdewallet", bytes(range(56)), 0)
    while not call(KWALLET, "isOpen", "s", "kdewallet")[0]:
        time.sleep(0.1)
    return daemon


def say(truth):
    return str(truth).lower()


def is_open():
    return say(call(KWALLET, "isOpen", "s", "kdewallet")[0])


daemon = started()
seen = [f"just made: isOpen {is_open()}, collections {len(value(SERVICE, 'Collections'))}"]
call(KWALLET, "close", "sb", "kdewallet", True)
daemon.terminate()
daemon.wait()

daemon = started()
seen.append(f"started again: isOpen {is_open()}, Locked {say(value(COLLECTION, 'Locked'))}")
_, path = call(SERVICE, "Unlock", "ao", [COLLECTION.object_path])
prompt = DBusAddress(path, SECRETS, "org.freedesktop.Secret.Prompt")
rule = MatchRule(type="signal", path=path, interface=prompt.interface, member="Completed")
Proxy(message_bus, connection).AddMatch(rule)
with connection.filter(rule) as answers:
    call(prompt, "Prompt", "s", "")
    dismissed, _ = connection.recv_until_filtered(answers, timeout=10).body
windows = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "kwalletd5"], capture_output=True).stdout
seen.append(f"prompt: dismissed {say(dismissed)}, windows {len(windows.split())}")
seen.append(f"afterwards: Locked {say(value(COLLECTION, 'Locked'))}")
daemon.terminate()
print("\n".join(seen))
expected = [
    "just made: isOpen true, collections 0",
    "started again: isOpen true, Locked true",
    "prompt: dismissed false, windows 0",
    "afterwards: Locked false",
]
sys.exit(0 if seen == expected else "kwalletd5 behaves differently now")
PYTHON
unshare --mount --fork --pid bash -c "
    mount -t proc proc '$folder/debian/proc'
    mount --bind /dev '$folder/debian/dev'
    mkdir -p '$folder/debian/srv/sample/.config' '$folder/debian/srv/sample/.local/share/kwalletd'
    printf '[Wallet]\nFirst Use=false\nDefault Wallet=kdewallet\n' > '$folder/debian/srv/sample/.config/kwalletrc'
    head -c 56 /dev/zero > '$folder/debian/srv/sample/.local/share/kwalletd/kdewallet.salt'
    env -i PATH=/usr/sbin:/usr/bin:/bin HOME=/srv/sample LANG=C.UTF-8 XDG_RUNTIME_DIR=/srv/sample \
        chroot '$folder/debian' xvfb-run -a dbus-run-session -- python3 /seen.py
    exit \$?  # xvfb-run would wait for ever as the first process of its name space
"
