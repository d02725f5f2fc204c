"""`keyrack providers list`, `check FILE`, `add FILE` and `remove ID`: names the providers, and knows files of yours."""

import argparse
import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keyrack.cli.input_lines import means_yes
from keyrack.core.accounts.accounts_file import AccountsFile
from keyrack.core.connection.proxy_setting import ProxySetting
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.sites.catalog import ProviderCatalog
from keyrack.core.sites.own_providers import remove_provider
from keyrack.core.sites.user_files import read_text, with_certificates
from keyrack.core.system.paths import paths
from keyrack.language.terminal_width import padded, width_of
from keyrack.language.translation import mark, tr, translated
from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.primitives.failure import Failure
from keyrack.providers.files.metadata import MetadataRefused
from keyrack.providers.files.summary import summary
from keyrack.providers.files.user_file import UserFile, read_own
from keyrack.providers.registry import BUILT_IN, built_in
from keyrack.providers.schema import Provider
from keyrack.startup.argparse_words import translate_argparse
from keyrack.startup.option_parser import add_options
from keyrack.startup.options import SANDBOX, Option

_TOPICS = 14
_RIGHT = mark("{file} is right. Keyrack understood:")


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A word after `providers`. `takes` names what follows it: the path of a provider file, an id, or nothing."""

    word: str
    help: str
    options: tuple[Option, ...] = ()
    takes: Literal["FILE", "ID", ""] = "FILE"


SUBCOMMANDS = (
    Subcommand("list", mark("name every provider, one's own ones too"), (SANDBOX,), takes=""),
    Subcommand("check", mark("read one provider file and say what is in it, or what is wrong")),
    Subcommand(
        "add",
        mark("show a provider file's addresses, and add it to the providers after a yes"),
        (SANDBOX, Option("--yes", mark("add it without being asked"))),
    ),
    Subcommand(
        "remove", mark("forget a provider of a file of your own, while no account uses it"), (SANDBOX,), takes="ID"
    ),
)


def run(arguments: list[str]) -> int:
    """Run the command.

    Returns 0, 1 for a file or an id that cannot be used or a closed stdout, 2 for a wrong command line or no yes, or 6
    where the provider's metadata cannot be had.
    """
    translate_argparse()
    parser = argparse.ArgumentParser(prog="keyrack providers", description=tr("Says which providers Keyrack knows."))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list | check FILE | add FILE | remove ID")
    for subcommand in SUBCOMMANDS:
        under = verbs.add_parser(subcommand.word, help=tr(subcommand.help))
        if subcommand.takes:
            kind = Path if subcommand.takes == "FILE" else str
            under.add_argument(subcommand.takes.lower(), type=kind, metavar=subcommand.takes)
        add_options(under, subcommand.options)
    chosen = parser.parse_args(arguments)
    if sys.stdout is None:
        _complain(tr("The answer could not be written to stdout: {why}.", why=tr("it is closed")))
        return 1
    match chosen.verb:
        case "check":
            return _check(chosen.file)
        case "add":
            return _add(chosen.file, sandbox=chosen.sandbox, agreed=chosen.yes)
        case "remove":
            return _remove(chosen.id, sandbox=chosen.sandbox)
    return _list(sandbox=chosen.sandbox)


def _complain(text: str, end: str = "\n") -> None:
    """Write to stderr, and nothing where it is closed: `print` would take stdout then."""
    if sys.stderr is not None:
        print(text, file=sys.stderr, end=end, flush=True)


def _check(path: Path) -> int:
    taken = {provider.id for provider in built_in()}
    try:
        file = read_own(str(path), read_text(path), taken)
        with_certificates(file, path.parent)
    except Failure as why:
        _complain(why.happened)
        return 1
    print(tr(_RIGHT, file=path.name))
    _show(file)
    return 0


def _show(file: UserFile) -> None:
    rows = [(f"{translated(topic)}:", text) for topic, text in summary(file)]
    width = max(_TOPICS, *(width_of(topic) + 2 for topic, _ in rows))
    for topic, text in rows:
        print(f"  {padded(topic, width)}{text}")


def _add(path: Path, *, sandbox: bool, agreed: bool) -> int:
    """Ask the provider's metadata once where the file wants that, show every address, and add the file (S38)."""
    preferences = Preferences(paths(sandbox).config)
    preferences.load()
    catalog = ProviderCatalog(built_in(), paths(sandbox).config, ProxySetting(preferences).proxies)
    try:
        file = catalog.files.inspect(path)
        for wish in file.wishes:
            print(tr("Asking {address} for the addresses, once.", address=wish.url))
        if file.wishes:
            file = asyncio.run(catalog.files.fill(file, path))
        print(tr(_RIGHT, file=path.name))
        _show(file)
        if not (agreed or _says_yes()):
            _complain(tr("Nothing was added."))
            return 2
        provider = catalog.add(file, path)
    except Failure as why:
        words = f" “{why.detail}”" if why.detail and isinstance(why, UnexpectedResponse) else ""
        _complain(f"{why.sentences()}{words}")
        return 6 if isinstance(why, NetworkFailure | MetadataRefused | UnexpectedResponse) else 1
    added = mark("{name} was added as {id}. A Keyrack that runs knows it from its next start on.")
    print(tr(added, name=provider.name, id=provider.id))
    return 0


def _says_yes() -> bool:
    """Whether the person at the terminal agrees to the addresses."""
    question = tr("Your secrets and tokens for this provider go to these addresses. Add it?")
    if sys.stdin is None or not sys.stdin.isatty():
        _complain(f"{question} {tr('There is no terminal to ask at: say so with --yes.')}")
        return False
    _complain(tr("{question} [y/N]", question=question), end=" ")
    return means_yes(sys.stdin.readline().strip())


def _remove(id: str, *, sandbox: bool) -> int:
    config = paths(sandbox).config
    catalog = ProviderCatalog(built_in(), config)
    try:
        aside = remove_provider(catalog, id, AccountsFile(config).peek())
    except Failure as why:
        _complain(why.sentences())
        return 1
    said = mark(
        "{provider} was removed. Its file is now called {file}. A Keyrack that runs forgets it at its next start."
    )
    print(tr(said, provider=id, file=aside.name))
    return 0


def _list(*, sandbox: bool) -> int:
    catalog = ProviderCatalog(built_in(), paths(sandbox).config)
    rows = [
        _row(provider, tr("comes with Keyrack") if id in BUILT_IN else tr("your file {id}", id=id))
        for id, provider in catalog.items()
    ]
    widths = [max(width_of(row[at]) for row in rows) for at in range(3)]
    for row in rows:
        print("  ".join([*(padded(text, width) for text, width in zip(row, widths, strict=False)), row[3]]))
    for problem in catalog.files.problems:
        _complain(problem.happened)
    return 1 if catalog.files.problems else 0


def _row(provider: Provider, origin: str) -> tuple[str, str, str, str]:
    return provider.id, provider.name, ", ".join(provider.flows), _ended(provider, origin)


def _ended(provider: Provider, origin: str) -> str:
    """Where it comes from, and whether it ends."""
    known = [region for region in provider.regions.values() if not region.typed_in]
    if known and all(region.closed for region in known):
        return tr("{origin}; it has closed", origin=origin)
    if provider.ends is None:
        return origin
    return tr("{origin}; its end was announced for {day}", origin=origin, day=provider.ends.isoformat())
