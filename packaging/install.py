"""Puts Keyrack into the desktop's menu and on the person's path, and takes away exactly what it put there."""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import bootstrap
import menu

NAME = "installed.json"


class Refused(Exception):
    """Installing would harm something of the person's own; the text is a sentence for them."""


def data_home() -> Path:
    """The folder for a person's application data: `XDG_DATA_HOME` if it is an absolute path, else the system's own."""
    named = os.environ.get("XDG_DATA_HOME", "")
    if os.name == "nt":
        return Path(os.environ["LOCALAPPDATA"])
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support"
    return Path(named) if os.path.isabs(named) else Path.home() / ".local/share"


def manifest_path() -> Path:
    """Where it is recorded what was put where."""
    return data_home() / "keyrack" / NAME


def install() -> str | None:
    """Put everything in its place, replacing an earlier installation; return a sentence if that is refused."""
    files = menu.files(Path(bootstrap.ROOT), data_home())
    recorded = read_manifest()
    try:
        refuse_foreign(files, recorded)
    except Refused as refusal:
        return str(refusal)
    remove(recorded)
    record = {"files": dict[str, str](), "folders": list[str]()}
    for path, (content, mode) in files.items():
        record["folders"] += make_folders(path.parent)
        path.write_bytes(content)
        path.chmod(mode)
        record["files"][str(path)] = digest(content)
    record["folders"] += make_folders(manifest_path().parent)
    manifest_path().write_text(json.dumps(record, indent=1), encoding="utf-8")
    menu.refresh(record["files"])
    print(f"Keyrack is in your menu; its command is {next(iter(files))}.")
    if str(next(iter(files)).parent) not in os.environ.get("PATH", "").split(os.pathsep):
        print(f"To start it as `keyrack`, add {next(iter(files)).parent} to your PATH.")
    return None


def uninstall() -> str | None:
    """Remove what is recorded, and nothing else; return a sentence if there is nothing."""
    recorded = read_manifest()
    if not recorded["files"]:
        return "Keyrack is not installed for you; there is nothing to remove."
    kept = remove(recorded)
    menu.refresh(recorded["files"])
    print("Keyrack is no longer in your menu. Your accounts and secrets were not touched.")
    for path in kept:
        print(f"{path} was changed since it was installed, and stays.")
    return None
