"""`keyrack token` and `keyrack header`: a fresh token for a script, and nothing else on stdout (S89)."""

from keyrack.cli.arguments import Arguments, Usage, parse
from keyrack.cli.exit_codes import UNEXPECTED, CommandFailed
from keyrack.cli.output import print_result
from keyrack.cli.socket_client import SocketClient, path_of
from keyrack.language.translation import mark, tr

MIN_VALID = "--min-valid"
MIN_VALID_HELP = mark("""\
  --min-valid S  renew it first unless it is good for S more seconds; a token that
                 never lives that long is a mistake""")
_MOST_DIGITS = 9
_TOKEN = Usage(
    "token NAME [--min-valid S]",
    mark("Prints a fresh access token of the account NAME."),
    MIN_VALID_HELP,
    names=1,
    values=(MIN_VALID,),
)
_HEADER = Usage(
    "header NAME [--min-valid S]",
    mark("Prints “Authorization: Bearer …” with a fresh access token of the account NAME."),
    MIN_VALID_HELP,
    names=1,
    values=(MIN_VALID,),
)


def token(client: SocketClient, words: list[str]) -> int:
    """Print the token and one newline."""
    answer = ask(client, _TOKEN, parse(_TOKEN, words))
    print_result(visible_ascii(answer, "access_token") + "\n")
    return 0


def header(client: SocketClient, words: list[str]) -> int:
    """Print the header that carries the token, and one newline."""
    answer = ask(client, _HEADER, parse(_HEADER, words))
    print_result(f"Authorization: Bearer {visible_ascii(answer, 'access_token')}\n")
    return 0


def ask(client: SocketClient, usage: Usage, arguments: Arguments) -> dict[str, object]:
    """Request the token. Returns the response."""
    seconds = arguments.options.get(MIN_VALID, "0")
    if not (seconds.isascii() and seconds.isdecimal()) or len(seconds) > _MOST_DIGITS:
        raise usage.wrong(tr("{option} needs a whole number of seconds, such as 60.", option=MIN_VALID))
    query = f"?min_valid={seconds}" if MIN_VALID in arguments.options else ""
    return client.call("GET", path_of("v1", "accounts", arguments.names[0], "token") + query)


def visible_ascii(answer: dict[str, object], field: str) -> str:
    """A field of visible ASCII characters. Anything else is no token and is never printed (S46)."""
    found = answer.get(field)
    if not isinstance(found, str) or not found or " " in found or not (found.isascii() and found.isprintable()):
        raise CommandFailed(UNEXPECTED, tr("Keyrack answered with what cannot be a token."))
    return found


VERBS = {"token": token, "header": header}
