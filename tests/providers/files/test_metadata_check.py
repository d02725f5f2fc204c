"""What a server's metadata says besides its addresses: filled in where a file is silent, compared where it is not."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from keyrack.providers.files.load import BadProviderFile
from keyrack.providers.files.user_file import UserFile, fill, read_own
from tests.recording_server import RecordingServer, answer, recording
from tests.tokens import http

FILE = """\
id = "harbor"
name = "Harbor"
monogram = "Hb"
documentation = "https://docs.harbor.example"
checked = 2026-11-29

[regions.world]
name = "World"
issuer = "{base}"
api = "{base}/api"
test = true

[flows.authorization_code_pkce]
title = "Browser"
credentials_help = "Register."
needs_redirect = true
needs_secret = true

[dialect]  # settings

[[balances]]
path = "/balances"
shape = "array"
asset = "currency"
total = "amount"
"""
METHODS, ISS = "token_endpoint_auth_methods_supported", "authorization_response_iss_parameter_supported"
CHALLENGES = "code_challenge_methods_supported"
PUBLIC = ("needs_secret = true", "needs_secret = false")


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer({}, 404)) as made:
        yield made


async def imported(port: RecordingServer, told: dict[str, Any], *changes: tuple[str, str]) -> UserFile:
    addresses = {name: f"{port.base}/{name}" for name in ("authorization_endpoint", "token_endpoint")}
    port.then(answer({"issuer": port.base, **addresses, **told}))
    text = FILE.replace("{base}", port.base)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    async with http() as client:
        return await fill(read_own("harbor.toml", text), client)


def dialect_line(*lines: str) -> tuple[str, str]:
    return "[dialect]  # settings\n", "[dialect]\n" + "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("told", "way", "iss"),
    [
        ({}, "basic", False),
        ({METHODS: ["client_secret_basic", "client_secret_post"], ISS: True}, "basic", True),
        ({METHODS: ["client_secret_post"], ISS: False}, "body", False),
        ({METHODS: ["private_key_jwt", "client_secret_post", 7], CHALLENGES: ["plain", "S256"]}, "body", False),
        ({METHODS: "client_secret_post", ISS: "true", CHALLENGES: None}, "basic", False),
    ],
)
async def test_what_a_file_leaves_open_is_filled_in(port: RecordingServer, told: Any, way: str, iss: bool) -> None:
    done = await imported(port, told)
    dialect = done.provider.dialect
    assert (dialect.client_authentication, dialect.iss_required, dialect.pkce) == (way, iss, True)
    assert ("Read from the metadata" in done.text) == (way != "basic" or iss)
    assert read_own("harbor.toml", done.text).provider == done.provider


async def test_a_client_without_secret_needs_no_way_to_send_one(port: RecordingServer) -> None:
    """Many servers list no "none" and know public clients all the same."""
    done = await imported(port, {METHODS: ["client_secret_post"]}, PUBLIC)
    assert done.provider.dialect.client_authentication == "basic"


@pytest.mark.parametrize("way", ["basic", "basic_raw"])
async def test_what_a_file_says_stays_where_the_metadata_offers_it(port: RecordingServer, way: str) -> None:
    done = await imported(port, {METHODS: ["client_secret_basic"]}, dialect_line(f'client_authentication = "{way}"'))
    assert done.provider.dialect.client_authentication == way


@pytest.mark.parametrize(
    ("told", "lines", "says"),
    [
        ({METHODS: ["none"]}, (), "client_authentication: is another way .* offers: none"),
        ({METHODS: []}, (), "client_authentication: is another way"),
        (
            {METHODS: ["client_secret_post"]},
            ('client_authentication = "basic"',),
            "client_authentication: is another way than the server's metadata offers: client_secret_post",
        ),
        ({CHALLENGES: ["plain"]}, (), "dialect.pkce: needs S256, and the server's metadata offers: plain"),
        ({ISS: False}, ("iss_required = true",), "iss_required: is true, and the server's metadata says"),
    ],
)
async def test_what_the_metadata_contradicts_is_refused_with_its_key(
    port: RecordingServer, told: Any, lines: tuple[str, ...], says: str
) -> None:
    with pytest.raises(BadProviderFile, match=says):
        await imported(port, told, dialect_line(*lines))


async def test_a_setting_of_one_flow_is_compared_too(port: RecordingServer) -> None:
    change = ("needs_secret = true", 'needs_secret = true\nclient_authentication = "body"')
    with pytest.raises(BadProviderFile, match=r"key flows\.authorization_code_pkce\.client_authentication: is another"):
        await imported(port, {METHODS: ["client_secret_basic"]}, change)
    done = await imported(port, {METHODS: ["client_secret_post"]}, change)
    assert done.provider.dialect_of("authorization_code_pkce").client_authentication == "body"
