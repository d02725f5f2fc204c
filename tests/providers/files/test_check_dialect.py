"""Choices of a provider file that do not fit each other: each is reported with its key and its line."""

import re
from importlib import resources

import msgspec
import pytest

from keyrack.oauth.authorization.request import make_request
from keyrack.oauth.authorization_server import Dialect
from keyrack.oauth.registered_client import OAuthClient
from keyrack.providers.call_schema import AccountsCall, BalanceCall, IdentityCall, StorageCall
from keyrack.providers.files.load import BadProviderFile, read, server
from keyrack.providers.schema import Flow, Prices, Provider, Region

FILES = {
    id: resources.files("keyrack.providers").joinpath(f"{id}.toml").read_text("utf-8")
    for id in ("probit", "gemini", "deribit", "kraken", "uphold", "alpaca", "whitebit")
}

# The file, the old and the new text in it, the key that is named, the start of its line, and the line to look after.
CASES = [
    # who asks
    ("gemini", "needs_secret = false\n", "", "flows.authorization_code_pkce.needs_secret", "[flows.a", ""),
    ("kraken", "needs_secret = false\n", "", "flows.authorization_code_pkce.needs_secret", "[flows.a", ""),
    (
        "deribit",
        'client_authentication = "body"',
        'client_authentication = "none"',
        "dialect.client_authentication",
        "client_authentication",
        "",
    ),
    # PKCE and the redirect
    ("gemini", 'body = "json"', 'body = "json"\npkce = false', "dialect.pkce", "pkce", ""),
    ("alpaca", "pkce = false\n", "", "flows.authorization_code", "[flows.authorization_code]", ""),
    ("gemini", "needs_redirect = true\n", "", "flows.authorization_code_pkce.needs_redirect", "[flows.a", ""),
    (
        "probit",
        'title = "API key"',
        'title = "API key"\nneeds_redirect = true',
        "flows.client_credentials.needs_redirect",
        "needs_redirect",
        "",
    ),
    ("uphold", "authorization_endpoint = ", "issuer = ", "regions.global.authorization_endpoint", "[regions.g", ""),
    # renewal
    (
        "alpaca",
        'renewal = "none"',
        'renewal = "again"',
        "dialect.renewal",
        "renewal",
        "",
    ),
    ("alpaca", 'renewal = "none"', 'renewal = "refresh_or_again"', "dialect.renewal", "renewal", ""),
    (
        "alpaca",
        'renewal = "none"',
        'renewal = "none"\nrefresh_lifetime = 60.0',
        "dialect.refresh_lifetime",
        "refresh_lifetime",
        "",
    ),
    ("deribit", "pkce = false", "pkce = false\nrefresh_lifetime = 9.0", "dialect.refresh_lifetime", "refresh_l", ""),
    ("alpaca", 'renewal = "none"', 'renewal = "none"\nrotation = "always"', "dialect.rotation", "rotation", ""),
    ("kraken", 'rotation = "always"', 'rotation = "often"', "dialect.rotation", "rotation", ""),
    (
        "alpaca",
        'renewal = "none"',
        'renewal = "none"\nold_access_dies = true',
        "dialect.old_access_dies",
        "old_access_dies",
        "",
    ),
    # requests
    ("deribit", 'rpc_call = "public/auth"\n', "", "dialect.rpc_call", "[dialect]", ""),
    ("gemini", 'body = "json"', 'body = "json"\nrpc_call = "x"', "dialect.rpc_call", "rpc_call", ""),
    ("gemini", 'body = "json"', 'body = "xml"', "dialect.body", "body", ""),
    ("gemini", 'scope = "balances:read account', 'scope = "balances:read,account', "scope", "scope", ""),
    (
        "gemini",
        'body = "json"',
        'body = "json"\nauthorize_parameters = { state = "x" }',
        "dialect.authorize_parameters.state",
        "authorize_parameters",
        "",
    ),
    (
        "gemini",
        'body = "json"',
        'body = "json"\nauthorize_parameters = { "a b" = "x" }',
        "dialect.authorize_parameters.a b",
        "authorize_parameters",
        "",
    ),
    (
        "gemini",
        'body = "json"',
        'body = "json"\nauthorize_parameters = { theme = "a b" }',
        "dialect.authorize_parameters.theme",
        "authorize_parameters",
        "",
    ),
    (
        "gemini",
        'body = "json"',
        'body = "json"\nauthorize_parameters = { theme = 3 }',
        "dialect.authorize_parameters",
        "authorize_parameters",
        "",
    ),
    (
        "deribit",
        'body = "json_rpc"',
        'body = "json_rpc"\nauthorize_parameters = { theme = "dark" }',
        "dialect.authorize_parameters.theme",
        "authorize_parameters",
        "",
    ),
    ("alpaca", "pkce = false", 'pkce = false\nstate_echo = "never"', "dialect.state_echo", "state_echo", ""),
    # addresses and names
    ("uphold", 'api = "https://api.uphold', 'api = "https://{client_id}.uphold', "regions.global.api", "api", ""),
    (
        "uphold",
        "https://wallet.uphold.com/authorize/{client_id}",
        "https://{client_id}.uphold.com/authorize",
        "regions.global.authorization_endpoint",
        "authorization_endpoint",
        "",
    ),
    (
        "uphold",
        "https://wallet.uphold.com/authorize/{client_id}",
        "https://wallet.uphold.com/{secret}",
        "regions.global.authorization_endpoint",
        "authorization_endpoint",
        "",
    ),
    (
        "uphold",
        "https://wallet.uphold.com/authorize/{client_id}",
        "https://wallet.uphold.com/authorize?id={client_id}",
        "regions.global.authorization_endpoint",
        "authorization_endpoint",
        "",
    ),
    ("alpaca", 'id = "alpaca"', 'id = "../alpaca"', "id", "id", ""),
    ("alpaca", "[regions.paper]", '[regions."paper.evil"]', "regions.paper.evil", '[regions."paper.evil"]', ""),
    (
        "alpaca",
        "pkce = false",
        'pkce = false\nrefresh_lifetime_field = "x"',
        "dialect.refresh_lifetime_field",
        "refresh_lifetime_field",
        "",
    ),
    ("deribit", "pkce = false", 'pkce = false\nredirect_port = "any"', "dialect.redirect_port", "redirect_port", ""),
    ("alpaca", "pkce = false", 'pkce = false\nredirect_port = "80"', "dialect.redirect_port", "redirect_port", ""),
    # the variable of `keyrack run`: never one that means something already
    ("alpaca", "ALPACA_TOKEN", "LD_PRELOAD", "token_variable", "token_variable", ""),
    ("alpaca", "ALPACA_TOKEN", "A=B_TOKEN", "token_variable", "token_variable", ""),
    # limits
    ("alpaca", 'monogram = "AL"', 'monogram = "AL"\npoll_interval = -1.0', "poll_interval", "poll_interval", ""),
    ("alpaca", 'monogram = "AL"', 'monogram = "AL"\npoll_interval = nan', "poll_interval", "poll_interval", ""),
    ("uphold", "requests = 250", "requests = 0", "rate.requests", "rate", ""),
    ("uphold", "seconds = 60.0", "seconds = 0.0", "rate.seconds", "rate", ""),
    ("uphold", "seconds = 60.0", "per = 60.0", "rate.per", "rate", ""),
    # balances
    ("alpaca", 'shape = "object"', 'shape = "keyed"', "balances.0.asset", "asset", ""),
    ("alpaca", 'asset = "currency"\n', "", "balances.0.asset", "[[balances]]", ""),
    (
        "alpaca",
        'available = "cash"\ntotal = "equity"\n',
        'in_use = "held"\n',
        "balances.0.available",
        "[[balances]]",
        "",
    ),
    ("alpaca", 'total = "equity"', 'total = "equity"\nin_use = "held"', "balances.0.in_use", "in_use", ""),
    ("alpaca", 'total = "equity"', 'total = "equity * 2"', "balances.0.total", "total", ""),
    ("alpaca", 'total = "equity"', 'total = "$.equity"', "balances.0.total", "total", ""),
    ("alpaca", 'total = "equity"', 'total = "a..b"', "balances.0.total", "total", ""),
    ("alpaca", 'shape = "object"', 'shape = "object"\nnext_page = "next"', "balances.0.next_page", "next_page", ""),
    ("uphold", "sum_same = true", 'sum_same = true\nnext_page = "next"', "balances.0.next_page", "next_page", ""),
    ("alpaca", 'shape = "object"', 'shape = "object"\npaging = "range_items"', "balances.0.paging", "paging", ""),
    ("kraken", 'method = "POST"\n', "", "balances.0.proof", "proof", ""),
    ("kraken", 'proof = "kraken_key"', 'proof = "kraken_key"\nbody = "{}"', "balances.0.proof", "proof", ""),
    ("kraken", 'proof = "kraken_key"', 'proof = "signed"', "balances.0.proof", "proof", ""),
    ("alpaca", 'shape = "object"', 'shape = "object"\nbody = "{}"', "balances.0.body", "body", ""),
    ("gemini", 'method = "POST"', 'method = "POST"\nbody = "{"', "balances.0.body", "body", "[[balances]]"),
    (
        "alpaca",
        'shape = "object"',
        'shape = "object"\nheaders = { Authorization = "x" }',
        "balances.0.headers.Authorization",
        "headers",
        "",
    ),
    (
        "alpaca",
        'shape = "object"',
        'shape = "object"\nheaders = { "X Y" = "x" }',
        "balances.0.headers.X Y",
        "headers",
        "",
    ),
    (
        "alpaca",
        'shape = "object"',
        'shape = "object"\nheaders = { X-Version = "a\\r\\nb" }',
        "balances.0.headers.X-Version",
        "headers",
        "",
    ),
    ("alpaca", 'path = "/v2/account"', 'path = "v2/account"', "balances.0.path", "path", ""),
    ("kraken", 'names = "kraken"', 'names = "other"', "balances.0.names", "names", ""),
]


@pytest.mark.parametrize(
    ("id", "old", "new", "key", "start", "after"), CASES, ids=[f"{c[0]}-{c[3]}-{n}" for n, c in enumerate(CASES)]
)
def test_choices_that_do_not_fit_name_key_and_line(
    id: str, old: str, new: str, key: str, start: str, after: str
) -> None:
    text = FILES[id].replace(old, new, 1)
    assert text != FILES[id]
    with pytest.raises(BadProviderFile) as raised:
        read("sample.toml", text)
    lines = text.splitlines()
    first = lines.index(after) if after else 0
    expected = next(number for number, found in enumerate(lines[first:], first + 1) if found.startswith(start))
    assert raised.value.happened.startswith(f"sample.toml, line {expected}: key {key}: "), raised.value.happened
    assert len(raised.value.happened) < 300
    assert "…" not in raised.value.happened, "a parameter of the sentence is missing"


def test_a_region_names_itself_in_its_addresses() -> None:
    text = FILES["alpaca"].replace("https://paper-api.alpaca.markets", "https://{region}-api.alpaca.markets")
    assert text != FILES["alpaca"]
    found = read("sample.toml", text)
    assert found.regions["paper"].api == "https://paper-api.alpaca.markets"


@pytest.mark.security("S33")
def test_only_bitport_may_leave_the_state_out() -> None:
    text = FILES["alpaca"].replace("pkce = false", 'pkce = false\nstate_echo = "never"')
    with pytest.raises(BadProviderFile):
        read("sample.toml", text)
    assert read("sample.toml", text.replace('id = "alpaca"', 'id = "bitport"')).dialect.state_echo == "never"


def test_fixed_parameters_and_headers_may_be_set() -> None:
    text = (
        FILES["alpaca"]
        .replace('body = ""', "")
        .replace("pkce = false", 'pkce = false\nauthorize_parameters = { audience = "https://api.example.org" }')
    )
    text = text.replace('shape = "object"', 'shape = "object"\nheaders = { X-Version = "2024 01" }')
    found = read("sample.toml", text)
    assert found.balances[0].headers == {"X-Version": "2024 01"}
    request = make_request(server(found, "global"), OAuthClient("id"), "alpaca", "a1")
    assert "audience=https%3A%2F%2Fapi.example.org" in request.url.reveal()


def test_every_choice_that_the_page_names_is_a_key() -> None:
    """The table of what a file can say in the page about provider files."""
    page = resources.files("keyrack.providers").joinpath("README.md").read_text("utf-8")
    lines = page.partition("## What a file can say")[2].partition("\n## ")[0].splitlines()
    rows = [re.findall(r"`([\w.*]+)`", line.split("|")[1]) for line in lines if line.startswith("| `")]
    kinds: dict[str, type[msgspec.Struct]] = {
        "dialect": Dialect,
        "balances": BalanceCall,
        "storage": StorageCall,
        "identity": IdentityCall,
        "accounts": AccountsCall,
        "prices": Prices,
        "flows": Flow,
        "regions": Region,
    }
    assert len(rows) > 30
    for names in rows:
        kind: type[msgspec.Struct] = Provider
        for name in names:
            kind = kinds.get(name.partition(".")[0], kind)
            assert name.rpartition(".")[2] in {field.name for field in msgspec.structs.fields(kind)}, name
