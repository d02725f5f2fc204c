"""Provider files with mistakes in them: each is reported with its key and its line, and none gets through."""

import re
import subprocess
import sys
from contextlib import suppress
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.providers.files.load import BadProviderFile, moved, read, server
from keyrack.providers.files.toml_lines import line_of
from keyrack.providers.registry import BUILT_IN, built_in
from tests.checkout import DESKTOP
from tests.tokens import FIXED, provider

WHITEBIT = resources.files("keyrack.providers").joinpath("whitebit.toml").read_text("utf-8")


def mistake(text: str) -> BadProviderFile:
    with pytest.raises(BadProviderFile) as raised:
        read("sample.toml", text)
    return raised.value


def line(text: str, start: str, after: str = "") -> int:
    """The number of the first line that begins with `start`, after the line `after`."""
    lines = text.splitlines()
    first = lines.index(after) if after else 0
    return next(number for number, found in enumerate(lines[first:], first + 1) if found.startswith(start))


CASES = [
    # missing: the line of the table where the key belongs
    ('name = "WhiteBIT"\n', "", "name", "", ""),
    ('name = "EU"\n', "", "regions.eu.name", "[regions.eu]", ""),
    ('title = "Browser"\n', "", "flows.authorization_code.title", "[flows.authorization_code]", ""),
    ('says = "Invalid request"\n', "", "dialect.failures.1.says", "[[dialect.failures]]", 'todo = "Sign in again."'),
    ('at = "data.message"\n', "", "dialect.failures.1.at", "[[dialect.failures]]", 'todo = "Sign in again."'),
    (
        'at = "data.message"\nsays = "Invalid request"\n',
        "",
        "dialect.failures.1.at",
        "[[dialect.failures]]",
        'todo = "Sign in again."',
    ),
    ('says = "Invalid request"', 'says = "Invalid request"\nstatus = 302', "dialect.failures.1.status", "status", ""),
    ('says = "Invalid request"', 'says = "Invalid request"\nstatus = 99', "dialect.failures.1.status", "status", ""),
    ('says = "Invalid request"', 'says = "Invalid request"\nstatus = "5xx"', "dialect.failures.1.status", "status", ""),
    ('path = "/accounts/balances/spot"\n', "", "balances.1.path", "[[balances]]", 'place = "Main"'),
    # unknown
    ('monogram = "WB"', 'monogramm = "WB"', "monogramm", "monogramm", ""),
    ("[errors]", "[error]", "error", "[error]", ""),
    ('note = "not', 'notes = "not', "regions.eu.notes", "notes", ""),
    ("pkce = false", "pkcs = false", "dialect.pkcs", "pkcs", ""),
    ('in_use = "freeze"', 'inuse = "freeze"', "balances.1.inuse", "inuse", ""),
    # wrong type
    ('monogram = "WB"', "monogram = 7", "monogram", "monogram", ""),
    ("checked = 2026-11-29", 'checked = "soon"', "checked", "checked", ""),
    (
        "needs_redirect = true",
        'needs_redirect = "yes"',
        "flows.authorization_code.needs_redirect",
        "needs_redirect",
        "",
    ),
    ("refresh_interval = 1.0", 'refresh_interval = "1"', "dialect.refresh_interval", "refresh_interval", ""),
    ("pkce = false", 'pkce = "plain"', "dialect.pkce", "pkce", ""),
    ('risky_scopes = ["orders.create"', 'risky_scopes = [3, "orders.create"', "risky_scopes.0", "risky_scopes", ""),
    # a choice that is none
    (
        'client_authentication = "body"',
        'client_authentication = "query"',
        "dialect.client_authentication",
        "client_authentication",
        "",
    ),
    ('kind = "client_rejected"', 'kind = "dead"', "dialect.failures.1.kind", 'kind = "dead"', ""),
    (
        'shape = "keyed"\navailable = "available"',
        'shape = "odd"\navailable = "available"',
        "balances.1.shape",
        'shape = "odd"',
        "",
    ),
    ("[flows.authorization_code]", "[flows.implicit]", "flows.implicit", "[flows.implicit]", ""),
    (
        'method = "POST"\npath = "/accounts/balances/main"',
        'method = "PUT"\npath = "/accounts/balances/main"',
        "balances.0.method",
        'method = "PUT"',
        "",
    ),
    # addresses
    (
        'token_endpoint = "https://whitebit.eu',
        'token_endpoint = "http://whitebit.eu',
        "regions.eu.token_endpoint",
        "token_endpoint",
        "[regions.eu]",
    ),
    ('api = "https://whitebit.eu/api/v4"', 'api = ""', "regions.eu.api", "api", "[regions.eu]"),
    ('api = "https://whitebit.eu/api/v4"', 'api = "https://[whitebit"', "regions.eu.api", "api", "[regions.eu]"),
    ('api = "https://whitebit.eu/api/v4"', 'api = "https://a@whitebit.eu"', "regions.eu.api", "api", "[regions.eu]"),
    ('api = "https://whitebit.eu/api/v4"', 'api = "https://whitebit.eu/?x="', "regions.eu.api", "api", "[regions.eu]"),
    ('api = "https://whitebit.eu/api/v4"', 'api = "http://127.0.0.1:80"', "regions.eu.api", "api", "[regions.eu]"),
    (
        'note = "not announced by WhiteBIT yet"',
        'test = true\nissuer = ""\nuser_code_page = "http://localhost/"',
        "regions.eu.user_code_page",
        "user_code_page",
        "",
    ),
    ('documentation = "https:', 'documentation = "http:', "documentation", "documentation", ""),
    (
        'credentials_url = "https:',
        'credentials_url = "javascript:',
        "flows.authorization_code.credentials_url",
        "credentials_url",
        "",
    ),
    ('path = "/accounts/balances/spot"', 'path = "@evil.example/x"', "balances.1.path", 'path = "@', ""),
    # what a flow needs
    (
        'authorization_endpoint = "https://whitebit.eu/auth/login"\n',
        "",
        "regions.eu.authorization_endpoint",
        "[regions.eu]",
        "",
    ),
    ("[flows.authorization_code]", "[flows.user_code]", "dialect.user_code_grant", "[dialect]", ""),
    ("pkce = false", "pkce = false\niss_required = true", "regions.global.issuer", "[regions.global]", ""),
    ("refresh_interval = 1.0", "refresh_interval = -1.0", "dialect.refresh_interval", "refresh_interval", ""),
    ("refresh_lifetime = 600.0", "refresh_lifetime = 0.0", "dialect.refresh_lifetime", "refresh_lifetime", ""),
    ("refresh_lifetime = 600.0", "refresh_lifetime = nan", "dialect.refresh_lifetime", "refresh_lifetime", ""),
    ("refresh_lifetime = 600.0", "default_lifetime = inf", "dialect.default_lifetime", "default_lifetime", ""),
    ('scope_separator = ","', 'scope_separator = ""', "dialect.scope_separator", "scope_separator", ""),
]


@pytest.mark.parametrize(
    ("old", "new", "key", "start", "after"), CASES, ids=[f"{c[2]}-{n}" for n, c in enumerate(CASES)]
)
def test_a_mistake_names_its_key_and_its_line(old: str, new: str, key: str, start: str, after: str) -> None:
    text = WHITEBIT.replace(old, new, 1)
    assert text != WHITEBIT
    why = mistake(text)
    expected = line(text, start, after) if start else 1
    assert (why.line, why.happened.split(": ")[1]) == (expected, f"key {key}")
    assert why.happened.startswith(f"sample.toml, line {expected}: key {key}: ")
    assert "…" not in why.happened, "a parameter of the sentence is missing"
    assert (why.means, why.todo) == ("The provider is left out until this is mended.", "Correct the file.")


@pytest.mark.security("S49")
def test_what_a_mistake_quotes_of_the_file_is_plain() -> None:
    """A file of somebody else must not write to the person's terminal."""
    why = mistake(WHITEBIT.replace("[regions.eu]", '[regions."e\\u001b[2J\\r\\nu\\u202e"]', 1))
    assert why.happened.startswith(f"sample.toml, line {line(WHITEBIT, '[regions.eu]')}: key regions.e [2J u: ")
    with pytest.raises(BadProviderFile) as named:
        read("a\x1b[2J.toml", "x = 1")
    assert named.value.happened.startswith("a [2J.toml, line 1: ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('id = "a"\n\n[regions."a.b".c]\nd = 1', "3: key regions.a.b.c: "),
        ('id = "a"\n\n[strange.table.c]\nd = 1', "3: key strange: "),
        ("id = '''\n\"\\q\" = 1\n'''\ncolour = 1", "4: key colour: "),
        ('id = "a"\n\n[flows' + ".x" * 600 + "]\nc = 1", "3: tables and lists are nested too deep"),
        ("id = " + "[" * 40 + "]" * 40, "1: tables and lists are nested too deep"),
    ],
    ids=["a quoted header", "a header through the key", "a text like a key", "a deep header", "a deep list"],
)
def test_a_table_in_a_table_names_its_line(text: str, found: str) -> None:
    assert mistake(text).happened.startswith(f"sample.toml, line {found}")


@pytest.mark.parametrize("name", ["", "`", "a`b", "a - at b", "line\\nend"])
@pytest.mark.parametrize("table", ["", "[dialect]\n", "[regions.eu]\n"])
def test_a_key_of_any_name_is_found(name: str, table: str) -> None:
    text = f'{table}"{name}" = 1'
    shown = ".".join([*table.strip("[]\n").split("."), name]).lstrip(".").replace("\\n", " ")
    assert mistake(text).happened.startswith(f"sample.toml, line {text.count(chr(10)) + 1}: key {shown}: is not a key")


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\u2029"])
def test_only_a_line_end_ends_a_line(odd: str) -> None:
    text = f"# a note {odd} that goes on{odd}\n" + WHITEBIT.replace('monogram = "WB"', "monogram = 7")
    assert mistake(text).line == line(WHITEBIT, "monogram") + 1


LAST = WHITEBIT.count("\n") + 1
MONOGRAM, EU = line(WHITEBIT, "monogram"), line(WHITEBIT, "[regions.eu]")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('monogram = "WB"', "monogram = ", MONOGRAM),
        ('monogram = "WB"', 'monogram = "WB', MONOGRAM),
        ('monogram = "WB"', 'monogram = "a"\nmonogram = "b"', MONOGRAM + 1),
        ('monogram = "WB"', "monogram = " + "9" * 5000, LAST),
        ('monogram = "WB"', "monogram = " + "[" * 5000, LAST),
        ("[regions.eu]", "[regions.eu", EU),
        ("[regions.eu]", "[regions.global]", EU),
    ],
    ids=range(7),
)
def test_broken_toml_names_its_line(old: str, new: str, found: int) -> None:
    why = mistake(WHITEBIT.replace(old, new, 1))
    assert why.line == found
    assert why.happened.startswith(f"sample.toml, line {found}: ")
    assert len(why.happened) < 300
    assert why.__cause__ is None


@pytest.mark.parametrize(
    "text", ["", "# nothing", "x = 1", "regions = 3", "regions = {}", "regions = {a = 1}", "flows = []"]
)
def test_a_file_that_is_no_provider_is_refused(text: str) -> None:
    assert mistake(text).line == 1


@pytest.mark.parametrize(("table", "empty"), [("regions", "regions = {}\n"), ("flows", "flows = {}\n")])
def test_a_provider_without_regions_or_flows_is_refused(table: str, empty: str) -> None:
    kept = [part for part in re.split(r"(?m)^(?=\[)", WHITEBIT) if not part.startswith(f"[{table}.")]
    assert mistake(empty + "".join(kept)).happened == f"sample.toml, line 1: key {table}: names none."


@FIXED
@given(st.integers(0, len(WHITEBIT)), st.integers(0, 40), st.text('[]{}"=.,#\n ab1', max_size=4))
def test_a_damaged_file_is_refused_or_read_and_nothing_else(at: int, cut: int, put: str) -> None:
    with suppress(BadProviderFile):
        read("sample.toml", WHITEBIT[:at] + put + WHITEBIT[at + cut :])


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (["a"], 1),
        (["t"], 2),
        (["t", "b"], 3),
        (["t", "gone"], 2),
        (["t", "c", "d"], 4),
        (["l", "0", "x"], 7),
        (["l", "1", "x"], 9),
        (["l", "1", "gone"], 8),
        (["l", "2"], 1),
        (["q.r", "z"], 11),
        ([], 1),
        (["gone"], 1),
    ],
)
def test_lines_of_keys(steps: list[str], found: int) -> None:
    text = 'a = 1\n [ t ] # x\nb=2\nc . "d" = 3\n# a = 9\n[[l]]\nx = 1\n[[l]]\nx = 2\n["q.r"]\nz = 1\n'
    assert line_of(text, steps) == found


@pytest.mark.security("S40")
def test_only_a_test_region_may_be_plain_and_only_on_this_machine() -> None:
    for provider_of_ours in built_in():
        there = moved(provider_of_ours, "http://127.0.0.1:4711", 40.0)
        for id, region in there.regions.items():
            assert region.test
            assert not region.closed
            of = server(there, id)
            assert of.plain_http
            assert of.dialect.refresh_lifetime == 40.0
            for url in (of.token_endpoint, of.authorization_endpoint, of.refresh_endpoint, region.api):
                assert not url or f"{url}/".startswith("http://127.0.0.1:4711/")
        assert not any(region.test for region in provider_of_ours.regions.values())
        assert not server(provider_of_ours, "global").plain_http
    local = 'api = "http://127.0.0.1:80/x"\ntest = true'
    assert read("sample.toml", WHITEBIT.replace('api = "https://whitebit.eu/api/v4"', local)).regions["eu"].test
    for other in ("http://localhost:80/x", "http://127.0.0.2/x", "http://0.0.0.0/x", "http://whitebit.eu"):
        assert mistake(WHITEBIT.replace('api = "https://whitebit.eu/api/v4"', f'api = "{other}"\ntest = true')).line


def test_moving_keeps_the_paths_and_touches_nothing_else() -> None:
    there = moved(provider("whitebit"), "http://127.0.0.1:4711")
    assert there.regions["eu"].refresh_endpoint == "http://127.0.0.1:4711/oauth2/refresh_token"
    assert there.regions["eu"].user_code_page == ""
    assert there.dialect == provider("whitebit").dialect
    assert there.balances == provider("whitebit").balances


# What the reader opens, apart from Python's own modules, one path a line.
OPENED = """
import sys
from keyrack.providers.registry import built_in
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)
built_in()
print(*(path for path in opened if not path.endswith((".py", ".pyc"))), sep="\\n")
"""


@pytest.mark.security("S38")
def test_profiles_come_from_the_package_alone() -> None:
    done = subprocess.run([sys.executable, "-c", OPENED], capture_output=True, text=True, check=True, cwd=DESKTOP)
    folder = DESKTOP / "keyrack" / "providers"
    assert done.stdout.splitlines() == [str(folder / f"{id}.toml") for id in BUILT_IN]
    assert tuple(found.id for found in built_in()) == tuple(BUILT_IN)
