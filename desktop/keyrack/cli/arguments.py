"""Parses a verb's arguments, by hand, because argparse takes longer to import than a verb takes to run."""

from keyrack.cli.exit_codes import USAGE, CommandFailed, plain

_LONGEST_NAME = 60  # as in core.accounts.draft


class HelpRequested(Exception):
    """`--help` was given. `text` is what to print."""

    def __init__(self, usage: "Usage") -> None:
        super().__init__()
        self.text = f"Usage: keyrack {usage.line}\n\n{usage.explanation}\n"


class Usage:
    """The arguments a verb takes.

    `names` is the number of account names, `switches` are options without a value, `values` are options with one.
    `several` are options that may be given again. With `file` the only argument is a path, and with `command` a command
    follows after `--`. With `new`, the name is one that no account has yet.
    """

    def __init__(
        self,
        line: str,
        explanation: str,
        *,
        names: int = 0,
        file: bool = False,
        switches: tuple[str, ...] = (),
        values: tuple[str, ...] = (),
        several: tuple[str, ...] = (),
        command: bool = False,
        new: bool = False,
    ) -> None:
        self.line = line
        self.explanation = explanation
        self.names = 1 if file else names
        self.file = file
        self.switches = switches
        self.values = values
        self.several = several
        self.command = command
        self.new = new

    def wrong(self, sentence: str) -> CommandFailed:
        """A mistake on the command line, with the right usage."""
        return CommandFailed(USAGE, f"{sentence}\nUsage: keyrack {self.line}")


class Arguments:
    """The parsed arguments: the names, the options with their values ("" for a switch), the command after `--`.

    `several` has every value of an option that may be given again.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.options: dict[str, str] = {}
        self.several: dict[str, list[str]] = {}
        self.command: list[str] = []


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
        raise usage.wrong(f"{name} takes no value.")
    elif name not in usage.values + usage.several:
        raise usage.wrong(f"There is no option “{plain(name, _LONGEST_NAME)}” here.")
    elif not equals and not left:
        raise usage.wrong(f"{name} needs a value.")
    else:
        value = value if equals else left.pop(0)
        if name in usage.several:
            arguments.several.setdefault(name, []).append(value)
        else:
            arguments.options[name] = value


def _hint(usage: Usage) -> str:
    """What was probably meant by one name too many."""
    if usage.command:
        return " The command comes after “--”."
    return " Put a name with spaces into quotes." if usage.names else ""


def _check(usage: Usage, arguments: Arguments) -> None:
    if len(arguments.names) < usage.names:
        raise usage.wrong("The file's name is missing." if usage.file else "The account's name is missing.")
    if len(arguments.names) > usage.names:
        raise usage.wrong(
            f"“{plain(arguments.names[usage.names], _LONGEST_NAME)}” is one argument too many.{_hint(usage)}"
        )
    if usage.command and not any(arguments.command[:1]):
        raise usage.wrong("The command is missing; it comes after “--”.")
    named = [name for names in arguments.several.values() for name in names]
    for name in named if usage.file else arguments.names:
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise usage.wrong(f"An account's name has 1 to {_LONGEST_NAME} ordinary characters.")
