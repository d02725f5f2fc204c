"""An account of the person's own provider moves with its provider file."""

from pathlib import Path

import pytest

from keyrack.core.moving.importing import open_export
from keyrack.primitives.secret import Secret
from tests.core.harness import CoreHarness
from tests.core.user_provider import added, harness_with_own_provider
from tests.sandbox_process import RunningSandbox

PASSPHRASE = Secret("seven invented words for a test")


@pytest.mark.security("S38", "S69")
async def test_the_file_goes_along_and_its_addresses_are_shown_first(sandbox: RunningSandbox, tmp_path: Path) -> None:
    old, new = harness_with_own_provider(sandbox, tmp_path / "old"), CoreHarness(sandbox, tmp_path / "new")
    await old.start()
    await new.start()
    try:
        account = await added(old)
        exporter, importer = old.rack.parts.moves.exporter, new.rack.parts.moves.importer
        await exporter.export(tmp_path / "f", PASSPHRASE, [account])
        plan = importer.plan(open_export((tmp_path / "f").read_bytes(), PASSPHRASE))
        (file,) = plan.files
        addresses = " ".join(text for topic, text in file.lines if topic == "Addresses")
        assert sandbox.base("example") in addresses
        assert "example" not in new.rack.catalog, "nothing happens before the person agrees"
        (line,) = await importer.run(plan)
        assert line.code == "import_added"
        assert (new.paths.config / "providers" / "example.toml").is_file()
        (moved,) = new.rack.accounts
        assert new.rack.provider_of(moved.settings).id == "example"
    finally:
        await old.close()
        await new.close()


@pytest.mark.security("S38")
async def test_settings_without_secrets_bring_no_provider(sandbox: RunningSandbox, tmp_path: Path) -> None:
    old, new = harness_with_own_provider(sandbox, tmp_path / "old"), CoreHarness(sandbox, tmp_path / "new")
    await old.start()
    await new.start()
    try:
        account = await added(old)
        await old.rack.parts.moves.exporter.export_settings(tmp_path / "f", [account])
        importer = new.rack.parts.moves.importer
        plan = importer.plan(open_export((tmp_path / "f").read_bytes(), None))
        assert plan.files == ()
        (line,) = await importer.run(plan)
        assert (line.code, line.sentence) == (
            "import_failed",
            "Own was not imported. No provider “example” is known here. Import the provider's file first.",
        )
        assert list(new.rack.accounts) == []
    finally:
        await old.close()
        await new.close()
