"""The command-line options of the window and of the agent, and what their exit codes mean."""

from pathlib import Path
from typing import NamedTuple

from keyrack.language.translation import mark

EXIT_CODES = (
    ("0", mark("done")),
    ("1", mark("unexpected, or stdout closed")),
    ("2", mark("wrong command line")),
    ("3", mark("no such account")),
    ("4", mark("sign-in needed")),
    ("5", mark("keyring locked or missing")),
    ("6", mark("provider or network down")),
    ("7", mark("Keyrack is not running")),
    ("8", mark("refused, or locked")),
)


class Option(NamedTuple):
    """An option with its help. `value` names what comes after it, "" for a switch."""

    name: str
    help: str
    value: str = ""


SANDBOX = Option("--sandbox", mark("use stand-in providers on this machine"))
_SANDBOX_OPTIONS = (
    SANDBOX,
    Option("--speed", mark("with --sandbox: divide lifetimes by N"), "N"),
    Option("--reset", mark("with --sandbox: forget its accounts first")),
    Option("--join", mark("with --sandbox: use one that runs, as FILE tells"), "FILE"),
)
WINDOW_OPTIONS = (
    *_SANDBOX_OPTIONS,
    Option("--at-login", mark("the desktop starts it, as the setting start_at_login has it")),
    Option("--tour", mark("with --sandbox: do it all once, keep pictures in DIR"), "DIR"),
)
AGENT_OPTIONS = (
    *_SANDBOX_OPTIONS,
    Option("--own-keyring", mark("start a keyring for this agent alone, unlocked by a credential")),
)


class Options(NamedTuple):
    """The parsed options. `speed` divides the sandbox's lifetimes."""

    sandbox: bool
    tour: Path | None = None
    speed: float | None = None
    reset: bool = False
    join: Path | None = None
    own_keyring: bool = False
    at_login: bool = False
