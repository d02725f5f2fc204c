"""`keyrack proxy`: shows and changes through which proxy Keyrack connects to the providers."""

from keyrack.cli.arguments import Usage, parse
from keyrack.cli.output import print_message, print_result
from keyrack.cli.socket_client import SocketClient

USE = "--use"
_PROXY = Usage(
    "proxy [--use none|system|ADDRESS]",
    """Prints the choice, and says how Keyrack connects to the providers.

  --use  none: directly, which is so from the start; system: as the system's settings say, on Linux the
         HTTPS_PROXY and NO_PROXY that Keyrack was started with; or an address such as
         http://proxy.example:3128, without a user name or password""",
    values=(USE,),
)


def proxy(client: SocketClient, words: list[str]) -> int:
    """Show the choice, or make another one."""
    options = parse(_PROXY, words).options
    if USE in options:
        response = client.call("PUT", "/v1/proxy", {"proxy": options[USE]})
    else:
        response = client.call("GET", "/v1/proxy")
        print_result(f"{response['proxy']}\n")
    print_message(str(response["connects"]))
    return 0


VERBS = {"proxy": proxy}
