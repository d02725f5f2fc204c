"""What a look for updates found, in sentences, and as plain values for programs."""

from collections.abc import Callable, Mapping

from keyrack.core.updates.installation import Installation
from keyrack.core.updates.update_check import Found
from keyrack.messages.catalogue import message


def newer_words(found: Found, day: Callable[[str], str] = str) -> str:
    """What is newer and what it is about, or that nothing is. `day` writes a date such as 2026-12-01 for the person.

    A list whose time is over is told as that, and "" where the last look has failed for the same.
    """
    if not found.newer and found.doubt is not None:
        if found.failed is not None and found.failed.code == found.doubt.code:
            return ""
        return f"{found.doubt.happened} {found.doubt.means}"
    if not found.newer:
        return message("update_none", {"running": found.running}).happened
    latest = found.newer[0]
    words = message("update_newer", {"version": latest.version, "running": found.running, "date": day(latest.date)})
    security = message("update_mends_security", {}).happened if found.mends_security else ""
    return " ".join(part for part in (words.happened, security, _sentence(latest.note)) if part)


def how_words(found: Found, here: Installation) -> str:
    """How to bring the latest version, a line each and the command alone in the last one. "" where there is none."""
    if not found.newer or found.list is None:
        return ""
    latest = found.newer[0]
    file, command = here.file(latest), here.command(latest)
    if file is None:
        if not command:
            return message("update_no_file", {"page": found.list.page}).happened
        return f"{message('update_by_command', {}).happened}\n{command}"
    words = message("update_by_file", {"page": found.list.page, "file": file.name, "sha256": file.sha256})
    if not command:
        return f"{words.happened}\n{words.means}"
    how = words.todo
    if here.start:
        unpacked = message("update_unpacked", {"start": here.start})
        how = f"{unpacked.happened} {unpacked.means}"
    return f"{words.happened}\n{words.means}\n{how}\n{command}"


def _sentence(note: str) -> str:
    """A note that another sentence may follow, whether its publisher has ended it or not."""
    return note if not note or note.endswith((".", "!", "?", "…")) else f"{note.rstrip(';,: ')}."


def as_values(found: Found, here: Installation) -> Mapping[str, object]:
    """The same for a program, as `keyrack updates check --json` prints it."""
    latest = found.newer[0] if found.newer else None
    file = None if latest is None else here.file(latest)
    known = found.list
    return {
        "version": 1,
        "running": found.running,
        "installed_by": here.kind,
        "list": None
        if known is None
        else {
            "number": known.number,
            "made": known.made.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "good_until": known.good_until.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "page": known.page,
        },
        "newer": [
            {"version": each.version, "date": each.date, "security": each.security, "note": each.note}
            for each in found.newer
        ],
        "file": None if file is None else {"name": file.name, "size": file.size, "sha256": file.sha256},
        "command": "" if latest is None else here.command(latest),
    }
