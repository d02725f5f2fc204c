"""The command line of the window."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from keyrack import __version__

FASTEST = 100


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for; `speed` divides the sandbox's lifetimes."""

    sandbox: bool
    tour: Path | None = None
    speed: float | None = None
    reset: bool = False
    join: Path | None = None


def parse(given: list[str]) -> Options:
    """The options; exits with 2 and one sentence for a mistake."""
    parser = argparse.ArgumentParser(prog="keyrack", description="Keeps the tokens of exchange accounts fresh.")
    parser.add_argument("--version", action="version", version=f"Keyrack {__version__}")
    parser.add_argument("--sandbox", action="store_true", help="use stand-in providers on this machine")
    parser.add_argument("--tour", type=Path, metavar="DIR", help="with --sandbox: do it all once, keep pictures in DIR")
    parser.add_argument("--speed", type=_speed, metavar="N", help="with --sandbox: divide lifetimes by N")
    parser.add_argument("--reset", action="store_true", help="with --sandbox: forget its accounts first")
    parser.add_argument("--join", type=Path, metavar="FILE", help="with --sandbox: use one that runs, as FILE tells")
    found = parser.parse_args(given)
    if not found.sandbox and (found.tour or found.speed or found.reset or found.join):
        parser.error("--tour, --speed, --reset and --join go with --sandbox")
    return Options(found.sandbox, found.tour, found.speed, found.reset, found.join)


def _speed(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 1 <= number <= FASTEST:
        raise argparse.ArgumentTypeError(f"a number from 1 to {FASTEST}")
    return number
