"""A rack that knows one server only by the provider file in that server's folder."""

import asyncio
import re
import secrets
from pathlib import Path
from typing import Self

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import LoggedOut, token_of
from keyrack.core.rack import Rack
from keyrack.core.sites.sites import Site
from keyrack.core.status import Status, describe
from keyrack.core.system.paths import Paths
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.wiring import assemble
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import FlowName
from tests.clock import FakeClock
from tests.independent.person import Person
from tests.independent.servers.foreign_server import ForeignServer

# Holds what RFC 6749 section 2.3.1 wants escaped before HTTP Basic encodes it.
SECRET = "invented & secret/1+2=3%41"
HELD = {"BTC": "0.123456789012345678"}
# What stands in the provider files for the address of the running server.
WRITTEN = "http://127.0.0.1:8000"


class ServerHarness:
    """A rack, a clock that the test moves, and a person who follows the server's pages.

    `without` names the tables that are left out of the provider file.
    """

    def __init__(self, server: ForeignServer, folder: Path, file: str = "provider.toml", *, without: str = "") -> None:
        self.server, self.clock = server, FakeClock.running()
        self.person = Person()
        self.visits: list[asyncio.Task[str]] = []
        self.source = folder / file
        text = (server.folder / file).read_text("utf-8").replace(WRITTEN, server.issuer)
        if without:
            text = re.sub(rf"^{re.escape(without)}\n(?:.+\n)+", "", text, flags=re.MULTILINE)
        self.source.write_text(text)
        paths = Paths(folder / "config", folder / "state", folder / "run", folder / "logs")
        parts = assemble((), MemoryVault(), paths, sandbox=True, clock=self.clock.clock, browser=self._browse)
        self.rack = Rack(parts, sandbox=True)

    async def __aenter__(self) -> Self:
        """Import the file as the window does, with the addresses of the server's metadata, and open the rack."""
        files = self.rack.catalog.files
        file = files.inspect(self.source)
        if file.wishes:
            file = await files.fill(file, self.source)
        self.rack.catalog.add(file, self.source)
        self.rack.load()
        await self.rack.open()
        return self

    async def _browse(self, address: str) -> None:
        self.visits.append(asyncio.create_task(asyncio.to_thread(self.person.walk, address)))

    async def visited(self) -> str:
        """The last page that the person came to."""
        while not self.visits:
            await asyncio.sleep(0.01)
        return await self.visits[-1]

    async def tried(self, client_id: str, secret: str = "", flow: FlowName = "authorization_code_pkce") -> Account:
        """An account whose sign-in has ended, well or not."""
        (provider,) = self.rack.catalog.values()
        redirect = self.server.redirect if provider.flows[flow].needs_redirect else ""
        name = f"{client_id} {secrets.token_hex(2)}"
        account = await self.rack.add(
            Draft(provider.id, "here", flow, name, client_id, Secret(secret) if secret else None, redirect)
        )
        await self.rack.sign_in(account)
        return account

    async def signed_in(self, client_id: str, secret: str = "", flow: FlowName = "authorization_code_pkce") -> Account:
        """An account that is ready, and whose token the server's API takes."""
        account = await self.tried(client_id, secret, flow)
        assert self.status(account).name == "ready", self.status(account)
        await self.rack.parts.poller.update(account)
        assert self.held(account) == HELD
        return account

    async def renewed(self, account: Account) -> Token:
        """The token after a renewal that worked, and whose token the API takes."""
        before = self.token(account)
        await self.rack.refresh(account)
        after = self.token(account)
        assert self.status(account).name == "ready", self.status(account)
        assert after.access != before.access
        assert self.held(account) == HELD
        return after

    def held(self, account: Account) -> dict[str, str]:
        """What is free of each asset, by the last answer of the API, which was good."""
        assert account.balances is not None
        assert account.balances.failure is None
        return {holding.asset: str(holding.available) for holding in account.balances.holdings}

    def status(self, account: Account) -> Status:
        """What the window shows now."""
        return describe(account, self.clock.clock)

    def why(self, account: Account) -> Failure:
        """Why the account is signed out."""
        assert isinstance(account.state, LoggedOut), account.state
        assert account.state.why is not None
        return account.state.why

    def site(self, account: Account) -> Site:
        """What asks the server, for requests behind the rack's back."""
        return self.rack.parts.sites.of(account)

    def client(self, account: Account) -> OAuthClient:
        """The client id with its secret."""
        return self.rack.parts.records.client(account)

    @staticmethod
    def token(account: Account) -> Token:
        """The token of a signed-in account."""
        found = token_of(account.state)
        assert found is not None, account.state
        return found

    async def __aexit__(self, *_: object) -> None:
        """End when the browser has got its last page."""
        await asyncio.gather(*self.visits)
        await self.rack.close()
