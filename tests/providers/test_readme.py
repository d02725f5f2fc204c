"""The page about provider files: its example is read with the real reader, and its tables are true."""

import re
from importlib import resources
from typing import get_args

import pytest

from keyrack.providers.files.load import BadProviderFile
from keyrack.providers.files.summary import summary
from keyrack.providers.files.user_file import UserFile, read_own
from keyrack.providers.registry import BUILT_IN
from keyrack.providers.schema import FlowName

PAGE = resources.files("keyrack.providers").joinpath("README.md").read_text("utf-8")
EXAMPLE, BY_METADATA = re.findall(r"(?s)```toml\n(.*?)```", PAGE)


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


def test_the_certificates_of_the_example_may_be_switched_on() -> None:
    assert read(EXAMPLE.replace("# ca_file", "ca_file")).provider.ca_file == "harbor-ca.pem"


@pytest.mark.parametrize("choice", ["basic", "basic_raw", "body"])
def test_the_choices_in_the_comments_are_choices(choice: str) -> None:
    assert read(EXAMPLE.replace('= "basic" ', f'= "{choice}" ')).provider.dialect.client_authentication == choice
    with pytest.raises(BadProviderFile, match="none of the choices: .*" + choice):
        read(EXAMPLE.replace('= "basic" ', '= "other" '))


def test_every_flow_that_a_file_may_use_is_in_the_table() -> None:
    named = set(re.findall(r"(?m)^\| `(\w+)` \|", PAGE))
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
