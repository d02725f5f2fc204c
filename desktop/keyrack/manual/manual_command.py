"""`keyrack man` and `keyrack completion bash|zsh|fish`: print what `--install` puts into a person's folders."""

from keyrack.cli.arguments import HelpRequested, parse
from keyrack.cli.exit_codes import USAGE, CommandFailed, plain
from keyrack.cli.output import print_message, print_result
from keyrack.language.translation import tr
from keyrack.manual.bash_completion import bash_completion
from keyrack.manual.command_table import COMPLETION, MAN, SHELLS
from keyrack.manual.fish_completion import fish_completion
from keyrack.manual.man_page import man_page
from keyrack.manual.zsh_completion import zsh_completion

_SCRIPTS = {"bash": bash_completion, "zsh": zsh_completion, "fish": fish_completion}
_LONGEST_WORD = 60


def run(verb: str, words: list[str]) -> int:
    """Print the page. Returns 0, 1 where stdout takes nothing, or 2 for a wrong command line."""
    try:
        print_result(_page(verb, words))
    except CommandFailed as problem:
        print_message(problem.text)
        return problem.exit_code
    return 0


def _page(verb: str, words: list[str]) -> str:
    try:
        return _made(verb, words)
    except HelpRequested as asked:
        return asked.text


def _made(verb: str, words: list[str]) -> str:
    if verb == "man":
        parse(MAN, words)
        return man_page()
    if words[:1] and words[0] not in _SCRIPTS and not words[0].startswith("-"):
        word = plain(words[0], _LONGEST_WORD)
        raise CommandFailed(USAGE, tr("There is no “{word}” among {shells}.", word=word, shells=", ".join(SHELLS)))
    parse(COMPLETION, words[1:] if words[:1] and words[0] in _SCRIPTS else words)
    if not words:
        raise COMPLETION.wrong(tr("The shell's name is missing."))
    return _SCRIPTS[words[0]]()
