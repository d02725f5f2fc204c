"""The provider files that come with Keyrack, against what is known of each provider."""

from urllib.parse import urlsplit

import pytest

from keyrack.core.status import format_left
from keyrack.providers.load import built_in, server
from keyrack.providers.schema import Provider
from tests.tokens import provider

ALL = {found.id: found for found in built_in()}


@pytest.mark.parametrize("found", ALL.values(), ids=ALL)
def test_each_file_says_what_a_person_needs(found: Provider) -> None:
    assert len(found.monogram) == 2
    assert found.removal.endswith(".")
    for flow in found.flows.values():
        assert flow.credentials_help.endswith(".")
        assert flow.credentials_url.startswith("https://")
        assert flow.needs_redirect == (flow is found.flows.get("authorization_code"))
        assert "redirect address below" in flow.credentials_help or not flow.needs_redirect
    assert found.balances or found.storage


def test_the_regions_and_flows() -> None:
    table = {id: (list(found.regions), list(found.flows)) for id, found in ALL.items()}
    assert table == {
        "probit": (["global", "korea"], ["client_credentials"]),
        "bitport": (["global"], ["authorization_code", "user_code"]),
        "whitebit": (["global", "eu"], ["authorization_code"]),
    }


@pytest.mark.security("S40", "S43")
@pytest.mark.parametrize("found", ALL.values(), ids=ALL)
def test_every_host_is_the_documented_one(found: Provider) -> None:
    hosts = {
        "probit": {"accounts.probit.com", "api.probit.com", "accounts.probit.kr", "api.probit.kr"},
        "bitport": {"api.bitport.io", "bitport.io"},
        "whitebit": {"whitebit.com", "whitebit.eu"},
    }
    urls = [
        url
        for region in found.regions.values()
        for url in (
            region.token_endpoint,
            region.api,
            region.authorization_endpoint,
            region.refresh_endpoint,
            region.user_code_page,
        )
        if url
    ]
    assert {urlsplit(url).scheme for url in urls} == {"https"}
    assert {urlsplit(url).hostname for url in urls} == hosts[found.id]
    assert not any(region.test for region in found.regions.values())


@pytest.mark.security("S39")
def test_no_scope_is_asked_for_and_the_risky_ones_are_named() -> None:
    """WhiteBIT section 7: scopes are fixed at registration, so that a client may hold more than reading."""
    assert {found.scope for found in ALL.values()} == {""}
    writing = {"orders.create", "orders.delete", "codes.apply", "apikeys.create", "apikeys.read", "apikeys.delete"}
    assert set(ALL["whitebit"].risky_scopes) == writing


def test_probits_two_closed_sites() -> None:
    """ProBit Q1 and Q2: both have ended, and Korea has hosts of its own."""
    regions = provider("probit").regions
    assert all(region.closed for region in regions.values())
    assert regions["korea"].token_endpoint == "https://accounts.probit.kr/token"
    dialect = provider("probit").dialect
    assert (dialect.body, dialect.client_authentication, dialect.renewal) == ("json", "basic_raw", "again")
    assert dialect.refresh_interval == 5.0


def test_whitebits_eu_site_is_marked() -> None:
    """WhiteBIT Q1 and Q3."""
    found = provider("whitebit")
    assert found.regions["eu"].note == "not announced by WhiteBIT yet"
    assert not any(region.closed for region in found.regions.values())
    assert (found.dialect.refresh_lifetime, found.dialect.refresh_interval) == (600.0, 1.0)
    assert server(found, "eu").refresh_endpoint == "https://whitebit.eu/oauth2/refresh_token"


@pytest.mark.security("S28")
def test_a_sign_in_without_pkce_says_so() -> None:
    for found in ALL.values():
        flow = found.flows.get("authorization_code")
        if flow is not None and not found.dialect.pkce:
            assert "no PKCE" in flow.warning


def test_bitports_code_page_is_opened_encrypted() -> None:
    """Bitport Q3; and Q9: ten years are shown as no end."""
    assert provider("bitport").regions["global"].user_code_page == "https://bitport.io/get-access"
    assert format_left(315_360_000.0) == "does not expire soon"
    assert provider("bitport").dialect.renewal == "none"
