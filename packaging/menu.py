"""Names the files that put Keyrack into the menu of each system, and on Linux the agent's unit. The launcher is first.

Windows and macOS are written from their documentation and not verified on real machines.
"""

import os
import plistlib
import shlex
import subprocess
import sys
from pathlib import Path

import stamps

Files = dict[Path, tuple[bytes, int]]


def python() -> str:
    """The Python to start with: the system's and not an environment's, because an environment can be rebuilt."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def files(root: Path, data: Path) -> Files:
    """Name each file to write, with its content and mode, for the system this runs on."""
    if os.name == "nt":
        return windows(root)
    script = launch(root).encode()
    launcher = Path.home() / ".local/bin/keyrack"
    if sys.platform == "darwin":
        return {launcher: (script, 0o755), **macos(script), **manual(data)}
    entry = (root / "packaging/keyrack.desktop").read_text(encoding="utf-8").replace("{launcher}", quoted(launcher))
    icon = (root / "resources/icons/keyrack.svg").read_bytes()
    unit = (root / "packaging/keyrack-agent.service").read_bytes()
    return {
        launcher: (script, 0o755),
        data / "applications/keyrack.desktop": (entry.encode(), 0o644),
        data / "icons/hicolor/scalable/apps/keyrack.svg": (icon, 0o644),
        units() / "keyrack-agent.service": (unit, 0o644),
        **manual(data),
    }


def manual(data: Path) -> Files:
    """The manual page and the shells' completions, printed by Keyrack itself from its tables of verbs.

    The folders are those that man-db finds beside ~/.local/bin, that bash-completion and fish look into, and that many
    zsh set-ups have in their fpath.
    """
    pages = {
        data / "man/man1/keyrack.1": ("man",),
        data / "bash-completion/completions/keyrack": ("completion", "bash"),
        data / "fish/vendor_completions.d/keyrack.fish": ("completion", "fish"),
        data / "zsh/site-functions/_keyrack": ("completion", "zsh"),
    }
    return {path: (printed(*words), 0o644) for path, words in pages.items()}


def printed(*words: str) -> bytes:
    """What a verb prints that asks no running Keyrack."""
    command = [stamps.PYTHON, "-I", "-m", "keyrack", *words]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def units() -> Path:
    """The folder in which systemd looks for a person's units (systemd.unit(5)). A unit must still be enabled."""
    named = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(named) if os.path.isabs(named) else Path.home() / ".config") / "systemd/user"


def launch(root: Path) -> str:
    """A shell script that starts Keyrack as `python3 desktop` does, which also renews the environment.

    A verb is run often and by programs. It skips that step while the environment is newer than what it was made
    from and its Python exists.
    """
    stamp, lock = Path(stamps.stamp_path(stamps.RUNTIME)), root / "packaging" / stamps.RUNTIME
    ready = " && ".join(
        [
            f"[ -x {shlex.quote(os.path.realpath(python()))} ]",
            *(f"[ {shlex.quote(str(stamp))} -nt {shlex.quote(str(file))} ]" for file in (lock, Path(stamps.__file__))),
        ]
    )
    return f"""#!/bin/sh
case "${{1-}}" in
"" | -*) ;;
*) {ready} && exec {shlex.quote(stamps.PYTHON)} -I -m keyrack "$@" ;;
esac
exec {shlex.quote(python())} {shlex.quote(str(root / "desktop"))} "$@"
"""


def quoted(path: Path) -> str:
    """Quote a path for the Exec key: Desktop Entry Specification, "The Exec key", then its string escapes."""
    inner = str(path)
    for character in '\\"`$':
        inner = inner.replace(character, "\\" + character)
    return '"' + inner.replace("\\", "\\\\").replace("%", "%%") + '"'


def macos(script: bytes) -> Files:
    """A minimal application bundle in the person's own Applications folder."""
    contents = Path.home() / "Applications/Keyrack.app/Contents"
    about = {"CFBundleName": "Keyrack", "CFBundleIdentifier": "app.keyrack.Keyrack", "CFBundleExecutable": "keyrack"}
    information = plistlib.dumps({**about, "CFBundlePackageType": "APPL", "NSHighResolutionCapable": True})
    return {contents / "Info.plist": (information, 0o644), contents / "MacOS/keyrack": (script, 0o755)}


def windows(root: Path) -> Files:
    """A command on the person's path, and a shortcut in the Start menu that Windows itself makes."""
    command = Path(os.environ["LOCALAPPDATA"]) / "Microsoft/WindowsApps/keyrack.cmd"
    text = f'@"{python()}" "{root / "desktop"}" %*\r\n'
    return {command: (text.encode("mbcs" if os.name == "nt" else "utf-8"), 0o644), shortcut(): (link(root), 0o644)}


def shortcut() -> Path:
    """The path of the person's shortcut in the Start menu."""
    return Path(os.environ["APPDATA"]) / "Microsoft/Windows/Start Menu/Programs/Keyrack.lnk"


def link(root: Path) -> bytes:
    """Have Windows write a shortcut to a temporary place and return its bytes."""
    target = shortcut().with_name("Keyrack-new.lnk")
    environment = {
        **os.environ,
        "KEYRACK_LINK": str(target),
        "KEYRACK_PYTHON": str(Path(python()).with_name("pythonw.exe")),
        "KEYRACK_SOURCE": f'"{root / "desktop"}"',
    }
    code = (
        "$s = (New-Object -ComObject WScript.Shell).CreateShortcut($env:KEYRACK_LINK);"
        "$s.TargetPath = $env:KEYRACK_PYTHON; $s.Arguments = $env:KEYRACK_SOURCE; $s.Save()"
    )
    subprocess.run(["powershell", "-NoProfile", "-NonInteractive", "-Command", code], env=environment, check=True)
    content = target.read_bytes()
    target.unlink()
    return content
