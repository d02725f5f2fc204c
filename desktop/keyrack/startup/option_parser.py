"""Reads the command line of the window and of the agent, and prints their help."""

import argparse
from collections.abc import Callable, Mapping
from importlib.machinery import PathFinder
from pathlib import Path

from keyrack import __version__
from keyrack.language.terminal_width import folded
from keyrack.language.translation import mark, tr
from keyrack.startup.argparse_words import translate_argparse
from keyrack.startup.options import AGENT_OPTIONS, EXIT_CODES, WINDOW_OPTIONS, Option, Options

FASTEST = 100
_USAGE = mark("""\
keyrack [options]           open the window, or raise it
       keyrack [--sandbox] VERB …  ask the Keyrack that runs""")
_VERBS = mark("""\
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
  share list        the hosts that share accounts with this one; also share init, invite, join, add,
                    remove, take, leave and rotate-key
  socket            where the local socket is
  diagnostics       what helps whoever helps you, without a secret and without a name
  agent             keep tokens fresh without a window, on a server
  updates check     look for a newer Keyrack once
  providers list    what is known; providers check FILE reads a file of yours, add FILE adds it, remove ID
                    forgets it
  man               the manual page; completion bash, zsh or fish prints that shell's completions

All but the last four ask the Keyrack that runs; with --sandbox, its sandbox. Without one that runs,
settings reads and changes the file.

exit codes of the verbs:
  {first}
  {rest}
""")


def parse(arguments: list[str]) -> Options:
    """The window's options. Exits with 2 and one sentence for a mistake."""
    translate_argparse()
    parser = argparse.ArgumentParser(
        prog="keyrack",
        usage=tr(_USAGE),
        description=tr("Keeps the tokens of exchange accounts fresh."),
        epilog=folded(tr(_VERBS, first=_codes(EXIT_CODES[:5]), rest=_codes(EXIT_CODES[5:]))),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    about = tr("show program's version number and exit")
    parser.add_argument("--version", action="version", version=f"Keyrack {__version__}", help=about)
    add_options(parser, WINDOW_OPTIONS)
    parsed = parser.parse_args(arguments)
    if not parsed.sandbox and (parsed.tour or parsed.speed or parsed.reset or parsed.join):
        parser.error(tr("--tour, --speed, --reset and --join go with --sandbox"))
    _check_sandbox(parser, parsed)
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
    translate_argparse()
    parser = argparse.ArgumentParser(prog="keyrack agent", description=tr("Keeps tokens fresh without a window."))
    add_options(parser, AGENT_OPTIONS)
    parsed = parser.parse_args(arguments)
    if not parsed.sandbox and (parsed.speed or parsed.reset or parsed.join):
        parser.error(tr("--speed, --reset and --join go with --sandbox"))
    _check_sandbox(parser, parsed)
    return Options(parsed.sandbox, None, parsed.speed, parsed.reset, parsed.join, parsed.own_keyring)


def _check_sandbox(parser: argparse.ArgumentParser, parsed: argparse.Namespace) -> None:
    """The stand-ins are servers, for which a wheel asks only in its extra `sandbox`."""
    if parsed.sandbox and not parsed.join and PathFinder.find_spec("uvicorn") is None:
        parser.error(tr("the sandbox needs two more libraries: install Keyrack as keyrack[sandbox]"))


def add_options(parser: argparse.ArgumentParser, options: tuple[Option, ...]) -> None:
    """Have the parser know these options."""
    for option in options:
        if option.value:
            parser.add_argument(option.name, type=_TYPES[option.value], metavar=option.value, help=tr(option.help))
        else:
            parser.add_argument(option.name, action="store_true", help=tr(option.help))


def _codes(codes: tuple[tuple[str, str], ...]) -> str:
    return " · ".join(f"{code} {tr(words)}" for code, words in codes)


def _speed(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 1 <= number <= FASTEST:
        raise argparse.ArgumentTypeError(tr("a number from 1 to {most}", most=FASTEST))
    return number


_TYPES: Mapping[str, Callable[[str], object]] = {"N": _speed, "FILE": Path, "DIR": Path}
