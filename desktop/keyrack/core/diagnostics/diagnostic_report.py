"""Puts the text together, and takes everything out of it that looks like a secret.

It is in English, whatever language is spoken, because it is for whoever helps.
"""

from collections.abc import Mapping

from keyrack.core.accounts.state import Authorizing
from keyrack.core.diagnostics.account_facts import errors_now, last_errors, states
from keyrack.core.diagnostics.file_facts import complaints, sizes
from keyrack.core.diagnostics.surroundings import Facts, surroundings, versions
from keyrack.core.rack import Rack
from keyrack.core.system.paths import Paths
from keyrack.language.translation import spoken
from keyrack.net.proxy.proxies import NONE, SYSTEM
from keyrack.primitives.redaction import redact

HEAD = "Keyrack diagnostics. They hold no secret, no amount, no path and no name of an account."


def diagnostics(rack: Rack, running: Mapping[str, str]) -> str:
    """The report of the Keyrack that runs. `running` are the facts that only its window or its agent knows (S105)."""
    accounts = list(rack.accounts)
    return _text(
        ("Versions", versions()),
        ("System", surroundings()),
        ("This Keyrack", [*running.items(), *_of_rack(rack)]),
        ("Accounts by provider and state", states(accounts, rack.clock)),
        ("What keeps accounts from working", errors_now(accounts)),
        ("Last errors, newest first", last_errors(accounts)),
        ("Complaints in the log", complaints(rack.parts.account_store.paths)),
        ("Files", sizes(rack.parts.account_store.paths)),
    )


def diagnostics_without_rack(places: Paths) -> str:
    """The report where no Keyrack runs, so that nothing is known of the accounts (S105)."""
    return _text(
        ("Versions", versions()),
        ("System", surroundings()),
        ("This Keyrack", [("Runs", "no")]),
        ("Complaints in the log", complaints(places)),
        ("Files", sizes(places)),
    )


def _of_rack(rack: Rack) -> Facts:
    kept = "for this session only" if rack.keyring.session_only else rack.vault_name or "not open yet"
    why = rack.keyring.why
    waiting = sum(isinstance(account.state, Authorizing) for account in rack.accounts)
    way = rack.proxy.chosen
    return [
        ("Sandbox", "yes" if rack.sandbox else "no"),
        ("Keyring", kept if why is None else f"{kept}, {why.code}"),
        ("Speaks", spoken()),
        ("Locked", "yes" if rack.lock.locked else "no"),
        ("Lock passphrase", "set" if rack.lock.has_passphrase else "not set"),
        ("Connection", way if way in (NONE, SYSTEM) else "a proxy of one's own"),
        ("Accounts", str(len(rack.accounts))),
        ("Sign-ins that wait", str(waiting)),
        ("Unsaved sign-ins", str(len(rack.unsaved()))),
        ("Accounts file", "in order" if rack.problem is None else rack.problem.code),
        ("Provider files that were left out", str(len(rack.catalog.files.problems))),
    ]


def _text(*sections: tuple[str, Facts]) -> str:
    """Headings with indented lines. Spaces and no colon part a topic from its value, or the filter would take it."""
    lines = [HEAD]
    for heading, facts in sections:
        lines += ["", heading]
        wide = max((len(topic) for topic, _ in facts), default=0)
        lines += [f"  {topic.ljust(wide)}  {value}" for topic, value in facts] or ["  none"]
    return redact("\n".join(lines) + "\n")
