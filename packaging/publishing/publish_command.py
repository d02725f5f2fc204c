"""`python3 packaging/release.py key FILE` and `list FOLDER`: makes the pair of keys, and the signed list of releases.

A passphrase is asked for at the terminal, or is the first line of stdin. `--key -` reads the private key from the
lines after it.
"""

import argparse
import getpass
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import stamps
from publishing.list_making import Edition, Unpublishable, list_text, previous_list, release_of

WORDS = ("key", "list")
ROOT = Path(stamps.ROOT)
OUT = "keyrack-releases.txt"
DAYS = 60
SIGNING = Path(__file__).with_name("signing.py")
_SHORTEST = 12


def run(words: Sequence[str], version: Callable[[], str]) -> str | int:
    """Do what these words ask for. Returns 0, or a sentence on what is wrong. A release alone needs the version."""
    chosen = _parser().parse_args(words)
    try:
        if chosen.verb == "key":
            make_key(chosen.file)
        else:
            make_list(chosen, version)
    except Unpublishable as why:
        return str(why)
    except OSError as why:
        return f"{why.filename}: {why.strerror}"
    return 0


def make_key(file: Path) -> None:
    """Make a pair of keys, the private one in a file that is not here yet. Raises Unpublishable or OSError."""
    if file.resolve().is_relative_to(ROOT):
        raise Unpublishable("A private key does not belong into the tree: choose another folder.")
    passphrase = _passphrase("Passphrase of the new key: ")
    if len(passphrase) < _SHORTEST:
        raise Unpublishable(f"The passphrase has fewer than {_SHORTEST} characters: take several words.")
    made = _child({"passphrase": passphrase})
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(made["private"])
    public = file.with_name(f"{file.name}.pub")
    public.write_text(f"untrusted comment: public key of Keyrack's releases\n{made['public']}\n", "utf-8")
    print(f"The private key is {file}. Keep it and its passphrase apart, and off this computer where you can.")
    print(f"The public key is {made['public']}: PUBLIC_KEY of desktop/keyrack/core/updates/release_source.py.")


def make_list(chosen: argparse.Namespace, version: Callable[[], str]) -> None:
    """Make the list and sign it. Raises Unpublishable or OSError."""
    previous = previous_list(chosen.previous)
    notes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    fresh = release_of(version(), chosen.folder, notes, chosen.note) if chosen.folder else None
    edition = Edition(datetime.now(UTC), chosen.days, chosen.page, chosen.next_key)
    text = list_text(edition, previous, fresh)
    passphrase = _passphrase("Passphrase of the key: ")
    private = sys.stdin.read() if str(chosen.key) == "-" else chosen.key.read_text("utf-8")
    made = _child({"private": private, "passphrase": passphrase, "text": text})
    chosen.out.write_text(made["signed"], "utf-8")
    print(f"{chosen.out} is signed by {made['public']}. Publish it under the same address as the last one.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 packaging/release.py")
    verbs = parser.add_subparsers(dest="verb", required=True)
    key = verbs.add_parser("key", help="make the pair of keys that signs lists")
    key.add_argument("file", type=Path, help="where the private key goes, outside of the tree")
    made = verbs.add_parser("list", help="make and sign the list of releases")
    made.add_argument(
        "folder", type=Path, nargs="?", help="the packages of this version; without it the list is renewed"
    )
    made.add_argument("--key", type=Path, required=True, help="the private key, - for stdin after the passphrase")
    made.add_argument("--previous", type=Path, help="the list that is published now; without it this is the first")
    made.add_argument("--page", default="", help="the address of the page where the packages are")
    made.add_argument("--days", type=int, default=DAYS, help=f"how long it is good, by default {DAYS}, 120 at most")
    made.add_argument("--note", default="", help="what changed, in a sentence; by default the first in CHANGELOG.md")
    made.add_argument("--next-key", default="", help="the public key that signs after this one")
    made.add_argument("--out", type=Path, default=Path(OUT), help=f"the file to write, by default {OUT}")
    return parser


def _passphrase(prompt: str) -> str:
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _child(asked: dict[str, str]) -> dict[str, str]:
    done = subprocess.run(
        [stamps.PYTHON, str(SIGNING)], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unpublishable((done.stderr.strip().splitlines() or ["The signature could not be made."])[-1])
    made: dict[str, str] = json.loads(done.stdout)
    return made
