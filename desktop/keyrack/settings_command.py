"""`keyrack settings list`, `get NAME`, `set NAME VALUE` and `reset NAME`: reads and changes what the person chose.

Where a window or an agent runs, it is asked, so that a change is in force at once. Else the file is read and changed.
"""

import argparse
import logging
from collections.abc import Mapping
from typing import Any

from keyrack.cli.exit_codes import NOT_RUNNING, UNEXPECTED, USAGE, CommandFailed
from keyrack.cli.output import print_message, print_result
from keyrack.cli.socket_client import SocketClient
from keyrack.core.preferences.all_settings import ALL, AnySetting
from keyrack.core.preferences.own_preferences import make_preferences
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.preferences.setting import plainly
from keyrack.core.preferences.settings_file import SettingsFailure
from keyrack.core.preferences.typed_setting import find, typed
from keyrack.core.system.paths import paths
from keyrack.language.translation import mark, tr
from keyrack.startup.argparse_words import translate_argparse

# A word after `settings`, what follows it, and its help.
SUBCOMMANDS = (
    ("list", "", mark("every setting with its value and what it is about")),
    ("get", "NAME", mark("print a setting's value")),
    ("set", "NAME VALUE", mark("change a setting")),
    ("reset", "NAME", mark("go back to the default value")),
)
_PATH = "/v1/settings"
_WIDE = 40


def run(arguments: list[str]) -> int:
    """Run the command.

    Returns 0, 1 for a file that is not in force as a whole or cannot be written, 2 for a wrong command line, or what a
    running Keyrack answers, such as 8 while it is locked.
    """
    chosen = _parser().parse_args(arguments)
    logging.getLogger("keyrack").addHandler(logging.NullHandler())  # the sentence says it, in the person's language
    client, preferences = (
        SocketClient(sandbox=chosen.sandbox),
        make_preferences(paths(chosen.sandbox), sandbox=chosen.sandbox),
    )
    try:
        match chosen.verb:
            case "list":
                return _list(client, preferences)
            case "get":
                setting = find(chosen.name, to_change=False)
                print_result(f"{plainly(_in_force(client, preferences)[setting.name])}\n")
                return 0
        return _change(client, preferences, find(chosen.name), getattr(chosen, "value", None))
    except SettingsFailure as why:
        print_message(why.sentences())
        return USAGE
    except CommandFailed as problem:
        print_message(problem.text)
        return problem.exit_code


def _parser() -> argparse.ArgumentParser:
    translate_argparse()
    parser = argparse.ArgumentParser(prog="keyrack settings", description=tr("Reads and changes what you chose."))
    parser.add_argument("--sandbox", action="store_true", help=tr("the sandbox's settings"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list | get NAME | set NAME VALUE | reset NAME")
    for word, operands, about in SUBCOMMANDS:
        made = verbs.add_parser(word, help=tr(about))
        for operand in operands.split():
            made.add_argument(operand.lower(), metavar=operand)
    return parser


def _list(client: SocketClient, preferences: Preferences) -> int:
    values = _in_force(client, preferences)
    rows = [(setting.name, plainly(values[setting.name]), setting.sentence) for setting in ALL]
    wide = [max(len(row[at]) for row in rows if len(row[at]) < _WIDE) for at in range(2)]
    print_result("".join(f"{row[0]:{wide[0]}}  {row[1]:{wide[1]}}  {row[2]}\n" for row in rows))
    preferences.load()
    for why in preferences.problems:
        print_message(why.sentences())
    return UNEXPECTED if preferences.problems else 0


def _in_force(client: SocketClient, preferences: Preferences) -> Mapping[str, Any]:
    """Every value, of the running Keyrack if there is one."""
    if _runs(client):
        found = client.call("GET", _PATH).get("settings")
        if isinstance(found, Mapping):
            return found
    preferences.load()
    return {setting.name: preferences.value(setting) for setting in ALL}


def _runs(client: SocketClient) -> bool:
    try:
        client.knock()
    except CommandFailed as problem:
        if problem.exit_code != NOT_RUNNING:
            raise
        return False
    return True


def _change(client: SocketClient, preferences: Preferences, setting: AnySetting, text: str | None) -> int:
    value = None if text is None else typed(setting, text)
    if _runs(client):
        body: dict[str, object] = {"name": setting.name}
        client.call("PUT", _PATH, body if text is None else {**body, "value": text})
        print_message(
            tr(
                "{name} is {value}. It is in force now.",
                name=setting.name,
                value=plainly(setting.default if value is None else value),
            )
        )
        return 0
    preferences.load()
    why = preferences.reset(setting) if value is None else preferences.choose(setting, value)
    if why is not None:
        print_message(f"{why.happened} {why.todo}".strip())
        return UNEXPECTED
    print_message(
        tr(
            "{name} is {value}. It counts from the next start on.",
            name=setting.name,
            value=plainly(preferences.value(setting)),
        )
    )
    return 0
