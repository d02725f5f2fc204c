"""Starts Keyrack when the person signs in to the computer, by the desktop's own means.

Linux: a file in the autostart folder (freedesktop Desktop Application Autostart Specification 0.5). Windows: a value
under the Run key. macOS: a launch agent. The last two are written from their documentation and not verified.

The entry asks for no delay, as others do by X-GNOME-Autostart-Delay: systemd's xdg-autostart-generator and
xfce4-session do not read that key, and sign-ins want to be renewed soon. Instead the tray waits for its panel.
"""

import os
import plistlib
import re
import sys
from functools import partial
from pathlib import Path

from keyrack.core.system.private_file import make_folder

if sys.platform == "win32":
    import winreg

AT_LOGIN = "--at-login"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_NAME = "Keyrack"
_PACKAGED = "keyrack-gui.exe" if sys.platform == "win32" else "keyrack"
_LABEL = "keyrack.login"
_ENTRY = """\
[Desktop Entry]
Type=Application
Version=1.1
Name=Keyrack
Comment=Keeps the tokens of your exchanges and services fresh
TryExec={TryExec}
Exec={Exec}
Icon=keyrack
Terminal=false
"""
# What a desktop writes into an entry that its person switched off there.
_OFF = ("Hidden=true", "X-GNOME-Autostart-enabled=false")


def command_line() -> list[str]:
    """The program that starts Keyrack as the person does, with the option that says it was the sign-in."""
    if image := app_image():
        return [image, AT_LOGIN]
    folder = Path(sys.executable).parent  # of an environment of its own, as a package makes it
    packaged = next((path for path in (folder / _PACKAGED, folder.parent / "bin" / _PACKAGED) if path.is_file()), None)
    installed = Path.home() / ".local/bin/keyrack"
    source = Path(__file__).resolve().parents[3]
    if packaged is not None:
        return [str(packaged), AT_LOGIN]
    if installed.is_file():
        return [str(installed), AT_LOGIN]
    if (source / "__main__.py").is_file():
        return [str(getattr(sys, "_base_executable", None) or sys.executable), str(source), AT_LOGIN]
    return [sys.executable, "-m", "keyrack", AT_LOGIN]


def app_image() -> str:
    """The AppImage that this program runs from, "" where it does not.

    Its folder is mounted for one run only, so the file is named (AppImage documentation, environment variables). A
    program that was started from another AppImage has that one's variables, but its Python is elsewhere.
    """
    image, mounted = os.environ.get("APPIMAGE", ""), os.environ.get("APPDIR", "")
    ours = os.path.isabs(mounted) and Path(sys.executable).is_relative_to(mounted)
    return image if ours and os.path.isabs(image) else ""


class LoginStart:
    """Whether Keyrack starts by itself. The desktop's settings may change it too, so it is asked each time.

    `configuration` is the folder above Keyrack's configuration folder.
    """

    def __init__(self, configuration: Path) -> None:
        self._entry = configuration / "autostart" / "keyrack.desktop"

    def read(self) -> bool:
        """Whether it does."""
        if sys.platform == "win32":
            return _run_value() is not None
        if sys.platform == "darwin":
            return _agent().is_file()
        try:
            lines = self._entry.read_text("utf-8", "replace").splitlines()
        except OSError:
            return False
        return not any(line.replace(" ", "") in _OFF for line in lines)

    def write(self, value: bool) -> None:
        """Switch it on or off. Raises OSError, and has changed nothing then."""
        if sys.platform == "win32":
            _set_run_value(on=value)
        elif sys.platform == "darwin":
            agent = {"Label": _LABEL, "ProgramArguments": command_line(), "RunAtLoad": True}
            _put(_agent(), plistlib.dumps(agent) if value else None)
        else:
            _put(self._entry, _ENTRY.format(**_named(command_line())).encode() if value else None)

    def follow(self) -> bool:
        """Name this program in the entry where the one that it names is gone. Returns whether it was so.

        What else the person or the desktop wrote into the entry stays. Raises OSError.
        """
        try:
            text = self._entry.read_text("utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return False
        if sys.platform in ("win32", "darwin") or not _is_stale(text):
            return False
        for key, value in _named(command_line()).items():
            text = re.sub(rf"^{key}=.*$", partial(_line, key, value), text, flags=re.MULTILINE)
        _put(self._entry, text.encode())
        return True


def _named(command: list[str]) -> dict[str, str]:
    """The keys that name the program. TryExec is a path and no command line, so that it is escaped as any text."""
    return {"TryExec": command[0].replace("\\", "\\\\"), "Exec": " ".join(map(quoted, command))}


def _line(key: str, value: str, _: object) -> str:
    return f"{key}={value}"


def _is_stale(text: str) -> bool:
    """Whether an entry of Keyrack's own names a path that is not there any more."""
    found = re.search(r"^Exec=(.*)$", text, re.MULTILINE)
    line = found[1].replace("\\\\", "\\") if found is not None else ""
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', line)
    parts = [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in words]
    return AT_LOGIN in parts and any(os.path.isabs(part) and not os.path.exists(part) for part in parts)


def quoted(argument: str) -> str:
    """An argument for the Exec key, quoted twice (Desktop Entry Specification 1.5, "The Exec key")."""
    inner = argument
    for letter in '\\"`$':
        inner = inner.replace(letter, "\\" + letter)
    return '"' + inner.replace("\\", "\\\\").replace("%", "%%") + '"'


def _put(path: Path, data: bytes | None) -> None:
    """Replace a file at once, or delete it. Its folder belongs to the desktop and keeps its rights."""
    if data is None:
        path.unlink(missing_ok=True)
        return
    make_folder(path.parent)
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(data)
        os.replace(fresh, path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _agent() -> Path:
    return Path.home() / f"Library/LaunchAgents/{_LABEL}.plist"


if sys.platform == "win32":

    def _run_value() -> str | None:
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                return str(winreg.QueryValueEx(key, _NAME)[0])
        except FileNotFoundError:
            return None

    def _set_run_value(*, on: bool) -> None:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY, access=winreg.KEY_SET_VALUE) as key:
            if on:
                line = " ".join(f'"{argument}"' for argument in command_line())
                winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, line)
            elif _run_value() is not None:
                winreg.DeleteValue(key, _NAME)
