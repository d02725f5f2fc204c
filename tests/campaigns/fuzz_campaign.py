"""Lets hostile bytes into the five places where bytes come in, two minutes each at full length."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.campaigns.campaign import Options
from tests.campaigns.fuzzing.complaints import Complaints
from tests.campaigns.fuzzing.engine import Fuzzed, Fuzzer
from tests.campaigns.fuzzing.keyring_items_target import keyring_items_target
from tests.campaigns.fuzzing.listener_target import listener_target
from tests.campaigns.fuzzing.local_socket_target import local_socket_target
from tests.campaigns.fuzzing.provider_files_target import provider_files_target
from tests.campaigns.fuzzing.target import Target
from tests.campaigns.fuzzing.token_answers_target import token_answers_target
from tests.campaigns.table import Count

TITLE = "Hostile bytes at the five places where bytes come in"
SECONDS = 120.0
Opened = Callable[[Path, Complaints], AbstractAsyncContextManager[Target]]
TARGETS: dict[str, Opened] = {
    "listener": listener_target,
    "local_socket": local_socket_target,
    "provider_files": provider_files_target,
    "keyring_items": keyring_items_target,
    "token_answers": token_answers_target,
}
_MOST_OUTCOMES = 6


def counted(home: Path, options: Options) -> list[Count]:
    """Fuzz every target, and count what came of it. A fault is printed at once."""
    counts: list[Count] = []
    for name in TARGETS:
        fuzzed = asyncio.run(fuzz(name, home / name, options.seed, SECONDS * options.share))
        for fault in fuzzed.told:
            print(fault, file=sys.stderr, flush=True)
        counts += _lines(name.replace("_", " "), fuzzed)
    return counts


async def fuzz(name: str, home: Path, seed: int, seconds: float) -> Fuzzed:
    """Fuzz one target for so long."""
    home.mkdir(parents=True, exist_ok=True)
    with Complaints() as complaints:
        async with TARGETS[name](home, complaints) as target:
            return await Fuzzer(target, complaints, seed).run(seconds)


def _lines(title: str, fuzzed: Fuzzed) -> list[Count]:
    common = fuzzed.outcomes.most_common(_MOST_OUTCOMES)
    shown = ", ".join(f"{outcome} {count}" for outcome, count in common)
    more = len(fuzzed.outcomes) - len(common)
    lines = f"{fuzzed.new_lines} beside {fuzzed.lines_of_corpus}"
    return [
        Count(f"{title}: inputs", f"{fuzzed.inputs}, {fuzzed.inputs / max(fuzzed.seconds, 0.001):.0f} a second"),
        Count(f"{title}: outcomes", f"{len(fuzzed.outcomes)}: {shown}" + (f", {more} more" if more > 0 else "")),
        Count(f"{title}: new lines", f"{lines} of the corpus"),
        Count(f"{title}: faults", str(fuzzed.faults.total()), "0", not fuzzed.faults),
    ]
