"""Settings of a provider file about tokens and calls: each that cannot work is refused with its key and its line."""

import pytest

from keyrack.providers.files.load import BadProviderFile, read
from keyrack.providers.files.summary import summary
from keyrack.providers.files.user_file import read_own
from keyrack.providers.registry import BUILT_IN

FILE = """\
id = "harbor"
name = "Harbor"
monogram = "Hb"
documentation = "https://docs.harbor.example"
checked = 2026-11-29

[regions.world]
name = "World"
authorization_endpoint = "https://auth.harbor.example/authorize"
token_endpoint = "https://auth.harbor.example/token"
api = "https://api.harbor.example"

[flows.authorization_code_pkce]
title = "Browser"
credentials_help = "Register."
needs_redirect = true
needs_secret = false

[flows.client_credentials]
title = "Key"
credentials_help = "Make a key."
renewal = "again"

[dialect]
token_parameters = { audience = "api" }

[[balances]]
path = "/balances"
shape = "array"
asset = "currency"
total = "amount"

[[storage]]
path = "/space"
used = "used"
"""
AUDIENCE = 'token_parameters = { audience = "api" }'
BALANCE, STORAGE = 'total = "amount"', 'used = "used"'

# The old and the new text, the key that is named, the start of its line, and a part of the sentence.
CASES = [
    # parameters
    (
        AUDIENCE,
        'token_parameters = { grant_type = "x" }',
        "dialect.token_parameters.grant_type",
        AUDIENCE[:5],
        "may set",
    ),
    (
        AUDIENCE,
        'token_parameters = { client_secret = "x" }',
        "dialect.token_parameters.client_secret",
        "token_p",
        "set",
    ),
    (AUDIENCE, 'token_parameters = { "a b" = "x" }', "dialect.token_parameters.a b", "token_p", "may set"),
    (AUDIENCE, 'token_parameters = { resource = "a b" }', "dialect.token_parameters.resource", "token_p", "visible"),
    (AUDIENCE, 'token_parameters = { resource = "{x}" }', "dialect.token_parameters.resource", "token_p", "holds {x}"),
    (AUDIENCE, 'refresh_parameters = { refresh_token = "x" }', "dialect.refresh_parameters.refresh_token", "re", "set"),
    (
        AUDIENCE,
        'refresh_parameter = "tok"\nrefresh_parameters = { tok = "x" }',
        "dialect.refresh_parameters.tok",
        "refresh_parameters",
        "may set",
    ),
    (AUDIENCE, 'device_parameters = { a = "x" }', "dialect.device_parameters", "device_p", "the flow device_code"),
    (AUDIENCE, 'device_grant = "code"', "dialect.device_grant", "device_g", "the flow device_code"),
    (AUDIENCE, 'device_code_parameter = "code"', "dialect.device_code_parameter", "device_c", "the flow device_code"),
    # what a flow needs
    (AUDIENCE, 'names = { token = "x" }', "dialect.names.token", "names", "choices: access_token, token_type"),
    (AUDIENCE, 'names = { access_token = "a b" }', "dialect.names.access_token", "names", "such as accessToken"),
    (AUDIENCE, 'api_field = "data.0"', "regions.world.apis", "[regions.w", "belong together"),
    (
        'api = "https://api',
        'apis = ["https://x.example"]\napi = "https://api',
        "dialect.api_field",
        "[dialect]",
        "together",
    ),
    (
        'api = "https://api',
        'apis = ["http://x.example"]\napi = "https://api',
        "regions.world.apis",
        "apis",
        "bare https address",
    ),
    (AUDIENCE, "sign_in_lifetime = 0.0", "dialect.sign_in_lifetime", "sign_in", "seconds from 1"),
    (
        "[flows.client_credentials]",
        "[flows.client_credentials]\nneeds_secret = false",
        "flows.client_credentials.needs_secret",
        "needs_secret",
        "needs to be true",
    ),
    (
        "needs_secret = false",
        'needs_secret = "perhaps"',
        "flows.authorization_code_pkce.needs_secret",
        "needs_secret",
        "",
    ),
    ("needs_secret = false", 'renewal = "again"', "flows.authorization_code_pkce.renewal", "renewal", "cannot renew"),
    (
        'renewal = "again"',
        'renewal = "sometimes"',
        "flows.client_credentials.renewal",
        "renewal",
        "none of the choices: refresh_token, refresh_or_again",
    ),
    (
        'renewal = "again"',
        'client_authentication = "none"',
        "flows.client_credentials.client_authentication",
        "client_a",
        "cannot be used",
    ),
    ('renewal = "again"', 'revocation = "body"', "regions.world.revocation_endpoint", "[regions.w", "revocation"),
    (
        "[flows.client_credentials]",
        "[flows.refresh_token]",
        "flows.refresh_token.renewal",
        'renewal = "again"',
        "again cannot renew",
    ),
    # calls
    (BALANCE, f'{BALANCE}\nfactor = "0"', "balances.0.factor", "factor", 'such as "0.01"'),
    (BALANCE, f'{BALANCE}\nfactor = "1e-2"', "balances.0.factor", "factor", 'such as "0.01"'),
    (BALANCE, f"{BALANCE}\nfactor = 0.01", "balances.0.factor", "factor", "text in quotation marks"),
    (BALANCE, f'{BALANCE}\nasset_is = "USD"', "balances.0.asset_is", "asset_is", "beside asset"),
    (
        'shape = "array"\nasset = "currency"',
        'shape = "keyed"\nasset_is = "USD"',
        "balances.0.asset_is",
        "asset_is",
        "the key is",
    ),
    ('shape = "array"', 'shape = "object"\nrows_inside = "x"', "balances.0.rows_inside", "rows_inside", "no meaning"),
    (BALANCE, f'{BALANCE}\npaging = "next_address"', "balances.0.next_page", "[[balances]]", "is needed where paging"),
    (BALANCE, f'{BALANCE}\nbody = "{{}}"', "balances.0.body", "body", "the method POST"),
    (STORAGE, f'{STORAGE}\nbody = "null"', "storage.0.body", "body", "the method POST"),
    (STORAGE, f'{STORAGE}\nmethod = "POST"\nbody = "nul"', "storage.0.body", "body", "needs to be JSON"),
    (STORAGE, f'{STORAGE}\nfactor = "-1"', "storage.0.factor", "factor", 'such as "0.01"'),
]


@pytest.mark.parametrize(
    ("old", "new", "key", "start", "words"), CASES, ids=[f"{c[2]}-{n}" for n, c in enumerate(CASES)]
)
def test_a_setting_that_cannot_work_is_refused(old: str, new: str, key: str, start: str, words: str) -> None:
    text = FILE.replace(old, new, 1)
    assert text != FILE
    with pytest.raises(BadProviderFile) as raised:
        read("harbor.toml", text)
    why = raised.value
    assert f": key {key}: " in why.happened
    assert words in why.happened
    assert text.splitlines()[why.line - 1].startswith(start)


@pytest.mark.parametrize(
    ("key", "needs"),
    [
        ("sign_in_lifetime = 60.0", "renewal to be refresh_token"),
        ("verifier_at_refresh = true", "a flow with PKCE"),
        ("nonce = true", "a flow with a redirect"),
        ('refresh_parameters = { a = "b" }', "renewal to be refresh_token"),
    ],
)
def test_a_key_alone_has_none_of_these(key: str, needs: str) -> None:
    start, end = FILE.index("[flows.auth"), FILE.index("[flows.client")
    text = FILE[:start] + FILE[end:].replace(AUDIENCE, key)
    with pytest.raises(BadProviderFile, match=f"key dialect.{key.partition(' ')[0]}[^:]*: needs {needs}"):
        read("harbor.toml", text)


def test_the_sample_is_right_and_its_summary_names_both_renewals() -> None:
    lines = summary(read_own("harbor.toml", FILE, BUILT_IN))
    renewals = [text for topic, text in lines if topic == "Renewal"]
    assert renewals == ["with a refresh token, by itself", "asked for again with the client's own credentials"]
    assert ("Figures", "GET /balances, GET /space") in lines


@pytest.mark.security("S38")
def test_the_summary_shows_every_address_that_a_token_may_go_to() -> None:
    text = FILE.replace(AUDIENCE, 'api_field = "api_server"').replace(
        'api = "https://api', 'apis = ["https://api01.harbor.example"]\napi = "https://api'
    )
    lines = [words for _, words in summary(read_own("harbor.toml", text, BUILT_IN))]
    assert "https://api01.harbor.example (figures, if the token answer names it)" in lines


TEST_SITE = FILE.replace('api = "https://api.harbor.example"', 'api = "http://127.0.0.1:4000/api"\ntest = true')


@pytest.mark.security("S40")
@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_server_on_this_computer_is_named_by_its_number(host: str) -> None:
    text = TEST_SITE.replace("127.0.0.1", host)
    assert read_own("harbor.toml", text, BUILT_IN).provider.regions["world"].api == f"http://{host}:4000/api"


@pytest.mark.security("S40")
@pytest.mark.parametrize(
    ("old", "new"), [("127.0.0.1", "localhost"), ("\ntest = true", ""), (":4000/api", ":4000/api?x=1")]
)
def test_the_sentence_says_how_a_server_on_this_computer_is_named(old: str, new: str) -> None:
    """That it "needs a bare https address" did not say so."""
    with pytest.raises(BadProviderFile, match=r"key regions\.world\.api: .*http://127\.0\.0\.1 or .*never localhost"):
        read_own("harbor.toml", TEST_SITE.replace(old, new), BUILT_IN)


@pytest.mark.security("S40")
def test_the_sentence_for_an_issuer_on_this_computer_says_it_too() -> None:
    text = TEST_SITE.replace('token_endpoint = "https://auth.harbor.example/token"', 'issuer = "http://localhost:4000"')
    with pytest.raises(BadProviderFile, match=r"key regions\.world\.issuer: .*never localhost"):
        read_own("harbor.toml", text, BUILT_IN)
