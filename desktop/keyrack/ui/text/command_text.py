"""Commands of the command line as the person pastes them into a shell. None of them holds a secret."""

import shlex


def call(verb: str, account: str, *, sandbox: bool) -> str:
    """`keyrack VERB ACCOUNT` for the running Keyrack. The sandbox listens on a separate socket."""
    return shlex.join(["keyrack", *(["--sandbox"] if sandbox else []), verb, account])


def curl(account: str, url: str, *, post: bool, sandbox: bool) -> str:
    """A request to `url` with the account's token.

    The token goes from Keyrack to curl through a pipe. On curl's command line it would stand in the list of processes
    and in the shell's history.
    """
    request = ["curl", "--header", "@-", *(["-X", "POST"] if post else []), url]
    return f"{call('header', account, sandbox=sandbox)} | {shlex.join(request)}"
