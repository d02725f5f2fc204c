"""`keyrack proxy`: shows, tries and changes through which proxy Keyrack connects to the providers."""

from keyrack.cli.arguments import Usage, parse
from keyrack.cli.output import print_message, print_result
from keyrack.cli.secret_input import secret
from keyrack.cli.socket_client import SocketClient
from keyrack.language.translation import mark, tr

USE, TRY, USER = "--use", "--try", "--user"
_PATH = "/v1/proxy"
_PROXY = Usage(
    "proxy [--use|--try none|system|ADDRESS [--user NAME]]",
    mark("""Prints the choice, and says how Keyrack connects to the providers.

  --use        none: directly, which is the default; system: as the system's settings say, on Linux
               the HTTPS_PROXY and NO_PROXY that Keyrack was started with, else those of GNOME or KDE; or the
               address of an HTTP proxy such as http://proxy.example:3128
  --try        the same, and only says what came of one connection to a provider of yours
  --user NAME  for a proxy that wants a password, which is read from the terminal or is one line of stdin;
               it is kept in the keyring, and ends with the choice"""),
    values=(USE, TRY, USER),
)
_WITH_LOGIN = mark("It gets the user name and the password that are kept for it.")
_ON_THE_LINE = mark(
    "An address on a command line holds no user name and no password: other programs of this computer can read them "
    "there, and the shell keeps them in its history. Nothing was changed. Use --user NAME, and change the password if "
    "it was in this one."
)


def proxy(client: SocketClient, words: list[str]) -> int:
    """Show the choice, try one, or make another one."""
    options = parse(_PROXY, words).options
    if USE in options and TRY in options:
        raise _PROXY.wrong(tr("{one} and {other} are not given together.", one=USE, other=TRY))
    address = options.get(USE, options.get(TRY))
    if address is None:
        if USER in options:
            raise _PROXY.wrong(tr("{option} goes with {one} or {other}.", option=USER, one=USE, other=TRY))
        response = client.call("GET", _PATH)
        print_result(f"{response['proxy']}\n")
        login = tr(_WITH_LOGIN) if response["with_password"] else ""
        print_message(f"{response['connects']} {login}".strip())
        return 0
    if "@" in address:
        raise _PROXY.wrong(tr(_ON_THE_LINE))
    body: dict[str, object] = {"proxy": address}
    if USER in options:
        body |= {"user": options[USER], "password": secret(tr("Password for the proxy"))}
    if TRY in options:
        print_message(str(client.call("POST", f"{_PATH}/try", body)["tried"]))
        return 0
    response = client.call("PUT", _PATH, body)
    print_message(f"{response['connects']} {response['kept']}".strip())
    return 0


VERBS = {"proxy": proxy}
