"""`keyrack login NAME` and `keyrack logout NAME`: the window's buttons for signing in and out, in a terminal."""

from keyrack.cli.arguments import Usage, parse
from keyrack.cli.exit_codes import INTERRUPTED, SIGN_IN_NEEDED, USAGE, CommandFailed
from keyrack.cli.input_lines import InputLines, means_no, means_yes
from keyrack.cli.output import print_message, print_result
from keyrack.cli.secret_input import secret
from keyrack.cli.socket_client import SocketClient, path_of
from keyrack.language.translation import mark, tr

PRINT = "--print"
_LOGIN = Usage(
    "login NAME [--print]",
    mark("""Signs in to the account NAME in the browser and waits until that has ended; Ctrl+C ends it.

  --print  print the address instead, for a browser on any computer, and read from the terminal or
           stdin the address that the browser ends at"""),
    names=1,
    switches=(PRINT,),
)
_LOGOUT = Usage("logout NAME", mark("Forgets the tokens of the account NAME and keeps its credentials."), names=1)
_TURN = 0.5
_WAIT = 20
_READING = ("browser", "confirming", "refusal", "public_key")

Body = dict[str, object]


def login(client: SocketClient, words: list[str]) -> int:
    """Sign in. Returns 0 when that succeeded, else CommandFailed says what happened."""
    arguments = parse(_LOGIN, words)
    dialog = _SignInDialog(client, arguments.names[0])
    try:
        outcome = dialog.run(printed=PRINT in arguments.options)
    except KeyboardInterrupt:
        return _cancel(dialog)
    print_message(outcome)
    return 0


def _cancel(dialog: "_SignInDialog") -> int:
    """Cancel the sign-in. Returns 0 when it had succeeded by then."""
    try:
        outcome, code = dialog.cancelled(), 0
    except CommandFailed as problem:
        outcome, code = problem.text, INTERRUPTED if problem.exit_code == SIGN_IN_NEEDED else problem.exit_code
    print_message(outcome)
    return code


def logout(client: SocketClient, words: list[str]) -> int:
    """Sign out, and print what became of the token at the provider."""
    arguments = parse(_LOGOUT, words)
    response = client.call("POST", path_of("v1", "accounts", arguments.names[0], "logout"))
    print_message(tr("“{name}” is signed out. {told}", name=response["account"], told=response["at_provider"]))
    return 0


class _SignInDialog:
    """One sign-in between the person at the terminal and the running Keyrack."""

    def __init__(self, client: SocketClient, name: str) -> None:
        self._client = client
        self._path = path_of("v1", "accounts", name, "login")
        self._lines = InputLines()
        self._last: Body = {}
        self._address = ""
        self._wrong = False
        self._printed = False

    def run(self, *, printed: bool) -> str:
        """Go from step to step. Returns the sentence about the end."""
        response = self._begin(printed=printed)
        if response["step"] == "browser" and not response["browser"] and not printed:
            response = self._begin(printed=True)
        while response["step"]:
            response = self._next(response)
        return str(response["said"])

    def _begin(self, *, printed: bool) -> Body:
        self._printed = printed
        return self._client.call("POST", self._path, {"open_browser": not printed, "print": printed})

    def cancelled(self) -> str:
        """Cancel the sign-in. Returns its outcome if it had ended before, else raises CommandFailed (4)."""
        self._client.call("DELETE", self._path)
        return str(self._progress("")["said"])

    def _next(self, response: Body) -> Body:
        step, provider = response["step"], response["provider_name"]
        if step == "user_code":
            print_message(tr("Get a code at {page}", page=response["user_code_page"]))
            return self._answer({"user_code": secret(tr("Code from {provider}", provider=provider))})
        if step == "refresh_token":
            if response["user_code_page"]:
                print_message(tr("Get a refresh token at {page}", page=response["user_code_page"]))
            return self._answer({"refresh_token": secret(tr("Refresh token from {provider}", provider=provider))})
        if self._is_news(response):
            _print_step(response, printed=self._printed)
        if step not in _READING or self._lines.ended() or (step == "browser" and not self._printed):
            return self._progress(f"?wait={_WAIT}&step={step}")
        line = self._lines.next(_TURN)
        if line is not None:
            return self._send_line(response, line)
        if self._lines.ended() and self._wrong:
            self.cancelled()
        return self._progress("")

    def _is_news(self, response: Body) -> bool:
        """Whether the step or its problem was not printed yet."""
        seen = {name: response.get(name) for name in ("step", "problem")}
        news, self._last = seen != self._last, seen
        return news

    def _send_line(self, response: Body, line: str) -> Body:
        if response["step"] == "browser":
            return self._answer({"address": self._whole(line)}) if line else response
        if response["step"] == "public_key":
            return self._answer({"public_key": line}) if line else response
        if not (means_yes(line) or means_no(line)):
            print_message(tr("Answer y or n."))
            return response
        return self._answer({"confirm": means_yes(line)})

    def _whole(self, line: str) -> str:
        """The address so far. A terminal may have broken it into two lines, and the second has no start of its own."""
        begins = "?" in line or line.lower().startswith("http")
        self._address = line if begins else self._address + line
        return self._address

    def _answer(self, body: Body) -> Body:
        try:
            return self._client.call("POST", f"{self._path}/answer", body)
        except CommandFailed as problem:
            if problem.exit_code != USAGE:
                raise
            print_message(f"{problem.text}\n{tr('Paste it here:')}")
            self._wrong = True
            return self._progress("")

    def _progress(self, query: str) -> Body:
        return self._client.call("GET", self._path + query)


def _print_step(response: Body, *, printed: bool) -> None:
    """Print what the person can do at a new step."""
    provider, device = response["provider_name"], response["device"]
    if isinstance(device, dict):
        print_result(f"{device['verification_uri_complete'] or device['verification_uri']}\n")
        ask = mark("Open {page} in any browser and approve the code {code} there.")
        print_message(tr(ask, page=device["verification_uri"], code=device["user_code"]))
    elif response["question"]:
        print_message(tr("{question} [y/N]", question=response["question"]))
    elif response["step"] == "browser" and not printed:
        goes_on = mark("Sign in to {provider} in the browser. This goes on by itself when you are done there.")
        print_message(tr(goes_on, provider=provider))
    elif response["step"] == "browser":
        print_result(f"{response['provider_address']}\n")
        paste = mark(
            "Open this address in a browser on any computer and sign in to {provider}. It ends at an address\n"
            "that begins with {address}\n"
            "and cannot be shown on another computer. Paste that whole address here:"
        )
        print_message(tr(paste, provider=provider, address=response["redirect_uri"]))
    elif response["step"] == "public_key":
        asked = tr("Paste the public key of the new key, from {provider}’s page, here:", provider=provider)
        print_message(f"{response['problem'] or ''} {asked}".strip())
    elif response["step"] == "keyring":
        print_message(tr("Keyrack is waiting for the keyring."))
    elif response["step"] == "key":
        made = mark("Waiting for you to create the key on the provider's page. This goes on by itself once it is made.")
        print_message(tr(made))
    elif response["step"] == "key_secret":
        print_message(tr("{provider} is busy with the key. This goes on by itself.", provider=provider))


VERBS = {"login": login, "logout": logout}
