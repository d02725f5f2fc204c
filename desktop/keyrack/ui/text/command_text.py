"""Commands of the command line as the person pastes them into a shell. None of them holds a secret."""

import re
import shlex

from PySide6.QtCore import QLocale

from keyrack.command_name import command_name
from keyrack.language.translation import spoken

# A command, an option or a file of Keyrack's own sentences. What others wrote, such as a name, stays as it is.
_MARKED = re.compile(r"`((?:keyrack\b|--|[\w./-]+ --|[\w./-]+\.toml\b)[^`\n]*)`")


def quoted(text: str) -> str:
    """The sentence with its commands in the quotation marks of the language, where a terminal shows backticks."""
    if "`" not in text:
        return text
    language = QLocale(spoken())
    return _MARKED.sub(lambda found: language.quoteString(found[1]), text)


def call(verb: str, account: str, *, sandbox: bool) -> str:
    """`keyrack VERB ACCOUNT` for the running Keyrack, as it is called here. The sandbox has a separate socket."""
    return f"{command_name()} {shlex.join([*(['--sandbox'] if sandbox else []), verb, account])}"


def curl(account: str, url: str, *, post: bool, sandbox: bool) -> str:
    """A request to `url` with the account's token.

    The token goes from Keyrack to curl through a pipe. On curl's command line it would stand in the list of processes
    and in the shell's history.
    """
    request = ["curl", "--header", "@-", *(["-X", "POST"] if post else []), url]
    return f"{call('header', account, sandbox=sandbox)} | {shlex.join(request)}"
