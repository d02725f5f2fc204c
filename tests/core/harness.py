"""The core for a test: the sandbox, a vault that can fail, a scripted browser and a clock that the test moves."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Authorizing, token_of
from keyrack.core.rack import Rack
from keyrack.core.status import Status, describe
from keyrack.core.system.paths import Paths
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import Locked, VaultFailure
from keyrack.core.wiring import assemble
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import moved
from keyrack.providers.registry import built_in
from keyrack.providers.schema import FlowName, Provider
from keyrack.sandbox.browser import Browser, LostError
from tests.clock import FakeClock
from tests.free_port import free_port
from tests.sandbox_process import RunningSandbox

SECRET = "sandbox-secret-made-up"


class FailingVault(MemoryVault):
    """Keeps records over restarts.

    `refuses_saves` and `refuses_loads` make writes and reads fail. `gate`, `load_gate` and `delete_gate` make a save, a
    load and a deletion wait. `deletes` are the accounts of every deletion that began. Of `keeps` each one fails, and of
    `faults` each one breaks as a fault of Keyrack does.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refuses_saves: VaultFailure | None = None
        self.refuses_loads: VaultFailure | None = None
        self.gate: asyncio.Event | None = None
        self.load_gate: asyncio.Event | None = None
        self.delete_gate: asyncio.Event | None = None
        self.saves: list[tuple[str, Record]] = []
        self.loads: list[bool] = []
        self.deletes: list[str] = []
        self.keeps: set[str] = set()
        self.faults: set[str] = set()

    async def load(self, account: str, *, prompt: bool = False) -> Record:
        """As the vault does it."""
        self.loads.append(prompt)
        await asyncio.sleep(0)
        if self.load_gate is not None:
            await self.load_gate.wait()
        if self.refuses_loads is not None:
            raise self.refuses_loads
        return await super().load(account, prompt=prompt)

    async def save(self, account: str, record: Record, *, prompt: bool = False) -> None:
        """As the vault does it, when the gate opens."""
        self.saves.append((account, record))
        if self.gate is not None:
            await self.gate.wait()
        if self.refuses_saves is not None:
            raise self.refuses_saves
        await super().save(account, record, prompt=prompt)

    async def delete(self, account: str, *, prompt: bool = False) -> None:
        """As the vault does it."""
        self.deletes.append(account)
        if self.delete_gate is not None:
            await self.delete_gate.wait()
        if self.refuses_saves is not None:
            raise self.refuses_saves
        if account in self.keeps:
            raise Locked
        if account in self.faults:
            raise ZeroDivisionError
        await super().delete(account, prompt=prompt)

    async def close(self) -> None:
        """Stay, for the next start."""

    def names(self) -> set[str]:
        """The ids of the accounts that have something here."""
        return set(self.texts)


@dataclass
class Person:
    """What the person at the browser does: "approve", "refuse" or "nothing", with which account of the provider.

    One who does not go on after Approve makes no key.
    """

    answer: str = "approve"
    account: str | None = None
    confirms: bool | None = True
    ticks: tuple[str, ...] = ()
    goes_on: bool = True


class CoreHarness:
    """One rack after another over the same vault and folders. Without `live` no provider has a stream."""

    def __init__(self, sandbox: RunningSandbox, folder: Path, *, live: bool = True) -> None:
        self.sandbox = sandbox
        # The sandbox is shared, and its clock only goes forward.
        self.clock = FakeClock.running(ahead=sandbox.advanced)
        self.vault = FailingVault()
        self.person = Person()
        self.browser: Callable[[str], Awaitable[None]] = self.browse
        self.opened: list[str] = []
        self.visits: list[asyncio.Task[None]] = []
        self.paths = Paths(folder / "config", folder / "state", folder / "run", folder / "logs")
        offered = sandbox.announced["providers"]
        self.providers: tuple[Provider, ...] = tuple(
            moved(p, sandbox.base(p.id)) for p in built_in() if p.id in offered
        )
        if not live:
            self.providers = tuple(polled(provider) for provider in self.providers)
        self._others = asyncio.all_tasks()
        self.has_route = True
        self.rack = self._made()

    def _made(self) -> Rack:
        parts = assemble(
            self.providers, self.vault, self.paths, sandbox=True, clock=self.clock.clock, browser=self.open_browser
        )
        parts.sites.network.route = lambda: self.has_route
        return Rack(parts, sandbox=True)

    def replace_provider(self, other: Provider) -> None:
        """Have the rack know another provider of this id from the next account on."""
        self.rack.parts.catalog.replace(other)

    async def start(self) -> Rack:
        """Load and open the rack."""
        self.rack.load()
        await self.rack.open()
        return self.rack

    async def kill(self) -> Rack:
        """End at once, as kill -9 does, and make the next rack on the same folders. It is not open."""
        await self.rack.parts.redirects.close()
        await self._cancel_all()
        await self.rack.parts.sites.close()
        self.rack = self._made()
        return self.rack

    async def close(self) -> None:
        """End in order."""
        await self.rack.close()
        for visit in self.visits:
            visit.cancel()
        await self._cancel_all()

    def tasks(self) -> set[asyncio.Task[Any]]:
        """The tasks that began since this harness was made, without the caller's."""
        return {task for task in asyncio.all_tasks() - self._others if task is not asyncio.current_task()}

    async def _cancel_all(self) -> None:
        mine = self.tasks()
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)

    async def open_browser(self, address: str) -> None:
        """Open an address in `browser`, which a test may replace."""
        await self.browser(address)

    async def browse(self, address: str) -> None:
        """The browser of the rack. It returns at once, and the person acts in a task."""
        self.opened.append(address)
        if self.person.answer != "nothing":
            person = Person(
                self.person.answer, self.person.account, ticks=self.person.ticks, goes_on=self.person.goes_on
            )
            self.visits.append(asyncio.create_task(self.visit(address, person)))

    async def visit(self, address: str, person: Person | None = None) -> None:
        """Follow an address, press the button, follow on."""
        acts = person or self.person
        try:
            answer = partial(Browser().answer, goes_on=acts.goes_on)
            await asyncio.to_thread(answer, address, acts.answer, acts.account, acts.ticks)
        except LostError:
            # A page that reports a failure, or a listener that has gone: the account's state shows it.
            return
        if acts.goes_on:
            self.come_back()

    def come_back(self) -> None:
        """The person is back in the window and says that the key is made, where a sign-in waits for one."""
        for account in self.rack.accounts:
            self.rack.sign_ins.look_again(account)

    async def add(self, provider: str, flow: FlowName = "authorization_code", region: str = "global") -> Account:
        """An account with a new client at the sandbox."""
        return await self.add_as(provider, provider, flow, region)

    async def add_as(self, provider: str, played_by: str, flow: FlowName, region: str = "global") -> Account:
        """An account of a provider that the stand-in of the provider `played_by` plays."""
        client_id = f"sandbox-{provider}-{secrets.token_hex(4)}"
        way = next(known for known in self.providers if known.id == provider).flows[flow]
        redirect = f"http://127.0.0.1:{free_port()}/cb/{provider}" if way.needs_redirect else ""
        secret = Secret(SECRET) if way.needs_secret else None
        self.sandbox.register_client(played_by, client_id, SECRET if secret else "", redirect or None)
        return await self.rack.add(Draft(provider, region, flow, client_id, client_id, secret, redirect))

    def draft(self, provider: str, client_id: str, redirect: str, *, name: str) -> Draft:
        """One more account of a client that is registered."""
        return Draft(provider, "global", "authorization_code", name, client_id, Secret(SECRET), redirect)

    async def sign_in(self, account: Account, user_code: Secret | None = None) -> None:
        """Sign in. The person answers each question as `person` says."""
        stop = account.changed.connect(lambda: self._answer(account))
        await self.rack.sign_in(account, user_code)
        stop()

    def _answer(self, account: Account) -> None:
        state = account.state
        if isinstance(state, Authorizing) and state.step == "confirming" and self.person.confirms is not None:
            self.rack.sign_ins.confirm(account, self.person.confirms)

    async def signed_in(self, provider: str = "whitebit", flow: FlowName = "authorization_code") -> Account:
        """An account that is ready."""
        account = await self.add(provider, flow)
        await self.sign_in(account)
        assert self.status(account).name == "ready", self.status(account)
        return account

    def status(self, account: Account) -> Status:
        """The status of an account, as a window shows it."""
        return describe(account, self.rack.clock)

    def token(self, account: Account) -> Token:
        """The token of an account that is signed in."""
        token = token_of(account.state)
        assert token is not None, account.state
        return token

    def asked(self, account: Account, endpoint: str = "refresh") -> list[dict[str, Any]]:
        """The requests that the sandbox counted for an account's client."""
        return self.sandbox.log(account.settings.provider, endpoint, account.settings.client_id)

    def leap(self, seconds: float) -> None:
        """Move the sandbox's clock and ours without a wake-up, as when the computer was asleep."""
        self.sandbox.advance(seconds)
        self.clock.move(seconds)

    async def step(self, seconds: float) -> None:
        """Move all clocks, wake the loops, and wait until the work that they started has ended."""
        self.leap(seconds)
        await self.look()

    async def look(self) -> None:
        """Wake the loops, and wait until the work that they started has ended."""
        self.rack.parts.refresher.wake()
        self.rack.parts.poller.wake()
        self.rack.parts.streams.wake()
        for _ in range(10):
            await asyncio.sleep(0)
        await self.until(lambda: not self.rack.parts.refresher.busy and not self.rack.parts.poller.busy)

    async def kept(self) -> None:
        """Return when a thread has written the activity so far."""
        await asyncio.to_thread(self.rack.parts.account_store.flush)

    async def until(self, condition: Callable[[], object], seconds: float = 10.0) -> None:
        """Wait for a condition."""
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.002)


def polled(provider: Provider) -> Provider:
    """The same provider without its streams."""
    regions = {id: msgspec.structs.replace(region, stream="") for id, region in provider.regions.items()}
    return msgspec.structs.replace(provider, regions=regions)
