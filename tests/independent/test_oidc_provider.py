"""Keyrack signs in at a certified OpenID provider that we did not write, by a user's provider file alone."""

import asyncio
import json
import re
import secrets
import subprocess
import urllib.request
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Authorizing, LoggedOut, token_of
from keyrack.core.rack import Rack
from keyrack.core.sites.user_files import FOLDER
from keyrack.core.status import describe
from keyrack.core.system.paths import Paths
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.wiring import assemble
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret
from keyrack.providers.files.user_file import UserFile
from keyrack.providers.schema import FlowName
from tests.clock import FakeClock
from tests.free_port import free_port
from tests.independent.node_package import packages_of
from tests.independent.person import Person

SERVER = Path(__file__).parent / "oidc" / "server.mjs"
SECRET = "invented & secret/1+2=3"
FILE = """
id = "oidc"
name = "OpenID"
monogram = "OI"
documentation = "https://github.com/panva/node-oidc-provider"
checked = 2026-11-21
scope = "openid"

[regions.here]
name = "Here"
issuer = "{issuer}"
metadata = "{issuer}/.well-known/openid-configuration"
api = "{issuer}/api"
test = true

[flows.authorization_code_pkce]
title = "Browser"
credentials_help = "Any."
needs_redirect = true
needs_secret = false

[flows.client_credentials]
title = "Key"
credentials_help = "Any."

[flows.device_code]
title = "Another device"
credentials_help = "Any."
needs_secret = false

[dialect]
iss_required = true
revocation = "body"
{more}
[[balances]]
path = "/balances"
shape = "array"
rows = "rows"
asset = "asset"
available = "free"
total = "total"

[identity]
path = "/balances"
field = "user"

[errors]
codes = ["error"]
"""


class Server:
    """The provider's process."""

    def __init__(self, packages: Path) -> None:
        command = ["node", str(SERVER), str(packages)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        self.issuer = str(json.loads(self._process.stdout.readline())["issuer"])

    def asked(self) -> dict[str, int]:
        """How many tokens it granted and refused."""
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.issuer}/counted") as answer:
            counted: dict[str, int] = json.load(answer)
            return counted

    def close(self) -> None:
        """End it by its standard input."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(20)


class OidcHarness:
    """A rack whose only provider of interest came from a file with metadata."""

    def __init__(self, server: Server, folder: Path, more: str = "", flow: str = "authorization_code_pkce") -> None:
        self.server, self.clock, self.visits = server, FakeClock.running(), list[asyncio.Task[str]]()
        self.source = folder / "oidc.toml"
        text = FILE.format(issuer=server.issuer, more=more).replace("authorization_code_pkce", flow)
        if flow == "client_credentials":
            text = re.sub(
                r"\[flows\.(?!client)\w+\]\n(?:.+\n)+", "", text.replace(f"[flows.{flow}]", "[flows.other]", 1)
            )
        self.source.write_text(text)
        paths = Paths(folder / "config", folder / "state", folder / "run", folder / "logs")
        self.rack = Rack(
            assemble((), MemoryVault(), paths, sandbox=True, clock=self.clock.clock, browser=self._browse), sandbox=True
        )
        self.stored = paths.config / FOLDER / "oidc.toml"

    async def open(self) -> UserFile:
        """Import the file as the window does, and open the rack. Returns what was filled in."""
        file = self.rack.catalog.files.inspect(self.source)
        assert file.wishes
        file = await self.rack.catalog.files.fill(file, self.source)
        self.rack.catalog.add(file, self.source)
        self.rack.load()
        await self.rack.open()
        return file

    async def _browse(self, address: str) -> None:
        self.visits.append(asyncio.create_task(asyncio.to_thread(Person().walk, address)))

    async def signed_in(self, flow: FlowName, client_id: str, secret: str = "") -> Account:
        """An account that is ready, by this flow."""
        needs = next(iter(self.rack.catalog.values())).flows[flow].needs_redirect
        redirect = f"http://127.0.0.1:{free_port()}/cb/oidc" if needs else ""
        name = f"{flow} {secrets.token_hex(2)}"
        draft = Draft("oidc", "here", flow, name, client_id, Secret(secret) if secret else None, redirect)
        account = await self.rack.add(draft)
        stop = account.changed.connect(lambda: self._approve(account))
        await self.rack.sign_in(account)
        stop()
        assert describe(account, self.rack.clock).name == "ready", account.state
        return account

    def _approve(self, account: Account) -> None:
        state = account.state
        if isinstance(state, Authorizing) and state.device is not None:
            self.visits.append(asyncio.create_task(self._approved(state.device.complete)))

    async def _approved(self, address: str) -> str:
        text = await asyncio.to_thread(Person().walk, address)
        self.clock.move(6.0)  # the provider names no interval, so RFC 8628 says 5 s
        return text

    async def close(self) -> None:
        """End in order."""
        await self.rack.close()
        await asyncio.gather(*self.visits)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server(packages_of("oidc"))
    yield made
    made.close()


@pytest.fixture
async def harness(server: Server, tmp_path: Path) -> AsyncGenerator[OidcHarness]:
    made = OidcHarness(server, tmp_path)
    await made.open()
    yield made
    await made.close()


def token(account: Account) -> Token:
    found = token_of(account.state)
    assert found is not None, account.state
    return found


async def figures(harness: OidcHarness, account: Account) -> dict[str, str]:
    await harness.rack.refresh(account)
    assert account.balances is not None
    assert account.balances.failure is None
    return {holding.asset: str(holding.available) for holding in account.balances.holdings}


HELD = {"BTC": "0.123456789012345678"}


@pytest.mark.security("S38")
async def test_its_metadata_fills_in_the_addresses_once(harness: OidcHarness) -> None:
    """RFC 8414, by the address of OpenID Connect Discovery."""
    issuer, region = harness.server.issuer, next(iter(harness.rack.catalog.values())).regions["here"]
    assert region.authorization_endpoint == f"{issuer}/auth"
    assert region.token_endpoint == f"{issuer}/token"
    assert region.device_authorization_endpoint == f"{issuer}/device/auth"
    assert region.revocation_endpoint == f"{issuer}/token/revocation"
    assert f'token_endpoint = "{issuer}/token"' in harness.stored.read_text()


@pytest.mark.security("S28", "S32")
async def test_code_with_pkce_by_a_public_client_and_renewal_with_rotation(harness: OidcHarness) -> None:
    account = await harness.signed_in("authorization_code_pkce", "keyrack-public")
    first = token(account)
    assert account.settings.identity
    assert await figures(harness, account) == HELD
    second = token(account)
    assert first.refresh is not None
    assert second.refresh is not None
    assert second.refresh != first.refresh
    assert second.access != first.access
    await harness.rack.refresh(account)
    assert token(account).refresh != second.refresh
    assert harness.server.asked()["refused"] == 0


@pytest.mark.security("S50")
@pytest.mark.parametrize(
    ("flow", "more"),
    [("authorization_code_pkce", ""), ("authorization_code", "pkce = false\n")],
    ids=["with PKCE", "without PKCE"],
)
async def test_code_by_a_confidential_client(server: Server, tmp_path: Path, flow: FlowName, more: str) -> None:
    """The secret holds what RFC 6749 §2.3.1 wants escaped before Basic encodes it."""
    made = OidcHarness(server, tmp_path, more, flow)
    await made.open()
    account = await made.signed_in(flow, "keyrack-secret", SECRET)
    assert await figures(made, account) == HELD
    await made.close()


async def test_client_credentials_are_asked_for_again(server: Server, tmp_path: Path) -> None:
    made = OidcHarness(server, tmp_path, 'renewal = "again"\nsend_scope = false\n', "client_credentials")
    await made.open()
    account = await made.signed_in("client_credentials", "keyrack-secret", SECRET)
    before = token(account).access
    assert await figures(made, account) == HELD
    assert token(account).access != before
    await made.close()


async def test_a_code_on_another_device(harness: OidcHarness) -> None:
    """RFC 8628, approved on the provider's own pages."""
    account = await harness.signed_in("device_code", "keyrack-public")
    assert await figures(harness, account) == HELD
    assert token(account).refresh is not None


@pytest.mark.security("S51")
async def test_signing_out_revokes_both_tokens_there(harness: OidcHarness) -> None:
    """RFC 7009: neither token works afterwards."""
    account = await harness.signed_in("authorization_code_pkce", "keyrack-public")
    before = token(account)
    await harness.rack.sign_out(account)
    assert isinstance(account.state, LoggedOut)
    assert account.activity.lines()[0].notice.sentence == "The token was revoked at OpenID."
    service = harness.rack.parts.sites.of(account)
    assert before.access is not None
    with pytest.raises(Exception, match="no longer accepts this token"):
        await service.api.holdings(before.access)
    with pytest.raises(Exception, match="no longer accepts this sign-in"):
        await service.endpoint.refresh(harness.rack.parts.records.client(account), before)


@pytest.mark.security("S51")
async def test_removing_an_account_says_that_its_token_was_revoked(harness: OidcHarness) -> None:
    account = await harness.signed_in("device_code", "keyrack-public")
    assert await harness.rack.remove(account) == "The token was revoked at OpenID."


async def test_a_dead_refresh_token_ends_the_sign_in(harness: OidcHarness) -> None:
    """A refresh token that was used behind our back is refused with invalid_grant (RFC 9700 §4.14.2)."""
    account = await harness.signed_in("authorization_code_pkce", "keyrack-public")
    old, client = token(account), harness.rack.parts.records.client(account)
    await harness.rack.parts.sites.of(account).endpoint.refresh(client, old)
    await harness.rack.refresh(account)
    assert describe(account, harness.rack.clock).reason == "refresh_rejected"
