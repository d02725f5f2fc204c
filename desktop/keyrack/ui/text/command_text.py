"""Commands of the command line as the person pastes them into a shell. None of them holds a secret."""

import shlex

from keyrack.command_name import command_name


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
