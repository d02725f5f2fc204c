"""Reads a provider file that the person wrote: the same schema, and a few further rules (S38)."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from keyrack.net.client.http_client import HttpClient
from keyrack.providers.files.load import BadProviderFile, bad_file, parse, read_value
from keyrack.providers.files.metadata import Wish, as_if_filled, check_wish, fetch, filled, wishes
from keyrack.providers.files.metadata_check import settled, with_dialect
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import Provider

LONGEST_NAME = 40
LONGEST_MONOGRAM = 3
LONGEST_SENTENCE = 600
_SENTENCES_OF_A_FAILURE = ("happened", "means", "todo")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\Z")


@dataclass(frozen=True, slots=True)
class UserFile:
    """A file that was read. While `wishes` is not empty, its addresses lead nowhere and it is not used."""

    name: str
    text: str
    provider: Provider
    wishes: tuple[Wish, ...] = ()


def read_own(name: str, text: str, taken: Collection[str] = ()) -> UserFile:
    """Read a file. `taken` holds the ids that it may not have.

    Raises BadProviderFile, which names the key and its line.
    """
    value = parse(name, text)
    wanted = wishes(value)
    try:
        for wish in wanted:
            check_wish(wish)
    except Mistake as mistake:
        raise bad_file(name, text, mistake) from None
    provider = read_value(name, text, as_if_filled(value, wanted), lambda found: check_own(found, taken))
    return UserFile(name, text, provider, wanted)


async def fill(file: UserFile, http: HttpClient, taken: Collection[str] = ()) -> UserFile:
    """Request the addresses that the file leaves to metadata, write them into its text, and read that again.

    What else the metadata says is filled in where the file is silent, and compared where it is not.

    Raises MetadataRefused, BadProviderFile, UnexpectedResponse or a NetworkFailure. The text is not stored here.
    """
    for wish in file.wishes:
        metadata = await fetch(http, wish)
        tables = parse(file.name, file.text)
        try:
            text = filled(file.text, wish, metadata.addresses, tables["regions"][wish.region])
            file = replace(file, text=with_dialect(text, settled(file.provider, tables["dialect"], metadata)))
        except Mistake as mistake:
            raise bad_file(file.name, file.text, mistake) from None
    done = read_own(file.name, file.text, taken)
    if done.wishes:
        raise BadProviderFile(file.name, 1, "file_not_filled")
    return done


def check_own(provider: Provider, taken: Collection[str]) -> None:
    """Check the rules for files that do not come with Keyrack. Raises Mistake for the first one broken."""
    if provider.id in taken:
        raise Mistake(["id"], "id_taken", id=provider.id)
    _check_words(provider)
    _check_code(provider)
    if provider.ca_file and not _FILE_NAME.match(provider.ca_file):
        raise Mistake(["ca_file"], "certificate_path")
    for id, region in provider.regions.items():
        if region.metadata and not region.issuer:
            raise Mistake(["regions", id, "issuer"], "needed_with_metadata")


def _check_words(provider: Provider) -> None:
    """What a person will read is short, and is shown as it is written (S49)."""
    for steps, text, most in _names(provider):
        if not text.strip() or len(text) > most or not text.isprintable():
            raise Mistake(steps, "words_invalid", most=str(most))
    for steps, text in _sentences(provider):
        if len(text) > LONGEST_SENTENCE or not text.replace("\n", "").isprintable():
            raise Mistake(steps, "sentence_invalid", most=str(LONGEST_SENTENCE))


def _names(provider: Provider) -> Iterator[tuple[list[str], str, int]]:
    yield ["name"], provider.name, LONGEST_NAME
    yield ["monogram"], provider.monogram, LONGEST_MONOGRAM
    for id, region in provider.regions.items():
        yield ["regions", id, "name"], region.name, LONGEST_NAME
    for name, flow in provider.flows.items():
        yield ["flows", name, "title"], flow.title, LONGEST_NAME


def _sentences(provider: Provider) -> Iterator[tuple[list[str], str]]:
    yield from ((["leaves_out"], provider.leaves_out), (["removal"], provider.removal), (["scope"], provider.scope))
    yield ["ends_note"], provider.ends_note
    for id, region in provider.regions.items():
        yield ["regions", id, "note"], region.note
    for name, flow in provider.flows.items():
        yield ["flows", name, "credentials_help"], flow.credentials_help
        yield ["flows", name, "warning"], flow.warning
    for at, call in enumerate(provider.balances):
        yield ["balances", str(at), "place"], call.place
    for table, failures in (("dialect", provider.dialect.failures), ("errors", provider.errors.failures)):
        for at, known in enumerate(failures):
            yield from ((([table, "failures", str(at), key]), getattr(known, key)) for key in _SENTENCES_OF_A_FAILURE)


def _check_code(provider: Provider) -> None:
    """A file may not ask for what needs code beside it."""
    for name, flow in provider.flows.items():
        if name == "fast_api_key" or flow.credential == "key":
            raise Mistake(["flows", name], "code_needed")
    for at, call in enumerate(provider.balances):
        if call.proof != "bearer":
            raise Mistake(["balances", str(at), "proof"], "code_needed_for_proof")
