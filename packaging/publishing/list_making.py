"""Makes the text of a list of releases from the built packages, CHANGELOG.md, and the list that was published before.

The format is described in docs/release-list.md. The standard library is enough for it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

KEY, FORMAT = "keyrack_releases", 1
LONGEST_NOTE = 300
MARK = "\nuntrusted comment: "
# What build.py makes where a part is missing (docs/packages.md).
UNFINISHED = ("-without-python.zip", ".squashfs")
_CHUNK = 1024 * 1024


class Unpublishable(Exception):
    """The list cannot be made. The text is a sentence for whoever publishes."""


@dataclass(frozen=True)
class Edition:
    """What one list has in common: its time, until when it is good, where the files are, and who signs next."""

    made: datetime
    days: int
    page: str
    next_key: str = ""


def list_text(edition: Edition, previous: Mapping[str, Any], fresh: Mapping[str, Any] | None) -> str:
    """The text of the list after `previous`, which is {} for the first one, with a fresh release if there is one."""
    releases = [each for each in previous.get("releases", []) if fresh is None or each["version"] != fresh["version"]]
    whole = {
        KEY: FORMAT,
        "number": previous.get("number", 0) + 1,
        "made": _moment(edition.made),
        "good_until": _moment(edition.made + timedelta(days=edition.days)),
        "page": edition.page or previous.get("page", ""),
        **({"next_key": edition.next_key} if edition.next_key else {}),
        "releases": [*([fresh] if fresh else []), *releases],
    }
    if not whole["page"]:
        raise Unpublishable("The list needs the address of the page where the packages are: --page https://…")
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def previous_list(path: Path | None) -> Mapping[str, Any]:
    """The list of a published file, {} without one. Raises Unpublishable."""
    if path is None:
        return {}
    try:
        text = path.read_text("utf-8")
        found = json.loads(text[: text.rfind(MARK) + 1])
    except (OSError, ValueError) as problem:
        raise Unpublishable(f"{path.name} is no list that was published: {problem}") from None
    if not isinstance(found, dict) or found.get(KEY) != FORMAT:
        raise Unpublishable(f"{path.name} is no list of this format.")
    return found


def release_of(version: str, folder: Path, notes: str, said: str = "") -> dict[str, Any]:
    """The entry of one version: its packages in a folder, and what the text of CHANGELOG.md says of it."""
    head = re.search(rf"(?m)^## \[{re.escape(version)}\] - (\d{{4}}-\d\d-\d\d)$", notes)
    if head is None:
        raise Unpublishable(f"CHANGELOG.md has no section for {version}.")
    section = notes[head.end() :].partition("\n## [")[0]
    files = sorted(path for path in folder.iterdir() if path.is_file() and _is_of(path.name, version))
    if not files:
        raise Unpublishable(f"{folder} has no package of {version}: make them by packaging/build.py.")
    return {
        "version": version,
        "date": head[1],
        "note": said or _note(section),
        "security": "### Security" in section,
        "files": [{"name": path.name, "size": path.stat().st_size, "sha256": _digest(path)} for path in files],
    }


def _note(section: str) -> str:
    """The first line about security, else the first line at all, down to its first full stop."""
    _, has, security = section.partition("### Security")
    found = re.search(r"(?m)^- (.+(?:\n {2,}.+)*)", security if has else section)
    line = " ".join(found[1].split()) if found else ""
    sentence = re.split(r"(?<=[.;]) ", line)[0]
    if len(sentence) > LONGEST_NOTE:
        raise Unpublishable("The first sentence about it in CHANGELOG.md is too long: give a shorter one by --note.")
    return sentence


def _is_of(name: str, version: str) -> bool:
    """Whether it is a package of the version. What was made without a part that it needs is none."""
    return not name.endswith(UNFINISHED) and re.search(rf"[-_]{re.escape(version)}(?![\d.]*\d)", name) is not None


def _digest(path: Path) -> str:
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            whole.update(part)
    return whole.hexdigest()


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
