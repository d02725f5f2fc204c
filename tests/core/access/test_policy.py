"""Which programs are given a token: the account's setting, the person's answers, the lock."""

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
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import built_in
from tests.until import until

pytestmark = pytest.mark.security("S92")
BOT = Program(4711, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)
SAME = Program(4799, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)
OTHER = Program(4711, "/usr/bin/python3.11", "/srv/other.py", lasting=True)
CURL = Program(4712, "/usr/bin/curl", "", lasting=False)


class Room:
    """A rack with one account, nothing opened and nobody signed in."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(folder / "config", folder / "state", folder / "run", folder / "logs")
        self.racks: list[Rack] = []
        self.rack = self.restart()

    def restart(self) -> Rack:
        self.rack = Rack(built_in(), MemoryVault(), self.paths)
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
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    made = Room(tmp_path)
    secret = Secret("sample-secret-made-up")
    await made.rack.add(Draft("probit", "global", "client_credentials", "Main desk", "sample-client", secret))
    yield made
    for rack in made.racks:
        await rack.close()


async def test_an_account_asks_unless_it_is_told_otherwise(room: Room) -> None:
    assert (room.account.settings.scripts, room.account.settings.programs) == ("ask", ())
    draft = Draft("probit", "korea", "client_credentials", "B", "c", Secret("sample"), scripts="allow")
    assert (await room.rack.add(draft)).settings.scripts == "allow"


@pytest.mark.parametrize(("policy", "outcome"), [("off", "refused"), ("allow", "given"), ("ask", "refused")])
async def test_the_setting_decides_where_nobody_can_be_asked(room: Room, policy: ScriptPolicy, outcome: str) -> None:
    room.rack.access.choose(room.account, policy)
    assert await room.admit() == outcome
    assert room.refusals() == (outcome == "refused")
    assert room.restart().accounts.named("Main desk") is room.account
    assert room.account.settings.scripts == policy


async def test_a_refusal_says_which_account_and_what_to_do(room: Room) -> None:
    with pytest.raises(AccessRefused) as told:
        await room.rack.access.admit(room.account, BOT)
    assert told.value.happened == "The token of Main desk was not given."
    assert told.value.todo.endswith("`keyrack accounts set 'Main desk' --scripts allow`.")
    room.rack.access.choose(room.account, "off")
    with pytest.raises(AccessRefused, match="Main desk"):
        await room.rack.access.admit(room.account, BOT)


async def test_once_is_once(room: Room) -> None:
    assert await room.answered("once") == "given"
    assert room.account.settings.programs == ()
    assert await room.answered("once") == "given"
    assert room.refusals() == 0


async def test_always_is_for_this_program_in_every_process_and_after_a_restart(room: Room) -> None:
    assert await room.answered("always") == "given"
    assert room.account.settings.programs == ("/usr/bin/python3.11 /srv/bot.py",)
    assert await room.admit(SAME) == "given"
    assert await room.admit(OTHER) == "refused"
    room.restart()
    assert await room.admit(SAME) == "given"
    room.rack.access.forget(room.account, BOT.key)
    assert await room.admit() == "refused"
    room.restart()
    assert await room.admit() == "refused"


async def test_what_is_allowed_once_at_a_time_is_never_kept(room: Room) -> None:
    assert await room.answered("always", CURL) == "given"
    room.rack.access.allow(room.account, CURL)
    assert room.account.settings.programs == ()
    bare = Program(1, "/usr/bin/python3.11", "", lasting=True)
    room.rack.access.allow(room.account, bare)
    assert await room.admit(Program(1, "/usr/bin/python3.11", "", lasting=False)) == "refused"


async def test_a_no_is_recorded_and_holds_for_a_minute(room: Room) -> None:
    assert await room.answered("no") == "refused"
    room.rack.access.asking.add_respondent()
    assert await room.admit() == "refused"
    assert room.rack.access.asking.pending == ()
    assert room.refusals() == 2


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
async def test_a_lock_by_itself_refuses_the_accounts_that_ask_and_no_others(room: Room) -> None:
    await room.answered("always")
    room.rack.lock.lock(by_hand=False)
    assert await room.admit() == "locked"
    room.rack.access.choose(room.account, "allow")
    assert await room.admit() == "given"


@pytest.mark.security("S91")
async def test_a_lock_by_hand_refuses_everyone(room: Room) -> None:
    room.rack.access.choose(room.account, "allow")
    room.rack.lock.lock(by_hand=True)
    assert await room.admit() == "locked"
    assert room.refusals() == 1


@pytest.mark.security("S91")
async def test_a_lock_takes_the_questions_with_it(room: Room) -> None:
    asking = room.rack.access.asking
    asking.add_respondent()
    asked = asyncio.create_task(room.admit())
    await until(lambda: bool(asking.pending))
    room.rack.lock.lock(by_hand=False)
    assert asking.pending == ()
    assert await asked == "locked"


@pytest.mark.parametrize(("policy", "outcome"), [("off", "refused"), ("allow", "given")])
async def test_another_setting_answers_what_is_asked(room: Room, policy: ScriptPolicy, outcome: str) -> None:
    asking = room.rack.access.asking
    asking.add_respondent()
    asked = asyncio.create_task(room.admit())
    await until(lambda: bool(asking.pending))
    room.rack.access.choose(room.account, policy)
    assert (await asked, asking.pending) == (outcome, ())


async def test_an_always_that_cannot_be_kept_is_a_once(room: Room) -> None:
    path = room.paths.config / "accounts.json"
    path.unlink()
    path.mkdir()
    assert await room.answered("always") == "given"
    assert room.account.settings.programs == ()
    assert room.account.activity.lines()[0].notice.sentence == (
        "The list of accounts could not be saved. The program was allowed this once."
    )
    with pytest.raises(AccountsFileFailure):
        room.rack.access.choose(room.account, "allow")
    assert room.account.settings.scripts == "ask"


async def test_the_list_of_programs_stays_short(room: Room) -> None:
    many = tuple(f"/bin/p{number}" for number in range(MOST_PROGRAMS))
    room.account.configure(replace(room.account.settings, programs=many))
    room.rack.access.allow(room.account, BOT)
    assert room.account.settings.programs == (*many[1:], BOT.key)


async def test_what_was_given_is_in_the_activity_when_the_program_ends(room: Room) -> None:
    room.rack.access.released(room.account, BOT)
    await room.rack.access.close()
    assert room.account.activity.lines()[0].notice.sentence == "Gave the token to /usr/bin/python3.11 bot.py"
