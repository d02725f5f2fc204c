"""Paths and braces in a provider file: what no template or path of Keyrack's is, is refused with its key and line."""

import re

import pytest

from keyrack.providers.files.load import BadProviderFile, read
from keyrack.providers.files.summary import summary
from keyrack.providers.files.user_file import read_own

FILE = """\
id = "harbor"
name = "Harbor"
monogram = "Hb"
documentation = "https://docs.harbor.example"
checked = 2026-11-29
scope = "read"

[regions.world]
name = "World"
token_endpoint = "https://auth.harbor.example/token"
device_authorization_endpoint = "https://auth.harbor.example/device"
api = "https://api.harbor.example"

[flows.device_code]
title = "Code"
credentials_help = "Register."
needs_secret = false

[dialect]
inside = "data"

[accounts]
path = "/accounts"
rows = "data"
id = "number"

[[balances]]
path = "/accounts/{account}/balances"
shape = "array"
asset = "currency"
total = "amount"

[[storage]]
path = "/space"
used = "used"

[identity]
path = "/me"
field = "data.email"

[errors]
codes = ["error.code"]

[prices]
quote = "USD"
path = "/prices/{pair}"
shape = "single"
fields = ["last"]
"""

# The old and the new text, the key that is named, the start of its line, and a part of the sentence.
BRACES = [
    # Case 60: the sentence names what stands there
    ("{account}", "{accounts}", "balances.0.path", "path", "holds {accounts}, and there is no such template here"),
    ("{account}", "{account}/{id}", "balances.0.path", "path", "holds {id}"),
    ("{account}", "{account}/}", "balances.0.path", "path", "holds }"),
    ("{account}", "{account", "balances.0.path", "path", "holds {account"),
    ('path = "/accounts"', 'path = "/accounts/{account}"', "accounts.path", "path", "holds {account}"),
    ('path = "/space"', 'path = "/space/{account}"', "storage.0.path", "path", "holds {account}"),
    ('path = "/me"', 'path = "/{me}"', "identity.path", "path", "holds {me}"),
    ("/prices/{pair}", "/prices/{pair}/{base}", "prices.path", "path", "holds {base}"),
    ('scope = "read"', 'scope = "read:{account}"', "scope", "scope", "holds {account}"),
    ('total = "amount"', 'total = "amount"\nplace = "{name}"', "balances.0.place", "place", "holds {name}"),
    (
        'total = "amount"',
        'total = "amount"\nheaders = { "X-Account" = "{account}" }',
        "balances.0.headers.X-Account",
        "headers",
        "holds {account}",
    ),
    (
        'total = "amount"',
        'total = "amount"\nmethod = "POST"\nbody = \'{"id": "{account}"}\'',
        "balances.0.body",
        "body",
        "holds {account}",
    ),
    ('documentation = "https://docs', 'documentation = "https://{id}.docs', "documentation", "doc", "holds {id}"),
    ('api = "https://api', 'api = "https://api/{account}', "regions.world.api", "api", "may hold {region}"),
]
INDEXES = [
    # Case 62
    ('codes = ["error.code"]', 'codes = ["errors.0.id"]', "errors.codes", "codes"),
    ('codes = ["error.code"]', 'codes = ["ok", "errors[0].id"]', "errors.codes", "codes"),
    ('codes = ["error.code"]', 'codes = ["ok"]\nmessages = ["0"]', "errors.messages", "messages"),
    ('total = "amount"', 'total = "amounts.1"', "balances.0.total", "total"),
    ('used = "used"', 'used = "disks[ 2 ].used"', "storage.0.used", "used"),
    ('field = "data.email"', 'field = "data.0.email"', "identity.field", "field"),
    ('id = "number"', 'id = "ids.0"', "accounts.id", "id"),
    ('inside = "data"', 'inside = "data.0"', "dialect.inside", "inside"),
    ('fields = ["last"]', 'fields = ["last.0"]', "prices.fields", "fields"),
    (
        'inside = "data"',
        'inside = "data"\n[[dialect.failures]]\nat = "errors.0"\nsays = "x"\nkind = "refused"',
        "dialect.failures.0.at",
        "at",
    ),
]
NO_PATHS = [
    ('field = "data.email"', 'field = "data email"', "identity.field"),
    ('used = "used"', 'used = "used + 1"', "storage.0.used"),
    ('codes = ["error.code"]', 'codes = ["error..code"]', "errors.codes"),
    ('codes = ["error.code"]', "codes = ['error.\"']", "errors.codes"),
    ('inside = "data"', 'inside = "$.data"', "dialect.inside"),
    ('path = "/me"', 'path = "me"', "identity.path"),
    ('path = "/me"', 'path = "/m e"', "identity.path"),
    ('path = "/me"', 'path = "/me#x"', "identity.path"),
    ("[accounts]", "[accountz]", "accountz"),
    ("/accounts/{account}/balances", "/balances", "accounts"),
]


def mistake(old: str, new: str) -> BadProviderFile:
    text = FILE.replace(old, new, 1)
    assert text != FILE
    with pytest.raises(BadProviderFile) as raised:
        read("harbor.toml", text)
    return raised.value


def line(text: str, key: str, start: str) -> int:
    """The line of a key in its table."""
    table = key.partition(".")[0]
    lines = text.splitlines()
    first = next((n for n, found in enumerate(lines) if re.match(rf"\[+{table}[.\]]", found)), 0)
    return next(number for number, found in enumerate(lines[first:], first + 1) if found.startswith(start))


def test_the_sample_is_a_right_file() -> None:
    assert read_own("harbor.toml", FILE).provider.balances[0].path == "/accounts/{account}/balances"


@pytest.mark.security("S38")
@pytest.mark.parametrize(("old", "new", "key", "start", "words"), BRACES)
def test_braces_that_are_no_template_are_refused_with_key_and_line(
    old: str, new: str, key: str, start: str, words: str
) -> None:
    """What would be sent with its braces is refused instead, wherever it stands."""
    why = mistake(old, new)
    assert why.happened.startswith(f"harbor.toml, line {line(FILE.replace(old, new, 1), key, start)}: key {key}: ")
    assert words in why.happened


@pytest.mark.parametrize(("old", "new", "key", "start"), INDEXES)
def test_an_index_is_refused_with_the_sentence_that_says_how_a_list_is_read(
    old: str, new: str, key: str, start: str
) -> None:
    why = mistake(old, new)
    assert f"key {key}: holds an index" in why.happened
    assert "a list is entered at its first item without one" in why.happened
    assert why.line >= line(FILE.replace(old, new, 1), key, start)


@pytest.mark.parametrize(("old", "new", "key"), NO_PATHS)
def test_what_is_no_path_is_refused_in_every_table(old: str, new: str, key: str) -> None:
    assert f"key {key}: " in mistake(old, new).happened


def test_a_template_needs_the_table_that_says_which_accounts_there_are() -> None:
    table = '[accounts]\npath = "/accounts"\nrows = "data"\nid = "number"\n'
    assert "key balances.0.path: holds {account}, and no table [accounts]" in mistake(table, "").happened


def test_the_summary_names_the_call_for_the_accounts_first() -> None:
    lines = dict(summary(read_own("harbor.toml", FILE)))
    assert lines["Figures"] == "GET /accounts, GET /accounts/{account}/balances, GET /space"


def test_a_place_is_a_short_word() -> None:
    """It is shown beside each row, and read from nowhere."""
    for place, good in (("Savings", True), ("x" * 601, False), ("a\\u202eb", False)):
        text = FILE.replace('total = "amount"', f'total = "amount"\nplace = "{place}"')
        if good:
            assert read_own("harbor.toml", text).provider.balances[0].place == place
            continue
        with pytest.raises(BadProviderFile, match=r"key balances\.0\.place: may have at most"):
            read_own("harbor.toml", text)


def test_keys_with_dots_and_numbers_stand_in_quotation_marks() -> None:
    text = FILE.replace('codes = ["error.code"]', """codes = ['error."@odata.code"', 'errors."0".id']""")
    assert read("harbor.toml", text).errors.codes == ('error."@odata.code"', 'errors."0".id')


def test_braces_of_json_and_of_the_providers_own_words_are_no_templates() -> None:
    text = FILE.replace('total = "amount"', 'total = "amount"\nmethod = "POST"\nbody = \'{"query": "{ me {id} }"}\'')
    text = text.replace("[accounts]", '[[dialect.failures]]\nat = "e"\nsays = "{gone}"\nkind = "refused"\n\n[accounts]')
    assert read("harbor.toml", text).dialect.failures[0].says == "{gone}"
