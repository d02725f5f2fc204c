"""The checks before the window opens: the options, a display, and a single instance."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

from keyrack import __version__
from keyrack.broker.instance.instance import LOCK_NAME, AgentRuns, Instance, known_paths
from keyrack.broker.instance.other_instance import release_of
from keyrack.broker.instance.take_over import take_over
from keyrack.command_name import command_name
from keyrack.core.system.paths import Paths
from keyrack.language.languages import of_environment
from keyrack.language.translation import tr, use
from keyrack.primitives.failure import Failure
from keyrack.startup.options import Options

TOUR_FOLDER = "keyrack-tour"
_SECONDS = 1.0
_UNSEEN = ("offscreen", "minimal")


class Untold(NamedTuple):
    """Why there is no start, where nobody reads what is printed."""

    sentences: str


def options_for_window(arguments: list[str]) -> Options | None:
    """The options. None when the window was requested and there is no display to show it on."""
    use(of_environment(os.environ))
    options = _parsed(arguments) if arguments else Options(sandbox=False)
    if has_display():
        return options
    if not options.sandbox:
        print(tr("Keyrack needs a display to open its window, and there is none."), file=sys.stderr)
        agent = f"{command_name(str(Path.cwd()))} agent"
        words = tr("`{agent}` keeps tokens fresh without one, and `--sandbox` runs the tour.", agent=agent)
        print(words, file=sys.stderr)
        return None
    print(tr("There is no display here, so Keyrack runs its tour off screen."))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return options._replace(tour=options.tour or Path.cwd() / TOUR_FOLDER)


def _parsed(arguments: list[str]) -> Options:
    """The options, by a parser. To import and make it takes as long as to make the window, which rarely needs it."""
    from keyrack.startup.option_parser import parse

    return parse(arguments)


def has_display() -> bool:
    """Whether windows can be shown here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def acquire_instance(options: Options, places: Paths) -> Instance | int | Untold | None:
    """The instance, or an exit code, or what a window has to tell, or None beside an agent.

    The exit code is 0 when another instance runs and has raised its window, and 1 after a failure.
    """
    try:
        instance = Instance.acquire(places.runtime, places.state / LOCK_NAME, spare=places.spare)
    except AgentRuns as beside:
        if options.tour is None:
            return None
        print(beside.sentences(), file=sys.stderr)
        return 1
    except (Failure, OSError) as problem:
        sentences = problem.sentences() if isinstance(problem, Failure) else str(problem)
        print(sentences, file=sys.stderr)
        return Untold(sentences) if options.tour is None and _only_a_window_is_seen() else 1
    if instance is None:
        _name_another_release(places)
        return 0
    return instance


def _only_a_window_is_seen() -> bool:
    """Whether there is a screen and no terminal, as after a start by the desktop's menu."""
    at_terminal = sys.stderr is not None and sys.stderr.isatty()
    return not at_terminal and not os.environ.get("QT_QPA_PLATFORM", "").startswith(_UNSEEN)


def _name_another_release(places: Paths) -> None:
    """Say so where the window that came forward is not of this release, as two packages side by side have it."""
    runs = release_of(known_paths((places.runtime, *places.spare), places.state), _SECONDS)
    if runs not in ("", __version__):
        ours = __version__
        said = tr("Keyrack {runs} runs already, and its window came forward. This is {ours}.", runs=runs, ours=ours)
        print(said, tr("Quit the one that runs, then start this one."), file=sys.stderr)


def take_over_agent(places: Paths) -> Instance | None:
    """The instance after the agent has stopped. None when another window was faster. Raises Failure or OSError."""
    return take_over(places.runtime, places.state / LOCK_NAME, spare=places.spare)
