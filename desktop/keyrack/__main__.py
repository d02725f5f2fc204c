"""Finds out what was asked for and whether another Keyrack runs, shows the window, then fills it."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from keyrack.broker.instance import Instance
from keyrack.core.paths import paths
from keyrack.net.failure import Failure
from keyrack.options import Options, parse

TOUR_FOLDER = "keyrack-tour"


def main() -> int:
    """Run Keyrack; returns the exit code."""
    if sys.argv[1:2] == ["providers"]:
        from keyrack import providers_verb

        return providers_verb.run(sys.argv[2:])
    options = parse(sys.argv[1:])
    if not has_display():
        if not options.sandbox:
            print("Keyrack needs a display to open its window, and there is none.", file=sys.stderr)
            print("`--sandbox` runs its tour without one.", file=sys.stderr)
            return 1
        print("There is no display here, so Keyrack runs its tour off screen.")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        options = replace(options, tour=options.tour or Path.cwd() / TOUR_FOLDER)
    return _alone(options)


def has_display() -> bool:
    """Whether windows can be shown here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _alone(options: Options) -> int:
    """Run unless another one does, which then raises its window; Qt is imported only after that."""
    places = paths(options.sandbox)
    try:
        instance = Instance.acquire(places.runtime, places.state / "instance.lock")
    except (Failure, OSError) as problem:
        print(problem.sentences() if isinstance(problem, Failure) else problem, file=sys.stderr)
        return 1
    if instance is None:
        return 0
    try:
        from keyrack.ui.first_paint import first_paint

        window = first_paint(sandbox=options.sandbox)
        from keyrack import app

        return app.run(options, places, instance, window)
    finally:
        instance.close()


if __name__ == "__main__":
    sys.exit(main())
