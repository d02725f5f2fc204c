"""A program with Keyrack's clipboard. It follows commands line by line. test_clipboard_x11 runs it."""

import sys

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication

from keyrack.primitives.secret import Secret
from keyrack.ui.integration.clipboard import Clipboard


def main() -> None:
    """Obey "copy TEXT SECONDS", "text TEXT" (a copy by hand from our window), "wipe", "die" and "quit".

    "wipe" clears the clipboard as Keyrack must not, "die" quits without clearing it.
    """
    app = QGuiApplication(sys.argv)
    clipboard = Clipboard()
    clipboard.changed.connect(lambda: print("holding" if clipboard.holds_secret else "empty", flush=True))
    afterwards = clipboard.afterwards
    afterwards.looked.connect(lambda: print("looked: back" if afterwards.found else "looked: gone", flush=True))

    def obey() -> None:
        verb, *words = sys.stdin.readline().split()
        if verb == "copy":
            clipboard.copy(Secret(words[0]), float(words[1]))
        elif verb == "text":
            app.clipboard().setText(words[0])
        elif verb == "wipe":
            app.clipboard().clear()
        elif verb == "die":
            app.aboutToQuit.disconnect(clipboard.let_go)
            app.quit()
        else:
            app.quit()

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(obey)
    QTimer.singleShot(0, lambda: print("ready", flush=True))
    app.exec()


main()
