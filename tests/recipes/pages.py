"""Takes the fenced blocks out of a Markdown page, by the heading above them."""

import re
from collections import defaultdict
from pathlib import Path

from tests.checkout import ROOT

README = ROOT / "README.md"
SOCKET_PAGE = ROOT / "desktop" / "keyrack" / "broker" / "README.md"
_FENCE = re.compile(r"(?ms)^#+ (?P<heading>.+?)$|^```(?P<language>\w*)\n(?P<text>.*?)^```$")

Blocks = dict[str, dict[str, list[str]]]


def blocks(page: Path) -> Blocks:
    """Each heading's blocks by their language, in the order of the page. The headings of a page differ."""
    found: Blocks = {}
    heading = ""
    for match in _FENCE.finditer(page.read_text("utf-8")):
        if match["heading"]:
            heading = match["heading"].replace("`", "")
            assert heading not in found, heading
            found[heading] = defaultdict(list)
        else:
            found[heading][match["language"]].append(match["text"])
    return found
