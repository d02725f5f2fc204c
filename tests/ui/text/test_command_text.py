"""Commands for a shell: each part quoted, and no token on a command line."""

import shlex

from keyrack.command_name import command_name
from keyrack.ui.text.command_text import call, curl

CALLED = command_name().split()
URL = "https://api.example.org/v1/balance?all=yes&limit=5"


def words(command: str) -> list[str]:
    """The words that a shell makes of it. "|" separates two commands."""
    parts = shlex.shlex(command, posix=True, punctuation_chars="|;&()<>")
    parts.whitespace_split = True
    return list(parts)


def test_a_name_is_one_word_whatever_is_in_it() -> None:
    for name in ("Trading", "Main desk", "it's", "$(reboot)", "a | b; c & d > e", "`x`"):
        assert words(call("token", name, sandbox=False)) == [*CALLED, "token", name]
    assert call("token", "Main desk", sandbox=False) == f"{command_name()} token 'Main desk'"


def test_the_sandbox_asks_its_own_keyrack() -> None:
    assert call("token", "Trading", sandbox=True) == f"{command_name()} --sandbox token Trading"


def test_curl_reads_the_header_from_a_pipe() -> None:
    asks = [*CALLED, "header", "Main desk", "|", "curl", "--header", "@-"]
    assert words(curl("Main desk", URL, post=False, sandbox=False)) == [*asks, URL]
    assert words(curl("Main desk", URL, post=True, sandbox=False)) == [*asks, "-X", "POST", URL]
    asked = f"{command_name()} --sandbox header Trading | curl "
    assert curl("Trading", URL, post=False, sandbox=True).startswith(asked)
