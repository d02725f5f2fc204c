"""What a provider's file says to a person is in the catalogues, and is translated where it is shown."""

from collections.abc import Iterator

import pytest

from keyrack.providers.announced_end import announced_end
from keyrack.providers.files.summary import summary
from keyrack.providers.files.user_file import UserFile
from keyrack.providers.registry import built_in
from keyrack.providers.schema import Provider
from tests.clock import FakeClock
from tests.language import catalogue_of
from tests.translations.catalogues import sentences

PROVIDERS = {provider.id: provider for provider in built_in()}


def said(provider: Provider) -> Iterator[str]:
    yield from (provider.leaves_out, provider.removal, provider.tried, provider.ends_note)
    for region in provider.regions.values():
        yield region.note
    for id in provider.regions:
        yield provider.site(id)
    for flow in provider.flows.values():
        yield from (flow.title, flow.credentials_help, flow.warning)
    for known in provider.errors.failures:
        yield from (known.happened, known.means, known.todo)
    for refused in provider.dialect.failures:
        yield from (refused.happened, refused.means, refused.todo)


@pytest.fixture(scope="module")
def known() -> set[str]:
    return {sentence.text for sentence in sentences()}


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_every_sentence_of_a_file_is_in_the_catalogues(provider: Provider, known: set[str]) -> None:
    assert {text for text in said(provider) if text} <= known


def test_an_announced_end_and_its_day_are_translated() -> None:
    provider = PROVIDERS["whitebit"]
    texts = {
        provider.ends_note: "So geht es weiter.",
        "November": "listopadu",
        "{day} {month} {year}": "{day}. {month} {year}",
    }
    with catalogue_of.spoken("xx", texts):
        told = announced_end(provider, FakeClock().clock)
    assert "1. listopadu 2026" in told
    assert told.endswith("So geht es weiter.")


def test_a_summary_is_translated_and_its_addresses_are_not() -> None:
    provider = PROVIDERS["kraken"]
    with catalogue_of.spoken("xx", {"Browser": "Prohlížeč", "tokens": "žetony"}):
        lines = summary(UserFile("kraken.toml", "", provider))
    assert ("Sign-in", "Prohlížeč (authorization_code_pkce)") in lines
    assert ("Addresses", f"{provider.regions['global'].token_endpoint} (žetony)") in lines
