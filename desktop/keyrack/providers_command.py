"""`keyrack providers list` and `keyrack providers check FILE`: names the providers and checks a provider file."""

import argparse
import sys
from pathlib import Path

from keyrack.core.sites.catalog import ProviderCatalog
from keyrack.core.sites.user_files import read_text, with_certificates
from keyrack.core.system.paths import paths
from keyrack.primitives.failure import Failure
from keyrack.providers.files.summary import summary
from keyrack.providers.files.user_file import read_own
from keyrack.providers.registry import BUILT_IN, built_in
from keyrack.providers.schema import Provider


def run(arguments: list[str]) -> int:
    """Run the command. Returns 0, 1 for a file that cannot be used, or 2 for a wrong command line."""
    parser = argparse.ArgumentParser(prog="keyrack providers", description="Says which providers Keyrack knows.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list | check FILE")
    listing = verbs.add_parser("list", help="name every provider, one's own ones too")
    listing.add_argument("--sandbox", action="store_true", help="those of the sandbox")
    checking = verbs.add_parser("check", help="read one provider file and say what is in it, or what is wrong")
    checking.add_argument("file", type=Path, metavar="FILE")
    chosen = parser.parse_args(arguments)
    return _check(chosen.file) if chosen.verb == "check" else _list(sandbox=chosen.sandbox)


def _check(path: Path) -> int:
    taken = {provider.id for provider in built_in()}
    try:
        file = read_own(str(path), read_text(path), taken)
        with_certificates(file, path.parent)
    except Failure as why:
        print(why.happened, file=sys.stderr)
        return 1
    print(f"{path.name} is right. Keyrack understood:")
    for topic, text in summary(file):
        print(f"  {topic + ':':14}{text}")
    return 0


def _list(*, sandbox: bool) -> int:
    catalog = ProviderCatalog(built_in(), paths(sandbox).config)
    rows = [
        _row(provider, "comes with Keyrack" if id in BUILT_IN else f"your file {id}")
        for id, provider in catalog.items()
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    for row in rows:
        print("  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]]))
    for problem in catalog.files.problems:
        print(problem.happened, file=sys.stderr)
    return 1 if catalog.files.problems else 0


def _row(provider: Provider, origin: str) -> tuple[str, str, str, str]:
    end = f"; its end was announced for {provider.ends.isoformat()}" if provider.ends is not None else ""
    return provider.id, provider.name, ", ".join(provider.flows), origin + end
