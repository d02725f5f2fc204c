"""A real KWallet as the Secret Service of a private session bus, with its own screen and a wallet in its home.

The wallet is opened as the sign-in to the desktop does it (pam_kwallet): by its key, without a question.
"""

import hashlib
import os
import shutil
import signal
import subprocess

from tests.keyring_session import PASSWORD, KeyringSession
from tests.until import wait_for

PROGRAMS = ("kwalletd5", "Xvfb", "xdotool", "dbus-daemon", "dbus-send")
_WALLET = "kdewallet"
_SETTINGS = f"""[Wallet]
First Use=false
Default Wallet={_WALLET}
"""
# KWallet's own figures for a key: PBKDF2 with SHA-512 (kwalletbackend.cc of 5.103)
_ROUNDS = 50_000
_SALT_BYTES = _KEY_BYTES = 56


def missing_programs() -> str:
    """The programs that are not installed, for the text of a skipped test ("" when all are there)."""
    return ", ".join(name for name in PROGRAMS if shutil.which(name) is None)


class KwalletSession(KeyringSession):
    """The bus and KWallet under `home`, on the X server `display`."""

    def start_daemon(self) -> None:
        """Start KWallet with its wallet closed. There is none before `open_wallet` was called once."""
        settings = self.home / ".config"
        settings.mkdir(exist_ok=True)
        (settings / "kwalletrc").write_text(_SETTINGS)
        quiet = subprocess.DEVNULL
        self._daemon = subprocess.Popen(["kwalletd5"], env=self.env, stdin=quiet, stdout=quiet, stderr=quiet)
        wait_for(self.owner, "KWallet")

    def end_daemon(self) -> None:
        """End KWallet as at the end of a session, with everything saved."""
        self.close_wallet()
        self._signal(signal.SIGTERM)
        assert self._daemon is not None
        self._daemon.wait(30)

    def open_wallet(self) -> None:
        """Open the wallet, and make it where there is none."""
        folder = self.home / ".local/share/kwalletd"
        folder.mkdir(parents=True, exist_ok=True)
        salt = folder / f"{_WALLET}.salt"
        if not salt.exists():
            salt.write_bytes(os.urandom(_SALT_BYTES))
        key = hashlib.pbkdf2_hmac("sha512", PASSWORD.encode(), salt.read_bytes(), _ROUNDS, _KEY_BYTES)
        self._ask("pamOpen", f"string:{_WALLET}", "array:byte:" + ",".join(map(str, key)), "int32:0")
        wait_for(self._wallet_is_open, "the wallet to be open")

    def close_wallet(self) -> None:
        """Close the wallet, which saves it."""
        self._ask("close", f"string:{_WALLET}", "boolean:true")
        wait_for(lambda: not self._wallet_is_open(), "the wallet to be closed")

    def questions(self) -> list[str]:
        """The windows of KWallet that are on the screen."""
        command = ["xdotool", "search", "--onlyvisible", "--class", "kwalletd5"]
        found = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=20, check=False)
        return found.stdout.split()

    def answer(self, text: str, key: str) -> None:
        """Wait for the question, type the text and press a key in it: Return takes the password, Escape closes."""
        wait_for(self.questions, "KWallet's question")
        # Without a window manager no other program gives the question the keyboard.
        self.run(["xdotool", "windowfocus", "--sync", self.questions()[-1]])
        self.run(["xdotool", "type", text])
        self.run(["xdotool", "key", key])

    def _wallet_is_open(self) -> bool:
        return "true" in self._ask("isOpen", f"string:{_WALLET}")

    def _ask(self, member: str, *arguments: str) -> str:
        command = ["dbus-send", "--session", "--print-reply=literal", "--dest=org.kde.kwalletd5", "/modules/kwalletd5"]
        return self.run([*command, f"org.kde.KWallet.{member}", *arguments]).stdout.decode()
