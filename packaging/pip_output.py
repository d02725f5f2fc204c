"""Turns pip's output into progress for a person, and into one sentence when it fails."""

import re
import sys
from collections.abc import Callable

UNREACHABLE = (
    "Temporary failure in name resolution|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError"
    "|Max retries exceeded|Connection (?:refused|reset|aborted)|Network is unreachable"
)
CAUSES = {
    "DO NOT MATCH THE HASHES": "a package is not the one that was locked (its hash differs); it was refused.",
    "(?i)in --require-hashes mode": "the lock file is incomplete: each package needs a version and a hash.",
    r"No space left on device|Errno 28\b": "the disk is full; free about 1 GB and start again.",
    r"Errno 13\b|Permission denied": "a file cannot be written; make this folder your own first.",
    UNREACHABLE: "the package index cannot be reached; check the network and start again.",
    r"No matching distribution found for ([^\s=]+)": "no {0} for this system was found; check the network.",
}


class PipOutput:
    """Reads pip's lines and shows one line per package.

    `say` prints plain lines. With `live` the line is overwritten in place.
    """

    def __init__(self, total: int, say: Callable[[str], None], *, live: bool) -> None:
        self._total = total
        self._count = 0
        self._say = say
        self._live = live
        self._lines: list[str] = []

    def read(self, line: str) -> None:
        """Take one line of pip's output."""
        self._lines.append(line)
        if line.startswith("Ignoring "):
            self._total -= 1
        elif match := re.match(
            r"Collecting ([^\s=]+)==(\S+)|Processing (?:.*[/\\])?([^/\\-]+)-([^-]+)(?:-[^-/\\]+){3,4}\.whl", line
        ):
            self._count += 1
            name, version = match[1] or match[3], match[2] or match[4]
            self._show(f"  {self._count}/{max(self._total, self._count)} {name} {version}")
        elif line.startswith("Installing collected packages"):
            self.end()
            self._say("  installing them")

    def _show(self, text: str) -> None:
        if self._live:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
        else:
            self._say(text)

    def end(self) -> None:
        """Close the line that is being overwritten."""
        if self._live and self._count:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def text(self) -> str:
        """All of pip's output."""
        return "".join(self._lines)


def explain(output: str) -> str:
    """Say in one sentence why pip failed. Addresses are left out, as they can carry credentials."""
    for pattern, sentence in CAUSES.items():
        if match := re.search(pattern, output):
            return sentence.format(*match.groups())
    errors = [line for line in output.splitlines() if "error" in line.lower()] or output.splitlines() or ["nothing"]
    return "pip said: " + re.sub(r"\w+://\S+", "…", errors[-1].strip())
