"""`keyrack login NAME` and `keyrack logout NAME`: what the buttons of the window do, told in a terminal."""

from keyrack.cli.arguments import Usage, parse
from keyrack.cli.exit_codes import INTERRUPTED, SIGN_IN_NEEDED, USAGE, CommandFailed
from keyrack.cli.input_lines import InputLines
from keyrack.cli.output import put, say
from keyrack.cli.secret_input import secret
from keyrack.cli.socket_client import SocketClient, path_of

PRINT = "--print"
_LOGIN = Usage(
    "login NAME [--print]",
    """Signs in to the account NAME in the browser and waits until that has ended; Ctrl+C ends it.

  --print  print the address instead, for a browser on any computer, and read from the terminal or
           stdin the address that the browser ends at""",
    names=1,
    switches=(PRINT,),
)
_LOGOUT = Usage("logout NAME", "Forgets the tokens of the account NAME and keeps its credentials.", names=1)
_TURN = 0.5
_WAIT = 20
_AGAIN = "Paste it here:"
_READING = ("browser", "confirming", "refusal", "public_key")
_YES, _NO = ("y", "yes"), ("n", "no", "")

Told = dict[str, object]


def login(client: SocketClient, words: list[str]) -> int:
    """Sign in; 0 when that succeeded, else Problem says what happened."""
    given = parse(_LOGIN, words)
    talk = _Talk(client, given.names[0])
    try:
        said = talk.run(printed=PRINT in given.options)
    except KeyboardInterrupt:
        return _interrupted(talk)
    say(said)
    return 0


def _interrupted(talk: "_Talk") -> int:
    """End the sign-in; 0 when it had succeeded by then."""
    try:
        said, code = talk.cancelled(), 0
    except CommandFailed as problem:
        said, code = problem.text, INTERRUPTED if problem.exit_code == SIGN_IN_NEEDED else problem.exit_code
    say(said)
    return code


def logout(client: SocketClient, words: list[str]) -> int:
    """Sign out; says what became of the token at the provider."""
    given = parse(_LOGOUT, words)
    told = client.call("POST", path_of("v1", "accounts", given.names[0], "logout"))
    say(f"“{told['account']}” is signed out. {told['at_provider']}")
    return 0


class _Talk:
    """One sign-in between the person at the terminal and the running Keyrack."""

    def __init__(self, client: SocketClient, name: str) -> None:
        self._client = client
        self._path = path_of("v1", "accounts", name, "login")
        self._lines = InputLines()
        self._last: Told = {}
        self._wrong = False
        self._printed = False

    def run(self, *, printed: bool) -> str:
        """Go from step to step; the sentence about the end."""
        told = self._begin(printed=printed)
        if told["step"] == "browser" and not told["browser"] and not printed:
            told = self._begin(printed=True)
        while told["step"]:
            told = self._next(told)
        return str(told["said"])

    def _begin(self, *, printed: bool) -> Told:
        self._printed = printed
        return self._client.call("POST", self._path, {"open_browser": not printed, "print": printed})

    def cancelled(self) -> str:
        """End the sign-in; the sentence about it if it could not be ended any more, else Problem (4) says so."""
        self._client.call("DELETE", self._path)
        return str(self._look("")["said"])

    def _next(self, told: Told) -> Told:
        step = told["step"]
        if step == "user_code":
            say(f"Get a code at {told['user_code_page']}")
            return self._answer({"user_code": secret(f"Code from {told['provider_name']}")})
        if self._news(told):
            _tell(told, printed=self._printed)
        if step not in _READING or self._lines.over() or (step == "browser" and not self._printed):
            return self._look(f"?wait={_WAIT}&step={step}")
        line = self._lines.next(_TURN)
        if line is not None:
            return self._take(told, line)
        if self._lines.over() and self._wrong:
            self.cancelled()
        return self._look("")

    def _news(self, told: Told) -> bool:
        """Whether there is something that was not said yet."""
        seen = {name: told.get(name) for name in ("step", "problem")}
        news, self._last = seen != self._last, seen
        return news

    def _take(self, told: Told, line: str) -> Told:
        if told["step"] == "browser":
            return self._answer({"address": line}) if line else told
        if told["step"] == "public_key":
            return self._answer({"public_key": line}) if line else told
        if line.lower() not in (*_YES, *_NO):
            say("Answer y or n.")
            return told
        return self._answer({"confirm": line.lower() in _YES})

    def _answer(self, body: Told) -> Told:
        try:
            return self._client.call("POST", f"{self._path}/answer", body)
        except CommandFailed as problem:
            if problem.exit_code != USAGE:
                raise
            say(f"{problem.text}\n{_AGAIN}")
            self._wrong = True
            return self._look("")

    def _look(self, query: str) -> Told:
        return self._client.call("GET", self._path + query)


def _tell(told: Told, *, printed: bool) -> None:
    """Say what the person can do at a new step."""
    provider, device = told["provider_name"], told["device"]
    if isinstance(device, dict):
        put(f"{device['verification_uri_complete'] or device['verification_uri']}\n")
        say(f"Open {device['verification_uri']} in any browser and approve the code {device['user_code']} there.")
    elif told["question"]:
        say(f"{told['question']} [y/N]")
    elif told["step"] == "browser" and not printed:
        say(f"Sign in to {provider} in the browser. This goes on by itself when you are done there.")
    elif told["step"] == "browser":
        put(f"{told['provider_address']}\n")
        say(
            f"Open this address in a browser on any computer and sign in to {provider}. It ends at an address\n"
            f"that begins with {told['redirect_uri']}\n"
            "and cannot be shown on another computer. Paste that whole address here:"
        )
    elif told["step"] == "public_key":
        say(f"{told['problem'] or ''} Paste the public key of the new key, from {provider}’s page, here:".strip())
    elif told["step"] == "keyring":
        say("Keyrack is waiting for the keyring.")
    elif told["step"] == "key":
        say(f"{provider} is making the key. That takes up to half a minute, longer when it is busy.")


VERBS = {"login": login, "logout": logout}
