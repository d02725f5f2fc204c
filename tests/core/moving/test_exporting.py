"""Accounts that go into a sealed file and come out of it in another home, over real stand-ins and a real file."""

import json
import stat
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.accounts_file import AccountsFileUnreadable
from keyrack.core.accounts.state import Active, LoggedOut, Reason, Unsaved
from keyrack.core.moving.content import Content
from keyrack.core.moving.import_file import read_import
from keyrack.core.moving.importing import Imported, open_export
from keyrack.core.moving.moving_failures import ExportRefused, ImportRefused
from keyrack.core.preferences.all_settings import (
    CLIPBOARD_SECONDS,
    CURRENCY,
    OVERVIEW,
    PROXY,
    TELL_OF_PROGRAMS,
    THEME,
    AnySetting,
)
from keyrack.core.rack import Rack
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.secret import Secret
from tests.core.harness import SECRET, CoreHarness
from tests.sandbox_process import RunningSandbox

PASSPHRASE = Secret("seven invented words for a test")


@pytest.fixture
async def other(sandbox: RunningSandbox, tmp_path: Path, harness: CoreHarness) -> AsyncGenerator[CoreHarness]:
    """Another home on the same stand-ins."""
    made = CoreHarness(sandbox, tmp_path / "other")
    await made.start()
    yield made
    await made.close()


async def export(rack: Rack, file: Path, *, hand_over: bool = False) -> object:
    return await rack.parts.moves.exporter.export(file, PASSPHRASE, list(rack.accounts), hand_over=hand_over)


def opened(file: Path, passphrase: Secret | None = PASSPHRASE) -> Content:
    return open_export(read_import(file), passphrase)


async def take_in(rack: Rack, file: Path, *replaced: str) -> list[Imported]:
    importer = rack.parts.moves.importer
    return list(await importer.run(importer.plan(opened(file)), replaced))


def only(rack: Rack) -> Account:
    (account,) = rack.accounts
    return account


@pytest.mark.security("S69", "S66")
async def test_a_sign_in_that_needs_nobody_works_at_once_in_the_other_home(
    harness: CoreHarness, other: CoreHarness, tmp_path: Path
) -> None:
    account = await harness.signed_in("probit", "client_credentials")
    await export(harness.rack, tmp_path / "house.keyrack")
    assert stat.S_IMODE((tmp_path / "house.keyrack").stat().st_mode) == 0o600
    assert SECRET not in (tmp_path / "house.keyrack").read_text()
    assert [line.code for line in await take_in(other.rack, tmp_path / "house.keyrack")] == ["import_added"]
    moved = only(other.rack)
    assert moved.settings == account.settings
    await other.until(lambda: other.status(moved).name == "ready" and other.token(moved).access is not None)
    assert harness.status(account).name == "ready", "nothing ended here"


@pytest.mark.security("S69")
async def test_a_sign_in_that_rotates_stays_where_it_is(
    harness: CoreHarness, other: CoreHarness, tmp_path: Path
) -> None:
    account = await harness.signed_in("whitebit")
    refresh = harness.token(account).refresh
    await export(harness.rack, tmp_path / "house.keyrack")
    (imported,) = await take_in(other.rack, tmp_path / "house.keyrack")
    assert imported.signs_in_again
    record = await other.vault.load(account.id)
    assert (record.client_secret, record.refresh) == (Secret(SECRET), None)
    assert isinstance(only(other.rack).state, LoggedOut)
    assert harness.token(account).refresh == refresh
    await other.sign_in(only(other.rack))
    assert other.status(only(other.rack)).name == "ready"


@pytest.mark.security("S69", "S72")
async def test_a_sign_in_that_is_handed_over_goes_on_there_and_ends_here(
    harness: CoreHarness, other: CoreHarness, tmp_path: Path
) -> None:
    account = await harness.signed_in("whitebit")
    await export(harness.rack, tmp_path / "house.keyrack", hand_over=True)
    assert account.state == LoggedOut(Reason.HANDED_OVER)
    assert (await harness.vault.load(account.id)).refresh is None
    assert account.activity.lines()[0].notice.code == "handed_over"
    assert harness.asked(account, "revoke") == []
    await take_in(other.rack, tmp_path / "house.keyrack")
    moved = only(other.rack)
    await other.until(lambda: other.status(moved).name == "ready" and other.token(moved).access is not None)
    assert len(other.asked(moved)) == 1, "the refresh token of the file was used"


async def test_a_handed_over_sign_in_stays_here_when_the_file_cannot_be_written(
    harness: CoreHarness, tmp_path: Path
) -> None:
    account = await harness.signed_in("whitebit")
    before = account.state
    with pytest.raises(ExportRefused, match="could not be written: No such file"):
        await export(harness.rack, tmp_path / "nowhere" / "house.keyrack", hand_over=True)
    assert account.state is before
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(ExportRefused, match="already"):
        await export(harness.rack, tmp_path / "taken", hand_over=True)
    assert (tmp_path / "taken").read_text() == "mine"
    assert account.state is before


async def test_a_keyring_that_refuses_the_end_is_told(harness: CoreHarness, tmp_path: Path) -> None:
    account = await harness.signed_in("whitebit")
    harness.vault.refuses_saves = Locked(detail="Secret.Error.IsLocked")
    outcome = await harness.rack.parts.moves.exporter.export(tmp_path / "f", PASSPHRASE, [account], hand_over=True)
    assert list(outcome.kept) == [account.settings.name]
    assert isinstance(account.state, Active)


async def test_a_token_that_is_not_stored_is_not_handed_over(harness: CoreHarness, tmp_path: Path) -> None:
    account = await harness.signed_in("whitebit")
    state = account.state
    assert isinstance(state, Active)
    account.become(Active(state.credential, Unsaved(Locked())), expected=state)
    with pytest.raises(ExportRefused, match="not stored yet"):
        await export(harness.rack, tmp_path / "f", hand_over=True)
    assert not (tmp_path / "f").exists()


async def test_what_is_here_already_is_kept_unless_the_person_replaces_it(
    harness: CoreHarness, other: CoreHarness, tmp_path: Path
) -> None:
    account = await harness.signed_in("probit", "client_credentials")
    await export(harness.rack, tmp_path / "f")
    await take_in(other.rack, tmp_path / "f")
    moved = only(other.rack)
    await other.rack.edit(moved, moved.settings.client_id, Secret("another-secret-of-here"), "")
    assert [line.code for line in await take_in(other.rack, tmp_path / "f")] == ["import_kept"]
    assert (await other.vault.load(moved.id)).client_secret == Secret("another-secret-of-here")
    name = moved.settings.name
    assert [line.code for line in await take_in(other.rack, tmp_path / "f", name)] == ["import_replaced"]
    assert (await other.vault.load(moved.id)).client_secret == Secret(SECRET)
    assert only(other.rack) is moved
    assert account.settings == moved.settings


async def test_another_account_of_the_same_name_stays_and_the_new_one_gets_a_number(
    harness: CoreHarness, other: CoreHarness, tmp_path: Path
) -> None:
    mine, theirs = await harness.add("probit", "client_credentials"), await other.add("whitebit")
    await harness.rack.rename(mine, "Desk")
    await other.rack.rename(theirs, "desk")
    await export(harness.rack, tmp_path / "f")
    (line,) = await take_in(other.rack, tmp_path / "f")
    assert (line.code, line.before, line.name) == ("import_added_as", "Desk", "Desk 2")
    assert [each.settings.name for each in other.rack.accounts] == ["desk", "Desk 2"]
    assert theirs.settings.provider == "whitebit"


async def test_an_account_that_the_keyring_does_not_take_leaves_nothing(
    harness: CoreHarness, other: CoreHarness, tmp_path: Path
) -> None:
    await harness.add("probit", "client_credentials")
    await export(harness.rack, tmp_path / "f")
    other.vault.refuses_saves = Locked()
    (line,) = await take_in(other.rack, tmp_path / "f")
    assert (line.code, type(line.why)) == ("import_failed", Locked)
    assert list(other.rack.accounts) == []
    assert other.vault.names() == set()
    other.vault.refuses_saves = None
    assert [each.code for each in await take_in(other.rack, tmp_path / "f")] == ["import_added"]


@pytest.mark.security("S66", "S69")
async def test_a_disk_that_takes_no_change_leaves_each_account_as_it_was(
    harness: CoreHarness, other: CoreHarness, tmp_path: Path
) -> None:
    """All or nothing: no secret stays of an account that was not added, and one that is here keeps its own."""
    first = await harness.add("probit", "client_credentials")
    await harness.rack.parts.moves.exporter.export(tmp_path / "1", PASSPHRASE, [first])
    await take_in(other.rack, tmp_path / "1")
    await other.rack.edit(only(other.rack), first.settings.client_id, Secret("another-secret-of-here"), "")
    await harness.add("deribit", "client_credentials", "test")
    await export(harness.rack, tmp_path / "2")
    in_the_way = other.paths.config / ".accounts.json.new"
    (in_the_way / "full").mkdir(parents=True)
    lines = await take_in(other.rack, tmp_path / "2", first.settings.name)
    assert [(line.code, type(line.why)) for line in lines] == [("import_failed", AccountsFileUnreadable)] * 2
    assert other.vault.names() == {first.id}
    assert (await other.vault.load(first.id)).client_secret == Secret("another-secret-of-here")
    (in_the_way / "full").rmdir()
    in_the_way.rmdir()
    codes = [line.code for line in await take_in(other.rack, tmp_path / "2", first.settings.name)]
    assert codes == ["import_replaced", "import_added"]


async def test_what_is_here_is_asked_for_when_the_import_runs(
    harness: CoreHarness, other: CoreHarness, tmp_path: Path
) -> None:
    """Between the look at a file and its import an account may go, come, or get another name."""
    gone = await harness.add("probit", "client_credentials")
    renamed = await harness.add("deribit", "client_credentials")
    await export(harness.rack, tmp_path / "f")
    importer = harness.rack.parts.moves.importer
    plan = importer.plan(opened(tmp_path / "f"))
    assert [planned.fate for planned in plan.accounts] == ["here", "here"]
    seen_names = [planned.name for planned in plan.accounts]
    await harness.rack.remove(gone)
    await harness.rack.rename(renamed, "Mine")
    done = await importer.run(plan, seen_names)
    assert [(line.code, line.name) for line in done] == [
        ("import_added", gone.settings.name), ("import_replaced", "Mine"),
    ]  # fmt: skip
    other_plan = other.rack.parts.moves.importer.plan(opened(tmp_path / "f"))
    assert [planned.fate for planned in other_plan.accounts] == ["new", "new"]
    await take_in(other.rack, tmp_path / "f")
    again = await other.rack.parts.moves.importer.run(other_plan, seen_names)
    assert [line.code for line in again] == ["import_kept"] * 2, "nobody was shown that they are here"


@pytest.mark.security("S43", "S69")
async def test_an_account_of_another_host_is_never_taken_for_one_that_is_here(
    harness: CoreHarness, other: CoreHarness, tmp_path: Path
) -> None:
    """Its secret would go to that host."""
    await harness.add("probit", "client_credentials")
    await export(harness.rack, tmp_path / "f")
    await take_in(other.rack, tmp_path / "f")
    moved = only(other.rack)
    whole = json.loads(opened(tmp_path / "f").encode())
    whole["accounts"][0]["settings"]["provider"] = "whitebit"
    whole["accounts"][0]["settings"]["flow"] = "authorization_code"
    whole["accounts"][0]["settings"]["redirect_uri"] = "http://127.0.0.1:17463/cb/whitebit"
    (tmp_path / "forged").write_text(json.dumps(whole))
    importer = other.rack.parts.moves.importer
    (line,) = await importer.run(importer.plan(opened(tmp_path / "forged", None)), [moved.settings.name])
    assert line.code == "import_added_as"
    assert moved.settings.provider == "probit"
    assert len({each.id for each in other.rack.accounts}) == 2


@pytest.mark.security("S69")
async def test_settings_for_a_colleague_hold_nothing_of_this_person(
    harness: CoreHarness, other: CoreHarness, tmp_path: Path
) -> None:
    account = await harness.signed_in("whitebit")
    await harness.rack.parts.moves.exporter.export_settings(tmp_path / "settings.json", [account])
    text = (tmp_path / "settings.json").read_text()
    record = await harness.vault.load(account.id)
    assert record.refresh is not None
    for part in (SECRET, record.refresh.reveal(), account.id, account.settings.identity or "no identity"):
        assert part not in text
    importer = other.rack.parts.moves.importer
    (line,) = await importer.run(importer.plan(opened(tmp_path / "settings.json", None)))
    assert (line.code, line.signs_in_again) == ("import_added", True)
    assert only(other.rack).state == LoggedOut(Reason.ITEM_MISSING)


async def test_choices_go_along_where_none_was_made(harness: CoreHarness, other: CoreHarness, tmp_path: Path) -> None:
    await harness.add("probit", "client_credentials")
    mine, theirs = harness.rack.parts.preferences, other.rack.parts.preferences
    mine.choose(CURRENCY, "EUR")
    mine.choose(OVERVIEW, "list")
    mine.choose(CLIPBOARD_SECONDS, 60)
    mine.choose(TELL_OF_PROGRAMS, value=False)
    mine.choose(PROXY, "http://proxy.example:3128")
    theirs.choose(CURRENCY, "BTC")
    await export(harness.rack, tmp_path / "f")
    await take_in(other.rack, tmp_path / "f")
    taken: tuple[AnySetting, ...] = (CURRENCY, OVERVIEW, CLIPBOARD_SECONDS, TELL_OF_PROGRAMS, PROXY, THEME)
    assert [theirs.chosen(setting) for setting in taken] == ["BTC", "list", 60, False, None, None]


async def test_a_choice_that_this_version_does_not_know_is_left_out(harness: CoreHarness) -> None:
    choices = harness.rack.parts.moves.importer.choices
    assert choices.lacking({"invented": "1", "theme": "purple", "text_size": "125"}) == {"text_size": "125"}


async def test_play_and_earnest_are_kept_apart(harness: CoreHarness, tmp_path: Path) -> None:
    await harness.add("probit", "client_credentials")
    await export(harness.rack, tmp_path / "f")
    whole = json.loads(opened(tmp_path / "f").encode())
    (tmp_path / "real").write_text(json.dumps({**whole, "sandbox": False}))
    with pytest.raises(ImportRefused, match="real accounts"):
        harness.rack.parts.moves.importer.plan(opened(tmp_path / "real", None))


@pytest.mark.parametrize("length", [0, 7, 1025])
async def test_a_passphrase_that_is_too_short_exports_nothing(
    harness: CoreHarness, tmp_path: Path, length: int
) -> None:
    account = await harness.add("probit", "client_credentials")
    with pytest.raises(ExportRefused, match="has 8 to 1024 characters"):
        await harness.rack.parts.moves.exporter.export(tmp_path / "f", Secret("x" * length), [account])
    assert not (tmp_path / "f").exists()
