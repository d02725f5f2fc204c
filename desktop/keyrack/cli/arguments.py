"""Parses a verb's arguments, by hand, because argparse takes longer to import than a verb takes to run."""

from collections.abc import Collection

from keyrack.cli.exit_codes import USAGE, CommandFailed, plain
from keyrack.language.translation import mark, tr

_LONGEST_NAME = 60  # as in core.accounts.draft
_USAGE = mark("Usage: keyrack {line}")


class HelpRequested(Exception):
    """`--help` was given. `text` is what to print."""

    def __init__(self, usage: "Usage") -> None:
        from keyrack.language.terminal_width import folded

        super().__init__()
        self.text = folded("\n\n".join([tr(_USAGE, line=usage.line), *map(tr, usage.parts)])) + "\n"


class Usage:
    """The arguments a verb takes. The explanations are marked, and translated where they are shown.

    `names` is the number of account names, `switches` are options without a value, `values` are options with one.
    `several` are options that may be given again. With `file` the only argument is a path, and with `command` a command
    follows after `--`. With `new`, the name is one that no account has yet.
    """

    def __init__(
        self,
        line: str,
        *parts: str,
        names: int = 0,
        file: bool = False,
        switches: tuple[str, ...] = (),
        values: tuple[str, ...] = (),
        several: tuple[str, ...] = (),
        command: bool = False,
        new: bool = False,
    ) -> None:
        self.line = line
        self.parts = parts
        self.names = 1 if file else names
        self.file = file
        self.switches = switches
        self.values = values
        self.several = several
        self.command = command
        self.new = new

    @property
    def explanation(self) -> str:
        """All of it in English, as the manual page and the completions have it."""
        return "\n\n".join(self.parts)

    def wrong(self, sentence: str) -> CommandFailed:
        """A mistake on the command line, with the right usage."""
        return CommandFailed(USAGE, f"{sentence}\n{tr(_USAGE, line=self.line)}")


class Arguments:
    """The parsed arguments: the names, the options with their values ("" for a switch), the command after `--`.

    `several` has every value of an option that may be given again.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.options: dict[str, str] = {}
        self.several: dict[str, list[str]] = {}
        self.command: list[str] = []


def command_of(usage: Usage, name: str, commands: Collection[str], words: list[str]) -> tuple[str, list[str]]:
    """The command after a verb of this name, and the words after that. Raises HelpRequested, or CommandFailed (2)."""
    verb, *rest = words or [""]
    if verb not in commands and ("--help" in words or "-h" in words):
        raise HelpRequested(usage)
    if verb not in commands:
        said = tr("There is no “{command}”.", command=f"{name} {plain(verb, _LONGEST_NAME)}")
        raise usage.wrong(said if verb else tr("What to do is missing."))
    return verb, rest


def before_command(words: list[str]) -> list[str]:
    """The words before `--`."""
    return words[: words.index("--")] if "--" in words else words


def parse(usage: Usage, words: list[str]) -> Arguments:
    """Parse the words after the verb. Raises Help, or CommandFailed (2) with what is wrong and the usage."""
    ours = before_command(words)
    if "--help" in ours or "-h" in ours:
        raise HelpRequested(usage)
    arguments, left = Arguments(), list(ours)
    while left:
        word = left.pop(0)
        if word.startswith("-"):
            _take_option(usage, arguments, word, left)
        else:
            arguments.names.append(word)
    after = words[len(ours) + 1 :]
    (arguments.command if usage.command else arguments.names).extend(after)
    _check(usage, arguments)
    return arguments


def _take_option(usage: Usage, arguments: Arguments, word: str, left: list[str]) -> None:
    name, equals, value = word.partition("=")
    if name in usage.switches and not equals:
        arguments.options[name] = ""
    elif name in usage.switches:
        raise usage.wrong(tr("{option} takes no value.", option=name))
    elif name not in usage.values + usage.several:
        raise usage.wrong(tr("There is no option “{option}” here.", option=plain(name, _LONGEST_NAME)))
    elif not equals and not left:
        raise usage.wrong(tr("{option} needs a value.", option=name))
    else:
        value = value if equals else left.pop(0)
        if name in usage.several:
            arguments.several.setdefault(name, []).append(value)
        else:
            arguments.options[name] = value


def _too_many(usage: Usage, word: str) -> str:
    """That a word is too many, and what was probably meant."""
    if usage.command:
        return tr("“{word}” is one argument too many. The command comes after “--”.", word=word)
    if usage.names:
        return tr("“{word}” is one argument too many. Put a name with spaces into quotes.", word=word)
    return tr("“{word}” is one argument too many.", word=word)


def _check(usage: Usage, arguments: Arguments) -> None:
    if len(arguments.names) < usage.names:
        raise usage.wrong(tr("The file's name is missing.") if usage.file else tr("The account's name is missing."))
    if len(arguments.names) > usage.names:
        raise usage.wrong(_too_many(usage, plain(arguments.names[usage.names], _LONGEST_NAME)))
    if usage.command and not any(arguments.command[:1]):
        raise usage.wrong(tr("The command is missing; it comes after “--”."))
    named = [name for names in arguments.several.values() for name in names]
    for name in named if usage.file else arguments.names:
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise usage.wrong(tr("An account's name has 1 to {longest} ordinary characters.", longest=_LONGEST_NAME))
