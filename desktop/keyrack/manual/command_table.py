"""Reads every command, with its options and their help, out of the tables that the command line is parsed by.

All of it is in English: a page and a shell's completions are made once, for every person of the computer.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass

import keyrack.cli
from keyrack import providers_command, settings_command
from keyrack.cli.arguments import Usage
from keyrack.core.preferences.all_settings import ALL
from keyrack.language.translation import mark
from keyrack.startup.options import AGENT_OPTIONS, SANDBOX, WINDOW_OPTIONS, Option

ACCOUNT, FILE, NOTHING = "account", "file", ""
SHELLS = ("bash", "zsh", "fish")
DIAGNOSTICS = Usage(
    "diagnostics",
    mark("""Prints what helps whoever helps you: versions, the kind of desktop and keyring, how many accounts of which
provider are in which state, and the last errors by their codes. It holds no secret, no amount, no path and
no name of an account. Where no Keyrack runs it says what can be told without one."""),
)
UPDATES = Usage(
    "updates check [--json]",
    mark("""Looks for a newer Keyrack once, by one request that says nothing of this computer. Prints the newer version
with what it is about, and the command that brings it in the way this Keyrack was installed.
Nothing is downloaded but the signed list of releases, and nothing is replaced.

  --json       prints one JSON object: running, installed_by, list, newer, file, command"""),
    switches=("--json",),
)
MAN = Usage("man", mark("Prints the manual page in English, for man(1): `keyrack man | man -l -`."))
COMPLETION = Usage(
    f"completion {'|'.join(SHELLS)}",
    mark("""Prints the completions for a shell. `python3 desktop --install` puts them where the shell looks.
For one shell alone: source <(keyrack completion bash), or keyrack completion fish | source."""),
)
_WORD = re.compile(r"[a-z]+(-[a-z]+)*")
_ENTRY = re.compile(r"  (?=--)(.+?)(?:  +|$)(.*)")
_CHOICES = re.compile(r"((?:--[\w-]+\|)*--[\w-]+) ((?:[\w-]+\|)+[\w-]+)")


@dataclass(frozen=True, slots=True)
class CommandOption:
    """An option. `value` names what comes after it, "" for a switch, and `choices` are values known beforehand."""

    name: str
    help: str
    value: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its words after `keyrack`, what it takes, and its help.

    `operand` is "account", "file", or "" where no more words follow that could be known. `choices` are words known
    beforehand. With `command`, another program's command line follows after `--`.
    """

    words: tuple[str, ...]
    synopsis: str
    about: str
    options: tuple[CommandOption, ...] = ()
    operand: str = NOTHING
    choices: tuple[str, ...] = ()
    command: bool = False

    @property
    def summary(self) -> str:
        """The first sentence of the help without its full stop."""
        return re.split(r"(?<=[.;:]) ", " ".join(self.about.split()))[0].rstrip(".;:")


def every_command() -> tuple[Command, ...]:
    """Every command but the window itself, by its words."""
    tables = (*_of_providers(), *_of_settings(), _agent(), *map(_of_usage, (DIAGNOSTICS, UPDATES, MAN, COMPLETION)))
    found = [*map(_of_usage, _usages()), *tables]
    own = {command.words for command in found}
    groups = {words[:1] for words in own if len(words) > 1}
    return tuple(sorted((each for each in found if each.words not in groups), key=lambda each: each.words))


def window_options() -> tuple[CommandOption, ...]:
    """The options without a verb."""
    asked = (CommandOption("--help", "print a short help"), CommandOption("--version", "print the version"))
    return (*map(_of_option, WINDOW_OPTIONS), *asked)


def _usages() -> Iterator[Usage]:
    """Every table of the room `cli`, each once."""
    seen = set()
    for found in pkgutil.walk_packages(keyrack.cli.__path__, "keyrack.cli."):
        for usage in vars(importlib.import_module(found.name)).values():
            if isinstance(usage, Usage) and usage.line not in seen:
                seen.add(usage.line)
                yield usage


def _of_usage(usage: Usage) -> Command:
    first = usage.line.split()
    words = []
    while first and _WORD.fullmatch(first[0]):
        words.append(first.pop(0))
    choices = tuple(first[0].split("|")) if first and re.fullmatch(r"[a-z-]+(\|[a-z-]+)+", first[0]) else ()
    known = usage.names and not usage.new
    operand = ACCOUNT if known else FILE if "FILE" in first else NOTHING
    about, entries = _help_of(usage.explanation)
    options = tuple(_option(usage, name, *entries.get(name, ("", ""))) for name in (*usage.values, *usage.switches))
    return Command(tuple(words), usage.line, about, options, operand, choices, usage.command)


def _help_of(explanation: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """The text, and for each option that it explains the name of its value and its help."""
    about: list[str] = []
    entries: dict[str, tuple[str, str]] = {}
    heads: list[str] = []
    for line in explanation.split("\n"):
        if entry := _ENTRY.match(line):
            heads = entry[1].split(", ")
            for head in heads:
                name, _, value = head.partition(" ")
                entries[name] = (value, entry[2].strip())
        elif heads and line.startswith("   "):
            for name in (head.partition(" ")[0] for head in heads):
                value, text = entries[name]
                entries[name] = (value, f"{text} {line.strip()}".strip())
        else:
            heads = []
            about.append(line)
    return "\n".join(about).strip(), entries


def _option(usage: Usage, name: str, value: str, text: str) -> CommandOption:
    if name in usage.switches:
        return CommandOption(name, text)
    choices: list[str] = []
    for names, values in _CHOICES.findall(usage.line):
        if name in names.split("|"):
            choices += [each for each in values.split("|") if each.islower()]
    if not value:
        found = re.search(rf"{name} ([A-Z]+)\b", usage.line)
        value = found[1] if found else "VALUE"
    return CommandOption(name, text, value, tuple(choices))


def _of_option(option: Option) -> CommandOption:
    return CommandOption(option.name, option.help, option.value)


def _of_providers() -> Iterator[Command]:
    for each in providers_command.SUBCOMMANDS:
        options = tuple(map(_of_option, each.options))
        line = " ".join(
            ["providers", each.word, *([each.takes] if each.takes else []), *(f"[{o.name}]" for o in options)]
        )
        about = f"{each.help[0].upper()}{each.help[1:]}."
        yield Command(("providers", each.word), line, about, options, FILE if each.takes == "FILE" else NOTHING)


def _of_settings() -> Iterator[Command]:
    for word, operands, about in settings_command.SUBCOMMANDS:
        names = tuple(setting.name for setting in ALL) if operands else ()
        line = f"settings {word} {operands}".rstrip()
        yield Command(("settings", word), line, f"{about[0].upper()}{about[1:]}.", choices=names)


def _agent() -> Command:
    options = tuple(map(_of_option, AGENT_OPTIONS))
    text = "Keeps tokens fresh without a window, in the foreground, on a server."
    return Command(("agent",), "agent [OPTION…]", text, options)


SANDBOX_OPTION = _of_option(SANDBOX)
