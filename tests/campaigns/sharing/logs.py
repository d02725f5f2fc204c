"""Reads what the hosts of the campaign wrote down, and finds what must not be in it."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.campaigns.sharing.linear import Operation, is_linearizable

Line = dict[str, Any]


def lines(files: Iterable[Path]) -> list[Line]:
    """All lines of all hosts in the order of their moments. A line that a kill cut off is left out."""
    found: list[Line] = []
    for file in files:
        texts = file.read_text(encoding="utf-8").splitlines()
        found += [json.loads(text) for text in texts if text.endswith("}")]
    return sorted(found, key=lambda line: line["at"])


def histories(found: Sequence[Line]) -> dict[str, list[Operation]]:
    """The history of each account's record."""
    told = {line["new"] for line in found if line["kind"] == "wrote"}
    made: dict[str, list[Operation]] = defaultdict(list)
    for line in found:
        kind, at = line["kind"], line["at"]
        if kind == "claim":
            made[line["id"]].append(Operation("claim", line["began"], at, line["leadership"]))
        elif kind == "read":
            made[line["id"]].append(Operation("read", line["began"], at, new=line["new"]))
        elif kind == "wrote" and line["happened"]:
            write = Operation("write", line["began"], at, line["leadership"], line["old"], line["new"])
            made[line["id"]].append(write)
        elif kind == "writes" and line["new"] not in told:
            made[line["id"]].append(Operation("write", at, math.inf, line["leadership"], line["old"], line["new"]))
    return made


def refused(found: Sequence[Line]) -> list[str]:
    """The accounts whose history no order of its operations explains."""
    return sorted(id for id, history in histories(found).items() if not is_linearizable(history))


def handed_early(found: Sequence[Line]) -> int:
    """How many tokens a host handed out or served before any host had begun to store them."""
    stored: dict[tuple[str, int], float] = {}
    for line in found:
        if line["kind"] == "writes":
            stored.setdefault((line["id"], line["token"]), line["at"])
    given = [line for line in found if line["kind"] in ("handed", "served")]
    return sum(line["at"] < stored.get((line["id"], line["token"]), math.inf) for line in given)


def taken_over(found: Sequence[Line], host: str, killed: float) -> list[float]:
    """Seconds from the kill of a process until another one led each of the accounts that it had led."""
    leaders: dict[str, str] = {}
    waits: dict[str, float] = {}
    for line in found:
        if line["kind"] != "claim":
            continue
        if line["at"] <= killed:
            leaders[line["id"]] = line["host"]
        elif leaders.get(line["id"]) == host:
            waits.setdefault(line["id"], line["at"] - killed)
    return list(waits.values())
