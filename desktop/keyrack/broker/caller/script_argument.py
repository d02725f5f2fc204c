"""Finds the script among the arguments of an interpreter (S92)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from keyrack.broker.caller.interpreters import Grammar


class _Kind(Enum):
    ALONE = auto()
    TAKES = auto()
    SCRIPT = auto()
    ENDS = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class ScriptArgument:
    """The script among an interpreter's arguments.

    `script` is as it was typed, "" for none. `certain` means that every option before it is known. `module` is the
    value of -m.
    """

    script: str = ""
    certain: bool = False
    module: str = ""


def script_in(arguments: Sequence[str], grammar: Grammar) -> ScriptArgument:
    """The script that an interpreter was started with. `arguments` begin after the interpreter's own name."""
    rest, certain = iter(arguments), True
    for argument in rest:
        if argument == "--":
            return _checked_script(next(rest, ""), grammar, certain=certain)
        if not argument.startswith("-"):
            if argument not in grammar.words:
                return _checked_script(argument, grammar, certain=certain)
            continue
        kind, letter, value = _kind_of_option(argument, grammar)
        if kind is _Kind.SCRIPT:
            return ScriptArgument(value or next(rest, ""), certain)
        if kind is _Kind.ENDS:
            return ScriptArgument(module=(value or next(rest, "")) if letter == "m" else "")
        if kind is _Kind.TAKES:
            next(rest, "")
        certain = certain and kind is not _Kind.UNKNOWN
    return ScriptArgument()


def _checked_script(word: str, grammar: Grammar, *, certain: bool) -> ScriptArgument:
    if not word or word in grammar.others or not word.endswith(grammar.suffix):
        return ScriptArgument()
    return ScriptArgument(word, certain)


def _kind_of_option(option: str, grammar: Grammar) -> tuple[_Kind, str, str]:
    """The kind of an argument that begins with "-", with the deciding letter and the value after it."""
    if option == "-":
        return _Kind.ENDS, "", ""
    if option.startswith("--") or grammar.one_dash:
        return _long(option, grammar), "", ""
    return _letters(option[1:], grammar)


def _long(option: str, grammar: Grammar) -> _Kind:
    if option.partition("=")[0] in grammar.ends:
        return _Kind.ENDS
    if option in grammar.names:
        return _Kind.SCRIPT
    if option in grammar.valued:
        return _Kind.TAKES
    alone = option in grammar.longs or "=" in option or not option.startswith("--")
    return _Kind.ALONE if alone else _Kind.UNKNOWN


def _letters(letters: str, grammar: Grammar) -> tuple[_Kind, str, str]:
    for at, letter in enumerate(letters):
        value = letters[at + 1 :]
        if letter in grammar.stops:
            return _Kind.ENDS, letter, value
        if letter in grammar.script:
            return _Kind.SCRIPT, letter, value
        if letter == "=" or letter in grammar.attached:
            break
        if letter in grammar.takes:
            return (_Kind.ALONE if value else _Kind.TAKES), letter, value
        if letter not in grammar.flags:
            return _Kind.UNKNOWN, letter, value
    return _Kind.ALONE, "", ""
