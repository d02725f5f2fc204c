"""The page about provider files: its example is read with the real reader, and its tables are true."""

import re
from importlib import resources
from typing import get_args, get_type_hints

import msgspec
import pytest

from keyrack.oauth.authorization_server import Dialect, KnownFailure
from keyrack.providers.call_schema import AccountsCall, BalanceCall, IdentityCall, StorageCall
from keyrack.providers.files.load import BadProviderFile
from keyrack.providers.files.summary import summary
from keyrack.providers.files.user_file import UserFile, read_own
from keyrack.providers.registry import BUILT_IN
from keyrack.providers.schema import Flow, FlowName, Prices, Provider, Region

PAGE = resources.files("keyrack.providers").joinpath("README.md").read_text("utf-8")
EXAMPLE, BY_METADATA, KEY, SPACE, ACCOUNTS, DEAD = re.findall(r"(?s)```toml\n(.*?)```", PAGE)
# Keys of the providers that come with Keyrack. A file of one's own can or need not have them.
NOT_FOR_OWN = frozenset({"credential", "proof", "typed_in", "closed", "tried", "company", "stream", "state_echo"})


def read(text: str) -> UserFile:
    return read_own("harbor.toml", text, BUILT_IN)


def test_the_example_is_a_right_file() -> None:
    provider = read(EXAMPLE).provider
    assert provider.id == "harbor"
    assert list(provider.flows) == ["authorization_code_pkce", "device_code"]
    assert provider.balances[0].next_page == "paging.next"
    assert provider.dialect.failures[0].says == "session_closed"
    assert provider.prices is not None


def test_the_example_with_metadata_is_one_too() -> None:
    start, end = EXAMPLE.index("[regions.world]"), EXAMPLE.index("# The ways to sign in")
    file = read(EXAMPLE[:start] + BY_METADATA + "\n" + EXAMPLE[end:])
    assert [wish.url for wish in file.wishes] == ["https://auth.harbor.example/.well-known/openid-configuration"]


def test_the_example_of_a_dead_refresh_token_is_one_too() -> None:
    failures = read(EXAMPLE.replace("# What the account holds", f"{DEAD}\n# What the account holds")).provider
    said = failures.dialect.failures[-1]
    assert (said.status, said.at, said.says, said.kind) == (400, "error", "invalid_request", "invalid_grant")


def test_every_kind_of_failure_is_in_the_table() -> None:
    table = PAGE.partition("| kind |")[2].partition("\n\n")[0]
    assert re.findall(r"(?m)^\| `(\w+)` \|", table) == list(get_args(get_type_hints(KnownFailure)["kind"]))


def test_the_certificates_of_the_example_may_be_switched_on() -> None:
    assert read(EXAMPLE.replace("# ca_file", "ca_file")).provider.ca_file == "harbor-ca.pem"


@pytest.mark.parametrize("choice", ["basic", "basic_raw", "body"])
def test_the_choices_in_the_comments_are_choices(choice: str) -> None:
    assert read(EXAMPLE.replace('= "basic" ', f'= "{choice}" ')).provider.dialect.client_authentication == choice
    with pytest.raises(BadProviderFile, match="none of the choices: .*" + choice):
        read(EXAMPLE.replace('= "basic" ', '= "other" '))


def test_every_flow_that_a_file_may_use_is_in_the_table() -> None:
    table = PAGE.partition("## The flows")[2].partition("\n## ")[0]
    named = set(re.findall(r"(?m)^\| `(\w+)` \|", table))
    assert named == set(get_args(FlowName)) - {"fast_api_key"}


def test_the_summary_names_every_address_that_receives_secrets() -> None:
    lines = [text for _, text in summary(read(EXAMPLE))]
    for address in re.findall(r'_endpoint = "([^"]+)"', EXAMPLE):
        assert any(line.startswith(address + " ") for line in lines), address
    assert "https://api.harbor.example/v2 (figures)" in lines
    assert "https://harbor.example/link (page for device codes)" in lines


def test_the_announced_end_of_the_example_may_be_switched_on() -> None:
    announced = re.sub(r"(?m)^# (ends|ends_note|successor) = ", r"\1 = ", EXAMPLE)
    provider = read(announced).provider
    assert (str(provider.ends), provider.successor) == ("2027-03-01", "harbor-next")
    assert ("End", "announced for 2027-03-01. Harbor's new sign-in replaces it.") in summary(read(announced))


def test_each_further_example_is_right_in_a_file() -> None:
    key = read(EXAMPLE.replace("[flows.device_code]", KEY + "\n[flows.device_code]")).provider
    assert key.dialect_of("client_credentials").renewal == "again"
    assert key.dialect_of("device_code").renewal == "refresh_token"
    start, end = EXAMPLE.index("[[balances]]"), EXAMPLE.index("[identity]")
    space = read(EXAMPLE[:start] + SPACE + "\n" + EXAMPLE[end:]).provider.storage[0]
    assert (space.method, space.factor, space.plan) == ("POST", "1024", 'allocation.".tag"')
    accounts = read(EXAMPLE[:start] + ACCOUNTS + "\n" + EXAMPLE[end:]).provider
    assert accounts.accounts is not None
    assert "{account}" in accounts.balances[0].path


def test_every_key_that_a_file_may_have_is_on_the_page() -> None:
    """In the example, in the table or in a paragraph: a key that nobody can find is none."""
    words = set(re.findall(r"\w+", PAGE))
    kinds = (Provider, Region, Flow, Dialect, BalanceCall, StorageCall, IdentityCall, AccountsCall, Prices)
    keys = {field.name for kind in kinds for field in msgspec.structs.fields(kind)}
    assert keys - words - NOT_FOR_OWN == set()
