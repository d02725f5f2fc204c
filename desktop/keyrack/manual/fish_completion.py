"""The completions for fish."""

from collections.abc import Iterator

from keyrack.manual.command_table import ACCOUNT, FILE, Command, CommandOption, every_command, window_options

_HEAD = """\
# Completions of keyrack, made by `keyrack completion fish`.

function __keyrack_words
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        test "$word" = --sandbox; or echo -- $word
    end
end

function __keyrack_begins
    test (count (__keyrack_words)) -eq 0
end

function __keyrack_under
    set -l words (__keyrack_words)
    test (count $words) -ge (count $argv); and test "$words[1..$(count $argv)]" = "$argv"
end

function __keyrack_at
    set -l words (__keyrack_words)
    test "$words" = "$argv"
end

function __keyrack_ended
    contains -- -- (__keyrack_words)
end

function __keyrack_accounts
    if contains -- --sandbox (commandline -opc)
        command keyrack --sandbox completion accounts 2>/dev/null
    else
        command keyrack completion accounts 2>/dev/null
    end
end

function __keyrack_command
    set -l words (commandline -opc)
    set -l at (contains -i -- -- $words)
    complete -C (string join -- ' ' (string escape -- $words[(math $at + 1)..]) (commandline -ct))
end

complete -c keyrack -f
"""


def fish_completion() -> str:
    """The file `keyrack.fish`."""
    commands = every_command()
    lines = [_line("__keyrack_begins", *_taken(option)) for option in window_options()]
    lines += [
        _line("__keyrack_begins", f"-a {word}", f"-d {quoted(text)}") for word, text in first_words(commands).items()
    ]
    for command in commands:
        lines += _of_command(command)
    return _HEAD + "\n".join(lines) + "\n"


def first_words(commands: tuple[Command, ...]) -> dict[str, str]:
    """The first word of each command, with the help of the first command of that word."""
    found: dict[str, str] = {}
    for command in commands:
        found.setdefault(command.words[0], command.summary)
    return found


def _of_command(command: Command) -> Iterator[str]:
    words = " ".join(command.words)
    here = f"__keyrack_under {words}; and not __keyrack_ended"
    if len(command.words) > 1:
        yield _line(f"__keyrack_at {command.words[0]}", f"-a {command.words[1]}", f"-d {quoted(command.summary)}")
    for option in command.options:
        yield _line(here, *_taken(option))
    if command.choices:
        yield _line(f"__keyrack_at {words}", f"-a {quoted(' '.join(command.choices))}")
    if command.operand == ACCOUNT:
        yield _line(here, "-a '(__keyrack_accounts)'")
    if command.operand == FILE:
        yield _line(here, "-F")
    if command.command:
        yield _line(f"__keyrack_under {words}; and __keyrack_ended", "-a '(__keyrack_command)'")


def _line(condition: str, *parts: str) -> str:
    return " ".join(["complete -c keyrack", f"-n {quoted(condition)}", *parts])


def _taken(option: CommandOption) -> Iterator[str]:
    yield f"-l {option.name.removeprefix('--')}"
    if option.value in ("FILE", "DIR"):
        yield "-r -F"
    elif option.value:
        yield f"-x -a {quoted(' '.join(option.choices))}" if option.choices else "-x"
    if option.help:
        yield f"-d {quoted(option.help)}"


def quoted(text: str) -> str:
    """The text between single quotes, in which fish knows two escapes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
