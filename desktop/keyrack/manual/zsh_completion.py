"""The completions for zsh."""

from collections.abc import Iterator

from keyrack.manual.command_table import ACCOUNT, FILE, Command, CommandOption, every_command, window_options
from keyrack.manual.fish_completion import first_words

_HEAD = """\
#compdef keyrack
# Completions of keyrack, made by `keyrack completion zsh`.

_keyrack_accounts() {
    local -a names
    names=(${(f)"$(command keyrack $keyrack_sandbox completion accounts 2>/dev/null)"})
    compadd -- $names
}

"""
_TAIL = """
if [[ $funcstack[1] == _keyrack ]]; then
    _keyrack "$@"
else
    compdef _keyrack keyrack
fi
"""


def zsh_completion() -> str:
    """The file `_keyrack`."""
    commands = every_command()
    firsts = first_words(commands)
    lines = ["_keyrack() {", "    local curcontext=$curcontext state line", "    typeset -A opt_args"]
    lines += [
        "    local -a keyrack_sandbox",
        "    [[ ${words[(r)--sandbox]} == --sandbox ]] && keyrack_sandbox=(--sandbox)",
    ]
    options = " ".join(quoted(_spec(option)) for option in window_options())
    lines += [f"    _arguments -C {options} '1: :->verb' '*:: :->rest' && return", "    case $state in", "    verb)"]
    lines += [*_described("verb", firsts, "        "), "        ;;", "    rest)", "        case $line[1] in"]
    for first in firsts:
        lines += [f"        {first})", *_of_first([each for each in commands if each.words[0] == first])]
        lines += ["            ;;"]
    lines += ["        esac", "        ;;", "    esac", "}"]
    return _HEAD + "\n".join(lines) + "\n" + _TAIL


def _of_first(commands: list[Command]) -> Iterator[str]:
    """What follows a first word: options and words, or a second word with its own."""
    if len(commands[0].words) == 1:
        yield f"            {_arguments(commands[0])}"
        return
    yield "            _arguments -C '1: :->second' '*:: :->more' && return"
    yield "            case $state in"
    yield "            second)"
    yield from _described("command", {each.words[1]: each.summary for each in commands}, "                ")
    yield "                ;;"
    yield "            more)"
    yield "                case $line[1] in"
    for command in commands:
        yield f"                {command.words[1]}) {_arguments(command)} ;;"
    yield "                esac"
    yield "                ;;"
    yield "            esac"


def _described(tag: str, words: dict[str, str], indent: str) -> Iterator[str]:
    yield f"{indent}local -a found=("
    for word, text in words.items():
        yield f"{indent}    {quoted(f'{word}:{text}')}"
    yield f"{indent})"
    yield f"{indent}_describe -t {tag}s {tag} found"


def _arguments(command: Command) -> str:
    specs = [_spec(option) for option in command.options]
    if command.operand == ACCOUNT:
        specs.append("1:account:_keyrack_accounts")
    elif command.operand == FILE:
        specs.append("1:file:_files")
    elif command.choices:
        specs.append(f"1:word:({' '.join(command.choices)})")
    if command.command:
        specs.append("*:::command:_normal")
    return " ".join(["_arguments -S" if command.command else "_arguments", *map(quoted, specs)]) if specs else ":"


def _spec(option: CommandOption) -> str:
    text = option.help.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")
    if not option.value:
        return f"{option.name}[{text}]"
    action = "_files" if option.value in ("FILE", "DIR") else f"({' '.join(option.choices)})" if option.choices else ""
    return f"{option.name}=[{text}]:{option.value}:{action}"


def quoted(text: str) -> str:
    """The text between single quotes, in which zsh knows no escape."""
    return "'" + text.replace("'", "'\\''") + "'"
