"""Puts Keyrack into the desktop's menu and on the person's path, and removes exactly what it put there."""

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import menu
import stamps

NAME = "installed.json"


@dataclass(frozen=True)
class Record:
    """What an installation wrote: each file with the digest of its content, and the folders it made."""

    files: dict[str, str]
    folders: list[str]


class Refused(Exception):
    """Installing would harm a file of the person. The text is a sentence for them."""


def data_home() -> Path:
    """The folder for a person's application data: an absolute `XDG_DATA_HOME`, else the system's default."""
    named = os.environ.get("XDG_DATA_HOME", "")
    if os.name == "nt":
        return Path(os.environ["LOCALAPPDATA"])
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support"
    return Path(named) if os.path.isabs(named) else Path.home() / ".local/share"


def manifest_path() -> Path:
    """The path of the record of what was installed where."""
    return data_home() / "keyrack" / NAME


def install() -> str | None:
    """Put everything in its place, replacing an earlier installation. Return a sentence if that is refused."""
    files = menu.files(Path(stamps.ROOT), data_home())
    recorded = read_manifest()
    try:
        refuse_foreign(files, recorded)
    except Refused as refusal:
        return str(refusal)
    remove(recorded)
    write(files)
    command = next(iter(files))
    print(f"Keyrack is in your menu; its command is {command}.")
    if str(command.parent) not in os.environ.get("PATH", "").split(os.pathsep):
        print(f"To start it as `keyrack`, add {command.parent} to your PATH.")
    return None


def write(files: menu.Files) -> None:
    """Write the files. The record is written first, so that an interrupted installation can be undone too."""
    folders: list[str] = []
    for folder in [manifest_path().parent, *(path.parent for path in files)]:
        folders += make_folders(folder)
    record = {"files": {str(path): digest(content) for path, (content, _) in files.items()}, "folders": folders}
    manifest_path().write_text(json.dumps(record, indent=1), encoding="utf-8")
    for path, (content, mode) in files.items():
        path.write_bytes(content)
        path.chmod(mode)


def make_folders(folder: Path) -> list[str]:
    """Make a folder and those above it. Return the new ones, outermost first."""
    new = [str(path) for path in (folder, *folder.parents) if not path.exists()][::-1]
    folder.mkdir(parents=True, exist_ok=True)
    return new


def uninstall() -> str | None:
    """Remove what is recorded, and nothing else. Return a sentence if there is nothing."""
    recorded = read_manifest()
    if not recorded.files:
        return "Keyrack is not installed for you; there is nothing to remove."
    enabled = any((folder / "keyrack-agent.service").is_symlink() for folder in menu.units().glob("*.wants"))
    kept = remove(recorded)
    if enabled:
        print("The agent's unit is still enabled; run: systemctl --user disable --now keyrack-agent.service")
    print("Keyrack is no longer in your menu. Your accounts and secrets were not touched.")
    for path in kept:
        print(f"{path} was changed since it was installed, and stays.")
    return None


def read_manifest() -> Record:
    """Read what an earlier installation recorded. Empty if there was none."""
    try:
        stored = json.loads(manifest_path().read_text(encoding="utf-8"))
        return Record(dict(stored["files"]), list(stored["folders"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Record({}, [])


def refuse_foreign(files: menu.Files, recorded: Record) -> None:
    """Raise if a file of the same name is there that no installation of ours wrote."""
    for path in files:
        if (path.exists() or path.is_symlink()) and not is_ours(path, recorded):
            raise Refused(f"{path} is there already and is not Keyrack's; move it away and install again.")


def is_ours(path: Path, recorded: Record) -> bool:
    """Whether the file is still as an installation of ours left it."""
    return path.is_file() and not path.is_symlink() and recorded.files.get(str(path)) == digest(path.read_bytes())


def remove(recorded: Record) -> list[str]:
    """Remove recorded files that are unchanged, and the folders made for them if empty. Return the files that stay."""
    kept = []
    for path in map(Path, recorded.files):
        if is_ours(path, recorded):
            path.unlink()
        elif path.exists():
            kept.append(str(path))
    manifest_path().unlink(missing_ok=True)
    for folder in sorted(map(Path, recorded.folders), key=lambda path: -len(path.parts)):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return kept


def digest(content: bytes) -> str:
    """The SHA-256 of a file's content, in hex."""
    return hashlib.sha256(content).hexdigest()
