"""The completions for bash, which need no package of bash-completion's."""

from collections.abc import Iterator

from keyrack.manual.command_table import ACCOUNT, FILE, Command, CommandOption, every_command, window_options

_HEAD = r"""# Completions of keyrack, made by `keyrack completion bash`.

# Joins what bash broke at characters such as ":" back into the words of the line. Sets `words` and `at`.
_keyrack_words() {
    local rest=${COMP_LINE:0:COMP_POINT} part index bare
    words=() at=-1
    for ((index = 0; index <= COMP_CWORD; index++)); do
        part=${COMP_WORDS[index]}
        bare=${rest#"${rest%%[![:space:]]*}"}
        if [[ $at -ge 0 && $bare == "$rest" && -n $part ]]; then
            words[at]+=$part
        else
            words[++at]=$part
        fi
        rest=${bare#"$part"}
    done
}

# Offers the lines of $1 that begin with the word at the cursor, written as that word is quoted.
_keyrack_offer() {
    local word=${words[at]} quote= begun line shown lead
    case $word in
    \"* | \'*) quote=${word:0:1} begun=${word:1} ;;
    *) IFS= read begun <<< "$word" ;; # without -r, as it takes the backslashes away
    esac
    lead=${word%"${COMP_WORDS[COMP_CWORD]}"}
    while IFS= read -r line; do
        [[ -n $line && $line == "$begun"* ]] || continue
        case $quote in
        \") shown=${line//\\/\\\\} shown=${shown//\"/\\\"} shown=${shown//\$/\\\$} shown=${shown//\`/\\\`} ;;
        \') shown=${line//\'/\'\\\'\'} ;;
        *) printf -v shown %q "$line" ;;
        esac
        COMPREPLY+=("${shown#"$lead"}")
    done <<< "$1"
}

_keyrack_accounts() {
    _keyrack_offer "$(command keyrack "${sandbox[@]}" completion accounts 2> /dev/null)"
}

_keyrack_files() {
    compopt -o default 2> /dev/null
}

# What follows `--`: the completions of that command, where bash-completion is there.
_keyrack_command() {
    if declare -F _command_offset > /dev/null; then
        _command_offset "$1"
    elif ((at == $1)); then
        COMPREPLY=($(compgen -c -- "${words[at]}"))
    else
        _keyrack_files
    fi
}

"""


def bash_completion() -> str:
    """The file `keyrack`, for a folder that bash-completion looks into, or to be sourced."""
    commands = every_command()
    lines = [
        "_keyrack() {",
        "    local words at index verb= names=0 valued= sandbox=()",
        "    COMPREPLY=()",
        "    _keyrack_words",
        "    for ((index = 1; index < at; index++)); do",
        "        if [[ -n $valued ]]; then valued=; continue; fi",
        '        case "$verb ${words[index]}" in',
        '        *" --sandbox") sandbox=(--sandbox) ;;',
        *_ends(commands),
        *_values(commands),
        '        *" "-*) ;;',
        *_verbs(commands),
        "        *) ((names++)) ;;",
        "        esac",
        "    done",
        *_offers(commands),
        "}",
        "complete -F _keyrack keyrack",
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _ends(commands: tuple[Command, ...]) -> Iterator[str]:
    for command in commands:
        if command.command:
            yield f"        {quoted(_key(command) + ' --')}) _keyrack_command $((index + 1)); return ;;"


def _values(commands: tuple[Command, ...]) -> Iterator[str]:
    for key, options in _by_key(commands):
        taken = [quoted(f"{key} {option.name}") for option in options if option.value]
        if taken:
            yield f"        {' | '.join(taken)}) valued=${{words[index]}} ;;"


def _verbs(commands: tuple[Command, ...]) -> Iterator[str]:
    """A first word, and a second one after a first that has them."""
    for first in dict.fromkeys(command.words[0] for command in commands):
        yield f"        {quoted(' ' + first)}) verb={first} ;;"
    for command in commands:
        if len(command.words) > 1:
            yield f"        {quoted(' '.join(command.words))}) verb={quoted(_key(command))} ;;"


def _offers(commands: tuple[Command, ...]) -> Iterator[str]:
    yield "    if [[ -n $valued ]]; then"
    yield '        case "$verb $valued" in'
    for key, options in _by_key(commands):
        for option in options:
            if option.choices:
                yield f"        {quoted(f'{key} {option.name}')}) _keyrack_offer {_lines(option.choices)} ;;"
            elif option.value in ("FILE", "DIR"):
                yield f"        {quoted(f'{key} {option.name}')}) _keyrack_files ;;"
    yield "        esac"
    yield "        return"
    yield "    fi"
    yield '    case "$verb $([[ ${words[at]} == -* ]] && echo option)" in'
    for key, options in _by_key(commands):
        yield f"    {quoted(f'{key} option')}) _keyrack_offer {_lines([o.name for o in options])} ;;"
    firsts = list(dict.fromkeys(command.words[0] for command in commands))
    yield f"    ' ') _keyrack_offer {_lines(firsts)} ;;"
    for first in firsts:
        if seconds := [each.words[1] for each in commands if each.words[0] == first and len(each.words) > 1]:
            yield f"    {quoted(first + ' ')}) _keyrack_offer {_lines(seconds)} ;;"
    for command in commands:
        if offer := _operand(command):
            yield f"    {quoted(_key(command) + ' ')}) ((names)) || {offer} ;;"
    yield "    esac"


def _operand(command: Command) -> str:
    if command.operand == ACCOUNT:
        return "_keyrack_accounts"
    if command.operand == FILE:
        return "_keyrack_files"
    return f"_keyrack_offer {_lines(command.choices)}" if command.choices else ""


def _by_key(commands: tuple[Command, ...]) -> Iterator[tuple[str, tuple[CommandOption, ...]]]:
    yield "", window_options()
    for command in commands:
        yield _key(command), (*command.options, CommandOption("--help", ""))


def _key(command: Command) -> str:
    """The words of a command as the script remembers them: a second word joined to the first."""
    return "/".join(command.words)


def _lines(words: tuple[str, ...] | list[str]) -> str:
    return "$'" + "\\n".join(words) + "'"


def quoted(text: str) -> str:
    """The text between single quotes."""
    return "'" + text.replace("'", "'\\''") + "'"
