"""The provider files that come with Keyrack, against what is known of each provider."""

from urllib.parse import urlsplit

import msgspec
import pytest

from keyrack.core.status import format_left
from keyrack.providers.files.load import server
from keyrack.providers.registry import built_in
from keyrack.providers.schema import ADDRESSES, REDIRECT_FLOWS, Provider
from tests.tokens import provider

ALL = {found.id: found for found in built_in()}


@pytest.mark.parametrize("found", ALL.values(), ids=ALL)
def test_each_file_says_what_a_person_needs(found: Provider) -> None:
    assert len(found.monogram) == 2
    assert found.removal.endswith(".")
    for name, flow in found.flows.items():
        assert flow.credentials_help.endswith(".")
        assert flow.credentials_url.startswith("https://")
        assert flow.needs_redirect == (name in REDIRECT_FLOWS)
        assert "redirect address below" in flow.credentials_help or not flow.needs_redirect
    assert found.balances or found.storage
    assert found.token_variable == found.id.upper().replace("-", "_") + "_TOKEN"


def test_the_variable_of_a_file_that_names_none_is_made_from_its_id() -> None:
    assert msgspec.structs.replace(ALL["whitebit-fast-key"], token_variable="").variable == "WHITEBIT_FAST_KEY_TOKEN"


def test_the_regions_and_flows() -> None:
    table = {id: (list(found.regions), list(found.flows)) for id, found in ALL.items()}
    assert table == {
        "probit": (["global", "korea", "own"], ["client_credentials"]),
        "bitport": (["global"], ["authorization_code", "user_code"]),
        "whitebit": (["global", "eu"], ["authorization_code"]),
        "whitebit-fast-key": (["global"], ["fast_api_key"]),
        "gemini": (["global", "sandbox"], ["authorization_code_pkce"]),
        "deribit": (["global", "test"], ["client_credentials"]),
        "kraken": (["global"], ["authorization_code_pkce"]),
        "uphold": (["global", "sandbox"], ["authorization_code"]),
        "alpaca": (["global", "paper"], ["authorization_code"]),
        "putio": (["global"], ["authorization_code"]),
        "dropbox": (["global"], ["authorization_code_pkce"]),
        "premiumize": (["global"], ["authorization_code_pkce", "device_code"]),
        "saxo-sim": (["global"], ["authorization_code_pkce"]),
        "tastytrade": (["global", "sandbox"], ["refresh_token"]),
    }


@pytest.mark.security("S40", "S43")
@pytest.mark.parametrize("found", ALL.values(), ids=ALL)
def test_every_host_is_the_documented_one(found: Provider) -> None:
    hosts = {
        "probit": {"accounts.probit.com", "api.probit.com", "accounts.probit.kr", "api.probit.kr"},
        "bitport": {"api.bitport.io", "bitport.io"},
        "whitebit": {"whitebit.com", "whitebit.eu"},
        "whitebit-fast-key": {"whitebit.com"},
        "gemini": {
            *("exchange.gemini.com", "api.gemini.com"),
            *("exchange.sandbox.gemini.com", "api.sandbox.gemini.com"),
        },
        "deribit": {"www.deribit.com", "test.deribit.com"},
        "kraken": {"id.kraken.com", "api.kraken.com"},
        "uphold": {
            *("wallet.uphold.com", "api.uphold.com"),
            *("wallet-sandbox.uphold.com", "api-sandbox.uphold.com"),
        },
        "alpaca": {"app.alpaca.markets", "api.alpaca.markets", "paper-api.alpaca.markets"},
        "putio": {"api.put.io"},
        "dropbox": {"www.dropbox.com", "api.dropboxapi.com"},
        "premiumize": {"www.premiumize.me"},
        "saxo-sim": {"sim.logonvalidation.net", "gateway.saxobank.com"},
        "tastytrade": {"api.tastyworks.com", "api.cert.tastyworks.com"},
    }
    urls = [url for region in found.regions.values() for key in ADDRESSES if (url := getattr(region, key))]
    assert {urlsplit(url).scheme for url in urls} == {"https"}
    assert {urlsplit(url).hostname for url in urls} == hosts[found.id]
    assert not any(region.test for region in found.regions.values())


@pytest.mark.security("S39")
def test_only_reading_is_asked_for_and_the_risky_ones_are_named() -> None:
    """WhiteBIT fixes the scopes when a client is registered, so that a client may hold more than reading."""
    asked = {id: found.scope for id, found in ALL.items() if found.scope}
    assert asked == {
        "gemini": "balances:read account:read",
        "deribit": "account:read trade:none wallet:none",
        "kraken": "account.info:basic account.fast-api-key:read account.fast-api-key:write"
        " account.fast-api-key:funds-query",
        "uphold": "cards:read",
        "dropbox": "account_info.read",
    }
    writing = {"orders.create", "orders.delete", "codes.apply", "apikeys.create", "apikeys.read", "apikeys.delete"}
    assert set(ALL["whitebit"].risky_scopes) == writing


def test_probits_two_closed_sites() -> None:
    """ProBit Q1 and Q2: both have ended. Korea has its own hosts, and others can be typed in."""
    regions = provider("probit").regions
    assert {id: (region.closed, region.typed_in) for id, region in regions.items()} == {
        "global": (True, False),
        "korea": (True, False),
        "own": (False, True),
    }
    assert regions["own"].api == regions["own"].token_endpoint == ""
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
        for flow in found.flows.values():
            if not flow.needs_redirect or found.dialect.pkce:
                continue
            assert "no PKCE" in flow.warning


def test_bitports_code_page_is_opened_encrypted() -> None:
    """Bitport Q3 and Q9: ten years are shown as no end."""
    assert provider("bitport").regions["global"].user_code_page == "https://bitport.io/get-access"
    assert format_left(315_360_000.0) == "does not expire soon"
    assert provider("bitport").dialect.renewal == "none"


LIVING = (
    *("gemini", "deribit", "kraken", "uphold", "alpaca"),
    *("putio", "dropbox", "premiumize", "saxo-sim", "tastytrade"),
)


@pytest.mark.parametrize("id", LIVING)
def test_what_was_never_tried_live_says_so(id: str) -> None:
    assert ALL[id].tried == "from documents, not tried live"
    assert ALL[id].dialect.state_echo == "exact"


def test_public_test_networks_are_marked() -> None:
    marked = {(id, key) for id, found in ALL.items() for key, region in found.regions.items() if region.test_network}
    assert marked == {
        *(("gemini", "sandbox"), ("deribit", "test"), ("uphold", "sandbox"), ("alpaca", "paper")),
        *(("saxo-sim", "global"), ("tastytrade", "sandbox")),
    }
    assert all(ALL[id].regions[key].note.endswith("no real money") for id, key in marked)


def test_geminis_public_client() -> None:
    """Gemini Q1, Q2 and Q3: no secret, commas, JSON, and the revocation of Gemini's own metadata."""
    found = provider("gemini")
    assert (found.dialect.client_authentication, found.dialect.body) == ("none", "json")
    assert server(found, "global").sent_scope == "balances:read,account:read"
    assert found.dialect.pkce
    assert not found.flows["authorization_code_pkce"].needs_secret
    assert found.dialect.revocation == "body"
    assert {region.revocation_endpoint for region in found.regions.values()} == {
        "https://exchange.gemini.com/auth/token/revoke",
        "https://exchange.sandbox.gemini.com/auth/token/revoke",
    }


def test_krakens_sign_in_is_at_the_newer_of_its_two_hosts() -> None:
    """Kraken Q5, Q6 and Q7."""
    found = provider("kraken")
    assert found.regions["global"].authorization_endpoint == "https://id.kraken.com/oauth/authorize"
    assert (found.dialect.client_authentication, found.dialect.pkce) == ("basic_empty_password", True)
    assert (found.dialect.old_access_dies, found.dialect.rotation) == (True, "always")
    assert found.dialect.refresh_lifetime == 30 * 86_400


def test_what_has_no_lifetime_is_not_renewed() -> None:
    """Alpaca Q9 and Uphold Q10: until refused."""
    for id in ("alpaca", "uphold"):
        dialect = provider(id).dialect
        assert (dialect.renewal, dialect.default_lifetime) == ("none", None)
