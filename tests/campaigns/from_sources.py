"""The installed program beside the same commit's sources on the same system: its size, and how soon it paints."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.bench.window_process_cost import first_paint
from tests.campaigns.clean_root import CleanRoot
from tests.campaigns.pipx_beside import OFFLINE
from tests.campaigns.table import Count
from tests.checkout import ROOT

PLACE = "/srv/keyrack"
ROUNDS = 15
MOST_SIZE, MOST_PAINT = 0.45, 0.9


def beside_the_sources(root: CleanRoot, display: str) -> list[Count]:
    """Set the sources up from the files that pipx was given, and compare. A first start of each is not counted."""
    checkout = root.folder / PLACE.removeprefix("/")
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(checkout)], check=True)
    root.run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "python3-venv", "python3-pip")
    root.run("chown", "--recursive", "person:person", PLACE)
    sources = ("python3", f"{PLACE}/desktop")
    root.run(*sources, "--version", person=True, DISPLAY=display, **OFFLINE)
    size = held(root.folder / "usr/lib/keyrack") / held(checkout / ".venv")
    taken: dict[Sequence[str], list[float]] = {("keyrack",): [], sources: []}
    for _ in range(ROUNDS + 1):
        for words, times in taken.items():
            times.append(first_paint(root.command(*words, person=True), root.environment(person=True, DISPLAY=display)))
    ours, theirs = (median(times[1:]) for times in taken.values())
    figure = f"{ours:.0f} ms, {theirs:.0f} ms, {ours / theirs:.2f}x"
    return [
        Count("size, beside the environment of the sources", f"{size:.3f}x", f"{MOST_SIZE}x", good=size <= MOST_SIZE),
        Count(
            "start to first paint, beside `python3 desktop`", figure, f"{MOST_PAINT}x", good=ours <= MOST_PAINT * theirs
        ),
    ]


def held(folder: Path) -> int:
    """How many bytes the files below a folder hold."""
    return sum(Path(above, name).lstat().st_size for above, _, names in os.walk(folder) for name in names)
