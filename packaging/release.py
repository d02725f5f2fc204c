"""Sets the version everywhere: `python3 packaging/release.py 0.2.0`, or says what is missing. `--check` only looks.

Nothing is written unless everything can be. `key FILE` and `list FOLDER` are about the signed list of releases.
"""

import argparse
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from publishing import publish_command

ROOT = Path(__file__).resolve().parent.parent
METADATA = "packaging/app.keyrack.Keyrack.metainfo.xml"
NOTES = "CHANGELOG.md"
UNRELEASED = "## [Unreleased]"
# Where the version stands, and what stands around it.
PLACES = {
    "pyproject.toml": r'(?m)^(version = ")([^"]+)(")',
    "desktop/keyrack/__init__.py": r'(?m)^(__version__ = ")([^"]+)(")',
    METADATA: r'(<releases>\s*<release version=")([^"]+)(")',
    NOTES: r"(?m)^(## \[)(\d[^\]]*)(\] - \d{4}-\d\d-\d\d$)",
}
# The page that names packages by their files, such as keyrack-0.1.0-py3-none-any.whl.
PAGE = "README.md"
PACKAGE = r"(?i)(\bkeyrack[-_])(\d+\.\d+\.\d+)"
LARGEST = (255, 255, 65535)  # of a version that Windows takes for an installer (Windows Installer, ProductVersion)
MANUAL = "desktop/keyrack/manual/man_page.py"
DATED = r'(?m)^(_DATE = ")([^"]+)(")'


class Incomplete(Exception):
    """The release cannot be made. The text has a line for each thing that is missing."""


def main() -> str | int:
    """Set or check the version. Returns 0, or the sentences on what is missing."""
    if sys.argv[1:2] and sys.argv[1] in publish_command.WORDS:
        try:
            return publish_command.run(sys.argv[1:], lambda: current(ROOT))
        except Incomplete as why:
            return str(why)
    parser = argparse.ArgumentParser(prog="python3 packaging/release.py", description="Sets Keyrack's version.")
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("version", nargs="?", help="the new version, such as 0.2.0")
    asked.add_argument("--check", action="store_true", help="say whether all places agree, and change nothing")
    chosen = parser.parse_args()
    try:
        if chosen.check:
            print(f"Every place says {current(ROOT)}.")
            return 0
        if changed := subprocess.run(
            ["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout:
            return f"Commit first: {len(changed.splitlines())} files differ from the commit."
        release(ROOT, chosen.version, datetime.now(UTC).date().isoformat())
    except Incomplete as why:
        return str(why)
    print(f"Every place says {chosen.version}. Look at the difference, and commit it.")
    return 0


def current(root: Path) -> str:
    """The version that every place names. Raises Incomplete where they differ or one names none."""
    found = {name: re.search(pattern, (root / name).read_text("utf-8")) for name, pattern in PLACES.items()}
    if missing := [name for name, match in found.items() if match is None]:
        raise Incomplete("\n".join(f"{name} names no version." for name in missing))
    versions = {name: match[2] for name, match in found.items() if match is not None}
    if len(set(versions.values())) > 1:
        raise Incomplete("\n".join(f"{name} says {version}." for name, version in versions.items()))
    version = next(iter(versions.values()))
    named = {found[2] for found in re.finditer(PACKAGE, (root / PAGE).read_text("utf-8"))}
    if named != {version}:
        raise Incomplete(f"{PAGE} names packages of {', '.join(sorted(named)) or 'no version'}, not of {version}.")
    return version


def release(root: Path, version: str, date: str) -> None:
    """Write the version and the date everywhere. Raises Incomplete, and has written nothing then."""
    before = current(root)
    missing = [] if re.fullmatch(r"\d+\.\d+\.\d+", version) else [f"{version} is no version such as 0.2.0."]
    if not missing and _numbers(version) <= _numbers(before):
        missing.append(f"{version} is not later than {before}.")
    if not missing and any(number > most for number, most in zip(_numbers(version), LARGEST, strict=True)):
        missing.append(f"{version} is too large for Windows: at most {'.'.join(map(str, LARGEST))}.")
    notes = (root / NOTES).read_text("utf-8")
    entries = notes.partition(f"{UNRELEASED}\n")[2].partition("\n## [")[0]
    if not re.search(r"^- \S", entries, re.MULTILINE):
        missing.append(f"{NOTES} has no line under Unreleased: write what changes for people.")
    if missing:
        raise Incomplete("\n".join(missing))
    texts = {
        name: _with(root / name, PLACES[name], version) for name in ("pyproject.toml", "desktop/keyrack/__init__.py")
    }
    texts[PAGE] = re.sub(PACKAGE, rf"\g<1>{version}", (root / PAGE).read_text("utf-8"))
    texts[MANUAL] = _with(root / MANUAL, DATED, date)
    texts[NOTES] = notes.replace(UNRELEASED, f"{UNRELEASED}\n\n## [{version}] - {date}", 1)
    entry = f'<releases>\n    <release version="{version}" date="{date}"/>'
    texts[METADATA] = (root / METADATA).read_text("utf-8").replace("<releases>", entry, 1)
    for name, text in texts.items():
        (root / name).write_text(text, "utf-8")


def _with(path: Path, pattern: str, value: str) -> str:
    text, count = re.subn(pattern, lambda match: f"{match[1]}{value}{match[3]}", path.read_text("utf-8"))
    if count != 1:
        raise Incomplete(f"{path.name} has {count} places for {value}, not one.")
    return text


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


if __name__ == "__main__":
    sys.exit(main())
