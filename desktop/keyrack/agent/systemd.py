"""Reports to the service manager that the agent is ready, what it does, and that it ends (sd_notify(3))."""

import contextlib
import os
import socket

_VARIABLE = "NOTIFY_SOCKET"


class Notifier:
    """The service manager's socket, or none.

    `take` reads the address from the environment once, so that no child process inherits it.
    """

    def __init__(self, address: str) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address

    @classmethod
    def take(cls) -> "Notifier":
        """The notifier that the environment names. Without one, it sends nothing."""
        return cls(os.environ.pop(_VARIABLE, ""))

    def ready(self, words: str) -> None:
        """Report that the agent serves its socket. `words` is what `systemctl status` shows."""
        self._send("READY=1", words)

    def status(self, words: str) -> None:
        """Show other words."""
        self._send("", words)

    def stopping(self) -> None:
        """Report that the agent has begun to end."""
        self._send("STOPPING=1", "Stopping.")

    def _send(self, what: str, words: str) -> None:
        """Send one message. A service manager that cannot be reached never disturbs the agent."""
        if not self._address or not hasattr(socket, "AF_UNIX"):
            return
        lines = [what] if what else []
        message = "\n".join([*lines, f"STATUS={' '.join(words.split())}"])
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(0)
            sender.sendto(message.encode(), self._address)
