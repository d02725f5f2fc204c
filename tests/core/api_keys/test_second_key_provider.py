"""A second provider whose credential is a key: everything it needs is in this file."""

from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.core.api_keys.key_failures import NoGrant
from keyrack.core.failures import NoTokenToGive
from keyrack.core.rack import Rack
from keyrack.core.wiring import assemble
from keyrack.primitives.secret import Secret
from keyrack.providers.api.key_provider import KeyInfo, SignedCall
from keyrack.providers.api.key_refusals import GrantEnded, KeyUnknown
from keyrack.providers.api.stream import StreamTarget
from keyrack.providers.api_key import ApiKey
from keyrack.providers.holding import Holding, Reading
from keyrack.providers.registry import BUILT_IN, Quirks
from tests.core.api_keys.key_harness import key_of
from tests.core.harness import CoreHarness
from tests.sandbox_process import RunningSandbox

HOUR = 3_600.0
PROGRAM = Program(4711, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)
SECRET = "sample-secret-made-up"


class SampleKeys:
    """Keys of an invented exchange: one key a person, an hour of rest at most, and no push stream."""

    id_is_public_key = False
    idle_seconds: float | None = HOUR
    sign_in_window = 60.0
    calls: ClassVar[list[tuple[str, int]]] = []
    grant_ended = False
    deleted: ClassVar[list[str]] = []

    def __init__(self, target: StreamTarget) -> None:
        self._target = target

    async def info(self, grant: Secret) -> KeyInfo:
        if self.grant_ended:
            raise GrantEnded("no_grant", provider="Sample")
        return KeyInfo(exists=True, enabled=True, id="k-1", rights=("balances",))

    async def secret(self, grant: Secret, id: str) -> ApiKey:
        return ApiKey(Secret(SECRET), Secret("sample-public-part"), id)

    async def delete(self, grant: Secret, id: str) -> None:
        self.deleted.append(id)

    def public_key(self, text: str) -> Secret | None:
        return Secret(text.strip()) if text.strip() else None

    async def call(self, key: ApiKey, path: str, nonce: int) -> Any:
        if key.secret != Secret(SECRET):
            raise KeyUnknown("whitebit_key_unknown")
        self.calls.append((path, nonce))
        return {"BTC": "1.5"}

    async def prove(self, call: SignedCall) -> None:
        await call("/prove")

    async def holdings(self, call: SignedCall) -> Reading:
        found = await call("/balances")
        amount = Decimal(found["BTC"])
        return Reading((Holding("BTC", amount, amount),), unreadable=("Vault",))

    async def stream_ticket(self, call: SignedCall) -> Secret:
        raise NotImplementedError


@pytest.fixture
async def sample(sandbox: RunningSandbox, tmp_path: Path) -> AsyncGenerator[CoreHarness]:
    """A rack that knows the invented exchange. WhiteBIT's stand-in serves its pages."""
    SampleKeys.calls, SampleKeys.deleted, SampleKeys.grant_ended = [], [], False
    made = SampleHarness(sandbox, tmp_path)
    await made.start()
    yield made
    await made.close()


class SampleHarness(CoreHarness):
    """The harness with one more entry in the registry."""

    def _made(self) -> Rack:
        model = next(provider for provider in self.providers if provider.id == "whitebit-fast-key")
        regions = {id: msgspec.structs.replace(region, stream="") for id, region in model.regions.items()}
        sample = msgspec.structs.replace(model, id="sample", name="Sample", company="", regions=regions)
        quirks = {**BUILT_IN, "sample": Quirks(keys=SampleKeys)}
        parts = assemble(
            (*self.providers, sample),
            self.vault,
            self.paths,
            sandbox=True,
            clock=self.clock.clock,
            browser=self.open_browser,
            quirks=quirks,
        )
        self.providers = (*(p for p in self.providers if p.id != "sample"), sample)
        return Rack(parts, sandbox=True)


async def signed_in(sample: CoreHarness) -> Account:
    """An account of the invented exchange with a working key. WhiteBIT's stand-in serves its pages."""
    account = await sample.add_as("sample", "whitebit-fast-key", "fast_api_key")
    await sample.sign_in(account)
    assert isinstance(key_of(account), Key)
    return account


async def test_the_key_is_made_stored_and_proved(sample: CoreHarness) -> None:
    account = await signed_in(sample)
    key, record = key_of(account), await sample.vault.load(account.id)
    assert (key.public, key.idle_seconds, key.rights) == (Secret("sample-public-part"), HOUR, ("balances",))
    assert (record.api_key, record.api_secret) == (Secret("sample-public-part"), Secret(SECRET))
    assert SampleKeys.calls[0][0] == "/prove"


async def test_its_figures_and_what_it_may_not_read_are_shown(sample: CoreHarness) -> None:
    account = await signed_in(sample)
    await sample.rack.parts.poller.update(account)
    balances = account.balances
    assert balances is not None
    assert [(row.asset, row.total) for row in balances.holdings] == [("BTC", Decimal("1.5"))]
    assert balances.leaves_out.endswith("The key may not read: Vault.")


async def test_its_numbers_grow_and_each_call_counts_as_use(sample: CoreHarness) -> None:
    account = await signed_in(sample)
    before = key_of(account).used
    sample.leap(600)
    await sample.rack.parts.poller.update(account)
    nonces = [nonce for _, nonce in SampleKeys.calls]
    assert nonces == sorted(set(nonces))
    assert key_of(account).used >= before + 600


async def test_it_is_there_after_a_restart(sample: CoreHarness) -> None:
    account = await signed_in(sample)
    await sample.kill()
    await sample.start()
    (again,) = sample.rack.accounts
    assert again.id == account.id
    assert key_of(again).public == Secret("sample-public-part")
    assert sample.rack.tokens.give_key(again).secret == Secret(SECRET)


async def test_sentences_name_its_own_exchange(sample: CoreHarness) -> None:
    account = await signed_in(sample)
    assert await sample.rack.keys.delete(account) == "The key was deleted at Sample, which also tells you by mail."
    assert SampleKeys.deleted == ["k-1"]
    assert account.state == LoggedOut(Reason.SIGNED_OUT)
    again = await signed_in(sample)
    SampleKeys.grant_ended = True
    with pytest.raises(NoGrant, match="sign-in at Sample that can delete the key is over"):
        await sample.rack.keys.delete(again)


async def test_it_is_near_its_end_after_five_sevenths_of_its_rest(sample: CoreHarness) -> None:
    account = await signed_in(sample)
    assert not sample.status(account).lies_idle
    sample.clock.move(HOUR * 6 / 7)
    assert sample.status(account).lies_idle


async def test_a_program_gets_no_key(sample: CoreHarness) -> None:
    account = await signed_in(sample)
    sample.rack.access.choose(account, "allow")
    with pytest.raises(NoTokenToGive):
        await sample.rack.tokens.give(account, PROGRAM)
