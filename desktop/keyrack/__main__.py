"""Parses the command line and hands over to the window."""

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from keyrack import __version__

TOUR_FOLDER = "keyrack-tour"


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    sandbox: bool
    tour: Path | None
    speed: float | None
    reset: bool
    join: Path | None


def parse(given: list[str]) -> Options:
    """The options; exits with 2 and one sentence for a mistake."""
    parser = argparse.ArgumentParser(prog="keyrack", description="Keeps the tokens of exchange accounts fresh.")
    parser.add_argument("--version", action="version", version=f"Keyrack {__version__}")
    parser.add_argument("--sandbox", action="store_true", help="use stand-in providers on this machine")
    parser.add_argument("--tour", type=Path, metavar="DIR", help="with --sandbox: do it all once, leave pictures in DIR")
    parser.add_argument("--speed", type=_speed, metavar="N", help="with --sandbox: divide lifetimes by N")
    parser.add_argument("--reset", action="store_true", help="with --sandbox: forget its accounts first")
    parser.add_argument("--join", type=Path, metavar="FILE", help="with --sandbox: use one that runs, as FILE tells")
    found = parser.parse_args(given)
    if not found.sandbox and (found.tour or found.speed or found.reset or found.join):
        parser.error("--tour, --speed, --reset and --join go with --sandbox")
    return Options(found.sandbox, found.tour, found.speed, found.reset, found.join)


def _speed(text: str) -> float:
    number = float(text)
    if not 1 <= number <= 100:
        raise argparse.ArgumentTypeError("a number from 1 to 100")
    return number


def has_display() -> bool:
    """Whether windows can be shown here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main() -> int:
    """Run Keyrack; returns the exit code."""
    options = parse(sys.argv[1:])
    if not has_display():
        if not options.sandbox:
            print("Keyrack needs a display to open its window, and there is none.", file=sys.stderr)
            print("`--sandbox` runs its tour without one.", file=sys.stderr)
            return 1
        print("There is no display here, so Keyrack runs its tour off screen.")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        tour = options.tour or Path.cwd() / TOUR_FOLDER
        options = Options(sandbox=True, tour=tour, speed=options.speed, reset=options.reset, join=options.join)
    from keyrack import app

    return app.run(options)


if __name__ == "__main__":
    sys.exit(main())
