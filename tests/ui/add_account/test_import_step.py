"""Importing a provider file inside the window: from the path to the first account."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QFileDialog
from pytestqt.qtbot import QtBot

from keyrack.core.sites.user_files import FOLDER
from keyrack.startup.sandbox_accounts import store_provider_files
from keyrack.ui.add_account.credentials_step import CredentialsStep
from keyrack.ui.add_account.import_step import ImportStep
from keyrack.ui.add_account.wizard import AddAccountWizard
from tests.core.sites.test_user_files import FILE, without_addresses
from tests.core.user_provider import file_of
from tests.sandbox_process import RunningSandbox
from tests.ui.harness import WindowHarness, button, field, make_harness, seen, visible_texts


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path, ())
    qtbot.addWidget(made.window)
    made.window.show()
    return made


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "friend" / "sample.toml"
    path.parent.mkdir()
    path.write_text(FILE)
    return path


async def opened(harness: WindowHarness) -> ImportStep:
    """The step, opened from the first page."""
    button(harness, "first_import").click()
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, AddAccountWizard)
    step = page.step
    assert isinstance(step, ImportStep)
    await seen(step.path.edit.isVisible)
    return step


async def read(harness: WindowHarness, text: str) -> None:
    field(harness, "provider_path").setText(text)
    button(harness, "read_provider").click()
    await seen(lambda: not harness.tasks.running("import_provider"))


def shown(harness: WindowHarness, name: str) -> bool:
    return any(each.isVisible() for each in harness.window.findChildren(QAbstractButton, name))


def offered(harness: WindowHarness) -> bool:
    return shown(harness, "add_provider")


async def test_what_was_read_is_shown_before_anything_is_kept(
    harness: WindowHarness, source: Path, tmp_path: Path
) -> None:
    await opened(harness)
    await read(harness, str(source))
    said = visible_texts(harness.window)
    for fact in (
        "Sample (sample)",
        "https://auth.example.org/token (tokens)",
        "https://api.example.org (figures)",
        "Key (client_credentials)",
        "Your secrets and tokens for this provider go to these addresses.",
    ):
        assert fact in said
    assert not (tmp_path / "config" / FOLDER).exists()
    assert "sample" not in harness.rack.catalog


async def test_add_keeps_the_file_and_goes_on_to_the_credentials(
    harness: WindowHarness, source: Path, tmp_path: Path
) -> None:
    await opened(harness)
    await read(harness, str(source))
    button(harness, "add_provider").click()
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, AddAccountWizard)
    await seen(lambda: isinstance(page.step, CredentialsStep))
    assert (tmp_path / "config" / FOLDER / "sample.toml").read_text() == FILE
    assert list(harness.rack.catalog)[-1] == "sample"
    assert "Sample" in visible_texts(harness.window)


async def test_what_is_wrong_is_said_beside_the_path_with_its_line(harness: WindowHarness, source: Path) -> None:
    step = await opened(harness)
    source.write_text(FILE.replace("token_endpoint", "tokn_endpoint"))
    await read(harness, str(source))
    assert step.path.problem.isVisible()
    said = step.path.problem.text()
    assert said.startswith("sample.toml, line 9: key regions.main.tokn_endpoint: is not a key of this table")
    assert not offered(harness)
    source.write_text(FILE)
    await read(harness, str(source))
    assert not step.path.problem.isVisible()
    assert offered(harness)


@pytest.mark.parametrize(("typed", "said"), [("", "Enter the path"), ("/nowhere/x.toml", "x.toml could not be read")])
async def test_a_path_that_leads_nowhere(harness: WindowHarness, typed: str, said: str) -> None:
    step = await opened(harness)
    await read(harness, typed)
    assert step.path.problem.text().startswith(said)


async def test_quotes_and_file_addresses_are_understood(harness: WindowHarness, source: Path) -> None:
    await opened(harness)
    for text in (f"'{source}'", QUrl.fromLocalFile(str(source)).toString()):
        await read(harness, text)
        assert offered(harness), text


async def test_a_file_that_is_dropped_is_read(harness: WindowHarness, source: Path) -> None:
    """The program may not use the desktop's own file dialog (S101)."""
    step, mime = await opened(harness), QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(source))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    step.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, buttons, keys))
    await seen(lambda: offered(harness))
    assert field(harness, "provider_path").text() == str(source)


@pytest.mark.security("S38")
async def test_metadata_is_asked_for_by_a_press_and_shown_before_it_is_stored(
    harness: WindowHarness, source: Path, tmp_path: Path
) -> None:
    with RunningSandbox.start() as sandbox:
        await opened(harness)
        source.write_text(without_addresses(file_of(sandbox)))
        await read(harness, str(source))
        assert button(harness, "add_provider").text() == "Ask for the addresses"
        assert sandbox.log("example", "metadata") == []
        button(harness, "add_provider").click()
        await seen(lambda: button(harness, "add_provider").text() == "Add this provider")
        address = f"{sandbox.base('example')}/oauth/token (tokens)"
        await seen(lambda: address in visible_texts(harness.window))
        assert not (tmp_path / "config" / FOLDER).exists()
        await seen(lambda: not harness.tasks.running("import_provider"))
        button(harness, "add_provider").click()
        await seen(lambda: list(harness.rack.catalog)[-1] == "example")
        assert len(sandbox.log("example", "metadata")) == 1


async def test_the_list_of_exchanges_leads_there_and_back(harness: WindowHarness) -> None:
    harness.contents.pages.add_account()
    await seen(lambda: shown(harness, "import_provider"))
    button(harness, "import_provider").click()
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, AddAccountWizard)
    assert isinstance(page.step, ImportStep)
    page.go_back()
    await seen(lambda: shown(harness, "provider:bitport"))


def test_a_broken_file_in_the_folder_is_told_when_keyrack_starts(qtbot: QtBot, tmp_path: Path) -> None:
    store_provider_files(
        tmp_path / "config", {"sample.toml": FILE.replace("token_endpoint", "tokn_endpoint"), "fine.toml": FILE}
    )
    made = make_harness(tmp_path, ())
    qtbot.addWidget(made.window)
    made.window.show()
    said = "Left out until it is mended: sample.toml, line 9: key regions.main.tokn_endpoint: is not a key"
    assert said in visible_texts(made.window)
    assert list(made.rack.catalog)[-1] == "sample"


async def test_a_file_is_chosen_in_the_dialog_of_qt(harness: WindowHarness, source: Path) -> None:
    await opened(harness)
    button(harness, "browse_provider").click()
    dialog = harness.window.findChild(QFileDialog, "choose_file")
    assert isinstance(dialog, QFileDialog)
    assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog), "the desktop's own refuses this process (S101)"
    dialog.fileSelected.emit(str(source))
    dialog.reject()
    await seen(lambda: offered(harness))
    assert field(harness, "provider_path").text() == str(source)
