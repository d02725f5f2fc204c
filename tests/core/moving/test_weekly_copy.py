"""The weekly copy of the settings: when it is made, what is in it, and how many are kept."""

import errno
import os
import stat
from pathlib import Path

import pytest

from keyrack.core.moving.importing import open_export
from tests.core.harness import SECRET, CoreHarness

DAY = 86_400.0


@pytest.mark.security("S66", "S67")
async def test_a_copy_is_made_each_week_and_five_are_kept(harness: CoreHarness) -> None:
    account = await harness.signed_in("whitebit")
    copy = harness.rack.parts.moves.weekly_copy
    made: list[Path] = []
    for day in range(60):
        path = await copy.make_if_due()
        if path is not None:
            made.append(path)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert (path is not None) == (day % 7 == 0), day
        harness.clock.move(DAY)
    assert len(made) == 9
    assert sorted(copy.folder.iterdir()) == made[-5:]
    record, text = await harness.vault.load(account.id), made[-1].read_text()
    assert record.refresh is not None
    for secret in (SECRET, record.refresh.reveal()):
        assert secret not in text
    content = open_export(made[-1].read_bytes(), None)
    assert [each.settings.name for each in content.accounts] == [account.settings.name]


async def test_a_clock_that_was_set_back_makes_no_copy_over_a_newer_one(harness: CoreHarness) -> None:
    await harness.add("probit", "client_credentials")
    copy = harness.rack.parts.moves.weekly_copy
    first = await copy.make_if_due()
    assert first is not None
    before = first.read_bytes()
    harness.clock.wall_offset -= 30 * DAY
    older = await copy.make_if_due()
    assert await copy.make_if_due() is None
    assert older is not None
    assert older.name < first.name
    assert first.read_bytes() == before


async def test_without_accounts_there_is_nothing_to_copy(harness: CoreHarness) -> None:
    assert await harness.rack.parts.moves.weekly_copy.make_if_due() is None


async def test_other_files_beside_the_copies_are_left_alone(harness: CoreHarness) -> None:
    await harness.add("probit", "client_credentials")
    copy = harness.rack.parts.moves.weekly_copy
    copy.folder.mkdir(parents=True)
    (copy.folder / "settings-mine.json").write_text("mine")
    for _ in range(7):
        await copy.make_if_due()
        harness.clock.move(7 * DAY)
    assert (copy.folder / "settings-mine.json").read_text() == "mine"
    assert len(list(copy.folder.iterdir())) == 6


async def test_a_folder_that_cannot_be_made_costs_the_copy_alone(harness: CoreHarness) -> None:
    await harness.add("probit", "client_credentials")
    copy = harness.rack.parts.moves.weekly_copy
    copy.folder.parent.mkdir(exist_ok=True)
    copy.folder.write_text(os.strerror(errno.ENOTDIR))
    assert await copy.make_if_due() is None
