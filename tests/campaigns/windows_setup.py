"""Installs, upgrades and removes the installer for Windows under Wine, with stand-ins for the Python inside."""

import dataclasses
import os
import shutil
import subprocess
from pathlib import Path

from shipping.checkout_copy import checkout
from shipping.desktops import installer, windows
from tests.campaigns.table import Count
from tests.checkout import ROOT

WINE = "/usr/lib/wine/wine64"
PLACE = "drive_c/Program Files/Keyrack"
COMMAND = "system32/cmd.exe"  # any program that Windows can start, in place of Python


def walked(home: Path) -> list[Count]:
    """Have Windows Installer's stand-in do what a person does in the life of a program."""
    if not Path(WINE).exists():
        return [Count("the installer for Windows", "not run: wine64 missing")]
    prefix = home / "prefix"
    _wine(prefix, "wineboot", "--init")
    program = home / "Keyrack"
    (program / "python").mkdir(parents=True)
    command = prefix / "drive_c/windows" / COMMAND
    for name in ("python.exe", "pythonw.exe"):
        shutil.copy(command, program / "python" / name)
    windows.write_launchers(program / "bin", command)
    (program / "keyrack.ico").write_bytes(b"")
    source = checkout(ROOT)
    (program / "old").write_text("")
    installer.write_installer(source, program, home / "old.msi")
    (program / "old").rename(program / "new")
    installer.write_installer(dataclasses.replace(source, version="99.0.0"), program, home / "new.msi")
    try:
        return [
            _did(prefix, "installed", ["/i", str(home / "old.msi")], there={"old", "bin/keyrack.exe"}, gone={"new"}),
            _started(prefix),
            _did(prefix, "upgraded", ["/i", str(home / "new.msi")], there={"new", "bin/keyrack.exe"}, gone={"old"}),
            _did(prefix, "downgrade refused", ["/i", str(home / "old.msi")], there={"new"}, gone={"old"}, good=False),
            _did(prefix, "removed", ["/x", str(home / "new.msi")], there=set(), gone={""}),
        ]
    finally:
        _wine(prefix, "wineboot", "--kill")


def _did(prefix: Path, what: str, words: list[str], *, there: set[str], gone: set[str], good: bool = True) -> Count:
    code = _wine(prefix, "msiexec", *words, "/qn").returncode
    place = prefix / PLACE
    wrong = [name for name in there if not (place / name).exists()] + [name for name in gone if (place / name).exists()]
    expected = (code == 0) is good and not wrong
    return Count(f"for Windows, {what}", f"exit code {code}, wrong: {', '.join(wrong) or 'nothing'}", good=expected)


def _started(prefix: Path) -> Count:
    """What the launcher starts, by Wine's own record of it."""
    told = _wine(prefix, str(prefix / PLACE / "bin/keyrack.exe"), "token", "My desk", debug="+process").stderr
    right = [
        line
        for line in told.splitlines()
        if r"\\Keyrack\\python\\python.exe" in line and r"keyrack-script.py\" \"token\" \"My desk\"" in line
    ]
    return Count("for Windows, the launcher starts the Python beside it", str(bool(right)), "True", good=bool(right))


def _wine(prefix: Path, *words: str, debug: str = "-all") -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "WINEPREFIX": str(prefix), "WINEDEBUG": debug, "DISPLAY": ""}
    return subprocess.run(
        [WINE, *words], env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        check=False, timeout=300,
    )  # fmt: skip
