"""The notice on the keyring: on the first page and beside each form that needs it, before a secret is typed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Settings
from keyrack.core.vault.vault_errors import Locked, NoService, VaultFailure
from tests.core.harness import FailingVault
from tests.ui.harness import ACCOUNTS, WindowHarness, button, field, make_harness, seen, visible_texts

SESSION_ONLY = "Secrets are kept for this session only. When Keyrack ends, they and your sign-ins are gone."


async def opened(folder: Path, why: VaultFailure | None, settings: tuple[Settings, ...] = ()) -> WindowHarness:
    """A window over a keyring that fails, with the look at the keyring running."""
    harness = make_harness(folder, settings, sandbox=False)
    vault = FailingVault()
    vault.refuses_loads = vault.refuses_saves = why
    harness.rack.parts.records.use_vault(vault)
    harness.window.show()
    return harness


@pytest.fixture
async def looking() -> AsyncIterator[list[asyncio.Task[object]]]:
    """The tasks that a test started, ended after it."""
    tasks: list[asyncio.Task[object]] = []
    yield tasks
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def vault_of(harness: WindowHarness) -> FailingVault:
    vault = harness.rack.parts.records.vault
    assert isinstance(vault, FailingVault)
    return vault


def look(harness: WindowHarness, tasks: list[asyncio.Task[object]]) -> None:
    tasks.append(asyncio.create_task(harness.rack.keyring.run()))


def by_code(harness: WindowHarness) -> None:
    """Open the form of an account that signs in only when a code is entered."""
    harness.contents.pages.add_account_at("bitport")
    button(harness, "flow:user_code").click()


def said(harness: WindowHarness) -> str:
    """What the notice says, "" where it is not seen."""
    found = [each for each in harness.window.findChildren(QWidget, "keyring_notice") if each.isVisible()]
    return "\n".join(str(each.property("text")) for each in found)


async def test_the_first_page_tells_of_a_missing_keyring_and_goes_on_for_the_session(
    qtbot: QtBot, tmp_path: Path, looking: list[asyncio.Task[object]]
) -> None:
    harness = await opened(tmp_path, NoService())
    assert said(harness) == ""
    look(harness, looking)
    await seen(lambda: "There is no keyring on this computer that Keyrack can use." in said(harness))
    assert "your system's keyring" in visible_texts(harness.window) or "memory" in visible_texts(harness.window)
    button(harness, "keyring_session").click()
    await seen(lambda: said(harness) == SESSION_ONLY)
    assert harness.rack.keyring.session_only
    assert "Secrets are kept in memory only" in visible_texts(harness.window)
    assert not [b for b in harness.window.findChildren(QWidget, "keyring_again") if b.isVisible()]


async def test_with_a_keyring_that_works_nothing_is_said(
    qtbot: QtBot, tmp_path: Path, looking: list[asyncio.Task[object]]
) -> None:
    harness = await opened(tmp_path, None)
    look(harness, looking)
    await seen(lambda: vault_of(harness).loads == [False])
    assert said(harness) == ""


async def test_where_there_is_none_yet_the_button_sets_it_up(
    qtbot: QtBot, tmp_path: Path, looking: list[asyncio.Task[object]]
) -> None:
    harness = await opened(tmp_path, Locked("keyring_not_set_up"))
    look(harness, looking)
    await seen(lambda: "There is no keyring yet." in said(harness))
    assert button(harness, "keyring_again").text() == "Set up the keyring"
    vault_of(harness).refuses_loads = vault_of(harness).refuses_saves = None
    button(harness, "keyring_again").click()
    await seen(lambda: said(harness) == "")
    assert vault_of(harness).loads[-1] is True, "its program may ask for a password"


async def test_beside_the_form_before_a_secret_is_typed(
    qtbot: QtBot, tmp_path: Path, looking: list[asyncio.Task[object]]
) -> None:
    harness = await opened(tmp_path, NoService(), ACCOUNTS[:1])
    look(harness, looking)
    by_code(harness)
    await seen(lambda: "There is no keyring on this computer" in said(harness))
    assert button(harness, "keyring_again").text() == "Try again"
    field(harness, "field_client_id").setText("40127")
    field(harness, "field_client_secret").setText("canary-secret")
    button(harness, "keyring_session").click()
    await seen(lambda: said(harness) == SESSION_ONLY)
    button(harness, "save_account").click()
    await seen(lambda: len(harness.rack.accounts) == 2)
    await seen(lambda: harness.tasks.idle)


async def test_a_save_that_the_keyring_refuses_offers_a_way_out(
    qtbot: QtBot, tmp_path: Path, looking: list[asyncio.Task[object]]
) -> None:
    harness = await opened(tmp_path, None, ACCOUNTS[:1])
    look(harness, looking)
    by_code(harness)
    await seen(lambda: bool(vault_of(harness).loads))
    assert said(harness) == ""
    vault_of(harness).refuses_loads = vault_of(harness).refuses_saves = Locked()
    field(harness, "field_client_id").setText("40127")
    field(harness, "field_client_secret").setText("canary-secret")
    button(harness, "save_account").click()
    await seen(lambda: "The keyring is locked." in said(harness))
    assert field(harness, "field_client_secret").text() == "canary-secret", "nothing has to be typed again"
    assert button(harness, "keyring_session").isEnabled()


@pytest.mark.parametrize("place", ["edit", "passphrase", "connection"])
async def test_every_other_form_that_needs_the_keyring_says_it_too(
    qtbot: QtBot, tmp_path: Path, looking: list[asyncio.Task[object]], place: str
) -> None:
    harness = await opened(tmp_path, Locked(), ACCOUNTS)
    look(harness, looking)
    if place == "edit":
        harness.signed_out("p1")
        harness.contents.open("p1")
        assert harness.contents.pages.pane is not None
        harness.contents.pages.pane.open_form("edit")
    elif place == "passphrase":
        harness.contents.pages.lock_passphrase()
    else:
        harness.contents.program.open_connection()
        assert said(harness) == "", "a way without a login keeps no secret"
        button(harness, "connection:own").click()
    await seen(lambda: "The keyring is locked." in said(harness))
    harness.contents.open("")
    await seen(lambda: said(harness) == "")
    harness.rack.keyring.wake()
    await seen(lambda: len(vault_of(harness).loads) > 1)
    await harness.tasks.close()
