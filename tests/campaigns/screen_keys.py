"""A person without a mouse at a screen: looks for a window of ours, and presses keys in it."""

import os
import subprocess

FIND = ["xdotool", "search", "--onlyvisible", "--name", "Keyrack"]


def shown(display: str) -> list[str]:
    """The numbers of our windows that are shown, the newest last."""
    found = {**os.environ, "DISPLAY": display}
    return subprocess.run(FIND, env=found, capture_output=True, text=True, check=False).stdout.split()


def press(display: str, *keys: str) -> None:
    """Press keys in the newest window."""
    found = {**os.environ, "DISPLAY": display}
    subprocess.run(["xdotool", "windowfocus", "--sync", shown(display)[-1]], env=found, check=True)
    for key in keys:
        subprocess.run(["xdotool", "key", "--clearmodifiers", key], env=found, check=True)
