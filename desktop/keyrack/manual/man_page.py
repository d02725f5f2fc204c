"""The manual page in the language of man(7), without the hyphens and quotation marks that troff would change."""

import re
import textwrap

from keyrack import __version__
from keyrack.manual.command_table import SANDBOX_OPTION, Command, CommandOption, every_command, window_options
from keyrack.startup.options import EXIT_CODES

_DATE = "2026-11-29"
_LINE = 79
_ABOUT = """\
Keyrack signs in to exchanges and online services, keeps their short-lived access tokens fresh, and hands them out. \
Without a verb it opens its window, or raises the one that is open. A verb asks the Keyrack that runs, in its window, \
in the tray or as an agent."""
_SECRETS = """\
No option takes a secret: a client secret, a passphrase or a password is read from the terminal, or is one line of \
standard input, or of the descriptor that --passphrase-fd names. Client secrets and tokens are kept in the keyring of \
the system and nowhere else."""
_FILES = (
    ("~/.config/keyrack", "the accounts without their secrets, the preferences, and your own provider files"),
    ("~/.local/state/keyrack", "the activity, and notes of where the window and the socket were"),
    ("~/.local/state/keyrack/log", "the log, which holds no secret"),
    ("$XDG_RUNTIME_DIR/keyrack/keyrack.sock", "the local socket, which answers this user alone"),
)
_EXAMPLES = (
    ("A fresh token for a program", 'keyrack run "Deribit test" \\-\\- python3 bot.py'),
    (
        "A request with curl, and the token on no command line",
        'keyrack header "Deribit test" | curl \\-\\-header @\\- https://test.deribit.com/api/v2/private/get_positions',
    ),
    ("All of it with stand\\-ins of the providers", "keyrack \\-\\-sandbox"),
)


def man_page() -> str:
    """The whole page keyrack(1)."""
    commands = every_command()
    parts = [
        f'.TH KEYRACK 1 {_DATE} "Keyrack {__version__}" "User Commands"',
        ".SH NAME",
        "keyrack \\- keeps the tokens of exchange accounts fresh",
        ".SH SYNOPSIS",
        ".B keyrack",
        ".RI [ option \\|.\\|.\\|.]",
        ".br",
        ".B keyrack",
        ".RB [ \\-\\-sandbox ]",
        ".I verb",
        ".RI [ argument \\|.\\|.\\|.]",
        ".SH DESCRIPTION",
        _lines(_ABOUT),
        ".PP",
        _lines(_SECRETS),
        ".SH OPTIONS",
        *map(_option, window_options()),
        ".SH VERBS",
        _lines(f"With {SANDBOX_OPTION.name} before it, a verb asks the sandbox. Each verb says more with --help."),
        *map(_command, commands),
        ".SH EXIT STATUS",
        *(_entry(f"\\fB{code}\\fR", _lines(words)) for code, words in EXIT_CODES),
        ".SH FILES",
        *(_entry(f"\\fI{_text(path)}\\fR", _lines(words)) for path, words in _FILES),
        ".SH EXAMPLES",
        *(f"{words}:\n.PP\n.in +4n\n.nf\n{line}\n.fi\n.in\n.PP" for words, line in _EXAMPLES[:-1]),
        f"{_EXAMPLES[-1][0]}:\n.PP\n.in +4n\n.nf\n{_EXAMPLES[-1][1]}\n.fi\n.in",
        ".SH SEE ALSO",
        ".BR curl (1),\n.BR systemctl (1)",
    ]
    return "\n".join(parts) + "\n"


def _command(command: Command) -> str:
    title = _synopsis(command.synopsis)
    lines = [_entry(title, _lines(command.about))]
    if command.options:
        lines += [".RS", *map(_option, command.options), ".RE"]
    return "\n".join(lines)


def _synopsis(line: str) -> str:
    """The words of the command in bold, and what stands for something in italics."""
    return re.sub(r"\b[A-Z]{1,}[A-Z-]*\b", lambda found: f"\\fI{found[0]}\\fB", f"\\fB{_text(line)}\\fR")


def _option(option: CommandOption) -> str:
    value = f" \\fI{_text(option.value)}\\fR" if option.value else ""
    return _entry(f"\\fB{_text(option.name)}\\fR{value}", _lines(option.help))


def _entry(title: str, text: str) -> str:
    return f".TP\n{title}\n{text}" if text else f".TP\n{title}\n\\&"


def _lines(words: str) -> str:
    """The text in lines that no editor has to break."""
    lines = textwrap.wrap(_text(words), _LINE, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in lines)


def _text(words: str) -> str:
    """The words, with what troff would read as its own told apart."""
    text = words.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq")
    return "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in text)
