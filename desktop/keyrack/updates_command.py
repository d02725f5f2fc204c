"""`keyrack updates check`: looks for a newer Keyrack once. It works whatever the setting says, as the person asks.

This process looks itself, whether a Keyrack runs or not: what is remembered of release lists is one file of both.
"""

import asyncio
import json

from keyrack.cli.arguments import HelpRequested, parse
from keyrack.cli.exit_codes import PROVIDER, UNEXPECTED, CommandFailed
from keyrack.cli.output import print_message, print_result
from keyrack.core.connection.proxy_logins import ProxyLogins
from keyrack.core.connection.proxy_setting import ProxySetting
from keyrack.core.preferences.own_preferences import make_preferences
from keyrack.core.system.paths import paths
from keyrack.core.updates.installation import installation
from keyrack.core.updates.update_check import Found, UpdateCheck
from keyrack.core.updates.update_failures import ListRefused
from keyrack.core.updates.update_words import as_values, how_words, newer_words
from keyrack.core.vault.keyring_vault import KeyringVault
from keyrack.core.vault.record_store import RecordStore
from keyrack.language.translation import tr
from keyrack.manual.command_table import UPDATES
from keyrack.net.network_errors import NetworkFailure
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.startup.assembly import SERVICE


def run(words: list[str], *, sandbox: bool) -> int:
    """Look and print. Returns 0 whether there is a newer one or not, 6 where no believable list came, else 1 or 2."""
    try:
        asked = words[:1] == ["check"]
        options = parse(UPDATES, words[1:] if asked else words or ["--help"]).options
        if not asked:
            raise UPDATES.wrong(tr("The word “check” is missing."))
        found, here = asyncio.run(_looked(sandbox=sandbox)), installation()
        if "--json" in options:
            print_result(f"{json.dumps(as_values(found, here), ensure_ascii=False)}\n")
        else:
            print_result("".join(f"{line}\n" for line in (newer_words(found), how_words(found, here)) if line))
    except HelpRequested as wanted:
        print_result(wanted.text)
    except CommandFailed as problem:
        print_message(problem.text)
        return problem.exit_code
    except Failure as why:
        print_message(why.sentences())
        return PROVIDER if isinstance(why, NetworkFailure | ListRefused) else UNEXPECTED
    return 0


async def _looked(*, sandbox: bool) -> Found:
    places, clock = paths(sandbox), Clock()
    preferences = make_preferences(places, sandbox=sandbox)
    preferences.load()
    records = RecordStore(KeyringVault(SERVICE), clock)
    proxy = ProxySetting(preferences, ProxyLogins(records))
    try:
        return await UpdateCheck(preferences, proxy.proxies, places.state, clock, sandbox=sandbox).look()
    finally:
        await records.close()
