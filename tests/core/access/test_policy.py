"""Which programs get a token: by the account's setting, the person's answers and the lock."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from keyrack.core.access.policy import MOST_PROGRAMS, AccessRefused
from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account, ScriptPolicy
from keyrack.core.accounts.accounts_file import AccountsFileFailure
from keyrack.core.accounts.draft import Draft
from keyrack.core.rack import Rack
from keyrack.core.system.paths import Paths
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.wiring import assemble
from keyrack.primitives.secret import Secret
from keyrack.providers.registry import built_in
from tests.until import until

pytestmark = pytest.mark.security("S92")
BOT = Program(4711, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)
SAME = Program(4799, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)
OTHER = Program(4711, "/usr/bin/python3.11", "/srv/other.py", lasting=True)
CURL = Program(4712, "/usr/bin/curl", "", lasting=False)


class PolicyFixture:
    """A rack with one account. It is not open, and the account is not signed in."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(folder / "config", folder / "state", folder / "run", folder / "logs")
        self.racks: list[Rack] = []
        self.rack = self.restart()

    def restart(self) -> Rack:
        self.rack = Rack(assemble(built_in(), MemoryVault(), self.paths))
        self.rack.load()
        self.racks.append(self.rack)
        return self.rack

    @property
    def account(self) -> Account:
        return next(iter(self.rack.accounts))

    def refusals(self) -> int:
        path = self.paths.state / "releases.jsonl"
        return sum(not json.loads(line)["granted"] for line in path.read_text().splitlines()) if path.exists() else 0

    async def admit(self, program: Program = BOT) -> str:
        """ "given", or the kind of the refusal."""
        try:
            await self.rack.access.admit(self.account, program)
        except AccessRefused as why:
            return why.kind
        return "given"

    async def answered(self, answer: str, program: Program = BOT) -> str:
        """What became of a call that the person answers."""
        asking = self.rack.access.asking
        detach = asking.add_respondent()
        asked = asyncio.create_task(self.admit(program))
        await until(lambda: bool(asking.pending))
        asking.answer(asking.pending[0], answer)  # type: ignore[arg-type]
        found = await asked
        detach()
        return found


@pytest.fixture
async def admission(tmp_path: Path) -> AsyncIterator[PolicyFixture]:
    made = PolicyFixture(tmp_path)
    secret = Secret("sample-secret-made-up")
    await made.rack.add(Draft("probit", "global", "client_credentials", "Main desk", "sample-client", secret))
    yield made
    for rack in made.racks:
        await rack.close()


async def test_an_account_asks_unless_it_is_told_otherwise(admission: PolicyFixture) -> None:
    assert (admission.account.settings.scripts, admission.account.settings.programs) == ("ask", ())
    draft = Draft("probit", "korea", "client_credentials", "B", "c", Secret("sample"), scripts="allow")
    assert (await admission.rack.add(draft)).settings.scripts == "allow"


@pytest.mark.parametrize(("policy", "outcome"), [("off", "refused"), ("allow", "given"), ("ask", "refused")])
async def test_the_setting_decides_where_nobody_can_be_asked(
    admission: PolicyFixture, policy: ScriptPolicy, outcome: str
) -> None:
    admission.rack.access.choose(admission.account, policy)
    assert await admission.admit() == outcome
    assert admission.refusals() == (outcome == "refused")
    assert admission.restart().accounts.named("Main desk") is admission.account
    assert admission.account.settings.scripts == policy


async def test_a_refusal_says_which_account_and_what_to_do(admission: PolicyFixture) -> None:
    with pytest.raises(AccessRefused) as told:
        await admission.rack.access.admit(admission.account, BOT)
    assert told.value.happened == "The token of Main desk was not given."
    assert told.value.todo.endswith("`keyrack accounts set 'Main desk' --scripts allow`.")
    admission.rack.access.choose(admission.account, "off")
    with pytest.raises(AccessRefused, match="Main desk"):
        await admission.rack.access.admit(admission.account, BOT)


async def test_once_is_once(admission: PolicyFixture) -> None:
    assert await admission.answered("once") == "given"
    assert admission.account.settings.programs == ()
    assert await admission.answered("once") == "given"
    assert admission.refusals() == 0


async def test_always_is_for_this_program_in_every_process_and_after_a_restart(admission: PolicyFixture) -> None:
    assert await admission.answered("always") == "given"
    assert admission.account.settings.programs == ("/usr/bin/python3.11 /srv/bot.py",)
    assert await admission.admit(SAME) == "given"
    assert await admission.admit(OTHER) == "refused"
    admission.restart()
    assert await admission.admit(SAME) == "given"
    admission.rack.access.forget(admission.account, BOT.key)
    assert await admission.admit() == "refused"
    admission.restart()
    assert await admission.admit() == "refused"


async def test_what_is_allowed_once_at_a_time_is_never_kept(admission: PolicyFixture) -> None:
    assert await admission.answered("always", CURL) == "given"
    admission.rack.access.allow(admission.account, CURL)
    assert admission.account.settings.programs == ()
    bare = Program(1, "/usr/bin/python3.11", "", lasting=True)
    admission.rack.access.allow(admission.account, bare)
    assert await admission.admit(Program(1, "/usr/bin/python3.11", "", lasting=False)) == "refused"


async def test_a_no_is_recorded_and_holds_for_a_minute(admission: PolicyFixture) -> None:
    assert await admission.answered("no") == "refused"
    admission.rack.access.asking.add_respondent()
    assert await admission.admit() == "refused"
    assert admission.rack.access.asking.pending == ()
    assert admission.refusals() == 2


async def test_no_two_programs_have_one_key() -> None:
    odd = [
        Program(1, "/a b", "", lasting=True),
        Program(1, "/a", "/b", lasting=True),
        Program(1, "/a", "b", lasting=True),
        Program(1, "/a '/b'", "", lasting=True),
        Program(1, "/a", "'/b'", lasting=True),
        Program(1, "'/a' /b", "", lasting=True),
    ]
    assert len({program.key for program in odd}) == len(odd)


@pytest.mark.security("S91")
async def test_a_lock_by_itself_refuses_the_accounts_that_ask_and_no_others(admission: PolicyFixture) -> None:
    await admission.answered("always")
    admission.rack.lock.lock(by_hand=False)
    assert await admission.admit() == "locked"
    admission.rack.access.choose(admission.account, "allow")
    assert await admission.admit() == "given"


@pytest.mark.security("S91")
async def test_a_lock_by_hand_refuses_everyone(admission: PolicyFixture) -> None:
    admission.rack.access.choose(admission.account, "allow")
    admission.rack.lock.lock(by_hand=True)
    assert await admission.admit() == "locked"
    assert admission.refusals() == 1


@pytest.mark.security("S91")
async def test_a_lock_takes_the_questions_with_it(admission: PolicyFixture) -> None:
    asking = admission.rack.access.asking
    asking.add_respondent()
    asked = asyncio.create_task(admission.admit())
    await until(lambda: bool(asking.pending))
    admission.rack.lock.lock(by_hand=False)
    assert asking.pending == ()
    assert await asked == "locked"


@pytest.mark.parametrize(("policy", "outcome"), [("off", "refused"), ("allow", "given")])
async def test_another_setting_answers_what_is_asked(
    admission: PolicyFixture, policy: ScriptPolicy, outcome: str
) -> None:
    asking = admission.rack.access.asking
    asking.add_respondent()
    asked = asyncio.create_task(admission.admit())
    await until(lambda: bool(asking.pending))
    admission.rack.access.choose(admission.account, policy)
    assert (await asked, asking.pending) == (outcome, ())


async def test_an_always_that_cannot_be_kept_is_a_once(admission: PolicyFixture) -> None:
    path = admission.paths.config / "accounts.json"
    path.unlink()
    path.mkdir()
    assert await admission.answered("always") == "given"
    assert admission.account.settings.programs == ()
    assert admission.account.activity.lines()[0].notice.sentence == (
        "The list of accounts could not be saved. The program was allowed this once."
    )
    with pytest.raises(AccountsFileFailure):
        admission.rack.access.choose(admission.account, "allow")
    assert admission.account.settings.scripts == "ask"


async def test_the_list_of_programs_stays_short(admission: PolicyFixture) -> None:
    many = tuple(f"/bin/p{number}" for number in range(MOST_PROGRAMS))
    admission.account.configure(replace(admission.account.settings, programs=many))
    admission.rack.access.allow(admission.account, BOT)
    assert admission.account.settings.programs == (*many[1:], BOT.key)


async def test_what_was_given_is_in_the_activity_when_the_program_ends(admission: PolicyFixture) -> None:
    admission.rack.access.released(admission.account, BOT)
    await admission.rack.access.close()
    assert admission.account.activity.lines()[0].notice.sentence == "Gave the token to /usr/bin/python3.11 bot.py."
