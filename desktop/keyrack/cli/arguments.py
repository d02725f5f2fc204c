"""Reads a verb's arguments; by hand, because argparse takes longer to import than a verb takes to run."""

from keyrack.cli.exit_codes import USAGE, CommandFailed, plain

_LONGEST_NAME = 60  # as core.draft has it


class Help(Exception):
    """`--help` was asked for; `text` is the answer."""

    def __init__(self, usage: "Usage") -> None:
        super().__init__()
        self.text = f"Usage: keyrack {usage.line}\n\n{usage.says}\n"


class Usage:
    """What a verb takes: so many account names, switches, options with a value, with `command` one after `--`."""

    def __init__(
        self,
        line: str,
        says: str,
        *,
        names: int = 0,
        switches: tuple[str, ...] = (),
        values: tuple[str, ...] = (),
        command: bool = False,
    ) -> None:
        self.line = line
        self.says = says
        self.names = names
        self.switches = switches
        self.values = values
        self.command = command

    def wrong(self, sentence: str) -> CommandFailed:
        """A mistake on the command line, with how it is right."""
        return CommandFailed(USAGE, f"{sentence}\nUsage: keyrack {self.line}")


class Arguments:
    """What was given: the names, the options with their values ("" for a switch), the command after `--`."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.options: dict[str, str] = {}
        self.command: list[str] = []


def before_command(words: list[str]) -> list[str]:
    """The words that are ours: those before `--`."""
    return words[: words.index("--")] if "--" in words else words


def parse(usage: Usage, words: list[str]) -> Arguments:
    """The words after the verb, understood; raises Help, or Problem (2) naming what is wrong and the usage."""
    ours = before_command(words)
    if "--help" in ours or "-h" in ours:
        raise Help(usage)
    given, left = Arguments(), list(ours)
    while left:
        word = left.pop(0)
        if word.startswith("-"):
            _take_option(usage, given, word, left)
        else:
            given.names.append(word)
    after = words[len(ours) + 1 :]
    (given.command if usage.command else given.names).extend(after)
    _check(usage, given)
    return given


def _take_option(usage: Usage, given: Arguments, word: str, left: list[str]) -> None:
    name, equals, value = word.partition("=")
    if name in usage.switches and not equals:
        given.options[name] = ""
    elif name in usage.switches:
        raise usage.wrong(f"{name} takes no value.")
    elif name not in usage.values:
        raise usage.wrong(f"There is no option “{plain(name, _LONGEST_NAME)}” here.")
    elif not equals and not left:
        raise usage.wrong(f"{name} needs a value.")
    else:
        given.options[name] = value if equals else left.pop(0)


def _hint(usage: Usage) -> str:
    """What was probably meant by one name too many."""
    if usage.command:
        return " The command comes after “--”."
    return " Put a name with spaces into quotes." if usage.names else ""


def _check(usage: Usage, given: Arguments) -> None:
    if len(given.names) < usage.names:
        raise usage.wrong("The account's name is missing.")
    if len(given.names) > usage.names:
        raise usage.wrong(f"“{plain(given.names[usage.names], _LONGEST_NAME)}” is one argument too many.{_hint(usage)}")
    if usage.command and not any(given.command[:1]):
        raise usage.wrong("The command is missing; it comes after “--”.")
    for name in given.names:
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise usage.wrong(f"An account's name has 1 to {_LONGEST_NAME} ordinary characters.")
