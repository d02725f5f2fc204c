#!/usr/bin/env bash
# kwalletd5 5.103 works with another key than its caller in about one of 170 sessions of the Secret Service.
#
# A caller and the service agree on a key by Diffie-Hellman with numbers of 128 bytes. kwalletd takes two kinds of them
# for others. A shared secret that begins with 00 loses that byte before it becomes the key, while secretstorage keeps
# all 128 bytes. And a public key of the caller that begins with ff and a byte from 80 on, which one of 512 does as the
# prime begins with ff, is read as if it were a negative number.
# To open such a session succeeds. A secret that is read over it decrypts to arbitrary bytes, the last of which
# secretstorage takes for the length of the padding, so that it mostly returns b"" and raises nothing. What is to be
# stored is refused with "Can't find session", about the session that was opened just before.
# So whoever reads nonsense or an empty secret opens another session before he believes it, and a test with one
# session shows nothing of it.
#
# Seen with libkf5wallet-bin 5.103.0-1 and libqca-qt5-2 2.3.5-1 of Debian 12:
#   shared secret begins with 00: 3 of 3 sessions read another text, and the right one with that byte left out
#   public key begins with ff and a high byte: 20 of 20 sessions read another text
#   public key begins with ff and a low byte: 0 of 20 sessions read another text
#   all others: 0 read another text
#   stored with such a public key: InvalidObjectPath, Can't find session
#
# Needs root for a name space of mounts, and mmdebstrap. Debian's packages go into a temporary folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=apt --aptopt='APT::Install-Recommends "false"' \
    --include=libkf5wallet-bin=5.103.0-1,libqca-qt5-2-plugins,dbus-daemon,xvfb,xauth,python3-secretstorage \
    bookworm "$folder/debian" >/dev/null 2>&1
cat > "$folder/debian/seen.py" <<'PYTHON'
import hmac
import os
import subprocess
import sys
import time
from collections import Counter

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from jeepney import DBusAddress, HeaderFields, MatchRule, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection
from secretstorage.dhcrypto import DH_PRIME_1024 as PRIME

SECRETS = "org.freedesktop.secrets"
SPEC = "org.freedesktop.Secret"
KWALLET = DBusAddress("/modules/kwalletd5", "org.kde.kwalletd5", "org.kde.KWallet")
SERVICE = DBusAddress("/org/freedesktop/secrets", SECRETS, f"{SPEC}.Service")
COLLECTION = DBusAddress(SERVICE.object_path + "/collection/kdewallet", SECRETS, f"{SPEC}.Collection")
ALGORITHM = "dh-ietf1024-sha256-aes128-cbc-pkcs7"
TEXT = b"an invented text"
PADDED = TEXT + bytes([16] * 16)
connection = open_dbus_connection("SESSION")


def call(address, method, signature="", *values):
    return connection.send_and_get_reply(new_method_call(address, method, signature, values)).body


def at(path, kind):
    return DBusAddress(path, SECRETS, f"{SPEC}.{kind}")


def started():
    daemon = subprocess.Popen(["kwalletd5"], stderr=subprocess.DEVNULL)
    while not Proxy(message_bus, connection).NameHasOwner(SECRETS)[0]:
        time.sleep(0.1)
    call(KWALLET, "pamOpen", "sayi", "kdewallet", bytes(range(56)), 0)
    while not call(KWALLET, "isOpen", "s", "kdewallet")[0]:
        time.sleep(0.1)
    return daemon


def unlock():
    prompt = at(call(SERVICE, "Unlock", "ao", [COLLECTION.object_path])[1], "Prompt")
    rule = MatchRule(type="signal", path=prompt.object_path, interface=prompt.interface, member="Completed")
    Proxy(message_bus, connection).AddMatch(rule)
    with connection.filter(rule) as answers:
        call(prompt, "Prompt", "s", "")
        connection.recv_until_filtered(answers, timeout=30)


def begins(public):
    if public[0] != 0xFF:
        return "otherwise"
    return "high" if public[1] >= 0x80 else "low"


def session(beginning):
    """The path of a new session whose caller's public key begins so, and the shared secret."""
    public = bytes(2)
    while begins(public) != beginning or not any(public):
        private = int.from_bytes(os.urandom(128), "big")
        public = pow(2, private, PRIME).to_bytes(128, "big")
    (_, theirs), path = call(SERVICE, "OpenSession", "sv", ALGORITHM, ("ay", public))
    return path, pow(int.from_bytes(theirs, "big"), private, PRIME).to_bytes(128, "big")


def cipher(shared, vector):
    key = hmac.digest(hmac.digest(bytes(32), shared, "sha256"), b"\1", "sha256")[:16]
    return Cipher(algorithms.AES(key), modes.CBC(vector))


def read(item, path, shared):
    _, vector, encrypted, _ = call(item, "GetSecret", "o", path)[0]
    opened = cipher(shared, vector).decryptor()
    return opened.update(encrypted) + opened.finalize()


def stored(name, secret):
    properties = {f"{SPEC}.Item.Label": ("s", name), f"{SPEC}.Item.Attributes": ("a{ss}", {"name": name})}
    question = new_method_call(COLLECTION, "CreateItem", "a{sv}(oayays)b", (properties, secret, True))
    return connection.send_and_get_reply(question)


def refusal(path, shared):
    """How an attempt to store over this session ends."""
    vector = os.urandom(16)
    sealed = cipher(shared, vector).encryptor()
    answer = stored("two", (path, vector, sealed.update(PADDED) + sealed.finalize(), "text/plain"))
    name = answer.header.fields.get(HeaderFields.error_name)
    return f"{name.rpartition('.')[2]}, {answer.body[0].removesuffix(' ' + path)}" if name else "stored"


daemon = started()
call(KWALLET, "close", "sb", "kdewallet", True)
daemon.terminate()
daemon.wait()
daemon = started()
unlock()
_, plain = call(SERVICE, "OpenSession", "sv", "plain", ("s", ""))
item = at(stored("one", (plain, b"", TEXT, "text/plain")).body[0], "Item")

zero = stripped = other = 0
while zero < 3:
    path, shared = session("otherwise")
    differs = read(item, path, shared) != PADDED
    if shared[0]:
        other += differs
    else:
        zero += 1
        stripped += differs and read(item, path, shared.lstrip(b"\0")) == PADDED
    call(at(path, "Session"), "Close")
differing = {"high": 0, "low": 0}
refusals = Counter()
for beginning in differing:
    for _ in range(20):
        path, shared = session(beginning)
        while not shared[0]:
            path, shared = session(beginning)
        differing[beginning] += read(item, path, shared) != PADDED
        if beginning == "high":
            refusals[refusal(path, shared)] += 1
daemon.terminate()

all_stripped = "3 of 3 sessions read another text, and the right one with that byte left out"
seen = [
    f"shared secret begins with 00: {all_stripped if stripped == zero else f'{stripped} of {zero} so'}",
    f"public key begins with ff and a high byte: {differing['high']} of 20 sessions read another text",
    f"public key begins with ff and a low byte: {differing['low']} of 20 sessions read another text",
    f"all others: {other} read another text",
    f"stored with such a public key: {refusals.most_common(1)[0][0]}",
]
print("\n".join(seen))
expected = [
    f"shared secret begins with 00: {all_stripped}",
    "public key begins with ff and a high byte: 20 of 20 sessions read another text",
    "public key begins with ff and a low byte: 0 of 20 sessions read another text",
    "all others: 0 read another text",
    "stored with such a public key: InvalidObjectPath, Can't find session",
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
