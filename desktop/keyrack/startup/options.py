"""The command-line options of the window and of the agent, and the help text."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from keyrack import __version__

FASTEST = 100
_USAGE = """\
keyrack [options]           open the window, or raise it
       keyrack [--sandbox] VERB …  ask the Keyrack that runs"""
_VERBS = """\
verbs (each says more with --help):
  token NAME        print a fresh token of the account NAME
  header NAME       the same as a header, “Authorization: Bearer …”
  run NAME -- …     run a command that finds a fresh token in its environment
  status            how every account is, and how long its token lives
  login NAME        sign in; also logout NAME, refresh NAME
  accounts list     the accounts; also accounts add, set, remove
  history export    what the accounts were worth, as CSV
  lock, unlock      give no token for a while
  proxy             how Keyrack connects; proxy --use none, system or an address
  settings list     what you chose; also settings get, set and reset
  export FILE       your accounts in one sealed file; import FILE takes them in
  socket            where the local socket is
  agent             keep tokens fresh without a window, on a server
  providers list    what is known; providers check FILE reads a file of yours, and add FILE adds it

All but the last two ask the Keyrack that runs; with --sandbox, its sandbox. Without one that runs,
settings reads and changes the file.

exit codes of the verbs:
  0 done · 1 unexpected, or stdout closed · 2 wrong command line · 3 no such account · 4 sign-in needed
  5 keyring locked or missing · 6 provider or network down · 7 Keyrack is not running · 8 refused, or locked
"""


@dataclass(frozen=True, slots=True)
class Options:
    """The parsed options. `speed` divides the sandbox's lifetimes."""

    sandbox: bool
    tour: Path | None = None
    speed: float | None = None
    reset: bool = False
    join: Path | None = None
    own_keyring: bool = False
    at_login: bool = False


def parse(arguments: list[str]) -> Options:
    """The window's options. Exits with 2 and one sentence for a mistake."""
    if not arguments:  # as nearly always. To make a parser takes as long as to make the window.
        return Options(sandbox=False)
    parser = argparse.ArgumentParser(
        prog="keyrack",
        usage=_USAGE,
        description="Keeps the tokens of exchange accounts fresh.",
        epilog=_VERBS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Keyrack {__version__}")
    _sandbox_options(parser)
    parser.add_argument(
        "--at-login", action="store_true", help="the desktop starts it, as the setting start_at_login has it"
    )
    parser.add_argument("--tour", type=Path, metavar="DIR", help="with --sandbox: do it all once, keep pictures in DIR")
    parsed = parser.parse_args(arguments)
    if not parsed.sandbox and (parsed.tour or parsed.speed or parsed.reset or parsed.join):
        parser.error("--tour, --speed, --reset and --join go with --sandbox")
    return Options(
        parsed.sandbox,
        parsed.tour,
        parsed.speed,
        parsed.reset,
        parsed.join,
        at_login=parsed.at_login and not parsed.sandbox,
    )


def parse_agent(arguments: list[str]) -> Options:
    """The options of `keyrack agent`. Exits with 2 and one sentence for a mistake."""
    parser = argparse.ArgumentParser(prog="keyrack agent", description="Keeps tokens fresh without a window.")
    _sandbox_options(parser)
    parser.add_argument(
        "--own-keyring", action="store_true", help="start a keyring for this agent alone, unlocked by a credential"
    )
    parsed = parser.parse_args(arguments)
    if not parsed.sandbox and (parsed.speed or parsed.reset or parsed.join):
        parser.error("--speed, --reset and --join go with --sandbox")
    return Options(parsed.sandbox, None, parsed.speed, parsed.reset, parsed.join, parsed.own_keyring)


def _sandbox_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sandbox", action="store_true", help="use stand-in providers on this machine")
    parser.add_argument("--speed", type=_speed, metavar="N", help="with --sandbox: divide lifetimes by N")
    parser.add_argument("--reset", action="store_true", help="with --sandbox: forget its accounts first")
    parser.add_argument("--join", type=Path, metavar="FILE", help="with --sandbox: use one that runs, as FILE tells")


def _speed(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 1 <= number <= FASTEST:
        raise argparse.ArgumentTypeError(f"a number from 1 to {FASTEST}")
    return number
